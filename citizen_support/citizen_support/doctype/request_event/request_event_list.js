frappe.listview_settings["Request Event"] = {
	hide_name_column: true,
};
