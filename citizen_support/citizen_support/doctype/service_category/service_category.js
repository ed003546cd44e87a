frappe.ui.form.on("Service Category", {
	setup(frm) {
		frm.set_query("parent_service_category", () => ({
			filters: { is_group: 1, name: ["!=", frm.doc.name || ""] },
		}));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Its services"), () =>
			frappe.set_route("List", "Municipal Service", { category: frm.doc.name })
		);
		frm.add_custom_button(__("Languages"), () => citizen_support.show_languages_dialog(frm));
	},
});
