frappe.listview_settings["Notice Template"] = {
	hide_name_column: true,
	add_fields: ["enabled"],
	get_indicator(doc) {
		return doc.enabled ? [__("In use"), "green", "enabled,=,1"] : [__("Not in use"), "gray", "enabled,=,0"];
	},
	onload(list) {
		frappe.require("/assets/citizen_support/js/desk/transfer.js", () =>
			citizen_support.transfer.add_to_list(list)
		);
	},
};
