frappe.listview_settings["Municipal Service"] = {
	hide_name_column: true,
	add_fields: ["status"],
	get_indicator(doc) {
		const colors = { Published: "green", Draft: "orange", Retired: "gray" };
		return [__(doc.status), colors[doc.status], `status,=,${doc.status}`];
	},
};
