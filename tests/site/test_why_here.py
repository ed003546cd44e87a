"""Why a request went where it went, for managers: all rules as they were then, each with what became of it."""

import pytest

import frappe
from frappe.model.document import Document

from citizen_support import publishing
from citizen_support.api.routing import explain_request
from citizen_support.setup.roles import COORDINATOR, MANAGER
from tests.site.factories import (
	get_ticket,
	make_answer,
	make_department,
	make_request,
	make_service,
	make_user,
)

pytestmark = pytest.mark.usefixtures("transactions")
KIND = {"label": "What kind?", "question_key": "kind", "question_type": "Choice", "choices": "Hole\nCrack"}
HOLE = {"match_on": "Answer", "question_key": "kind", "match_values": "Hole", "department": "parks"}
PHONE = {"match_on": "Channel", "match_values": "Phone", "department": "streets"}
PORTAL = {"match_on": "Channel", "match_values": "Portal", "department": "streets"}


@pytest.fixture
def service() -> Document:
	return make_service(questions=[KIND], routing_rules=[PHONE, HOLE, PORTAL])


def send(service: Document, kind: str) -> str:
	return make_request(service, answers=[make_answer(key="kind", text=kind, type="Choice")])


def get_states(reference: str) -> list[str]:
	return [rule["state"] for rule in explain_request(reference)["rules"]]


def test_the_first_rule_that_applies_wins_and_the_rest_is_told_with_it(service: Document) -> None:
	outcome = explain_request(reference := send(service, "Hole"))

	assert get_states(reference) == ["does not match", "wins", "matches too late"]
	assert outcome["rules"][1]["value"] == "Hole"
	assert "Hole" in outcome["rules"][1]["sentence"]
	assert outcome["has_default"] is False
	assert outcome["reason"] == get_ticket(reference).cs_routed_because
	assert outcome["notes"] == []


def test_where_no_rule_applied_it_is_the_services_own_department() -> None:
	service = make_service(questions=[KIND], routing_rules=[PHONE, HOLE])

	outcome = explain_request(send(service, "Crack"))

	assert [rule["state"] for rule in outcome["rules"]] == ["does not match"] * 2
	assert outcome["has_default"] is True


def test_it_is_told_by_the_rules_as_they_were_then(service: Document) -> None:
	reference = send(service, "Hole")
	service.routing_rules = service.routing_rules[2:]
	service.save()

	assert get_states(reference) == ["does not match", "wins", "matches too late"]
	assert get_states(send(service, "Hole")) == ["wins"]


def test_a_rule_names_its_department_also_when_that_is_gone() -> None:
	gone = make_department()
	service = make_service(questions=[KIND], routing_rules=[{**HOLE, "department": gone.name}])
	reference = send(service, "Hole")
	service.routing_rules = []
	service.save()
	frappe.db.delete("Municipal Department", {"name": gone.name})
	frappe.clear_document_cache("Municipal Department", gone.name)

	(rule,) = explain_request(reference)["rules"]

	assert f"it goes to {gone.name}" in rule["sentence"]


def test_where_no_version_was_kept_it_says_whose_rules_these_are(service: Document) -> None:
	reference = send(service, "Hole")
	publishing.forget_versions(service.name)

	outcome = explain_request(reference)

	assert outcome["rules"][1]["state"] == "wins"
	assert outcome["notes"] == [
		"Nothing was kept of the rules as they were then. These are the rules of today."
	]


def test_a_hand_over_and_another_service_are_told_with_it(service: Document) -> None:
	reference, other = send(service, "Hole"), make_service()
	first = get_ticket(reference).cs_routed_because
	for change in ({"cs_department": make_department().name}, {"cs_service": other.name}):
		ticket = get_ticket(reference)
		ticket.update(change)
		ticket.save()
		outcome = explain_request(reference)
		if "cs_department" in change:
			assert f"At first: {first}" in outcome["reason"]

	assert other.title in outcome["notes"][0]
	assert outcome["rules"][1]["state"] == "wins"


def test_of_a_service_that_is_gone_only_the_sentence_is_left(service: Document) -> None:
	reference = send(service, "Hole")
	frappe.db.delete("Municipal Service", {"name": service.name})
	publishing.forget_versions(service.name)

	outcome = explain_request(reference)

	assert outcome["rules"] == []
	assert "does not exist any more" in outcome["notes"][0]
	assert outcome["reason"]


@pytest.mark.parametrize("role", ["Agent", COORDINATOR])
def test_only_who_may_read_what_was_sent_in_is_told(service: Document, role: str) -> None:
	reference = send(service, "Hole")
	frappe.set_user(make_user(role))

	with pytest.raises(frappe.PermissionError):
		explain_request(reference)


def test_a_manager_is_told(service: Document) -> None:
	reference = send(service, "Hole")
	frappe.set_user(make_user(MANAGER))

	assert get_states(reference)[1] == "wins"
