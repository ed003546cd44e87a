// The questions of a service: which depends on which, answers to tick instead of typing, each row's condition in words.

const QUESTIONS_WITH_ANSWERS = ["Choice", "Multiple choice", "Yes or no"];
const QUESTIONS_OF_FILES = "Photo or document";
const QUESTIONS_ENDING = ["end_values", "end_message", "end_phone"];

frappe.ui.form.on("Municipal Service", {
	setup(frm) {
		frappe.require("/assets/citizen_support/css/desk.css");
		const docfield = frappe.meta.docfield_map["Service Question"]?.show_if_question;
		if (docfield) docfield.formatter = (key) => questions_name(cur_frm, key);
		$(frm.wrapper).on("grid-row-render", (_event, row) => questions_explain_row(frm, row));
	},

	refresh(frm) {
		const is_kept = !frm.is_new() && !frm.perm[1]?.write;
		for (const property of ["cannot_add_rows", "cannot_delete_rows"]) {
			frm.set_df_property("questions", property, is_kept);
		}
		frm.fields_dict.questions.grid.sortable_status = !is_kept;
		questions_offer_common(frm, !is_kept && Boolean(frm.perm[1]?.write));
		questions_explain(frm);
	},
});

frappe.ui.form.on("Service Question", {
	form_render: questions_show_row,

	show_if_question(frm, cdt, cdn) {
		questions_keep_possible(frm, locals[cdt][cdn], "show_if_values");
		questions_show_row(frm, cdt, cdn);
	},

	question_type(frm, cdt, cdn) {
		// What can no longer be seen must not stand in the way of saving.
		if (!QUESTIONS_WITH_ANSWERS.includes(locals[cdt][cdn].question_type)) {
			for (const field of QUESTIONS_ENDING) frappe.model.set_value(cdt, cdn, field, "");
		}
		questions_show_row(frm, cdt, cdn);
	},

	choices: questions_show_row,
	label: questions_explain,
	show_if_values: questions_explain,
	end_values: questions_explain,
	end_phone: questions_explain,
	questions_move: questions_explain,
	questions_remove: questions_explain,
});

/* Looking questions up */

// Questions that are accepted, as suggestions; a new one has no key yet and goes by its words.
function questions_list(frm, accepts) {
	return (frm.doc.questions || [])
		.filter((row) => row.label && accepts(row))
		.map((row) => ({
			value: row.question_key || row.label.trim(),
			// The list of suggestions takes a label for HTML.
			label: row.label.trim().replaceAll("<", "‹").replaceAll(">", "›"),
		}));
}

function questions_find(frm, named) {
	const is_named = (row) => row.question_key === named || (row.label || "").trim() === named;
	return named ? (frm?.doc.questions || []).find(is_named) : undefined;
}

function questions_name(frm, key) {
	return frappe.utils.escape_html(questions_find(frm, key)?.label || key || "");
}

function questions_answers(question) {
	if (!question || !QUESTIONS_WITH_ANSWERS.includes(question.question_type)) return [];
	if (question.question_type === "Yes or no") return ["Yes", "No"];
	return questions_lines(question.choices);
}

function questions_lines(text) {
	const lines = (text || "").split("\n").map((line) => line.trim());
	return [...new Set(lines.filter(Boolean))];
}

function questions_get_fields(grid, name) {
	return grid.grid_rows_by_docname[name]?.grid_form?.fields_dict;
}

function questions_offer(field, options) {
	field.set_data(options);
	field.set_formatted_input?.(field.value);
}

/* One question, opened */

function questions_show_row(frm, cdt, cdn) {
	questions_explain(frm);
	const fields = questions_get_fields(frm.fields_dict.questions.grid, cdn);
	if (!fields) return;
	const row = locals[cdt][cdn];
	const earlier = questions_list(
		frm,
		(other) => other.idx < row.idx && QUESTIONS_WITH_ANSWERS.includes(other.question_type)
	);
	questions_offer(fields.show_if_question, earlier);
	fields.show_if_question.set_description(
		earlier.length
			? __("Leave empty to ask always.")
			: __("A question before this one has to be a choice or a yes-or-no question.")
	);
	questions_tick(fields.show_if_values, questions_answers(questions_find(frm, row.show_if_question)));
	questions_tick(fields.end_values, questions_answers(row));
}

function questions_keep_possible(frm, row, fieldname) {
	const possible = questions_answers(questions_find(frm, row.show_if_question));
	const kept = questions_lines(row[fieldname]).filter((answer) => possible.includes(answer));
	frappe.model.set_value(row.doctype, row.name, fieldname, kept.join("\n"));
}

// Ticks in the place of a text with one answer a line. An answer that is gone stays to be taken out.
function questions_tick(field, answers) {
	const typed = field.$wrapper.find(".control-input-wrapper");
	field.$wrapper.find(".cs-ticks").remove();
	typed.toggle(!answers.length);
	if (!answers.length || field.get_status() !== "Write") {
		typed.show();
		return;
	}
	const chosen = questions_lines(field.doc[field.df.fieldname]);
	const gone = chosen.filter((answer) => !answers.includes(answer));
	const all = [...answers, ...gone];
	const ticks = frappe.ui.form.make_control({
		parent: $(`<div class="cs-ticks">`).insertAfter(typed),
		render_input: true,
		df: {
			fieldtype: "MultiCheck",
			fieldname: `${field.df.fieldname}_ticks`,
			sort_options: false,
			columns: "12rem",
			// By number: Frappe puts values into the page as they are.
			options: all.map((answer, at) => ({
				value: String(at),
				checked: chosen.includes(answer),
				danger: gone.includes(answer),
				label: frappe.utils.escape_html(
					gone.includes(answer) ? __("{0} (no longer an answer)", [__(answer)]) : __(answer)
				),
			})),
			on_change: () => {
				const ticked = ticks.get_value().map(Number).sort((one, other) => one - other);
				const lines = ticked.map((at) => all[at]).join("\n");
				frappe.model.set_value(field.doc.doctype, field.doc.name, field.df.fieldname, lines);
			},
		},
	});
}

/* In words, under each row */

function questions_explain(frm) {
	for (const row of frm.fields_dict.questions?.grid.grid_rows || []) questions_explain_row(frm, row);
}

function questions_explain_row(frm, row) {
	if (row.doc?.doctype !== "Service Question" || !row.wrapper) return;
	row.wrapper.children(".cs-row-note").remove();
	const words = [questions_tell_condition(frm, row.doc), questions_tell_ending(row.doc)].filter(Boolean);
	if (!words.length) return;
	$(`<div class="cs-row-note text-muted small">`).text(words.join(" ")).insertAfter(row.row);
}

function questions_tell_condition(frm, row) {
	if (!row.show_if_question) return "";
	const label = questions_find(frm, row.show_if_question)?.label || row.show_if_question;
	const answers = questions_lines(row.show_if_values);
	if (!answers.length) return __("Asked only after “{0}”: tick the answers it waits for.", [label]);
	return __("Asked only if “{0}” is {1}.", [label, questions_join(answers)]);
}

function questions_tell_ending(row) {
	const answers = questions_lines(row.end_values);
	if (!answers.length) return "";
	if (!row.end_phone) return __("{0} ends the form.", [questions_join(answers)]);
	return __("{0} ends the form: call {1}.", [questions_join(answers), row.end_phone]);
}

function questions_join(answers) {
	return answers.map((answer) => __("“{0}”", [__(answer)])).join(__(" or "));
}

/* Questions many services ask */

function questions_get_common() {
	return [
		{
			name: __("Place"),
			rows: [
				{
					label: __("Where is it?"),
					question_type: "Place",
					required: 1,
					help_text: __("An address, or a description such as “by the playground”."),
				},
			],
		},
		{
			name: __("Photo"),
			rows: [
				{
					label: __("Photos"),
					question_type: QUESTIONS_OF_FILES,
					help_text: __("A photo often tells us more than words."),
				},
			],
		},
		{
			name: __("When"),
			rows: [{ label: __("Since when?"), question_type: "Date", maximum: "today" }],
		},
		{
			name: __("Contact person"),
			rows: [
				{ label: __("Who can tell us more or let us in?"), question_type: "Short text", personal_data: 1 },
				{ label: __("Phone number of this person"), question_type: "Phone", personal_data: 1 },
			],
		},
		{
			name: __("Danger that cannot wait"),
			rows: [
				{
					label: __("Is anybody in danger right now?"),
					question_type: "Yes or no",
					required: 1,
					end_values: "Yes",
					end_message: __("Please do not wait for an answer from us. Call now."),
				},
			],
		},
	];
}

function questions_offer_common(frm, is_offered) {
	const buttons = frm.fields_dict.questions.grid.wrapper.find(".grid-buttons").first();
	buttons.find(".cs-common").remove();
	if (!is_offered) return;
	const menu = $(`
		<div class="cs-common btn-group dropup">
			<button type="button" class="btn btn-xs btn-secondary dropdown-toggle" data-toggle="dropdown"
				aria-haspopup="true" aria-expanded="false"></button>
			<div class="dropdown-menu"></div>
		</div>`);
	menu.find("button").text(__("Add a common question"));
	for (const { name, rows } of questions_get_common()) {
		$(`<button type="button" class="dropdown-item">`)
			.text(name)
			.on("click", () => questions_add(frm, rows))
			.appendTo(menu.find(".dropdown-menu"));
	}
	buttons.append(menu);
}

function questions_add(frm, rows) {
	for (const row of rows) frm.add_child("questions", row);
	frm.refresh_field("questions");
	frm.dirty();
	questions_explain(frm);
}
