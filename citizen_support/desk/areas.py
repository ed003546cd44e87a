"""Areas from files of other programs: what is in a file, and making Service Areas of it."""

from collections.abc import Iterator

import frappe
from frappe import _

from citizen_support import routing
from citizen_support.catalogue.rules import make_code
from citizen_support.routing.geojson import BadShape, FoundArea, find_properties, read_file, write_drawn

DOCTYPE = "Service Area"
NAME_LENGTH = 100


def read_areas(content: str, name_property: str = "") -> dict:
	"""What a GeoJSON file holds: its `areas`, and the `properties` that could hold their names.

	:raises frappe.ValidationError: with a sentence, if nothing can be made of it.
	"""
	frappe.has_permission(DOCTYPE, "write", throw=True)
	found = _read(content, name_property)
	named = list(_name_areas(found))
	known = set(
		frappe.get_all(DOCTYPE, {"name": ("in", [code for code, _name, _area in named])}, pluck="name")
	)
	return {
		"areas": [
			{"code": code, "name": name, "parts": len(area.polygons), "exists": code in known}
			for code, name, area in named
		],
		"properties": find_properties(found),
		"shape": write_drawn([polygon for area in found for polygon in area.polygons]),
	}


def import_areas(content: str, name_property: str = "", replace: bool = False) -> dict[str, list[str]]:
	"""Make a Service Area of each area in a GeoJSON file.

	:param replace: whether areas that are there already get the file's shape; otherwise they stay as they are. Their
		postcodes and names stay in any case.
	:returns: names of areas that were `created`, `changed` and left `untouched`.
	"""
	for ptype in ("create", "write"):
		frappe.has_permission(DOCTYPE, ptype, throw=True)
	done: dict[str, list[str]] = {"created": [], "changed": [], "untouched": []}
	for code, name, area in _name_areas(_read(content, name_property)):
		done[_store(code, name, area, replace)].append(name)
	return done


def _store(code: str, name: str, area: FoundArea, replace: bool) -> str:
	shape = write_drawn(area.polygons)
	if not frappe.db.exists(DOCTYPE, code):
		doc = frappe.new_doc(DOCTYPE)
		doc.update({"area_name": name, "code": code, "shape": shape})
		doc.insert()
		return "created"
	doc = frappe.get_doc(DOCTYPE, code)
	if not replace or doc.shape == shape:
		return "untouched"
	doc.shape = shape
	doc.save()
	return "changed"


def _read(content: str, name_property: str) -> list[FoundArea]:
	try:
		return read_file(content, name_property or None)
	except BadShape as problem:
		frappe.throw(routing.explain_bad_shape(problem), title=_("Import GeoJSON"))


def _name_areas(areas: list[FoundArea]) -> Iterator[tuple[str, str, FoundArea]]:
	"""Each area with a code and a name of its own; the same file gives the same codes each time."""
	taken: set[str] = set()
	for number, area in enumerate(areas, start=1):
		name = (area.name or _("Area {0}").format(number))[:NAME_LENGTH]
		code = wanted = make_code(name) or f"area-{number}"
		count = 1
		while code in taken:
			count += 1
			code = f"{wanted[:50]}-{count}"
		taken.add(code)
		yield code, name, area
