"""Versions of a service: what is kept, what it says, and the way back."""

import pytest

import frappe
from frappe.model.document import Document

from citizen_support.publishing import compare_version, get_history, go_back, keep_first_versions, set_status
from citizen_support.setup.roles import MANAGER
from tests.site.factories import (
	get_submission,
	get_ticket,
	make_department,
	make_request,
	make_service,
	make_user,
)
from tests.site.test_permissions import make_coordinator

pytestmark = pytest.mark.usefixtures("transactions")


def list_events(service: Document) -> list[tuple[int, str]]:
	versions = get_history(service.name)["versions"]
	return [(version["number"], version["title"]) for version in versions]


def get_last_changes(service: Document) -> list[str]:
	return [change["sentence"] for change in get_history(service.name)["versions"][0]["changes"]]


def change(service: Document, **values: object) -> None:
	service.update(values)
	service.save()


def test_each_step_and_each_change_in_use_is_a_version() -> None:
	service = make_service(status="Draft")
	change(service, summary="Still a draft.")
	assert list_events(service) == []

	set_status(service.name, "Pilot", is_confirmed=True)
	service.reload()
	change(service, summary="For a few.")
	set_status(service.name, "Published", is_confirmed=True)

	assert list_events(service) == [(3, "Published"), (2, "Changed"), (1, "Pilot began")]


def test_a_save_that_changes_nothing_is_no_version() -> None:
	service = make_service()

	service.save()

	assert list_events(service) == [(1, "Published")]


def test_a_version_says_who_and_when() -> None:
	service = make_service()
	frappe.set_user(make_user(MANAGER, first_name="Robin", last_name="Reyes"))
	change(frappe.get_doc("Municipal Service", service.name), summary="Better.")

	version = get_history(service.name)["versions"][0]
	assert version["by"] == "Robin Reyes"
	assert version["on"][:10] == frappe.utils.nowdate()


def test_what_changed_is_said_in_words() -> None:
	service = make_service()

	service.questions[0].label = "What has happened?"
	service.append("questions", {"label": "Where?", "question_type": "Place"})
	service.append("routing_rules", {"match_on": "Area", "match_values": "Old Town", "department": "parks"})
	change(service, response_target=3, ask_name="Required", description="<p>New words.</p>")

	said = get_last_changes(service)
	assert "“Answer within” was 2 working days, is 3 working days." in said
	assert "“Name” was Optional, is Required." in said
	assert "“What it is for” was empty, is “New words.”." in said
	assert "The question “What happened?” now reads “What has happened?”." in said
	assert "New question: “Where?”." in said
	assert any(sentence.startswith("New rule 1: ") and "Old Town" in sentence for sentence in said)
	assert len(said) == 6


def test_long_texts_can_be_read_before_and_after() -> None:
	service = make_service(description=f"<p>{'old ' * 50}</p>")
	change(service, description=f"<p>{'new ' * 50}</p>")

	(said,) = get_history(service.name)["versions"][0]["changes"]
	assert said["sentence"] == "“What it is for” was reworded."
	assert (said["before"][:3], said["after"][:3]) == ("old", "new")


def test_a_coordinators_words_are_a_version_too() -> None:
	service = make_service(department=make_department().name)
	frappe.set_user(make_coordinator(service.department))

	change(frappe.get_doc("Municipal Service", service.name), summary="In our words.", version=99)

	frappe.set_user("Administrator")
	assert list_events(service)[0] == (2, "Changed")


def test_one_goes_back_to_an_earlier_version_and_that_is_a_new_one() -> None:
	service = make_service(routing_rules=[{"match_on": "Area", "match_values": "Elm", "department": "parks"}])
	service.append("questions", {"label": "Where?", "question_type": "Place"})
	change(service, response_target=5, routing_rules=[], summary="Worse.")

	would_change = [entry["sentence"] for entry in compare_version(service.name, 1)]
	assert "“Answer within” was 5 working days, is 2 working days." in would_change
	assert go_back(service.name, 1)["is_done"]

	service.reload()
	assert (service.response_target, service.summary, service.status) == (2, "For tests.", "Published")
	assert [row.question_key for row in service.questions] == ["what"]
	assert [row.match_values for row in service.routing_rules] == ["Elm"]
	assert list_events(service)[0] == (3, "Went back to version 1")
	assert compare_version(service.name, 1) == []


def test_the_pilot_stays_as_it_is_when_one_goes_back() -> None:
	service = make_service(status="Draft", pilot_goals=[{"measure": "Requests", "target": 5}])
	set_status(service.name, "Pilot", is_confirmed=True)
	service.reload()
	key = service.pilot_key
	change(service, summary="Worse.", pilot_ends_on="2099-01-01")

	assert go_back(service.name, 1)["is_done"]

	service.reload()
	assert (service.summary, str(service.pilot_ends_on), service.pilot_key) == (
		"For tests.",
		"2099-01-01",
		key,
	)
	assert len(service.pilot_goals) == 1


def test_going_back_asks_and_is_refused_like_publishing() -> None:
	service = make_service(ask_email="Not asked", ask_phone="Not asked")
	change(service, ask_email="Required")

	asked = go_back(service.name, 1)
	assert not asked["is_done"]
	assert asked["findings"][0]["fieldname"] == "ask_email"
	assert frappe.db.get_value("Municipal Service", service.name, "ask_email") == "Required"
	assert go_back(service.name, 1, is_confirmed=True)["is_done"]


def test_a_version_that_is_not_there_is_refused() -> None:
	with pytest.raises(frappe.DoesNotExistError, match="no version 7"):
		go_back(make_service().name, 7)


def test_nobody_writes_history_by_hand() -> None:
	service = make_service()
	user = make_user(MANAGER)

	for ptype in ("write", "create", "delete"):
		assert not frappe.has_permission("Service Version", ptype, f"{service.name}-1", user=user)


def test_a_request_keeps_what_it_was_promised_when_it_is_handed_over() -> None:
	service, other = make_service(), make_department()
	reference = make_request(service)
	promised = get_ticket(reference).response_by

	change(service, response_target=20, resolution_target=40)
	ticket = get_ticket(reference)
	ticket.cs_department = other.name
	ticket.save()

	submission = get_submission(reference)
	assert submission.service_version == 1
	assert get_ticket(reference).response_by == promised
	later = make_request(frappe.get_doc("Municipal Service", service.name))
	assert get_submission(later).service_version == 2
	assert get_ticket(later).response_by > promised


def test_services_from_before_get_a_first_version_once() -> None:
	service = make_service()
	frappe.db.delete("Service Version", {"service": service.name})
	frappe.db.set_value("Municipal Service", service.name, "version", 0)

	assert keep_first_versions() >= 1
	assert list_events(service) == [(1, "In use before versions were kept")]
	assert keep_first_versions() == 0


def test_history_comes_in_pages() -> None:
	service = make_service()
	for number in range(24):
		change(service, summary=f"Words {number}.")

	first = get_history(service.name)
	rest = get_history(service.name, first["versions"][-1]["number"])
	assert (len(first["versions"]), first["more"]) == (20, True)
	assert ([version["number"] for version in rest["versions"]], rest["more"]) == ([5, 4, 3, 2, 1], False)
	assert all(len(version["changes"]) == 1 for version in [*first["versions"], *rest["versions"][:-1]])


def test_a_deleted_service_leaves_no_versions() -> None:
	service = make_service()

	service.delete()

	assert not frappe.db.exists("Service Version", {"service": service.name})
