"""Staff print what residents wrote, and none of it comes alive."""

import pytest

import frappe

from tests.hostile.payloads import find_live_markup
from tests.site.factories import get_submission, get_ticket, make_request

NAME = "<script>hit(1001)</script><img src=x onerror=hit(1002)>"


@pytest.mark.parametrize("doctype", ["Service Submission", "Citizen", "HD Ticket", "Contact"])
def test_a_printed_record_shows_what_was_typed_as_text(
	transactions: object, resident: str, doctype: str
) -> None:
	reference = make_request(contact={"email": resident, "name": NAME})
	ticket = get_ticket(reference)
	names = {
		"Service Submission": reference,
		"Citizen": get_submission(reference).citizen,
		"HD Ticket": str(ticket.name),
		"Contact": ticket.contact,
	}

	html = frappe.get_print(doctype, names[doctype])

	assert names[doctype] in html
	assert find_live_markup(html) == []


def test_printing_changes_nothing_that_is_stored(transactions: object, resident: str) -> None:
	reference = make_request(contact={"email": resident, "name": "Ann & Bob"})

	html = frappe.get_print("Service Submission", reference)

	assert "Ann &amp; Bob" in html
	assert get_submission(reference).contact_name == "Ann & Bob"
