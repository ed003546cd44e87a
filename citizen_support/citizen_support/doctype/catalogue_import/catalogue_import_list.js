frappe.listview_settings["Catalogue Import"] = {
	hide_name_column: true,
	add_fields: ["state"],
	get_indicator(doc) {
		const colors = { "Not checked": "gray", Working: "yellow", Checked: "blue", Imported: "green", Failed: "red" };
		return [__(doc.state), colors[doc.state], `state,=,${doc.state}`];
	},
	onload(list) {
		frappe.require("/assets/citizen_support/js/desk/transfer.js", () => {
			if (!frappe.model.can_create("Catalogue Import")) return;
			list.page.add_inner_button(__("Export…"), () => citizen_support.transfer.export_parts());
			list.page.add_inner_button(__("Start from…"), () => citizen_support.transfer.start());
		});
	},
};
