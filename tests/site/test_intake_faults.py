"""Whatever fails behind the page, the resident is served and the request is neither lost nor doubled."""

from datetime import timedelta

import pytest

import frappe
from frappe.utils import now_datetime

from citizen_support.host.files import list_attachments
from citizen_support.intake import filing, service, sweep
from citizen_support.promise.rules import unpack_targets
from tests.site.factories import (
	get_submission,
	get_ticket,
	make_department,
	make_name,
	make_request,
	make_service,
)
from tests.site.test_intake import FILE_QUESTION, PHOTO, fill, get_reference, send
from tests.site.transactions import PretendedTransactions
from tests.site.visitor import Visitor, read

CANARY = "canary-7d1f"


def break_filing(monkeypatch: pytest.MonkeyPatch, only: str | None = None) -> None:
	"""Let the host fail after it has written something, for one request or for all."""
	insert = filing.tickets.insert_ticket

	def fail(values: dict, *arguments: object) -> str:
		ticket = insert(values, *arguments)
		if only in (None, values["cs_reference"]):
			raise RuntimeError(f"the host fell over {CANARY}")
		return ticket

	monkeypatch.setattr(filing.tickets, "insert_ticket", fail)


def make_due(reference: str) -> None:
	"""Let the time until the next attempt be over."""
	past = now_datetime() - timedelta(hours=5)
	values = {"creation": past, "received_at": past, "next_attempt_at": past}
	frappe.db.set_value("Service Submission", reference, values)


def test_namesakes_with_the_longest_names_are_both_filed(transactions: PretendedTransactions) -> None:
	contacts = [{"name": "N" * 140, "email": f"{make_name('namesake')}@example.org"} for _number in range(2)]

	references = [make_request(contact=contact) for contact in contacts]

	assert all(get_ticket(reference).contact for reference in references)


def test_the_resident_is_served_when_no_ticket_can_be_made(
	visitor: Visitor, resident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	break_filing(monkeypatch)

	response = visitor.send(fill(visitor, "pothole", resident))

	text = read(visitor.follow(response)).get_text(" ", strip=True)
	assert response.status_code == 303
	assert get_reference(response.headers["Location"]) in text
	assert "You will hear from Streets and Roads" in text


def test_a_failed_attempt_leaves_nothing_half_made(
	visitor: Visitor, resident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	break_filing(monkeypatch)

	reference = send(visitor, "pothole", resident)

	submission = get_submission(reference)
	assert (submission.state, submission.attempts, submission.ticket) == ("Received", 1, None)
	assert submission.next_attempt_at > now_datetime()
	assert not frappe.db.exists("HD Ticket", {"raised_by": resident})
	assert not frappe.db.exists("Communication", {"sender": resident})
	assert not frappe.db.exists("Email Queue Recipient", {"recipient": resident})


def test_the_sweeper_files_what_waits(
	visitor: Visitor, resident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	service_name = make_service(questions=[FILE_QUESTION]).name
	with monkeypatch.context() as broken:
		break_filing(broken)
		reference = send(visitor, service_name, resident, (("q.photo", PHOTO),))
	promised = get_submission(reference)
	make_due(reference)

	sweep()

	submission = get_submission(reference)
	assert (submission.state, submission.failure) == ("Filed", None)
	assert get_ticket(reference).name == submission.ticket
	assert len(list_attachments("HD Ticket", submission.ticket)) == 1
	assert promised.resolution_by == submission.resolution_by


def test_what_another_sweep_has_just_tried_is_not_tried_at_once_again(
	visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
	break_filing(monkeypatch)
	reference = send(visitor, "pothole")
	make_due(reference)
	find_due, seen = filing.find_due, []

	def find_what_another_takes(*arguments: object) -> list[str]:
		due = find_due(*arguments)
		if not seen:
			seen.extend(due)
			sweep()
		return due

	monkeypatch.setattr(filing, "find_due", find_what_another_takes)
	sweep()

	assert seen == [reference]
	assert get_submission(reference).attempts == 2


def test_a_request_is_taken_in_though_routing_fails_and_routed_when_it_is_filed(
	visitor: Visitor, resident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	own, better = make_department(), make_department()
	rule = {"match_on": "Channel", "match_values": "Portal", "department": better.name, "response_target": 1}
	rule |= {"response_unit": "Working days"}
	made = make_service(department=own.name, routing_rules=[rule])
	with monkeypatch.context() as broken:
		broken.setattr(service.routing, "route", lambda *arguments: 1 / 0)
		response = visitor.send(fill(visitor, made.name, resident))
		reference = get_reference(response.headers["Location"])
		text = read(visitor.follow(response)).get_text(" ", strip=True)
	submission = get_submission(reference)
	assert response.status_code == 303
	assert own.department_name in text
	assert (submission.state, submission.department) == ("Received", own.name)
	assert unpack_targets(submission.promised_targets)["response_target"] == 2
	assert submission.response_by
	assert frappe.db.exists("Error Log", {"method": f"No route could be found for {made.name}"})

	make_due(reference)
	sweep()

	assert get_ticket(reference).cs_department == better.name


def test_what_is_not_due_yet_waits(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
	with monkeypatch.context() as broken:
		break_filing(broken)
		reference = send(visitor, "pothole")

	sweep()

	assert get_submission(reference).state == "Received"


def test_one_request_that_always_fails_does_not_hold_up_the_others(
	visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
	with monkeypatch.context() as broken:
		break_filing(broken)
		references = [send(Visitor(), "pothole") for _number in range(3)]
	for reference in references:
		make_due(reference)
	break_filing(monkeypatch, only=references[0])

	sweep()

	assert [get_submission(reference).state for reference in references] == ["Received", "Filed", "Filed"]


def test_after_all_attempts_a_person_has_to_look(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
	break_filing(monkeypatch)
	reference = send(visitor, "pothole")

	for _attempt in filing.BACKOFF_MINUTES:
		make_due(reference)
		sweep()

	submission = get_submission(reference)
	assert submission.state == "Needs Attention"
	assert submission.attempts == len(filing.BACKOFF_MINUTES) + 1
	assert sweep() == 0


def test_a_submission_that_kills_its_worker_comes_later_each_time_and_blocks_nobody(
	visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
	with monkeypatch.context() as broken:
		break_filing(broken)
		poison, other = (send(Visitor(), "pothole") for _number in range(2))
	for reference in (poison, other):
		make_due(reference)
	file_submission = filing.file_submission

	def die_of(reference: str, is_counted: bool) -> str | None:
		if reference == poison:
			raise SystemExit("killed")
		return file_submission(reference, is_counted)

	with monkeypatch.context() as dying:
		dying.setattr(filing, "file_submission", die_of)
		with pytest.raises(SystemExit):
			sweep()
		frappe.db.rollback()
		sweep()

	submission = get_submission(poison)
	assert (submission.state, submission.attempts) == ("Received", 2)
	assert submission.next_attempt_at > now_datetime()
	assert get_submission(other).state == "Filed"


def test_a_submission_that_always_kills_its_worker_ends_with_a_person(
	visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
	with monkeypatch.context() as broken:
		break_filing(broken)
		reference = send(visitor, "pothole")
	monkeypatch.setattr(filing, "file_submission", lambda *arguments, **named: exec("raise SystemExit"))

	for _attempt in filing.BACKOFF_MINUTES:
		make_due(reference)
		with pytest.raises(SystemExit):
			sweep()
		frappe.db.rollback()

	submission = get_submission(reference)
	assert (submission.state, submission.failure) == (
		"Needs Attention",
		"Its worker was stopped again and again.",
	)
	assert sweep() == 0


def test_each_attempt_waits_longer_than_the_one_before() -> None:
	now = now_datetime()

	waits = [
		filing.find_next_attempt(number, now) - now for number in range(1, len(filing.BACKOFF_MINUTES) + 1)
	]

	assert waits == sorted(set(waits))
	assert filing.find_next_attempt(len(waits) + 1, now) is None


def test_a_filed_request_is_never_filed_again(visitor: Visitor, resident: str) -> None:
	reference = send(visitor, "pothole", resident)

	tickets = {filing.file_submission(reference) for _number in range(3)}

	assert tickets == {get_ticket(reference).name}
	assert frappe.db.count("HD Ticket", {"raised_by": resident}) == 1


def test_no_personal_data_gets_into_the_error_log(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
	break_filing(monkeypatch)
	form = fill(visitor, "pothole", f"{CANARY}@example.org")
	form.set("contact.name", f"Ann {CANARY}")
	form.set("q.place", f"{CANARY} street")

	reference = get_reference(visitor.send(form).headers["Location"])

	logs = frappe.get_all("Error Log", {"reference_name": reference}, ["error", "method"])
	assert len(logs) == 1
	assert CANARY not in str(logs)
	assert "RuntimeError" in logs[0].error


def look_up_too_early(monkeypatch: pytest.MonkeyPatch) -> None:
	"""As it is when two processes get the same form: both look, and find nothing, before either has stored it."""
	find = service.find_submission
	looks = iter([None, None])
	for module in ("citizen_support.intake", "citizen_support.intake.service"):
		monkeypatch.setattr(f"{module}.find_submission", lambda key: next(looks, find(key)))


def test_a_request_survives_the_death_of_its_process(
	visitor: Visitor, resident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	def die(reference: str) -> None:
		raise SystemExit(reference)

	with monkeypatch.context() as dying:
		dying.setattr(service, "file_now_or_soon", die)
		with pytest.raises(SystemExit) as death:
			visitor.send(fill(visitor, "pothole", resident))
	frappe.db.rollback()
	make_due(str(death.value))

	sweep()

	assert get_ticket(str(death.value)).raised_by == resident


def test_the_same_form_at_the_same_moment_is_one_request(
	visitor: Visitor, resident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	service_name = make_service(questions=[FILE_QUESTION]).name
	form = fill(visitor, service_name, resident, (("q.photo", PHOTO),))
	first = visitor.send(form)
	look_up_too_early(monkeypatch)

	second = visitor.send(form)

	reference = get_reference(first.headers["Location"])
	assert second.headers["Location"] == first.headers["Location"]
	assert frappe.db.count("HD Ticket", {"raised_by": resident}) == 1
	assert len(list_attachments("Service Submission", reference)) == 1


def test_a_taken_reference_is_not_given_twice(
	transactions: PretendedTransactions, monkeypatch: pytest.MonkeyPatch
) -> None:
	existing = make_service()
	taken = make_request(existing)
	transactions.commit()
	references = iter([taken, taken, "0000-000F"])
	monkeypatch.setattr(service, "make_reference", lambda: next(references))

	assert make_request(existing) == "0000-000F"


def test_without_a_mail_account_the_resident_is_served_and_it_is_on_record(
	visitor: Visitor, resident: str
) -> None:
	frappe.db.set_value(
		"Email Account", {"enable_outgoing": 1}, {"enable_outgoing": 0, "default_outgoing": 0}
	)
	frappe.local.outgoing_email_account = {}

	reference = send(visitor, "pothole", resident)

	assert get_ticket(reference).cs_reference == reference
	assert frappe.db.exists("Error Log", {"method": ("like", f"%{reference}%")})


def test_an_agreement_that_was_deleted_is_made_again(visitor: Visitor, resident: str) -> None:
	form = fill(visitor, "pothole", resident)
	frappe.db.delete("HD Service Level Agreement", {"cs_key": ("is", "set")})

	ticket = get_ticket(get_reference(visitor.send(form).headers["Location"]))

	assert frappe.db.get_value("HD Service Level Agreement", ticket.sla, "cs_key") == ticket.cs_agreement


def test_without_helpdesks_default_agreement_the_resident_is_served_and_filed_later(
	visitor: Visitor, resident: str
) -> None:
	default = frappe.db.get_value("HD Service Level Agreement", {"default_sla": 1})
	frappe.db.set_value("HD Service Level Agreement", {"enabled": 1}, "enabled", 0)

	response = visitor.send(fill(visitor, "pothole", resident))

	reference = get_reference(response.headers["Location"])
	assert visitor.follow(response).status_code == 200
	assert get_submission(reference).response_by
	frappe.db.set_value("HD Service Level Agreement", default, "enabled", 1)
	make_due(reference)
	sweep()
	assert get_submission(reference).state == "Filed"


def test_a_crash_in_the_page_is_told_without_its_inside(
	visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
	def fail(*arguments: object) -> None:
		raise RuntimeError(CANARY)

	monkeypatch.setattr("citizen_support.portal.pages.service.make_department", fail)

	response = visitor.get("/services/pothole")

	assert response.status_code == 500
	assert CANARY not in response.get_data(as_text=True)
	assert "Something went wrong on our side" in read(response).get_text()


def test_a_promise_that_cannot_be_told_does_not_stop_the_page(
	visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr("citizen_support.promise.make_promise", lambda *arguments: 1 / 0)

	page = visitor.get("/services/pothole")

	assert page.status_code == 200
	assert "Our promise" not in read(page).get_text()


def test_a_request_without_a_promise_that_can_be_counted_is_taken_in(visitor: Visitor, resident: str) -> None:
	form = fill(visitor, "water-leak", resident)
	frappe.db.delete("Department Opening Hours", {"parent": "water"})
	frappe.clear_document_cache("Municipal Department", "water")

	response = visitor.send(form)

	reference = get_reference(response.headers["Location"])
	assert visitor.follow(response).status_code == 200
	assert get_ticket(reference).sla == frappe.db.get_value("HD Service Level Agreement", {"default_sla": 1})


def test_each_visit_has_a_form_of_its_own(visitor: Visitor) -> None:
	keys = {dict(visitor.fill("/services/pothole").fields)["form_key"] for _number in range(5)}

	assert len(keys) == 5
