"""Service Areas, remembered with the catalogue, and which of them a place is in."""

from collections.abc import Iterable, Sequence

import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support.catalogue import remember
from citizen_support.catalogue.rules import split_lines
from citizen_support.host.errors import log_failure
from citizen_support.routing.geojson import BadShape, read_drawn
from citizen_support.routing.geometry import Position, Shape
from citizen_support.routing.places import Area, find_bad_postcode, lies_in

DOCTYPE = "Service Area"
_AREA = "*area*"


def get_area(code: str) -> Area | None:
	"""An area by its code, or None if it is gone."""
	return remember(f"{_AREA}{code}", lambda: _read_area(code))


def find_named_areas(
	codes: Iterable[str], position: Position | None, places: Sequence[str]
) -> frozenset[str]:
	"""Which of these areas hold the place."""
	areas = (get_area(code) for code in dict.fromkeys(codes))
	return frozenset(area.code for area in areas if area and lies_in(area, position, places))


def find_uses(code: str) -> list[frappe._dict]:
	"""Services that look at an area, in a rule or for their pilot: name and title."""
	named = set(
		frappe.get_all(
			"Service Routing Rule",
			filters={"service_area": code, "parenttype": "Municipal Service", "match_on": DOCTYPE},
			pluck="parent",
		)
	)
	return frappe.get_all(
		"Municipal Service",
		or_filters={"name": ("in", [*named, ""]), "pilot_area": code},
		fields=["name", "title"],
		order_by="title",
	)


def check_area(doc: Document) -> None:
	"""Refuse an area that no place could ever be in.

	:raises frappe.ValidationError: with a sentence that says what to do.
	"""
	postcodes = split_lines(doc.postcodes)
	if bad := find_bad_postcode(postcodes):
		frappe.throw(
			_("No postcode can fit “{0}”. Write 1015, 101* for all that begin so, or 1010-1019.").format(
				frappe.utils.escape_html(bad)
			)
		)
	try:
		shape = read_drawn(doc.shape)
	except BadShape as problem:
		frappe.throw(explain_bad_shape(problem), title=_("Shape"))
	if not shape:
		doc.shape = None
	if not (shape or postcodes or split_lines(doc.names)):
		frappe.throw(_("Draw the area on the map, or give postcodes or names by which it is known."))


def keep_used_area(doc: Document) -> None:
	"""Refuse to delete an area that services look at.

	:raises frappe.ValidationError: naming them.
	"""
	uses = find_uses(doc.name)
	if not uses:
		return
	titles = ", ".join(_("“{0}”").format(frappe.utils.escape_html(row.title)) for row in uses)
	frappe.throw(
		_("This area is used by {0}. Take it out of their routing rules and pilots first.").format(titles),
		title=_("The area is in use"),
	)


def explain_bad_shape(problem: BadShape) -> str:
	"""What is wrong with a shape or a file of shapes, and what to do."""
	sentences = {
		"not json": _(
			"This is not a GeoJSON file. Ask for the areas as GeoJSON; its name mostly ends in .geojson or .json."
		),
		"not geojson": _(
			"This file is JSON, but not GeoJSON. Ask for a FeatureCollection, a Feature, a Polygon or a MultiPolygon."
		),
		"too large": _("The file is larger than {0} MB. Leave out areas or simplify their borders."),
		"no polygon": _(
			"There is no area in this file, only points or lines. Ask for the areas as polygons."
		),
		"not an area": _(
			"There is something else than an area on the map ({0}). Take markers and lines off again, and draw a polygon, a rectangle or a circle."
		),
		"bad coordinates": _("Some of its coordinates cannot be read. Export the areas again as GeoJSON."),
		"not degrees": _(
			"Its coordinates are not degrees of longitude and latitude. Export it again with the coordinate system WGS 84 (EPSG:4326)."
		),
		"too few corners": _("A border needs at least three corners. Draw it again, or take that part out."),
		"no surface": _(
			"A part of it has no surface, or one smaller than a room. Draw it larger, or take it out."
		),
		"too many corners": _("An area has more than {0} corners. Simplify its border and try again."),
		"too many areas": _("The file has more than {0} areas. Split it into several files."),
		"around the world": _(
			"It reaches around half the earth; part of it is probably misplaced. Draw it again."
		),
	}
	return sentences[problem.problem].format(
		*(frappe.utils.escape_html(detail) for detail in problem.details)
	)


def _read_area(code: str) -> Area | None:
	row = frappe.db.get_value(DOCTYPE, code, ["area_name", "postcodes", "names", "shape"], as_dict=True)
	if not row:
		return None
	return Area(
		code,
		row.area_name or code,
		split_lines(row.postcodes),
		split_lines(row.names),
		_read_shape(row.shape),
	)


def _read_shape(text: str | None) -> Shape | None:
	try:
		return read_drawn(text)
	except BadShape:
		# It was checked when it was saved; whatever has become of it, words still find the area.
		log_failure("A Service Area has a shape that cannot be read")
		return None
