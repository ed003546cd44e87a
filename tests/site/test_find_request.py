"""Who lost the link gets a fresh one, and nobody learns whether a request exists."""

from collections.abc import Callable

import pytest

import frappe

from citizen_support.portal.pages.find import open_and_send, send_link_if_known
from citizen_support.tracking.rules import make_reference
from tests.site.factories import get_ticket, make_request
from tests.site.mails import find_mail, get_text, list_kinds
from tests.site.visitor import Visitor, find_errors, read

PHONE = "+12025550143"


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
	"""Do at once what a worker would do."""

	enqueue = frappe.enqueue

	def do_now(
		function: Callable | str, *more: object, queue: str = "default", **arguments: object
	) -> object:
		if function is open_and_send:
			return function(**arguments)
		return enqueue(function, *more, queue=queue, **arguments)

	monkeypatch.setattr(frappe, "enqueue", do_now)


def ask(visitor: Visitor, reference: str, contact: str) -> object:
	return visitor.post("/requests", {"reference": reference, "contact": contact})


@pytest.mark.parametrize("typing", [str, str.lower, lambda text: text.replace("-", " ")])
def test_reference_and_address_send_a_fresh_link(
	visitor: Visitor, resident: str, typing: Callable[[str], str]
) -> None:
	reference = make_request(contact={"email": resident})

	response = ask(visitor, typing(reference), resident.upper())

	assert response.status_code == 200
	assert f"/requests/{reference}?key=" in get_text(find_mail(resident, "fresh-link"))


def test_the_phone_number_will_do_as_well(visitor: Visitor, resident: str) -> None:
	reference = make_request(contact={"email": resident, "phone": PHONE})

	ask(visitor, reference, "(202) 555-0143")

	assert list_kinds(resident) == ["confirmation", "fresh-link"]


@pytest.mark.parametrize("contact", ["someone@example.org", "+12025550199", "%", "@"])
def test_another_contact_sends_nothing(visitor: Visitor, resident: str, contact: str) -> None:
	reference = make_request(contact={"email": resident, "phone": PHONE})

	ask(visitor, reference, contact)

	assert list_kinds(resident) == ["confirmation"]


def test_the_answer_is_the_same_whether_the_request_exists_or_not(visitor: Visitor, resident: str) -> None:
	reference = make_request(contact={"email": resident})

	answers = {
		ask(visitor, *typed).get_data(as_text=True)
		for typed in ((reference, resident), (reference, "other@example.org"), (make_reference(), resident))
	}

	assert len(answers) == 1


@pytest.mark.parametrize(
	("reference", "contact", "target"),
	[
		("", "a@example.org", "#reference"),
		("K7QM-0000", "a@example.org", "#reference"),
		("0000-0000", "", "#contact"),
	],
)
def test_what_is_missing_is_named_at_its_field(
	visitor: Visitor, reference: str, contact: str, target: str
) -> None:
	response = ask(visitor, reference, contact)

	assert response.status_code == 422
	assert list(find_errors(response)) == [target]
	assert read(response).find(id=target.removeprefix("#"))
	assert read(response).find("input", {"name": "contact"})["value"] == contact
	assert read(response).title.get_text().count("Error") == 1


def test_a_request_of_nobody_gets_no_mail(visitor: Visitor) -> None:
	reference = make_request(contact={})

	send_link_if_known(reference, "not-given@resident.invalid")

	assert not frappe.db.exists("Email Queue", {"reference_name": get_ticket(reference).name})


def test_without_a_worker_the_link_is_sent_all_the_same(
	visitor: Visitor, resident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	def fail(*arguments: object, **more: object) -> None:
		raise ConnectionError

	reference = make_request(contact={"email": resident})
	monkeypatch.setattr(frappe, "enqueue", fail)

	ask(visitor, reference, resident)

	assert list_kinds(resident) == ["confirmation", "fresh-link"]
