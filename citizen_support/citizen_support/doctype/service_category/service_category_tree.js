frappe.treeview_settings["Service Category"] = {
	title: __("Catalogue"),
	breadcrumb: "Citizen Support",
	get_tree_nodes: "citizen_support.api.desk.get_category_nodes",
	get_tree_root: false,
	root_label: __("All categories"),
	// Frappe's dialog knows neither the description nor the picture; the form does.
	disable_add_node: true,

	get_label(node) {
		const title = frappe.utils.escape_html(node.title || node.label);
		if (node.is_root) return title;
		const services = node.data.services;
		const count = services === 1 ? __("1 service") : __("{0} services", [services]);
		return `${title} <span class="text-muted">${count}</span>`;
	},

	onload(treeview) {
		treeview.make_tree();
		if (!treeview.can_create) return;
		treeview.page.set_primary_action(__("New"), () => frappe.new_doc("Service Category"), "add");
	},

	toolbar: [
		{
			label: __("Open"),
			condition: (node) => !node.is_root,
			click: (node) => frappe.set_route("Form", "Service Category", node.label),
		},
		{
			label: __("Its services"),
			condition: (node) => !node.is_root,
			click: (node) => frappe.set_route("List", "Municipal Service", { category: node.label }),
		},
	],
};
