// Areas from a GeoJSON file of another program: one as the shape of an area, or several Service Areas at once.

frappe.provide("citizen_support.areas");

{
	const LARGEST = 5_000_000;
	const SHOWN = 20;

	// Ask for a file. Whatever is in it: `on_shape` gets one shape, if the caller has an area to give it to; `on_done` is
	// called once areas were made.
	citizen_support.areas.import_file = ({ on_shape, on_done }) => {
		const input = $(`<input type="file" accept=".geojson,.json,application/geo+json">`);
		input.on("change", async () => {
			const file = input[0].files[0];
			if (!file) return;
			if (file.size > LARGEST) {
				frappe.msgprint({
					title: __("Import GeoJSON"),
					message: __("The file is larger than {0} MB. Leave out areas or simplify their borders.", [5]),
				});
				return;
			}
			const content = await file.text();
			const found = await read(content);
			if (!found) return;
			if (on_shape && found.areas.length === 1) on_shape(found.shape);
			else ask(content, found, on_shape, on_done);
		});
		input.trigger("click");
	};

	// Nothing, if the file was refused; the server has said why.
	function read(content, name_property = "") {
		return frappe
			.call({
				method: "citizen_support.api.routing.read_areas",
				type: "POST",
				args: { content, name_property },
				freeze: true,
				freeze_message: __("Reading the file…"),
			})
			.then(({ message }) => message)
			.catch(() => null);
	}

	function ask(content, found, on_shape, on_done) {
		const dialog = new frappe.ui.Dialog({
			title: __("Import GeoJSON"),
			fields: [
				{
					fieldname: "what",
					fieldtype: "Select",
					label: __("What to make of it"),
					hidden: on_shape ? 0 : 1,
					default: "each",
					options: [
						{ value: "each", label: __("A Service Area of each") },
						{ value: "one", label: __("The shape of this area, all together") },
					],
				},
				{
					fieldname: "name_property",
					fieldtype: "Select",
					label: __("Which of its columns holds the name"),
					hidden: found.properties.length ? 0 : 1,
					depends_on: "eval:doc.what !== 'one'",
					options: [{ value: "", label: __("Find it by itself") }, ...found.properties],
					onchange: async () => {
						found = (await read(content, dialog.get_value("name_property"))) || found;
						show(dialog, found);
					},
				},
				{
					fieldname: "replace",
					fieldtype: "Check",
					label: __("Give areas that are there already the shape of the file"),
					depends_on: "eval:doc.what !== 'one'",
				},
				{ fieldname: "list", fieldtype: "HTML", depends_on: "eval:doc.what !== 'one'" },
			],
			primary_action_label: __("Import"),
			async primary_action({ what, name_property, replace }) {
				dialog.hide();
				if (on_shape && what === "one") on_shape(found.shape);
				else await store(content, name_property, replace, on_done);
			},
		});
		show(dialog, found);
		dialog.show();
	}

	function show(dialog, { areas }) {
		const list = $("<ul>");
		for (const { name, exists } of areas.slice(0, SHOWN)) {
			const text = exists ? __("{0} (there already)", [name]) : name;
			$("<li>").text(text).appendTo(list);
		}
		if (areas.length > SHOWN) $("<li>").text(__("and {0} more", [areas.length - SHOWN])).appendTo(list);
		dialog.fields_dict.list.$wrapper
			.empty()
			.append($("<p>").text(__("Areas in the file: {0}", [areas.length])))
			.append(list);
		dialog.fields_dict.replace.df.hidden = areas.some((area) => area.exists) ? 0 : 1;
		dialog.fields_dict.replace.refresh();
	}

	async function store(content, name_property, replace, on_done) {
		const { message } = await frappe.call({
			method: "citizen_support.api.routing.import_areas",
			type: "POST",
			args: { content, name_property: name_property || "", replace: replace ? 1 : 0 },
			freeze: true,
			freeze_message: __("Making the areas…"),
		});
		frappe.show_alert({
			message: __("Areas made: {0}, changed: {1}, left as they were: {2}", [
				message.created.length,
				message.changed.length,
				message.untouched.length,
			]),
			indicator: "green",
		});
		on_done?.();
	}
}
