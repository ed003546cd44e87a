const TARGETS = ["response_target", "response_unit", "resolution_target", "resolution_unit"];

frappe.ui.form.on("Municipal Service", {
	setup(frm) {
		frm.set_query("department", () => ({ filters: { enabled: 1 } }));
		frm.set_query("article", "articles", () => ({ filters: { status: "Published" } }));
	},

	refresh(frm) {
		frm.page.add_menu_item(__("Show me around"), () => show_around(frm));
		close_foreign_service(frm);
		show_promise(frm);
	},

	department: (frm) => show_promise(frm),
	response_target: (frm) => show_promise(frm),
	response_unit: (frm) => show_promise(frm),
	resolution_target: (frm) => show_promise(frm),
	resolution_unit: (frm) => show_promise(frm),
});

// The tour of the form, "Municipal Service" in its folder. It explains fields in order, whichever tab is open.
async function show_around(frm) {
	await frm.tour.init({ tour_name: "Municipal Service" });
	frm.tour.start();
}

function may_publish(frm) {
	return Boolean(frm.perm[1]?.write);
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
