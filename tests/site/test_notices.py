"""Residents are told what really changed, each thing once."""

import pytest

import frappe
from frappe.email.receive import InboundMail
from frappe.utils import add_days

from helpdesk.helpdesk.doctype.hd_ticket.api import split_ticket

from citizen_support.residents import NOBODY
from tests.site.factories import (
	get_mails,
	get_ticket,
	make_department,
	make_request,
	make_service,
	reply_as_agent,
)
from tests.site.mails import find_mail, get_text, list_kinds

pytestmark = pytest.mark.usefixtures("transactions")


def make_open_request(resident: str, **overrides: object) -> str:
	return make_request(make_service(**overrides), contact={"name": "Ann", "email": resident})


def change(reference: str, **values: object) -> None:
	"""An agent changes the ticket in Helpdesk."""
	ticket = get_ticket(reference)
	ticket.update(values)
	ticket.save()


def let_time_pass(reference: str) -> None:
	"""Messages are no longer recent."""
	ticket = get_ticket(reference)
	for field in ("last_agent_response", "last_customer_response"):
		if ticket.get(field):
			ticket.db_set(field, add_days(ticket.get(field), -1), update_modified=False)


def test_a_new_request_is_confirmed_once(resident: str) -> None:
	make_open_request(resident)

	assert list_kinds(resident) == ["confirmation"]


def test_saving_again_tells_nothing(resident: str) -> None:
	reference = make_open_request(resident)

	for number in range(3):
		change(reference, subject=f"Other words {number}", priority="Medium")

	assert list_kinds(resident) == ["confirmation"]


def test_a_request_without_an_address_has_no_mail() -> None:
	make_request(contact={})

	assert get_mails(NOBODY) == []


def test_a_hand_over_is_told_once(resident: str) -> None:
	reference = make_open_request(resident)

	change(reference, cs_department=make_department(department_name="Parks of the Test").name)
	change(reference, subject="Saved again")

	assert list_kinds(resident) == ["confirmation", "update"]
	assert "Parks of the Test" in get_text(find_mail(resident, "update"))


def test_a_hand_over_by_team_is_a_hand_over_to_its_department(resident: str) -> None:
	reference = make_open_request(resident)
	other = make_department()

	change(reference, agent_group=other.team)

	assert get_ticket(reference).cs_department == other.name
	assert list_kinds(resident) == ["confirmation", "update"]


def test_another_service_moves_department_and_dates_in_one_message(resident: str) -> None:
	reference = make_open_request(resident)

	change(reference, cs_service=make_service(resolution_target=90).name)

	assert list_kinds(resident) == ["confirmation", "update"]
	assert "expected date has moved" in get_text(find_mail(resident, "update"))


@pytest.mark.parametrize(
	("status", "kind"), [("Replied", "update"), ("Resolved", "done"), ("Closed", "done")]
)
def test_a_status_set_by_hand_is_told(resident: str, status: str, kind: str) -> None:
	reference = make_open_request(resident)
	let_time_pass(reference)

	change(reference, status=status)

	assert list_kinds(resident) == ["confirmation", kind]


def test_closing_what_is_resolved_is_no_news(resident: str) -> None:
	reference = make_open_request(resident)
	change(reference, status="Resolved")

	change(reference, status="Closed")

	assert list_kinds(resident) == ["confirmation", "done"]


def test_the_end_says_what_was_done(resident: str) -> None:
	reference = make_open_request(resident)

	change(reference, status="Resolved", cs_outcome="The hole was filled on Monday.")

	assert "The hole was filled on Monday." in get_text(find_mail(resident, "done"))


def test_open_again_is_told(resident: str) -> None:
	reference = make_open_request(resident)
	change(reference, status="Resolved")
	let_time_pass(reference)

	change(reference, status="Open")

	assert list_kinds(resident) == ["confirmation", "done", "update"]
	assert "open again" in get_text(find_mail(resident, "update"))


def test_an_agents_reply_is_a_message_and_needs_no_other(resident: str) -> None:
	reference = make_open_request(resident)

	reply_as_agent(reference, "<p>Which side of the road?</p>")

	assert [kind for kind in list_kinds(resident) if kind] == ["confirmation"]
	assert len(get_mails(resident)) == 2


def test_a_reply_and_then_the_status_by_hand_are_one_message(resident: str) -> None:
	reference = make_open_request(resident)

	reply_as_agent(reference)
	change(reference, status="Replied")

	assert [kind for kind in list_kinds(resident) if kind] == ["confirmation"]


def test_updates_can_be_switched_off(resident: str) -> None:
	frappe.db.set_single_value("Citizen Support Settings", "update_notices", 0)
	frappe.clear_document_cache("Citizen Support Settings", "Citizen Support Settings")
	reference = make_open_request(resident)

	change(reference, cs_department=make_department().name)

	assert list_kinds(resident) == ["confirmation"]


def test_a_merged_ticket_tells_nothing(resident: str) -> None:
	reference = make_open_request(resident)

	change(reference, is_merged=1, status="Closed")

	assert list_kinds(resident) == ["confirmation"]


def test_a_part_split_off_is_no_new_request(resident: str) -> None:
	reference = make_open_request(resident)
	reply_as_agent(reference)
	first, *_others = frappe.get_all(
		"Communication", {"reference_name": get_ticket(reference).name}, pluck="name"
	)

	part = frappe.get_doc("HD Ticket", split_ticket("The other matter", first))

	assert [kind for kind in list_kinds(resident) if kind] == ["confirmation"]
	assert part.cs_reference != reference


def test_a_ticket_that_gets_a_service_becomes_a_request_and_is_confirmed(resident: str) -> None:
	ticket = frappe.get_doc({"doctype": "HD Ticket", "subject": "By mail", "raised_by": resident}).insert()
	service = make_service()
	ticket.reload()

	ticket.cs_service = service.name
	ticket.save()

	assert ticket.cs_reference
	assert ticket.cs_department == service.department
	assert list_kinds(resident) == ["confirmation"]


def test_a_ticket_without_a_service_has_no_notices(resident: str) -> None:
	ticket = frappe.get_doc({"doctype": "HD Ticket", "subject": "Printer", "raised_by": resident}).insert()
	ticket.reload()

	ticket.status = "Resolved"
	ticket.save()

	assert list_kinds(resident) == []


def test_a_mail_that_cannot_be_queued_never_breaks_the_ticket(
	resident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	def fail(*arguments: object) -> None:
		raise frappe.OutgoingEmailError("no account")

	monkeypatch.setattr("citizen_support.notices.outbox.mail.queue_mail", fail)

	reference = make_open_request(resident)

	assert get_ticket(reference).cs_told
	assert frappe.db.exists("Error Log", {"method": ("like", f"%{reference}%")})


def test_what_happened_stands_in_the_timeline_even_if_it_is_not_told(resident: str) -> None:
	reference = make_open_request(resident)

	reply_as_agent(reference)
	change(reference, status="Replied")
	change(reference, status="Resolved")

	events = frappe.get_all("Request Event", {"reference": reference}, pluck="event", order_by="creation")
	assert events == ["Waiting for the resident", "Done"]


def test_an_answer_to_our_mail_lands_on_the_ticket(resident: str) -> None:
	reference = make_open_request(resident)
	queued = get_mails(resident)[0]
	answer = (
		f"From: Ann <{resident}>\nTo: requests@city.example\nSubject: Re: anything\n"
		f"Message-ID: <answer-1@example.org>\nIn-Reply-To: <{queued.message_id}>\n\nIt is on the left side.\n"
	)

	message = InboundMail(answer, frappe.get_doc("Email Account", {"default_outgoing": 1})).process()

	assert message.reference_doctype == "HD Ticket"
	assert str(message.reference_name) == str(get_ticket(reference).name)


def test_an_answer_whose_thread_was_lost_is_found_by_the_number_in_its_subject(resident: str) -> None:
	reference = make_open_request(resident)
	subject = find_mail(resident, "confirmation")["Subject"]
	answer = f"From: {resident}\nTo: requests@city.example\nSubject: Re: {subject}\n\nHello\n"

	mail = InboundMail(answer, frappe.get_doc("Email Account", {"default_outgoing": 1}))

	assert subject.endswith(f"(#{get_ticket(reference).name})")
	assert mail.match_record_by_subject_and_sender("HD Ticket").name == get_ticket(reference).name
