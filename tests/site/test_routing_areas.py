"""Service Areas: drawn, imported, used by rules, and not taken away from under them."""

import json

import pytest

import frappe

from benchmarks.inside.meter import count_here
from citizen_support import routing
from citizen_support.api import routing as endpoints
from citizen_support.catalogue import get_service, read_service
from citizen_support.setup.roles import MANAGER
from tests.site.factories import (
	get_ticket,
	make_answer,
	make_area,
	make_name,
	make_request,
	make_service,
	make_shape,
	make_user,
)
from tests.support.markup import list_running

pytestmark = pytest.mark.usefixtures("transactions")
PLACE = {"label": "Where?", "question_key": "where", "question_type": "Place"}


def find_areas(position: tuple[float, float] | None, text: str = "") -> frozenset[str]:
	"""Which of all areas hold a place."""
	return routing.find_named_areas(frappe.get_all("Service Area", pluck="name"), position, [text])


def answer_place(text: str = "by the river", position: tuple | None = None) -> object:
	latitude, longitude = position or (None, None)
	return make_answer("where", text, label="Where?", type="Place", latitude=latitude, longitude=longitude)


def make_area_service(area: str, **rule: object) -> object:
	rule = {"match_on": "Service Area", "service_area": area, "department": "parks", **rule}
	return make_service(questions=[PLACE], routing_rules=[rule])


def find_department(service: object, *answers: object) -> str:
	return get_ticket(make_request(service, answers=list(answers))).cs_department


@pytest.mark.parametrize(
	("text", "position", "department"),
	[
		("by the river", (0.5, 0.5), "parks"),
		("by the river", (1.5, 0.5), "streets"),
		("Harbour Street 3, 9021", (1.5, 0.5), "streets"),
		("Harbour Street 3", None, "parks"),
		("Elm Road 1, 9021", None, "parks"),
		("Elm Road 1, 9022", None, "streets"),
	],
)
def test_a_place_is_in_the_area_by_its_position_and_without_one_by_its_words(
	text: str, position: tuple | None, department: str
) -> None:
	area = make_area(postcodes="9021", names="Harbour Street\nHarbour")

	assert find_department(make_area_service(area.name), answer_place(text, position)) == department


def test_why_here_names_the_area() -> None:
	area = make_area(area_name=make_name("Old harbour"))

	ticket = get_ticket(
		make_request(make_area_service(area.name), answers=[answer_place(position=(0.5, 0.5))])
	)

	assert f"the place is in the area “{area.area_name}”" in ticket.cs_routed_because


def test_a_new_shape_holds_at_once() -> None:
	area = make_area()
	service = make_area_service(area.name)
	assert find_department(service, answer_place(position=(5.5, 5.5))) == "streets"

	area.shape = make_shape(5, 5, 6, 6)
	area.save()

	assert find_department(service, answer_place(position=(5.5, 5.5))) == "parks"
	assert find_department(service, answer_place(position=(0.5, 0.5))) == "streets"


def test_areas_that_hold_a_place_are_found_by_position_or_by_postcode() -> None:
	here, there = make_area(), make_area(shape=make_shape(5, 5, 6, 6), postcodes="9021")

	assert here.name in find_areas((0.5, 0.5))
	assert there.name not in find_areas((0.5, 0.5))
	assert there.name in find_areas(None, "9021 Riverton")
	assert here.name not in find_areas(None, "9021 Riverton")


def test_areas_cost_no_query_once_they_are_remembered_and_nothing_without_a_rule() -> None:
	area = make_area()
	ruled, plain = make_area_service(area.name), make_service(questions=[PLACE])
	answers = [answer_place(position=(0.5, 0.5))]

	def count(code: str) -> object:
		service = get_service(code)
		now = frappe.utils.now_datetime()
		return count_here(lambda: routing.make_facts(service, answers, "Portal", now, "ann@example.org"))

	count(ruled.name)
	frappe.local.cache = {}
	assert count(ruled.name).statements == 0
	frappe.local.cache = {}
	counts = count(plain.name)
	assert (counts.statements, counts.redis) == (0, 0)


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"shape": None}, "Draw the area"),
		({"shape": "no json"}, "not a GeoJSON file"),
		(
			{
				"shape": json.dumps(
					{
						"type": "Feature",
						"properties": {},
						"geometry": {"type": "Point", "coordinates": [0, 0]},
					}
				)
			},
			"Take markers and lines off",
		),
		({"postcodes": "10-1"}, "No postcode can fit"),
		({"shape": json.dumps({"type": "FeatureCollection", "features": []})}, "Draw the area"),
	],
	ids=["nothing", "not a shape", "a marker", "a bad postcode", "an empty map"],
)
def test_an_area_no_place_could_be_in_is_refused(values: dict, words: str) -> None:
	with pytest.raises(frappe.ValidationError, match=words):
		make_area(**values)


def test_an_area_may_be_known_by_its_words_alone() -> None:
	assert make_area(shape=None, names="Old Town").name


def test_an_area_in_use_is_not_deleted_and_the_refusal_names_who_uses_it() -> None:
	area = make_area()
	service = make_area_service(area.name)

	with pytest.raises(frappe.ValidationError, match=service.title):
		frappe.delete_doc("Service Area", area.name)

	service.routing_rules = []
	service.save()
	frappe.delete_doc("Service Area", area.name)
	assert not frappe.db.exists("Service Area", area.name)


def test_an_area_of_a_pilot_is_in_use() -> None:
	area = make_area()
	service = make_service(status="Draft", pilot_access="Only in an area", pilot_area=area.name)

	assert [row.name for row in routing.find_uses(area.name)] == [service.name]


def test_the_form_knows_who_uses_an_area() -> None:
	area = make_area()
	service = make_area_service(area.name)

	doc = frappe.get_doc("Service Area", area.name)
	doc.run_method("onload")

	assert [(row.name, row.title) for row in doc.get_onload("uses")] == [(service.name, service.title)]


# Files


def make_file(*names: str) -> str:
	features = []
	for number, name in enumerate(names):
		(feature,) = json.loads(make_shape(number, 0, number + 1, 1))["features"]
		features.append({**feature, "properties": {"NAME": name}})
	return json.dumps({"type": "FeatureCollection", "features": features})


def test_a_file_of_several_areas_is_several_areas() -> None:
	names = make_name("North"), make_name("South")

	done = endpoints.import_areas(make_file(*names))

	assert done == {"created": list(names), "changed": [], "untouched": []}
	assert names[1].lower() in find_areas((0.5, 1.5))
	assert names[0].lower() in find_areas((0.5, 0.5))


def test_importing_twice_changes_nothing_and_keeps_what_was_added_by_hand() -> None:
	name = make_name("North")
	endpoints.import_areas(make_file(name))
	area = frappe.get_doc("Service Area", name.lower())
	area.update({"postcodes": "9021", "shape": make_shape(5, 5, 6, 6)})
	area.save()

	assert endpoints.import_areas(make_file(name))["untouched"] == [name]
	assert routing.get_area(area.name).shape.bounds == (5, 5, 6, 6)
	assert endpoints.import_areas(make_file(name), replace=True)["changed"] == [name]
	assert endpoints.import_areas(make_file(name), replace=True)["untouched"] == [name]
	area.reload()
	assert (area.postcodes, routing.get_area(area.name).shape.bounds) == ("9021", (0, 0, 1, 1))


def test_areas_without_a_name_and_with_names_in_any_script_get_codes_of_their_own() -> None:
	done = endpoints.import_areas(make_file("", "حي الميناء", "Zentrum!", "ZENTRUM"))

	assert len(done["created"]) == 4
	codes = frappe.get_all("Service Area", {"area_name": ("in", done["created"])}, pluck="name")
	assert len(set(codes)) == 4


def test_before_importing_one_sees_what_is_in_the_file() -> None:
	area, other = make_area(), make_name("North")

	found = endpoints.read_areas(make_file(area.area_name, other))

	assert [(row["name"], row["exists"]) for row in found["areas"]] == [
		(area.area_name, True),
		(other, False),
	]
	assert found["properties"] == ["NAME"]
	assert not frappe.db.exists("Service Area", other.lower())


@pytest.mark.parametrize(
	("content", "words"),
	[
		("PK\3\4 not json", "not a GeoJSON file"),
		('{"type": "Topology"}', "not GeoJSON"),
		('{"type": "Point", "coordinates": [1, 2]}', "only points or lines"),
		('{"type": "Polygon", "coordinates": [[[3e5, 1], [3e5, 2], [4e5, 2]]]}', "EPSG:4326"),
		(" " * 5_000_001, "larger than 5 MB"),
	],
	ids=["zip", "topojson", "a point", "metres", "too large"],
)
def test_a_bad_file_is_refused_with_what_to_do(content: str, words: str) -> None:
	with pytest.raises(frappe.ValidationError, match=words):
		endpoints.import_areas(content)


def test_names_of_a_file_are_shown_as_text() -> None:
	name = "<img src=x onerror=alert(1)>" + make_name()

	endpoints.import_areas(make_file(name))

	area = frappe.get_last_doc("Service Area")
	assert list_running(area.area_name) == []


def test_a_manager_without_any_other_role_imports_and_draws() -> None:
	frappe.set_user(make_user(MANAGER))

	done = endpoints.import_areas(make_file(make_name("North")))

	assert len(done["created"]) == 1


def test_a_service_read_for_a_draft_needs_no_stored_rule() -> None:
	"""Drafts are tried before they are saved: their areas are found like those of stored ones."""
	area = make_area()
	service = frappe.new_doc("Municipal Service")
	service.update({"title": "Draft", "department": "streets", "questions": [PLACE]})
	service.append(
		"routing_rules", {"match_on": "Service Area", "service_area": area.name, "department": "parks"}
	)
	data = read_service(service)
	now = frappe.utils.now_datetime()

	facts = routing.make_facts(data, [answer_place(position=(0.5, 0.5))], "Portal", now)

	assert routing.route(data, facts).department == "parks"
