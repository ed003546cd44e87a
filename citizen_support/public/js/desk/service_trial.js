// "Try it": a made-up request, and what would become of it by the service as it stands, saved or not.

const TRIAL_TEXTS = { "Long text": "Small Text", Date: "Date" };

frappe.ui.form.on("Municipal Service", {
	refresh(frm) {
		frm.cs_trial ??= new ServiceTrial(frm);
		frm.cs_trial.start();
	},
});

class ServiceTrial {
	constructor(frm) {
		this.frm = frm;
		this.asked = 0;
		this.$wrapper = frm.fields_dict.try_html.$wrapper;
		this.try_soon = frappe.utils.debounce(() => this.try_out(), 400);
		$(frm.wrapper).on("dirty", () => this.look_again());
		frm.layout.tabs
			?.find((tab) => tab.df.fieldname === "tab_try")
			?.tab_link.find(".nav-link")
			.on("shown.bs.tab", () => this.look_again());
	}

	start() {
		this.shape = null;
		this.is_allowed = Boolean(this.frm.perm[0]?.write);
		this.look_again();
	}

	get is_open() {
		return this.$wrapper.is(":visible");
	}

	// The fields are made anew only when the questions are others than before.
	look_again() {
		if (!this.is_open || cur_frm !== this.frm) return;
		if (!this.is_allowed) {
			this.$wrapper.html(`<p class="text-muted">${__("Who may change this service can try it here.")}</p>`);
			return;
		}
		const shape = JSON.stringify([this.frm.doc.name, this.list_questions(), this.list_areas()]);
		if (shape !== this.shape) this.make();
		this.shape = shape;
		this.try_soon();
	}

	list_questions() {
		const fields = ["label", "question_type", "choices", "show_if_question", "show_if_values"];
		return (this.frm.doc.questions || []).map((row) => fields.map((field) => row[field] || ""));
	}

	// Areas the rules look at.
	list_areas() {
		const rules = (this.frm.doc.routing_rules || []).filter((row) => row.match_on === "Service Area");
		return rules.map((row) => row.service_area).filter(Boolean);
	}

	make() {
		this.map?.remove();
		this.$wrapper.html(`
			<div class="cs-trial">
				<div class="cs-trial-form"></div>
				<div><p class="sr-only" role="status"></p><div class="cs-trial-outcome"></div></div>
			</div>`);
		this.$outcome = this.$wrapper.find(".cs-trial-outcome");
		const $fields = this.$wrapper.find(".cs-trial-form");
		this.group = new frappe.ui.FieldGroup({
			parent: $fields,
			body: $fields,
			fields: [...this.make_question_fields(), ...this.make_other_fields()],
			no_submit_on_enter: true,
		});
		this.group.make();
		this.map = new TrialMap(this.group.get_field("map").$wrapper, this.list_areas(), (latitude, longitude) =>
			this.group.set_values({ latitude, longitude })
		);
		// The form around it must not take this for a change of the service.
		$fields.on("input change awesomplete-selectcomplete", (event) => {
			event.stopPropagation();
			this.try_soon();
		});
	}

	make_question_fields() {
		const rows = (this.frm.doc.questions || []).filter((row) => row.label && row.question_type !== QUESTIONS_OF_FILES);
		const fields = rows.map((row) => this.make_question_field(row));
		return [{ fieldtype: "Section Break", label: __("What the resident answers") }, ...fields];
	}

	make_question_field(row) {
		const answers = questions_answers(row);
		const field = {
			fieldname: `answer_${row.idx}`,
			label: frappe.utils.escape_html(row.label),
			fieldtype: TRIAL_TEXTS[row.question_type] || "Data",
			depends_on: () => this.is_asked(row),
			change: () => this.try_soon(),
		};
		// By number, as Frappe puts labels and values into the page as they are.
		const options = answers.map((answer, at) => ({
			value: String(at),
			label: frappe.utils.escape_html(__(answer)),
		}));
		if (row.question_type === "Multiple choice") {
			return { ...field, fieldtype: "MultiCheck", sort_options: false, options, on_change: () => this.follow() };
		}
		if (answers.length) {
			return { ...field, fieldtype: "Select", options: [{ value: "", label: "" }, ...options] };
		}
		return field;
	}

	make_other_fields() {
		const now = frappe.datetime.now_datetime();
		const has_place = (this.frm.doc.questions || []).some((row) => row.question_type === "Place");
		const change = () => this.try_soon();
		const kinds = ["Person", "Business", "Association", "Authority"];
		const channels = ["Portal", "E-mail", "Phone", "Counter", "SMS", "Chat", "API"];
		const offer = (values) => values.map((value) => ({ value, label: __(value) }));
		return [
			{ fieldtype: "Section Break", label: __("How it comes") },
			...(has_place ? [] : [{ fieldname: "place", fieldtype: "Data", label: __("Place or postcode"), change }]),
			{ fieldname: "channel", fieldtype: "Select", label: __("Channel"), options: offer(channels), default: "Portal", change },
			{ fieldname: "at", fieldtype: "Datetime", label: __("When it arrives"), default: now, change },
			{ fieldtype: "Column Break" },
			{ fieldname: "kind", fieldtype: "Select", label: __("Who writes"), options: offer(kinds), default: "Person", change },
			{ fieldname: "known", fieldtype: "Check", label: __("Has written to us before"), change },
			{ fieldname: "language", fieldtype: "Select", label: __("Language"), hidden: 1, change },
			// In sight where a rule looks at the map.
			{ fieldtype: "Section Break", label: __("Position on the map"), collapsible: this.list_areas().length ? 0 : 1 },
			{ fieldname: "map", fieldtype: "HTML" },
			{ fieldname: "latitude", fieldtype: "Data", label: __("Latitude"), change: () => this.follow_position() },
			{ fieldname: "longitude", fieldtype: "Data", label: __("Longitude"), change: () => this.follow_position() },
		];
	}

	// After ticks, of which the group hears nothing by itself.
	follow() {
		this.group.refresh_dependency();
		this.try_soon();
	}

	follow_position() {
		this.map?.show(this.group.get_value("latitude"), this.group.get_value("longitude"));
		this.try_soon();
	}

	is_asked(row) {
		if (!row.show_if_question) return true;
		const decider = questions_find(this.frm, row.show_if_question);
		if (!decider || decider.idx >= row.idx || !this.is_asked(decider)) return false;
		const wanted = questions_lines(row.show_if_values);
		return this.read_answer(decider).some((answer) => wanted.includes(answer));
	}

	read_answer(row) {
		const value = this.group?.get_field(`answer_${row.idx}`)?.get_value();
		const chosen = [value ?? ""].flat().filter((one) => one !== "");
		const answers = questions_answers(row);
		return answers.length ? chosen.map((at) => answers[Number(at)]) : chosen.map(String);
	}

	read() {
		const values = this.group.get_values(true) || {};
		const answers = {};
		for (const row of this.frm.doc.questions || []) answers[row.idx] = this.read_answer(row);
		const { place, latitude, longitude, channel, at, kind, known, language } = values;
		return { answers, place, latitude, longitude, channel, at, kind, known, language };
	}

	async try_out() {
		if (!this.is_open || !this.group) return;
		const asked = ++this.asked;
		const args = { service: JSON.stringify(designer_collect(this.frm)), trial: JSON.stringify(this.read()) };
		let outcome;
		try {
			outcome = await frappe.xcall("citizen_support.api.designer.try_service", args);
		} catch {
			return; // Frappe has said what is wrong.
		}
		if (asked !== this.asked) return;
		this.$outcome.html(trial_describe(outcome));
		// The whole outcome would be too much to be read out at each change.
		const { department } = outcome;
		this.$wrapper.find("[role=status]").text(department ? __("It goes to {0}.", [department]) : "");
		this.offer_languages(outcome.languages || []);
	}

	offer_languages(languages) {
		const { df } = this.group.get_field("language");
		if (languages.length < 2 || df.options?.length === languages.length) return;
		this.group.set_df_property("language", "options", languages);
		this.group.set_df_property("language", "hidden", 0);
		this.group.set_value("language", languages[0].value);
	}
}

function trial_describe(outcome) {
	if (outcome.findings.length) {
		return `<div class="cs-findings">${designer_list(__("Mend this first:"), outcome.findings)}</div>`;
	}
	if (outcome.ending) return trial_describe_ending(outcome.ending);
	return [
		trial_describe_problems(outcome.problems),
		trial_block(__("It goes to"), trial_describe_way(outcome)),
		trial_block(__("Why"), reasons_describe_rules(outcome)),
		trial_block(__("What the resident is promised"), trial_describe_promise(outcome)),
		trial_block(__("What the resident reads"), trial_describe_mail(outcome.mail)),
	].join("");
}

function trial_block(title, html) {
	return `<section class="cs-block"><h4>${title}</h4>${html}</section>`;
}

function trial_text(text, tag = "p", style = "") {
	return text ? `<${tag} class="${style}">${frappe.utils.escape_html(text)}</${tag}>` : "";
}

function trial_describe_problems(problems) {
	if (!problems.length) return "";
	return `<div class="cs-findings">${designer_list(__("The form would ask again:"), problems)}</div>`;
}

function trial_describe_ending({ message, phone }) {
	const call = phone ? trial_text(__("Call {0}", [phone]), "p", "cs-lead") : "";
	const told = trial_text(__("This answer ends the form. Nothing is sent; the resident reads:"));
	return trial_block(__("No request"), `${told}<blockquote>${trial_text(message)}${call}</blockquote>`);
}

function trial_describe_way({ department, team, priority, pool, concern }) {
	const members = pool.members.map((name) => trial_text(name, "li")).join("");
	return [
		trial_text(department, "p", "cs-lead"),
		trial_text(team ? __("Team {0}, priority {1}", [team, __(priority)]) : __("No team can take it.")),
		trial_text(pool.sentence, "p", "text-muted"),
		members ? `<ol>${members}</ol>` : "",
		trial_text(concern, "p", "cs-warning"),
	].join("");
}

function trial_describe_promise({ promise, promise_problem }) {
	if (!promise) return trial_text(promise_problem || __("Nothing can be promised."), "p", "cs-warning");
	const skipped = promise.skipped.map(({ day, name }) => trial_text(`${day}: ${name}`, "li")).join("");
	return [
		...promise.sentences.map((sentence) => trial_text(sentence)),
		trial_text(promise.disclaimer, "p", "text-muted"),
		skipped ? `${trial_text(__("Holidays that do not count:"))}<ul>${skipped}</ul>` : "",
	].join("");
}

function trial_describe_mail({ subject, text }) {
	return trial_text(subject, "p", "cs-lead") + trial_text(text, "pre", "cs-mail");
}
