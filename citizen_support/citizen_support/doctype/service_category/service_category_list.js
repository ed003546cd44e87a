frappe.listview_settings["Service Category"] = {
	hide_name_column: true,
	onload(list) {
		frappe.require("/assets/citizen_support/js/desk/transfer.js", () =>
			citizen_support.transfer.add_to_list(list)
		);
	},
};
