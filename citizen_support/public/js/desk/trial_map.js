// The map of "Try it": a click says where the made-up request is about. The areas that the rules look at are drawn in
// it, so that it is of use even where no map pictures can be loaded.

const TRIAL_NEAR = 16; // zoom level at which one sees streets

class TrialMap {
	// `on_pick` is given latitude and longitude, in degrees.
	constructor(wrapper, areas, on_pick) {
		this.areas = areas;
		this.on_pick = on_pick;
		this.$map = $(`<div class="cs-map">`).attr("aria-label", __("Map")).appendTo($(wrapper).empty());
		// A map that is made while it cannot be seen does not know its size.
		this.watcher = new ResizeObserver(() => this.fit());
		this.watcher.observe(this.$map[0]);
	}

	fit() {
		if (!this.$map.is(":visible")) return;
		if (this.map) this.map.invalidateSize();
		else this.make();
	}

	make() {
		const { center, zoom, tiles, options, image_path } = frappe.utils.map_defaults;
		L.Icon.Default.imagePath = image_path;
		this.map = L.map(this.$map[0]).setView(center, zoom);
		L.tileLayer(tiles, options).addTo(this.map);
		this.map.on("click", ({ latlng }) => this.pick(latlng));
		this.draw_areas();
		if (this.point) this.show(...this.point);
	}

	pick(latlng) {
		const { lat, lng } = latlng.wrap();
		this.show(lat, lng);
		this.on_pick(lat.toFixed(6), lng.toFixed(6));
	}

	// Put the marker there; take it away if there is no such point.
	show(latitude, longitude) {
		this.point = TrialMap.is_point(latitude, longitude) ? [Number(latitude), Number(longitude)] : null;
		if (!this.map) return;
		if (!this.point) {
			this.marker?.remove();
			return;
		}
		this.marker ??= L.marker(this.point, { draggable: true, title: __("Place of the request") }).on("dragend", () =>
			this.pick(this.marker.getLatLng())
		);
		this.marker.setLatLng(this.point).addTo(this.map);
		if (!this.map.getBounds().contains(this.point)) this.map.setView(this.point, TRIAL_NEAR);
	}

	static is_point(latitude, longitude) {
		const is_within = (text, most) => String(text ?? "").trim() !== "" && Math.abs(Number(text)) <= most;
		return is_within(latitude, 90) && is_within(longitude, 180);
	}

	// The areas of the rules; without any the map begins where the city's last area is.
	async draw_areas() {
		const fields = ["area_name", "shape"];
		const with_shape = ["shape", "is", "set"];
		const filters = this.areas.length ? [["name", "in", this.areas], with_shape] : [with_shape];
		const limit = this.areas.length || 1;
		const found = await frappe.db.get_list("Service Area", { fields, filters, limit, order_by: "modified desc" });
		const shapes = L.featureGroup(found.map(({ area_name, shape }) => this.draw(area_name, shape)));
		shapes.addTo(this.map); // a circle has no bounds before
		if (found.length && !this.point) this.map.fitBounds(shapes.getBounds(), { padding: [20, 20] });
		if (!this.areas.length) shapes.remove();
	}

	draw(name, shape) {
		const style = { color: frappe.ui.color.get("blue"), weight: 2, fillOpacity: 0.1 };
		const layer = L.geoJson(JSON.parse(shape), {
			style,
			// A circle is kept as its middle and a radius in metres.
			pointToLayer: ({ properties }, middle) => L.circle(middle, { ...style, radius: properties.radius }),
		});
		// What Leaflet is given as a string it puts into the page as it is.
		return layer.bindTooltip($("<span>").text(name)[0], { sticky: true });
	}

	remove() {
		this.watcher.disconnect();
		this.map?.remove();
	}
}
