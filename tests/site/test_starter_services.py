"""Every service of the starter city can be asked for by a resident without JavaScript."""

import json

import pytest

import frappe

from citizen_support.setup.starter_city.loader import FOLDER, load
from tests.site.factories import get_submission, get_ticket
from tests.site.test_intake import get_reference
from tests.site.visitor import Visitor, find_errors, read

CODES = sorted(
	row["code"] for path in (FOLDER / "services").glob("*.json") for row in json.loads(path.read_text())
)
LAST = 99


@pytest.mark.parametrize("choice", [0, LAST], ids=["first choices", "last choices"])
@pytest.mark.parametrize("code", CODES)
def test_its_form_leads_to_a_ticket_that_somebody_works_on(visitor: Visitor, code: str, choice: int) -> None:
	response = visitor.send(visitor.fill(f"/services/{code}", choice))
	assert response.status_code == 303, find_errors(response)

	reference = get_reference(response.headers["Location"])
	ticket, submission = get_ticket(reference), get_submission(reference)
	assert ticket.agent_group == frappe.db.get_value("Municipal Department", ticket.cs_department, "team")
	assert len(frappe.parse_json(ticket._assign)) == 1
	assert ticket.response_by == submission.response_by
	assert reference in read(visitor.follow(response)).get_text()


def test_loading_it_again_makes_nothing_and_changes_nothing(transactions: object) -> None:
	frappe.db.set_value("Municipal Service", "pothole", "title", "Holes of our own")
	frappe.db.set_single_value("Citizen Support Settings", "city_name", "Our Own City")

	made = load()

	assert set(made.values()) == {0}
	assert frappe.db.get_value("Municipal Service", "pothole", "title") == "Holes of our own"
	assert frappe.db.get_single_value("Citizen Support Settings", "city_name") == "Our Own City"
