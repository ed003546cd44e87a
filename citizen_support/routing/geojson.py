"""Reading areas from GeoJSON (RFC 7946): what the desk's map draws, and files of other programs. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from citizen_support.routing.geometry import (
	SMALLEST_AREA,
	Shape,
	count_points,
	make_circle,
	make_ring,
	make_shape,
	measure,
)

LONGEST_FILE = 5_000_000
MOST_AREAS = 200
MOST_POINTS = 20_000
DECIMALS = 6  # eleven centimetres
FEWEST_CORNERS = 3
DEEPEST = 4
_COLLECTIONS = {"FeatureCollection": "features", "GeometryCollection": "geometries"}
_POLYGONS = frozenset({"Polygon", "MultiPolygon"})
_NAMES = ("name", "title", "label", "district", "bezeichnung", "nom", "nombre", "naam", "namn")


class BadShape(ValueError):
	"""What cannot be an area: a short name of the problem and what its sentence needs."""

	def __init__(self, problem: str, *details: str) -> None:
		super().__init__(problem)
		self.problem = problem
		self.details = details


@dataclass(frozen=True)
class FoundArea:
	"""One area of a file.

	:ivar name: what the file calls it, or empty.
	:ivar properties: what else the file says of it, texts and numbers only.
	:ivar polygons: as in GeoJSON, rounded and without heights.
	"""

	name: str
	polygons: list
	properties: dict[str, str] = field(default_factory=dict)


def read_drawn(text: str | None) -> Shape | None:
	"""The shape of a map field; None if nothing is drawn.

	:raises BadShape: if something else than areas is drawn, or it is too large.
	"""
	if not (text or "").strip():
		return None
	polygons = [
		rings for geometry, properties in _walk(_parse(text)) for rings in _read_drawn(geometry, properties)
	]
	if not polygons:
		return None
	shape = make_shape([[make_ring(ring) for ring in rings] for rings in polygons])
	_check_shape(shape)
	return shape


def read_file(text: str, name_property: str | None = None) -> list[FoundArea]:
	"""The areas of a file: one for each feature, features of the same name together.

	:param name_property: the property that holds the name; the likeliest one if none is given.
	:raises BadShape: if it is not GeoJSON, or holds no areas, or too many, or too large ones.
	"""
	areas: dict[str, FoundArea] = {}
	for number, (geometry, properties) in enumerate(_walk(_parse(text))):
		if geometry.get("type") not in _POLYGONS:
			continue
		polygons = list(_read_polygons(geometry))
		name = _find_name(properties, name_property)
		known = areas.get(name) if name else None
		if known:
			known.polygons.extend(polygons)
		else:
			areas[name or f"\0{number}"] = FoundArea(name, polygons, _keep_texts(properties))
		if len(areas) > MOST_AREAS:
			raise BadShape("too many areas", str(MOST_AREAS))
	if not areas:
		raise BadShape("no polygon")
	for area in areas.values():
		_check_shape(make_shape([[make_ring(ring) for ring in rings] for rings in area.polygons]))
	return list(areas.values())


def find_properties(areas: Sequence[FoundArea]) -> list[str]:
	"""Properties that could hold a name: those that differ between areas come first."""
	values: dict[str, set[str]] = {}
	for area in areas:
		for key, value in area.properties.items():
			values.setdefault(key, set()).add(value)
	return sorted(values, key=lambda key: -len(values[key]))


def write_drawn(polygons: Sequence) -> str:
	"""Polygons as the map field stores them: one feature each, since its tools cannot edit several in one."""
	features = [
		{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": rings}}
		for rings in polygons
	]
	return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))


def _parse(text: str) -> dict:
	if len(text) > LONGEST_FILE:
		raise BadShape("too large", str(LONGEST_FILE // 1_000_000))
	try:
		data = json.loads(text.lstrip("\ufeff"))
	except (ValueError, RecursionError):
		raise BadShape("not json") from None
	if not isinstance(data, dict) or not isinstance(data.get("type"), str):
		raise BadShape("not geojson")
	return data


def _walk(data: object, properties: Mapping | None = None, depth: int = 0) -> Iterator[tuple[dict, dict]]:
	"""Each geometry with the properties of the feature it belongs to."""
	if not isinstance(data, dict) or depth > DEEPEST:
		raise BadShape("not geojson")
	kind = data.get("type")
	if kind in _COLLECTIONS:
		members = data.get(_COLLECTIONS[kind])
		if not isinstance(members, list):
			raise BadShape("not geojson")
		for member in members:
			yield from _walk(member, properties, depth + 1)
	elif kind == "Feature":
		own = data.get("properties")
		if data.get("geometry") is not None:
			yield from _walk(data["geometry"], own if isinstance(own, dict) else {}, depth + 1)
	elif isinstance(data.get("coordinates"), list):
		yield data, dict(properties or {})
	else:
		raise BadShape("not geojson")


def _read_drawn(geometry: Mapping, properties: Mapping) -> Iterator[list]:
	kind = geometry.get("type")
	if kind in _POLYGONS:
		yield from _read_polygons(geometry)
	elif kind == "Point" and properties.get("point_type") == "circle":
		longitude, latitude = _read_point(geometry["coordinates"])
		metres = properties.get("radius")
		if not _is_number(metres) or not 0 < metres < 1_000_000:
			raise BadShape("bad coordinates")
		ring = make_circle(longitude, latitude, metres)
		yield [list(zip(ring[::2], ring[1::2], strict=True))]
	else:
		raise BadShape("not an area", str(kind))


def _read_polygons(geometry: Mapping) -> Iterator[list]:
	found = geometry["coordinates"]
	for rings in found if geometry["type"] == "MultiPolygon" else [found]:
		if not isinstance(rings, list) or not rings:
			raise BadShape("bad coordinates")
		yield [_read_ring(ring) for ring in rings]


def _read_ring(ring: object) -> list[list[float]]:
	if not isinstance(ring, list):
		raise BadShape("bad coordinates")
	points = [list(_read_point(point)) for point in ring]
	if points and points[0] != points[-1]:
		points.append(points[0])
	if len({tuple(point) for point in points}) < FEWEST_CORNERS:
		raise BadShape("too few corners")
	return points


def _read_point(point: object) -> tuple[float, float]:
	if not isinstance(point, list) or len(point) < 2 or not all(map(_is_number, point[:2])):
		raise BadShape("bad coordinates")
	longitude, latitude = float(point[0]), float(point[1])
	if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
		raise BadShape("not degrees")
	return round(longitude, DECIMALS), round(latitude, DECIMALS)


def _is_number(value: object) -> bool:
	# An integer of a thousand digits is one to JSON, and an error to float().
	return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _check_shape(shape: Shape) -> None:
	if count_points(shape) > MOST_POINTS:
		raise BadShape("too many corners", str(MOST_POINTS))
	if any(measure(rings[0]) < SMALLEST_AREA for rings in shape.polygons):
		raise BadShape("no surface")
	if shape.bounds[2] - shape.bounds[0] > 180:
		raise BadShape("around the world")


def _find_name(properties: Mapping, name_property: str | None) -> str:
	if name_property:
		return _as_text(properties.get(name_property))
	by_word = {str(key).casefold(): key for key in reversed(list(properties))}
	for word in _NAMES:
		for found, key in by_word.items():
			if (found == word or found.endswith(f"_{word}") or found.startswith(f"{word}_")) and (
				text := _as_text(properties[key])
			):
				return text
	return next(
		(text for value in properties.values() if isinstance(value, str) and (text := _as_text(value))), ""
	)


def _keep_texts(properties: Mapping) -> dict[str, str]:
	texts = {str(key)[:60]: _as_text(value) for key, value in list(properties.items())[:40]}
	return {key: text for key, text in texts.items() if text}


def _as_text(value: object) -> str:
	if isinstance(value, bool) or not isinstance(value, str | int | float):
		return ""
	return " ".join(str(value).split())[:100]
