// Taking parts of the catalogue out as a file, and beginning from a starter catalogue.

frappe.provide("citizen_support.transfer");

{
	const API = "citizen_support.api.transfer.";
	const PARTS = {
		city_texts: "Citizen Support Settings",
		departments: "Municipal Department",
		categories: "Service Category",
		articles: "HD Article",
		areas: "Service Area",
		services: "Municipal Service",
		translations: "Catalogue Translation",
		notice_templates: "Notice Template",
	};
	const WITH_TABLE = ["Municipal Department", "Service Category", "Municipal Service", "Service Area"];

	const name_parts = () => ({
		city_texts: __("Texts of the city"),
		departments: __("Departments"),
		categories: __("Categories"),
		articles: __("Articles"),
		areas: __("Service areas"),
		services: __("Services"),
		translations: __("Texts in other languages"),
		notice_templates: __("Message texts"),
	});

	const may = () => frappe.model.can_create("Catalogue Import");

	// The menu of a list of the catalogue.
	citizen_support.transfer.add_to_list = (list) => {
		if (!may()) return;
		list.page.add_menu_item(__("Export…"), () => {
			const chosen = list.get_checked_items(true);
			ask_what(list.doctype, chosen);
		});
		list.page.add_menu_item(__("Import…"), () => frappe.new_doc("Catalogue Import"));
		if (list.doctype === "Municipal Service") {
			list.page.add_inner_button(__("Start from…"), () => citizen_support.transfer.start());
		}
	};

	// The menu of a form of the catalogue.
	citizen_support.transfer.add_to_form = (frm) => {
		if (!may() || frm.is_new()) return;
		frm.page.add_menu_item(__("Export…"), () => {
			if (frm.is_dirty()) frappe.msgprint(__("Save your changes first."));
			else ask_what(frm.doctype, [frm.doc.name]);
		});
	};

	// Everything, or parts of it.
	citizen_support.transfer.export_parts = () => ask_what("", []);

	function ask_what(doctype, chosen) {
		const options = [];
		if (chosen.length) {
			options.push({
				value: "chosen",
				label: chosen.length === 1 ? __("This record") : __("The {0} chosen records", [chosen.length]),
			});
		}
		if (doctype && chosen.length !== 1) options.push({ value: "list", label: __("This list as a whole") });
		options.push({ value: "parts", label: __("Parts of the catalogue") });
		const dialog = new frappe.ui.Dialog({
			title: __("Export"),
			fields: [
				{
					fieldname: "what",
					fieldtype: "Select",
					label: __("What to export"),
					options,
					default: options[0].value,
					reqd: 1,
				},
				{
					fieldname: "needs",
					fieldtype: "Check",
					label: __("With all they need: departments, categories, areas, articles and translations"),
					default: 1,
					depends_on: doctype === "Municipal Service" ? "eval:doc.what!='parts' && doc.format!='table'" : "eval:false",
				},
				{
					fieldname: "parts",
					fieldtype: "MultiCheck",
					label: __("Parts"),
					columns: 1,
					depends_on: "eval:doc.what=='parts'",
					options: Object.entries(name_parts())
						.filter(([part]) => part === "articles" || frappe.model.can_read(PARTS[part]))
						.map(([value, label]) => ({ value, label, checked: 1 })),
				},
				{
					fieldname: "format",
					fieldtype: "Select",
					label: __("As"),
					options: [
						{ value: "catalogue", label: __("Catalogue file, to import elsewhere (YAML)") },
						{ value: "table", label: __("Table for a spreadsheet (CSV), plain fields only") },
					],
					default: "catalogue",
					depends_on: WITH_TABLE.includes(doctype) ? "eval:doc.what=='list'" : "eval:false",
				},
			],
			primary_action_label: __("Export"),
			primary_action: async (values) => {
				if (values.what === "parts" && !(values.parts || []).length) {
					frappe.msgprint(__("Choose at least one part."));
					return;
				}
				await download_chosen(doctype, chosen, values);
				dialog.hide();
			},
		});
		dialog.show();
	}

	async function download_chosen(doctype, chosen, values) {
		if (values.what === "parts") return download("download_catalogue", { sections: values.parts.join(",") });
		if (values.what === "list" && values.format === "table") return download("download_list", { doctype });
		if (values.what === "list" && !values.needs) {
			const part = Object.keys(PARTS).find((name) => PARTS[name] === doctype);
			return download("download_catalogue", { sections: part });
		}
		const names = values.what === "chosen" ? chosen : await list_names(doctype);
		return download("download_records", { doctype, names: names.join("\n"), with_needs: values.needs ? 1 : 0 });
	}

	const list_names = (doctype) =>
		frappe.db.get_list(doctype, { fields: ["name"], limit: 0 }).then((rows) => rows.map((row) => row.name));

	async function download(method, args) {
		frappe.dom.freeze(__("Making the file…"));
		try {
			const answer = await fetch(`/api/method/${API}${method}`, {
				method: "POST",
				headers: { "X-Frappe-CSRF-Token": frappe.csrf_token, Accept: "application/json" },
				body: new URLSearchParams(args),
			});
			if (!answer.ok) {
				frappe.msgprint(__("The export failed. Please reload the page and try again."));
				return;
			}
			const name = /filename="?([^";]+)"?/.exec(answer.headers.get("Content-Disposition") || "");
			const link = document.createElement("a");
			link.href = URL.createObjectURL(await answer.blob());
			link.download = name ? decodeURIComponent(name[1]) : "catalogue.yaml";
			link.click();
			setTimeout(() => URL.revokeObjectURL(link.href), 60000);
		} finally {
			frappe.dom.unfreeze();
		}
	}

	/* Beginning from a starter catalogue */

	const list_starters = () =>
		frappe.call({ method: `${API}list_starters`, type: "GET" }).then((answer) => answer.message);

	citizen_support.transfer.list_starters = list_starters;

	// Choose a service of a starter catalogue and make a draft of it; or all of a catalogue, by an import.
	citizen_support.transfer.start = async () => {
		const starters = await list_starters();
		const dialog = new frappe.ui.Dialog({
			title: __("Start from a starter catalogue"),
			fields: [
				{
					fieldname: "starter",
					fieldtype: "Select",
					label: __("Starter catalogue"),
					options: starters.map((one) => ({ value: one.name, label: one.title })),
					default: starters[0]?.name,
					reqd: 1,
					onchange: () => show_services(dialog, starters),
				},
				{
					fieldname: "service",
					fieldtype: "Select",
					label: __("Service"),
					reqd: 1,
					onchange: () => show_services(dialog, starters, true),
				},
				{ fieldname: "about", fieldtype: "HTML" },
				{
					fieldname: "department",
					fieldtype: "Link",
					options: "Municipal Department",
					label: __("Department that answers"),
					description: __("Left empty, the starter’s own department is made, without a team."),
				},
				{
					fieldname: "category",
					fieldtype: "Link",
					options: "Service Category",
					label: __("Category"),
					description: __("Left empty, the starter’s own category is made."),
				},
			],
			primary_action_label: __("Make a draft of it"),
			primary_action: async (values) => {
				if (values.service === ALL) {
					dialog.hide();
					frappe.new_doc("Catalogue Import", { source: "A starter catalogue", starter: values.starter });
					return;
				}
				const { message } = await frappe.call({
					method: `${API}start_service`,
					type: "POST",
					args: {
						starter: values.starter,
						service: values.service,
						department: values.department || "",
						category: values.category || "",
					},
					freeze: true,
				});
				dialog.hide();
				frappe.set_route("Form", "Municipal Service", message);
			},
		});
		dialog.show();
		show_services(dialog, starters);
	};

	const ALL = "*";

	function show_services(dialog, starters, keep = false) {
		const starter = starters.find((one) => one.name === dialog.get_value("starter")) || starters[0];
		if (!keep) {
			dialog.set_df_property("service", "options", [
				...starter.services.map((one) => ({ value: one.code, label: one.title })),
				{ value: ALL, label: __("All of them (by an import, with a look first)") },
			]);
			const first = starter.services.find((one) => one.code === "stray-cat") || starter.services[0];
			dialog.set_value("service", first.code);
		}
		const service = starter.services.find((one) => one.code === dialog.get_value("service"));
		dialog.fields_dict.about.$wrapper
			.empty()
			.append($('<p class="text-muted">').text(service ? service.summary : ""));
		for (const name of ["department", "category"]) dialog.set_df_property(name, "hidden", service ? 0 : 1);
		dialog.set_df_property("service", "description", "");
		dialog.get_primary_btn().text(service ? __("Make a draft of it") : __("Look at what it would bring"));
	}
}
