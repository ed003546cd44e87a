"""Who lost the link gets a fresh one, and nobody learns whether a request exists."""

import time
from collections.abc import Callable

import pytest

import frappe

from citizen_support.notices import fresh_links
from citizen_support.tracking.rules import make_reference
from tests.site.factories import get_ticket, make_request
from tests.site.mails import find_mail, get_text, list_kinds
from tests.site.visitor import Visitor, find_errors, read

PHONE = "+12025550143"


@pytest.fixture(autouse=True)
def no_commits(monkeypatch: pytest.MonkeyPatch) -> None:
	"""What a worker would commit is taken back with everything else."""
	monkeypatch.setattr(frappe.db, "commit", lambda: None)


def settle(seconds: float = 5) -> None:
	"""Do what a worker, or the sweep of the minute, would do."""
	fresh_links.settle_waiting(time.monotonic() + seconds)


def ask(visitor: Visitor, reference: str, contact: str) -> object:
	"""Ask for a fresh link, and have it settled."""
	answer = visitor.post("/requests", {"reference": reference, "contact": contact})
	settle()
	return answer


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

	ask(visitor, reference, "not-given@resident.invalid")

	assert not frappe.db.exists("Email Queue", {"reference_name": get_ticket(reference).name})


def test_neither_redis_nor_a_worker_can_lose_a_link(
	visitor: Visitor, resident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	reference = make_request(contact={"email": resident})
	monkeypatch.setattr(frappe, "enqueue", fail)
	visitor.post("/requests", {"reference": reference, "contact": resident})
	frappe.db.after_commit.run()
	assert list_kinds(resident) == ["confirmation"]

	settle()

	assert list_kinds(resident) == ["confirmation", "fresh-link"]
	assert not frappe.db.count("Link Request")


def test_a_link_that_could_not_be_sent_is_tried_again(
	visitor: Visitor, resident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	reference = make_request(contact={"email": resident})
	with monkeypatch.context() as broken:
		broken.setattr(frappe.db, "rollback", lambda *arguments, **more: None)
		broken.setattr(fresh_links, "send_fresh_link", fail)
		ask(visitor, reference, resident)
	settle()
	assert list_kinds(resident) == ["confirmation"], "not at once"

	frappe.db.sql("update `tabLink Request` set next_attempt_at = next_attempt_at - interval 1 minute")
	settle()

	assert list_kinds(resident) == ["confirmation", "fresh-link"]


def test_what_is_asked_for_is_on_record_in_no_readable_form_and_not_for_long(
	visitor: Visitor, resident: str
) -> None:
	visitor.post("/requests", {"reference": make_reference(), "contact": resident})
	((reference, contact),) = frappe.get_all("Link Request", fields=["reference", "contact"], as_list=True)
	assert reference and resident not in contact

	settle()

	assert not frappe.db.count("Link Request")


def fail(*arguments: object, **more: object) -> None:
	raise ConnectionError
