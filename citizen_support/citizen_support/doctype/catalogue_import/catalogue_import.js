const IMPORT_API = "citizen_support.api.transfer.";
const SECONDS_BETWEEN_LOOKS = 2;
const IMPORT_COLORS = {
	Created: "green",
	Changed: "blue",
	Untouched: "gray",
	"Kept as it is here": "yellow",
	Conflict: "red",
};

frappe.ui.form.on("Catalogue Import", {
	setup(frm) {
		// Comes in where Frappe's realtime server runs; the looks below do without it.
		frappe.realtime.on("catalogue_import_progress", ({ done, total }) => {
			if (frm.doc?.state === "Working") show_progress(frm, done, total);
		});
	},

	on_hide: (frm) => clearTimeout(frm.looking),

	async refresh(frm) {
		clearTimeout(frm.looking);
		await load_parts();
		offer_starters(frm);
		frm.fields_dict.result_html.$wrapper.empty();
		if (frm.is_new()) return;
		const is_done = frm.doc.state === "Imported";
		frm.set_df_property("section_result", "label", is_done ? __("What happened") : __("What would happen"));
		if (is_done) close_inputs(frm);
		add_buttons(frm);
		if (frm.doc.state === "Working") look_again(frm);
		else show_result(frm);
	},

	source(frm) {
		offer_starters(frm);
		// An address is always one of Open311, and needs a department.
		if (frm.doc.source === "A web address") frm.layout.sections_dict.section_open311?.collapse(false);
	},
});

const load_parts = () =>
	new Promise((loaded) =>
		frappe.require(["/assets/citizen_support/css/desk.css", "/assets/citizen_support/js/desk/transfer.js"], loaded)
	);

async function offer_starters(frm) {
	if (frm.doc.source !== "A starter catalogue") return;
	await load_parts();
	const starters = await citizen_support.transfer.list_starters();
	frm.fields_dict.starter.set_data(starters.map((one) => ({ value: one.name, label: one.title })));
}

function close_inputs(frm) {
	for (const field of frm.meta.fields) frm.set_df_property(field.fieldname, "read_only", 1);
	frm.disable_save();
}

function add_buttons(frm) {
	const { state } = frm.doc;
	if (state === "Imported" || state === "Working") return;
	const check = frm.add_custom_button(__("Check"), () => run(frm, "check_import"));
	if (state !== "Checked" || has_conflicts(frm)) {
		check.removeClass("btn-default").addClass("btn-primary");
		return;
	}
	frm.add_custom_button(__("Import now"), () => ask(frm))
		.removeClass("btn-default")
		.addClass("btn-primary");
}

const has_conflicts = (frm) => (frm.doc.records || []).some((row) => row.action === "Conflict");

function ask(frm) {
	const counts = {};
	for (const row of frm.doc.records) counts[row.action] = (counts[row.action] || 0) + 1;
	const question = __("Create {0} and change {1} records? New services wait as drafts.", [
		counts.Created || 0,
		counts.Changed || 0,
	]);
	frappe.confirm(question, () => run(frm, "import_now"));
}

async function run(frm, method) {
	if (frm.is_dirty()) await frm.save();
	await frappe.call({
		method: IMPORT_API + method,
		type: "POST",
		args: { name: frm.doc.name },
		freeze: true,
		freeze_message: method === "import_now" ? __("Importing…") : __("Looking what would change…"),
	});
	await frm.reload_doc();
}

/* While a worker is busy */

function look_again(frm) {
	const { name } = frm.doc;
	show_progress(frm, 0, 0);
	frm.looking = setTimeout(async () => {
		if (cur_frm !== frm || frm.doc.name !== name) return;
		const { message } = await frappe.call({ method: `${IMPORT_API}get_import`, type: "GET", args: { name } });
		if (message.state !== "Working") {
			frm.reload_doc();
			return;
		}
		look_again(frm);
		if (message.progress) show_progress(frm, message.progress.done, message.progress.total);
	}, SECONDS_BETWEEN_LOOKS * 1000);
}

function show_progress(frm, done, total) {
	const box = frm.fields_dict.result_html.$wrapper;
	if (!box.find("progress").length) {
		box.html(`<div class="cs-import"><p></p><progress max="1" class="cs-import-progress"></progress></div>`);
	}
	if (total) {
		box.find("progress").attr("value", done / total);
		box.find("p").text(__("{0} of {1} records", [done, total]));
	} else if (!box.find("p").text()) {
		box.find("p").text(__("It runs in the background. You can leave this page and come back."));
	}
}

/* What would happen, or has happened */

async function show_result(frm) {
	const { name } = frm.doc;
	const box = frm.fields_dict.result_html.$wrapper;
	if (!(frm.doc.records || []).length) {
		const hint = { "Not checked": __("Click “Check” to see what would change. Nothing is written by that.") };
		box.empty().append($('<p class="text-muted">').text(hint[frm.doc.state] || ""));
		return;
	}
	const { message } = await frappe.call({ method: `${IMPORT_API}get_import`, type: "GET", args: { name } });
	if (frm.doc.name !== name) return;
	const root = $('<div class="cs-import">').appendTo(box.empty());
	const pills = $('<div class="cs-import-counts">').appendTo(root);
	const table = $('<div class="cs-scroll">').appendTo(root);
	const shown = new Set(Object.keys(IMPORT_COLORS).filter((action) => action !== "Untouched"));
	if (!message.rows.some((row) => shown.has(row.action))) shown.add("Untouched");
	for (const [action, count] of Object.entries(message.counts)) {
		if (!count) continue;
		$(`<button type="button" class="btn btn-xs indicator-pill ${IMPORT_COLORS[action]}">`)
			.text(`${name_action(action)}: ${count}`)
			.attr("aria-pressed", shown.has(action))
			.on("click", (event) => {
				if (!shown.delete(action)) shown.add(action);
				$(event.currentTarget).attr("aria-pressed", shown.has(action));
				draw_rows(table, message.rows, shown, message.state === "Imported");
			})
			.appendTo(pills);
	}
	draw_rows(table, message.rows, shown, message.state === "Imported");
}

function name_action(action) {
	return {
		Created: __("New"),
		Changed: __("Changed"),
		Untouched: __("Untouched"),
		"Kept as it is here": __("Kept as it is here"),
		Conflict: __("Conflict"),
	}[action];
}

function draw_rows(box, rows, shown, is_done) {
	const table = $('<table class="table table-bordered cs-table"><thead><tr></tr></thead><tbody></tbody></table>');
	for (const title of [__("What"), __("Name"), __("What happens"), __("In detail")]) {
		$('<th scope="col">').text(title).appendTo(table.find("thead tr"));
	}
	for (const row of rows.filter((one) => shown.has(one.action))) {
		const line = $("<tr>").appendTo(table.find("tbody"));
		$("<td>").text(row.section).appendTo(line);
		const can_open = row.doctype && !(row.action === "Conflict" || (row.action === "Created" && !is_done));
		const title = can_open
			? $("<a>").attr("href", frappe.utils.get_form_link(row.doctype, row.name)).text(row.title)
			: document.createTextNode(row.title);
		$("<td>").append(title).append($('<div class="text-muted">').text(row.title === row.name ? "" : row.name)).appendTo(line);
		$("<td>")
			.append($(`<span class="indicator-pill ${IMPORT_COLORS[row.action]}">`).text(name_action(row.action)))
			.appendTo(line);
		$('<td class="cs-text">').text(row.details).appendTo(line);
	}
	box.empty().append(table);
}
