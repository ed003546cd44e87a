frappe.listview_settings["Service Area"] = {
	hide_name_column: true,
	onload(list) {
		frappe.require("/assets/citizen_support/js/desk/transfer.js", () =>
			citizen_support.transfer.add_to_list(list)
		);
		if (!frappe.model.can_create("Service Area")) return;
		list.page.add_inner_button(__("Import GeoJSON"), async () => {
			await frappe.require("/assets/citizen_support/js/desk/area_import.js");
			citizen_support.areas.import_file({ on_done: () => list.refresh() });
		});
	},
};
