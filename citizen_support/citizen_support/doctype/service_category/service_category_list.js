frappe.listview_settings["Service Category"] = {
	hide_name_column: true,
};
