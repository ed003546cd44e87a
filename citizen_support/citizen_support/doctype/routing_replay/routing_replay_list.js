frappe.listview_settings["Routing Replay"] = {
	hide_name_column: true,
	add_fields: ["state", "creation"],
	get_indicator(doc) {
		const colors = { "Under way": "blue", Done: "green", Cancelled: "gray", Failed: "red" };
		return [__(doc.state), colors[doc.state], `state,=,${doc.state}`];
	},
};
