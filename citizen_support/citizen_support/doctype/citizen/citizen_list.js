frappe.listview_settings["Citizen"] = {
	hide_name_column: true,
};
