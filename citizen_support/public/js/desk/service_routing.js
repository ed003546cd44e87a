// The routing rules of a service: what each looks at, answers to tick instead of typing, and all of them in words, in order.

const ROUTING_CHANNELS = ["Portal", "E-mail", "Phone", "Counter", "SMS", "Chat", "API"];
const ROUTING_KINDS = ["Person", "Business", "Association", "Authority", "New", "Known"];
const ROUTING_FIELDS = [
	"match_values",
	"service_area",
	"time_when",
	"time_days",
	"time_from",
	"time_to",
	"department",
	"team",
	"priority",
	"response_target",
	"response_unit",
	"resolution_target",
	"resolution_unit",
];

frappe.ui.form.on("Municipal Service", {
	setup(frm) {
		frm.set_query("department", "routing_rules", () => ({ filters: { enabled: 1 } }));
		const docfield = frappe.meta.docfield_map["Service Routing Rule"]?.question_key;
		if (docfield) docfield.formatter = (key) => questions_name(cur_frm, key);
	},

	refresh(frm) {
		routing_offer_questions(frm);
		routing_tell(frm);
	},

	department: (frm) => routing_tell(frm),
});

frappe.ui.form.on("Service Question", {
	label: routing_follow_questions,
	question_type: routing_follow_questions,
	choices: routing_follow_questions,
	questions_move: routing_follow_questions,
	questions_remove: routing_follow_questions,
});

frappe.ui.form.on("Service Routing Rule", {
	form_render: routing_show_row,

	match_on(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		// What another kind of rule looked for means nothing to this one.
		frappe.model.set_value(cdt, cdn, "match_values", "");
		if (row.match_on === "Time") routing_fill(row, { time_when: "Outside opening hours", time_days: "Every day" });
		routing_show_row(frm, cdt, cdn);
	},

	question_key(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		const possible = questions_answers(questions_find(frm, row.question_key));
		if (possible.length) {
			const kept = questions_lines(row.match_values).filter((answer) => possible.includes(answer));
			frappe.model.set_value(cdt, cdn, "match_values", kept.join("\n"));
		}
		routing_show_row(frm, cdt, cdn);
	},

	routing_rules_add: routing_tell_soon,
	routing_rules_move: routing_tell_soon,
	routing_rules_remove: routing_tell_soon,
	...Object.fromEntries(ROUTING_FIELDS.map((field) => [field, routing_tell_soon])),
});

function routing_fill(row, values) {
	for (const [field, value] of Object.entries(values)) {
		if (!row[field]) frappe.model.set_value(row.doctype, row.name, field, value);
	}
}

/* One rule, opened */

function routing_show_row(frm, cdt, cdn) {
	routing_tell(frm);
	const fields = questions_get_fields(frm.fields_dict.routing_rules.grid, cdn);
	if (!fields) return;
	const row = locals[cdt][cdn];
	questions_offer(fields.question_key, routing_list_questions(frm));
	const values = routing_list_values(frm, row);
	questions_tick(fields.match_values, values);
	// The times offered are only the likely ones.
	for (const field of [fields.time_from, fields.time_to]) field.df.ignore_validation = true;
	fields.match_values.set_description(
		{
			Answer: values.length ? "" : __("Whatever people may type; upper and lower case do not matter."),
			Postcode: __("Postcodes may be 1015, 101* or 1010-1019."),
			Area: __("Names as they stand in the place people give, for example a district or a street."),
		}[row.match_on] || ""
	);
	if (row.match_on === "Kind of citizen") {
		const hint = __(
			"Known by the e-mail address they give. Anybody can type any address, so let nothing depend on it that must stay secret."
		);
		$(`<p class="help-box small text-muted">`).text(hint).appendTo(fields.match_values.$wrapper.find(".cs-ticks"));
	}
}

function routing_list_questions(frm) {
	return questions_list(frm, (question) => question.question_type !== QUESTIONS_OF_FILES);
}

// What can be ticked, where the answers are known.
function routing_list_values(frm, row) {
	return (
		{
			Answer: questions_answers(questions_find(frm, row.question_key)),
			Channel: ROUTING_CHANNELS,
			"Kind of citizen": ROUTING_KINDS,
		}[row.match_on] || []
	);
}

function routing_offer_questions(frm) {
	frm.fields_dict.routing_rules.grid.update_docfield_property(
		"question_key",
		"options",
		routing_list_questions(frm)
	);
}

function routing_follow_questions(frm) {
	routing_offer_questions(frm);
	routing_tell(frm);
}

/* All rules, in words */

function routing_tell_soon(frm) {
	routing_tell(frm);
}

const routing_tell = frappe.utils.debounce(async (frm) => {
	if (!frm.fields_dict.routing_rules?.grid) return;
	const rules = frm.doc.routing_rules || [];
	if (!rules.length) {
		routing_write(frm, []);
		return;
	}
	const { title, department, questions } = frm.doc;
	const { message } = await frappe.call({
		method: "citizen_support.api.routing.describe_rules",
		type: "POST",
		args: { service: JSON.stringify({ title, department, questions, routing_rules: rules }) },
	});
	// Rows may have come or gone meanwhile; then another answer is on its way.
	if (message.length === (frm.doc.routing_rules || []).length) routing_write(frm, message);
}, 300);

function routing_write(frm, rules) {
	const grid = frm.fields_dict.routing_rules.grid;
	let area = grid.wrapper.siblings(".cs-rules");
	if (!area.length) area = $(`<div class="cs-rules" aria-live="polite">`).insertAfter(grid.wrapper);
	area.empty();
	if (!rules.length) return;
	$(`<p class="text-muted">`).text(__("In words; the first that applies wins:")).appendTo(area);
	const list = $("<ol>").appendTo(area);
	for (const { sentence, problem } of rules) {
		const item = $("<li>").text(sentence).appendTo(list);
		if (problem) $(`<div class="text-danger">`).text(problem).appendTo(item);
	}
	const own = frm.doc.department && (frappe.utils.get_link_title("Municipal Department", frm.doc.department) || frm.doc.department);
	if (own) $("<p>").text(__("Everything else goes to {0}.", [own])).appendTo(area);
}
