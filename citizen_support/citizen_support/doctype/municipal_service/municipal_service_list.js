frappe.listview_settings["Municipal Service"] = {
	hide_name_column: true,
	add_fields: ["status"],
	get_indicator(doc) {
		const colors = { Published: "green", Pilot: "blue", Draft: "orange", Retired: "gray" };
		return [__(doc.status), colors[doc.status], `status,=,${doc.status}`];
	},
	onload(list) {
		frappe.require("/assets/citizen_support/js/desk/transfer.js", () =>
			citizen_support.transfer.add_to_list(list)
		);
	},
};
