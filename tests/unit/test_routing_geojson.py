"""Areas drawn on the desk's map, and files of other programs."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.routing.geojson import (
	LONGEST_FILE,
	MOST_AREAS,
	MOST_POINTS,
	BadShape,
	find_properties,
	read_drawn,
	read_file,
	write_drawn,
)
from citizen_support.routing.geometry import contains

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
FAR = [[5, 5], [6, 5], [6, 6], [5, 6], [5, 5]]


def polygon(*rings: list) -> dict:
	return {"type": "Polygon", "coordinates": list(rings or [SQUARE])}


def feature(geometry: dict | None = None, **properties: object) -> dict:
	return {"type": "Feature", "properties": properties, "geometry": geometry or polygon()}


def collection(*features: dict) -> dict:
	return {"type": "FeatureCollection", "features": list(features)}


def circle(radius: object = 100.0) -> dict:
	point = {"type": "Point", "coordinates": [0.5, 0.5]}
	return feature(point, point_type="circle", radius=radius)


def point() -> dict:
	return feature({"type": "Point", "coordinates": [0.5, 0.5]})


@pytest.mark.parametrize(
	"data",
	[
		polygon(),
		feature(),
		collection(feature()),
		{"type": "MultiPolygon", "coordinates": [[SQUARE]]},
		{"type": "GeometryCollection", "geometries": [polygon()]},
		collection(feature(polygon([[*point, 12.5] for point in SQUARE]))),
	],
	ids=["polygon", "feature", "collection", "multi polygon", "geometry collection", "with heights"],
)
def test_every_way_of_writing_an_area_is_read(data: dict) -> None:
	(area,) = read_file(json.dumps(data))

	assert area.polygons == [[[(list(map(float, corner)))[0:2] for corner in SQUARE]]]
	assert contains(read_drawn(json.dumps(data)), (0.5, 0.5))


def test_each_feature_is_an_area_with_its_name() -> None:
	data = collection(feature(name="North"), feature(polygon(FAR), name="South", people=12))

	areas = read_file("\ufeff" + json.dumps(data))

	assert [area.name for area in areas] == ["North", "South"]
	assert areas[1].properties == {"name": "South", "people": "12"}


def test_features_of_one_name_are_one_area() -> None:
	areas = read_file(json.dumps(collection(feature(name="North"), feature(polygon(FAR), name="North"))))

	assert [(area.name, len(area.polygons)) for area in areas] == [("North", 2)]


@pytest.mark.parametrize(
	("properties", "name"),
	[
		({"id": "7", "NAME": "North"}, "North"),
		({"code": "N-1", "district_name": "North"}, "North"),
		({"fid": 3, "Quarter": "North"}, "North"),
		({"name": "", "title": "North"}, "North"),
		({"fid": 3}, ""),
		({"name": ["North"]}, ""),
	],
)
def test_the_name_is_found_by_the_likeliest_property(properties: dict, name: str) -> None:
	assert read_file(json.dumps(feature(**properties)))[0].name == name


def test_the_property_with_the_name_can_be_chosen() -> None:
	data = collection(feature(name="City", part="North"), feature(polygon(FAR), name="City", part="South"))

	assert [area.name for area in read_file(json.dumps(data), "part")] == ["North", "South"]
	assert find_properties(read_file(json.dumps(data), "part"))[0] == "part"


def test_what_is_no_area_is_left_out_of_a_file() -> None:
	assert len(read_file(json.dumps(collection(point(), feature(name="North"))))) == 1


def test_what_is_written_for_the_map_is_read_again() -> None:
	area = read_file(json.dumps(feature({"type": "MultiPolygon", "coordinates": [[SQUARE], [FAR]]})))[0]

	shape = read_drawn(write_drawn(area.polygons))

	assert len(shape.polygons) == 2
	assert contains(shape, (5.5, 5.5))
	assert not contains(shape, (3, 3))


def test_a_circle_of_the_map_is_an_area() -> None:
	shape = read_drawn(json.dumps(collection(circle(1000.0))))

	assert contains(shape, (0.505, 0.5))
	assert not contains(shape, (0.52, 0.5))


@pytest.mark.parametrize("text", [None, "", "  ", json.dumps(collection())])
def test_an_empty_map_has_no_shape(text: str | None) -> None:
	assert read_drawn(text) is None


BAD_FILES = {
	"not json": "POLYGON((0 0, 1 1))",
	"not geojson": json.dumps({"type": "Topology", "objects": {}}),
	"no polygon": json.dumps(collection(point())),
	"bad coordinates": json.dumps(polygon([["a", "b"]])),
	"not degrees": json.dumps(polygon([[x * 100000, y * 100000] for x, y in SQUARE])),
	"too few corners": json.dumps(polygon([[0, 0], [1, 1], [0, 0]])),
	"no surface": json.dumps(polygon([[0, 0], [1, 1], [2, 2], [0, 0]])),
	"around the world": json.dumps(polygon([[-170, 0], [170, 0], [170, 1], [-170, 0]])),
	"too large": " " * (LONGEST_FILE + 1),
	"too many areas": json.dumps(collection(*[feature() for _number in range(MOST_AREAS + 1)])),
	"too many corners": json.dumps(
		polygon([[i / MOST_POINTS, (i % 7) / 10] for i in range(MOST_POINTS + 5)])
	),
}


@pytest.mark.parametrize("problem", BAD_FILES)
def test_a_bad_file_is_refused_with_what_is_wrong(problem: str) -> None:
	with pytest.raises(BadShape) as refused:
		read_file(BAD_FILES[problem])

	assert refused.value.problem == problem


@pytest.mark.parametrize(
	"data",
	[
		[],
		None,
		{"type": "FeatureCollection"},
		{"type": "FeatureCollection", "features": [1]},
		{"type": "Feature", "geometry": "x"},
		{"type": "Polygon"},
		{"type": ["Polygon"], "coordinates": []},
		{"type": "Polygon", "coordinates": [[[1e400, 0], [0, 1], [1, 1]]]},
		{"type": "Polygon", "coordinates": [[[10**400, 0], [0, 1], [1, 1]]]},
		{"type": "Polygon", "coordinates": [[[True, 0], [0, 1], [1, 1]]]},
		{"type": "MultiPolygon", "coordinates": [1]},
	],
)
def test_odd_files_are_refused_and_not_stumbled_over(data: object) -> None:
	with pytest.raises(BadShape):
		read_file(json.dumps(data))


def test_a_file_nested_without_end_is_refused() -> None:
	with pytest.raises(BadShape):
		read_file("[" * 100_000)
	with pytest.raises(BadShape):
		read_file('{"type":"GeometryCollection","geometries":[' * 50 + "]}" * 50)


@pytest.mark.parametrize(
	"data",
	[point(), feature({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}), circle("wide"), circle(-1)],
	ids=["marker", "line", "circle without radius", "circle turned inside out"],
)
def test_a_map_with_something_else_than_areas_is_refused(data: dict) -> None:
	with pytest.raises(BadShape):
		read_drawn(json.dumps(collection(feature(), data)))


JSON = st.recursive(
	st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
	lambda inner: (
		st.lists(inner, max_size=4)
		| st.dictionaries(
			st.sampled_from(
				["type", "features", "geometry", "geometries", "coordinates", "properties", "name"]
			),
			inner | st.sampled_from(["Feature", "FeatureCollection", "Polygon", "MultiPolygon", "Point"]),
			max_size=4,
		)
	),
	max_leaves=20,
)


@given(data=JSON)
def test_whatever_a_file_holds_it_is_areas_or_a_refusal(data: object) -> None:
	for read in (read_file, read_drawn):
		try:
			read(json.dumps(data))
		except BadShape:
			continue
