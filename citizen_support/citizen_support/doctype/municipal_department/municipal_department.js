const WORKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

frappe.ui.form.on("Municipal Department", {
	onload(frm) {
		// A table that must be filled starts with one empty row; a copied department has a name.
		if (frm.is_new() && !frm.doc.department_name) {
			frm.clear_table("opening_hours");
			for (const workday of WORKDAYS) frm.add_child("opening_hours", { workday });
			frm.refresh_field("opening_hours");
		}
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Its services"), () =>
			frappe.set_route("List", "Municipal Service", { department: frm.doc.name })
		);
		frm.add_custom_button(__("Languages"), () => citizen_support.show_languages_dialog(frm));
		if (!frm.doc.enabled) {
			frm.set_intro(
				__("This department takes no requests; those for its services go to the front desk."),
				"orange"
			);
		}
	},
});
