// "Export…" in the menu of everything a catalogue file can hold. Each of those forms brings this file along.

frappe.provide("citizen_support.transfer");

if (!citizen_support.transfer.is_in_menus) {
	citizen_support.transfer.is_in_menus = true;
	const of_catalogue = [
		"Municipal Service",
		"Municipal Department",
		"Service Category",
		"Service Area",
		"Notice Template",
	];
	for (const doctype of of_catalogue) {
		frappe.ui.form.on(doctype, {
			refresh(frm) {
				frappe.require("/assets/citizen_support/js/desk/transfer.js", () =>
					citizen_support.transfer.add_to_form(frm)
				);
			},
		});
	}
}
