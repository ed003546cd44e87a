"""The life of a service: one way through it, and the same rules on every other way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest

import frappe
from frappe.model.document import Document

from citizen_support import languages
from citizen_support.languages.service import list_texts_of
from citizen_support.publishing import lint, set_status
from citizen_support.setup.roles import COORDINATOR, MANAGER
from tests.site.factories import (
	make_article,
	make_category,
	make_department,
	make_holiday_list,
	make_name,
	make_service,
	make_user,
	offer_languages,
	translate,
)
from tests.site.test_permissions import make_coordinator

pytestmark = pytest.mark.usefixtures("transactions")


@pytest.fixture
def manager() -> str:
	"""A manager without any other role, logged in."""
	user = make_user(MANAGER)
	frappe.set_user(user)
	return user


def translate_all(record: Document) -> None:
	translate(record, "de", **{text.path: "Text" for text in list_texts_of(record)})


@contextmanager
def count_statements() -> Iterator[list[str]]:
	"""Everything the database is asked in the block."""
	asked: list[str] = []
	before = frappe.db.sql

	def ask(query: object, *args: object, **options: object) -> object:
		asked.append(str(query))
		return before(query, *args, **options)

	with patch.object(frappe.db, "sql", ask):
		yield asked


def make_draft(**values: object) -> Document:
	return make_service(status="Draft", **values)


def break_it(service: Document) -> None:
	"""Nobody could reach the department any more."""
	settings = "Citizen Support Settings"
	frappe.db.set_single_value(settings, dict.fromkeys(("contact_phone", "contact_email")))
	frappe.db.set_value("Municipal Department", service.department, dict.fromkeys(("phone", "email")))
	frappe.clear_document_cache(settings, settings)
	frappe.clear_document_cache("Municipal Department", service.department)


def find_problems(service: Document, status: str = "Published") -> list[str]:
	return [finding.sentence for finding in lint(service, status)]


def test_a_manager_takes_a_service_through_its_life(manager: str) -> None:
	service = make_draft()

	for status in ("Pilot", "Published", "Retired", "Draft"):
		assert set_status(service.name, status, is_confirmed=True)["is_done"]
		assert frappe.db.get_value("Municipal Service", service.name, "status") == status


def test_texts_that_residents_read_with_a_service_are_looked_at_too() -> None:
	offer_languages("de")
	department, category, article = make_department(), make_category(), make_article()
	service = make_draft(
		department=department.name,
		category=category,
		articles=[{"article": article}],
		routing_rules=[{"match_on": "Area", "match_values": "Elm", "department": "parks"}],
	)
	translate_all(service)

	(sentence,) = [found for found in find_problems(service) if "not translated" in found]
	for doctype, name in (
		("Service Category", category),
		("HD Article", article),
		("Municipal Department", "parks"),
	):
		translate_all(frappe.get_doc(doctype, name))
	(rest,) = [found for found in find_problems(service) if "not translated" in found]

	assert f"(of “{frappe.db.get_value('Service Category', category, 'category_name')}”)" in sentence
	assert f"(of “{department.department_name}”)" in rest
	assert rest.startswith("Deutsch: 2 texts")


@pytest.mark.parametrize("articles", [1, 4])
def test_texts_of_all_records_and_languages_cost_one_statement(articles: int) -> None:
	offer_languages("de", "fr", "es", "ar")
	records = [make_draft(), *(frappe.get_doc("HD Article", make_article()) for _number in range(articles))]
	with count_statements() as statements:
		languages.find_missing(records, ["de", "fr", "es", "ar"])

	assert len([text for text in statements if "Catalogue Translation" in text]) == 1


def test_warnings_ask_first(manager: str) -> None:
	service = make_draft(ask_email="Not asked", ask_phone="Not asked")

	asked = set_status(service.name, "Published")
	assert (asked["is_done"], asked["status"]) == (False, "Draft")
	assert [finding["severity"] for finding in asked["findings"]] == ["warns"]
	assert frappe.db.get_value("Municipal Service", service.name, "status") == "Draft"

	assert set_status(service.name, "Published", is_confirmed=True)["is_done"]


def test_what_stops_is_refused_even_if_somebody_insists(manager: str) -> None:
	service = make_draft(department=make_department().name)
	break_it(service)

	refused = set_status(service.name, "Published", is_confirmed=True)

	assert not refused["is_done"]
	assert "could not reach" in refused["findings"][0]["sentence"]
	assert frappe.db.get_value("Municipal Service", service.name, "status") == "Draft"


def save_form(service: Document, status: str) -> None:
	doc = frappe.get_doc("Municipal Service", service.name)
	doc.status = status
	doc.save()


def set_by_api(service: Document, status: str) -> None:
	frappe.client.set_value("Municipal Service", service.name, "status", status)


def insert_anew(service: Document, status: str) -> None:
	values = service.as_dict(no_default_fields=True)
	for table in ("questions", "routing_rules", "articles", "pilot_goals"):
		values[table] = [row.as_dict(no_default_fields=True) for row in service.get(table)]
	values |= {"code": None, "title": make_name("Copy"), "status": status}
	frappe.get_doc({"doctype": "Municipal Service", **values}).insert()


@pytest.mark.parametrize("way", [save_form, set_by_api, insert_anew])
@pytest.mark.parametrize("status", ["Pilot", "Published"])
def test_no_other_way_leads_past_the_linter(manager: str, way: Callable, status: str) -> None:
	service = make_draft(department=make_department().name)
	break_it(service)

	with pytest.raises(frappe.ValidationError, match="could not reach"):
		way(service, status)


def test_no_other_way_leads_to_a_step_that_does_not_exist(manager: str) -> None:
	service = make_service()

	for way in (lambda: set_status(service.name, "Pilot"), lambda: save_form(service, "Pilot")):
		with pytest.raises(frappe.ValidationError, match=r"cannot go from “Published” to “Pilot”"):
			way()


def test_a_service_in_use_cannot_be_saved_into_what_residents_cannot_use(manager: str) -> None:
	service = make_service()
	service.append("routing_rules", {"match_on": "Area", "match_values": "Elm", "department": "parks"})
	service.append(
		"routing_rules", {"match_on": "Area", "match_values": "Elm Street", "department": "streets"}
	)

	with pytest.raises(frappe.ValidationError, match="rule 2 never applies"):
		service.save()
	service.reload()
	assert service.routing_rules == []


def test_what_has_broken_around_a_service_keeps_nobody_from_changing_it(manager: str) -> None:
	service = make_service(department=make_department().name)
	break_it(service)

	service.summary = "Better words."
	service.save()

	assert frappe.db.get_value("Municipal Service", service.name, "summary") == "Better words."


def test_a_copy_begins_as_a_draft() -> None:
	copy = frappe.copy_doc(make_service(), ignore_no_copy=False)

	assert (copy.status, copy.version, copy.pilot_key) == (None, None, None)


def test_a_finding_names_field_and_row() -> None:
	service = make_draft()
	service.append("routing_rules", {"match_on": "Area", "match_values": "Elm", "department": "parks"})
	service.append("routing_rules", {"match_on": "Area", "match_values": "elm", "department": "parks"})
	service.save()

	found = lint(service, "Published")
	assert [(one.severity, one.fieldname, one.row, one.number) for one in found] == [
		("stops", "routing_rules", service.routing_rules[1].name, 2)
	]


def test_a_service_of_the_starter_city_has_nothing_that_stops() -> None:
	stops = {
		name: found
		for name in frappe.get_all("Municipal Service", {"status": "Published"}, pluck="name")
		if (
			found := [
				one for one in lint(frappe.get_doc("Municipal Service", name)) if one.severity == "stops"
			]
		)
	}

	assert stops == {}


def test_a_pilot_has_more_to_say(manager: str) -> None:
	service = make_draft(pilot_access="A share of visitors", pilot_share=0)

	assert find_problems(service) == []
	assert any("share of visitors" in sentence for sentence in find_problems(service, "Pilot"))
	assert any("No goals" in sentence for sentence in find_problems(service, "Pilot"))


def test_a_pilot_begins_with_a_day_and_a_key_of_its_own(manager: str) -> None:
	service = make_draft()
	service.update({"pilot_key": "known to everybody", "pilot_starts_on": "2020-01-01"})
	service.save()
	assert (service.pilot_key, service.pilot_starts_on) == (None, None)

	set_status(service.name, "Pilot", is_confirmed=True)

	service.reload()
	assert len(service.pilot_key) == 32
	assert str(service.pilot_starts_on) == frappe.utils.nowdate()


@pytest.mark.parametrize("role", [COORDINATOR, "Agent"])
def test_nobody_but_a_manager_takes_a_step(role: str) -> None:
	service = make_draft(department=make_department().name)
	user = make_coordinator(service.department) if role == COORDINATOR else make_user(role)
	frappe.set_user(user)

	with pytest.raises(frappe.PermissionError):
		set_status(service.name, "Published", is_confirmed=True)


def test_a_goal_in_own_words_is_ticked_with_who_and_when(manager: str) -> None:
	service = make_draft(
		pilot_goals=[
			{"measure": "Own words", "words": "The shelter has room."},
			{"measure": "Requests", "comparison": "At least", "target": 5},
		]
	)
	for row in service.pilot_goals:
		row.reached = 1
	service.pilot_goals[0].reached_by = "Administrator"
	service.save()

	own, measured = service.pilot_goals
	assert (own.reached, own.reached_by) == (1, manager)
	assert own.reached_on
	assert (measured.reached, measured.reached_by) == (0, None)


def list_warnings(service: Document) -> list[str]:
	return [found.sentence for found in lint(service, "Published") if found.severity == "warns"]


def test_texts_in_a_language_the_city_offers_are_asked_for() -> None:
	service = make_draft()
	assert list_warnings(service) == []

	offer_languages("de")
	around = [("Municipal Department", "streets"), ("Service Category", "streets")]
	for doctype, name in around:
		translate_all(frappe.get_doc(doctype, name))
	assert [one.partition(" texts")[0] for one in list_warnings(service)] == ["Deutsch: 3"]

	translate(service, "de", title="Dienst", summary="Für Tests.", **{"question:what:label": "Was ist los?"})
	assert list_warnings(service) == []
	service.title = "Another name"
	assert any("older than their text" in one for one in list_warnings(service))


def test_what_stands_around_the_service_is_looked_at() -> None:
	soon = frappe.utils.add_days(None, 40)
	team_off = make_department()
	frappe.db.set_value("HD Team", team_off.team, "disabled", 1)
	service = make_draft(
		department=make_department(holiday_list=make_holiday_list(to_date=soon)).name,
		articles=[{"article": make_article(status="Draft")}],
		routing_rules=[{"match_on": "Area", "match_values": "Elm", "department": team_off.name}],
	)

	found = {one.fieldname: one for one in lint(service, "Published")}
	assert set(found) == {"department", "articles", "routing_rules"}
	assert "ends on" in found["department"].sentence
	assert "not published in the knowledge base" in found["articles"].sentence
	assert "is switched off" in found["routing_rules"].sentence
