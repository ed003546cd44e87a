const CAN_DECIDE = ["Choice", "Multiple choice", "Yes or no"];
const FILE_QUESTION = "Photo or document";
const TARGETS = ["response_target", "response_unit", "resolution_target", "resolution_unit"];

frappe.ui.form.on("Municipal Service", {
	setup(frm) {
		frm.set_query("department", () => ({ filters: { enabled: 1 } }));
		frm.set_query("department", "routing_rules", () => ({ filters: { enabled: 1 } }));
		frm.set_query("article", "articles", () => ({ filters: { status: "Published" } }));
		show_question_names();
	},

	refresh(frm) {
		frm.set_df_property("status", "read_only", 1);
		keep_questions_of_others(frm);
		close_foreign_service(frm);
		offer_questions(frm);
		add_buttons(frm);
		show_promise(frm);
	},

	department: (frm) => show_promise(frm),
	response_target: (frm) => show_promise(frm),
	response_unit: (frm) => show_promise(frm),
	resolution_target: (frm) => show_promise(frm),
	resolution_unit: (frm) => show_promise(frm),
});

frappe.ui.form.on("Service Question", {
	form_render: show_condition,
	show_if_question: show_condition,
	label: offer_questions,
	question_type: offer_questions,
	choices: offer_questions,
	questions_move: offer_questions,
	questions_remove: offer_questions,
});

frappe.ui.form.on("Service Routing Rule", {
	form_render: show_rule,
	match_on: show_rule,
	question_key: show_rule,
});

/* Status */

function add_buttons(frm) {
	if (frm.is_new()) return;
	if (frm.doc.status === "Published") {
		const address = `/services/${encodeURIComponent(frm.doc.name)}`;
		frm.add_custom_button(__("Open on the portal"), () => window.open(address, "_blank", "noopener"));
	}
	if (!may_publish(frm)) return;
	const steps = {
		Draft: ["Published", "Retired"],
		Published: ["Retired", "Draft"],
		Retired: ["Published", "Draft"],
	};
	for (const status of steps[frm.doc.status] || []) add_step(frm, status);
}

function add_step(frm, status) {
	const title = `“${frappe.utils.escape_html(frm.doc.title)}”`;
	const { label, question } = {
		Published: {
			label: __("Publish"),
			question: __("Publish {0}? Residents see it on the portal at once.", [title]),
		},
		Retired: {
			label: __("Retire"),
			question: __(
				"Retire {0}? It leaves the portal at once. Requests already sent go on as before.",
				[title]
			),
		},
		Draft: {
			label: __("Back to draft"),
			question: __("Take {0} back to draft? It leaves the portal until it is published again.", [title]),
		},
	}[status];
	const button = frm.add_custom_button(label, () => {
		if (frm.is_dirty()) frappe.msgprint(__("Save your changes first."));
		else frappe.confirm(question, () => set_status(frm, status));
	});
	if (status === "Published") button.removeClass("btn-default").addClass("btn-primary");
}

async function set_status(frm, status) {
	const before = frm.doc.status;
	await frm.set_value("status", status);
	// What the server refuses must not look as if it had happened.
	frm.save("Save", null, null, () => frm.set_value("status", before));
}

function may_publish(frm) {
	return Boolean(frm.perm[1]?.write);
}

/* Questions */

function keep_questions_of_others(frm) {
	const is_kept = !frm.is_new() && !may_publish(frm);
	for (const property of ["cannot_add_rows", "cannot_delete_rows"]) {
		frm.set_df_property("questions", property, is_kept);
	}
	frm.fields_dict.questions.grid.sortable_status = !is_kept;
}

// The roles alone do not say whose service it is; the server does.
async function close_foreign_service(frm) {
	if (frm.is_new() || may_publish(frm) || !frm.perm[0]?.write) return;
	const { message } = await frappe.call({
		method: "frappe.client.has_permission",
		type: "GET",
		args: { doctype: frm.doctype, docname: frm.doc.name, perm_type: "write" },
	});
	if (message.has_permission) return;
	frm.disable_form();
	frm.set_intro(__("Another department answers this service, so you can read it but not change it."), "blue");
}

function list_questions(frm, accepts) {
	return (frm.doc.questions || [])
		.filter((row) => row.label && accepts(row))
		.map((row) => ({ value: row.question_key || row.label.trim(), label: make_plain(row.label) }));
}

// The list of suggestions takes a label for HTML.
function make_plain(label) {
	return label.trim().replaceAll("<", "‹").replaceAll(">", "›");
}

function find_question(frm, named) {
	return (frm.doc.questions || []).find(
		(row) => named && (row.question_key === named || (row.label || "").trim() === named)
	);
}

function offer_questions(frm) {
	const options = list_questions(frm, (row) => row.question_type !== FILE_QUESTION);
	const grid = frm.fields_dict.routing_rules.grid;
	grid.update_docfield_property("question_key", "options", options);
	for (const row of grid.grid_rows || []) row.on_grid_fields_dict?.question_key?.set_data(options);
}

function show_condition(frm, cdt, cdn) {
	const fields = get_row_fields(frm.fields_dict.questions.grid, cdn);
	if (!fields) return;
	const row = locals[cdt][cdn];
	const options = list_questions(
		frm,
		(other) => other.idx < row.idx && CAN_DECIDE.includes(other.question_type)
	);
	offer(fields.show_if_question, options);
	fields.show_if_question.set_description(
		options.length
			? __("Leave empty to ask always.")
			: __("A question before this one has to be a choice or a yes-or-no question.")
	);
	fields.show_if_values.set_description(describe_answers(find_question(frm, row.show_if_question)));
}

function show_rule(frm, cdt, cdn) {
	const fields = get_row_fields(frm.fields_dict.routing_rules.grid, cdn);
	if (!fields) return;
	const row = locals[cdt][cdn];
	offer(
		fields.question_key,
		list_questions(frm, (question) => question.question_type !== FILE_QUESTION)
	);
	const hints = {
		Answer: describe_answers(find_question(frm, row.question_key)),
		Postcode: __("Postcodes may be 1015, 101* or 1010-1019."),
		Area: __("Names as they stand in the place people give, for example a district or a street."),
		Channel: __("Portal, E-mail, Phone, Counter, SMS, Chat or API."),
	};
	fields.match_values.set_description(hints[row.match_on] || "");
}

function describe_answers(question) {
	if (!question) return "";
	const answers =
		question.question_type === "Yes or no"
			? ["Yes", "No"]
			: (question.choices || "").split("\n").filter((line) => line.trim());
	if (!answers.length) return __("Whatever people may type; upper and lower case do not matter.");
	return __("Possible answers: {0}", [answers.map(frappe.utils.escape_html).join(" · ")]);
}

function offer(field, options) {
	field.set_data(options);
	field.set_formatted_input?.(field.value);
}

function get_row_fields(grid, name) {
	return grid.grid_rows_by_docname[name]?.grid_form?.fields_dict;
}

function show_question_names() {
	const formatter = (key) =>
		frappe.utils.escape_html((cur_frm && find_question(cur_frm, key)?.label) || key || "");
	for (const [doctype, field] of [
		["Service Question", "show_if_question"],
		["Service Routing Rule", "question_key"],
	]) {
		const docfield = frappe.meta.docfield_map[doctype]?.[field];
		if (docfield) docfield.formatter = formatter;
	}
}

/* The promise in words */

const show_promise = frappe.utils.debounce(async (frm) => {
	const field = frm.fields_dict.promise_html;
	if (!frm.doc.department) {
		field.html("");
		return;
	}
	const args = { department: frm.doc.department };
	for (const target of TARGETS) args[target] = frm.doc[target] || (target.endsWith("unit") ? "" : 0);
	const { message } = await frappe.call({
		method: "citizen_support.api.desk.describe_promise",
		type: "GET",
		args,
	});
	const style = message.problem ? "text-danger" : "";
	const text = frappe.utils.escape_html(message.problem || message.sentence);
	field.html(`<p class="${style}" aria-live="polite">${text}</p>`);
}, 300);
