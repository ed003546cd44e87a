const SHAPES_THAT_ARE_AREAS = ["Polygon", "MultiPolygon"];

frappe.ui.form.on("Service Area", {
	setup(frm) {
		offer_areas_only(frm.fields_dict.shape);
	},

	refresh(frm) {
		show_uses(frm);
		if (!frm.doc.shape) go_near(frm);
		if (!frm.is_new()) {
			frm.add_custom_button(__("Languages"), () => citizen_support.show_languages_dialog(frm));
		}
		if (!frm.perm[0]?.write) return;
		frm.add_custom_button(__("Import GeoJSON"), async () => {
			await frappe.require("/assets/citizen_support/js/desk/area_import.js");
			citizen_support.areas.import_file({
				on_shape: (shape) => frm.set_value("shape", shape),
				on_done: () => frappe.set_route("List", "Service Area"),
			});
		});
	},

	shape(frm) {
		if (has_something_else(frm.doc.shape)) {
			frappe.show_alert({
				message: __("An area is a polygon, a rectangle or a circle. Take markers and lines off the map again."),
				indicator: "orange",
			});
		}
	},
});

// The map's tools without markers and lines: they have no inside.
function offer_areas_only(field) {
	field.get_leaflet_controls = function () {
		const shapeOptions = { color: frappe.ui.color.get("blue") };
		return new L.Control.Draw({
			position: "topleft",
			draw: {
				polyline: false,
				marker: false,
				circlemarker: false,
				circle: { shapeOptions },
				rectangle: { shapeOptions },
				polygon: {
					allowIntersection: false,
					drawError: {
						color: frappe.ui.color.get("orange"),
						message: __("The border must not cross itself."),
					},
					shapeOptions,
				},
			},
			edit: { featureGroup: this.editableLayers, remove: true },
		});
	};
}

// An empty map begins where the last area is, since a city's areas lie side by side.
async function go_near(frm) {
	const [last] = await frappe.db.get_list("Service Area", {
		fields: ["shape"],
		filters: { shape: ["is", "set"] },
		order_by: "modified desc",
		limit: 1,
	});
	if (last && !frm.doc.shape) frm.fields_dict.shape.map?.fitBounds(L.geoJson(JSON.parse(last.shape)).getBounds());
}

function has_something_else(shape) {
	if (!shape) return false;
	const { features = [] } = JSON.parse(shape);
	return features.some(
		({ geometry, properties }) =>
			!SHAPES_THAT_ARE_AREAS.includes(geometry?.type) && properties?.point_type !== "circle"
	);
}

function show_uses(frm) {
	const field = frm.fields_dict.uses_html;
	const uses = frm.doc.__onload?.uses || [];
	const area = $("<div>");
	if (!uses.length) {
		$(`<p class="text-muted">`).text(__("No service looks at this area yet.")).appendTo(area);
	} else {
		const count =
			uses.length === 1
				? __("One service looks at it, so it cannot be deleted:")
				: __("{0} services look at it, so it cannot be deleted:", [uses.length]);
		$("<p>").text(count).appendTo(area);
		const list = $("<ul>").appendTo(area);
		for (const { name, title } of uses) {
			$("<a>")
				.attr("href", `/app/municipal-service/${encodeURIComponent(name)}`)
				.text(title)
				.appendTo($("<li>").appendTo(list));
		}
	}
	field.$wrapper.empty().append(area);
}
