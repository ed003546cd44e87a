frappe.listview_settings["Service Submission"] = {
	hide_name_column: true,
	add_fields: ["state"],
	get_indicator(doc) {
		const colors = { Received: "blue", Filed: "green", "Needs Attention": "red" };
		return [__(doc.state), colors[doc.state], `state,=,${doc.state}`];
	},
};
