frappe.listview_settings["Resident Notice"] = {
	hide_name_column: true,
	add_fields: ["state"],
	get_indicator(doc) {
		const colors = { Waiting: "orange", Queued: "blue", Sent: "green", "Held back": "gray", Failed: "red" };
		return [__(doc.state), colors[doc.state], `state,=,${doc.state}`];
	},
};
