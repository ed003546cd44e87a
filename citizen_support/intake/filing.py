"""From a stored submission to its ticket: at once, or again later until it succeeds."""

import json
from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from citizen_support import promise, residents
from citizen_support.catalogue import read_service
from citizen_support.catalogue.rules import PLACE
from citizen_support.host import files as host_files
from citizen_support.host import tickets
from citizen_support.host.dead_jobs import forget_dead_job
from citizen_support.host.errors import background_job, log_failure
from citizen_support.host.plain import make_title
from citizen_support.host.session import as_system
from citizen_support.intake.rules import Answer

DOCTYPE = "Service Submission"
RECEIVED, FILED, NEEDS_ATTENTION = "Received", "Filed", "Needs Attention"
# After the attempt in the request itself: soon, then ever later; then a person has to look. The first waits are shorter
# than a minute, because what is in the way at first is mostly a lock or a worker that was stopped.
BACKOFF_MINUTES = (0.25, 0.5, 1, 2, 5, 15, 30, 60, 120, 240)
SWEEP_AT_MOST = 200


def file_submission(reference: str, is_counted: bool = False) -> str | None:
	"""Make the ticket of a submission; returns its name, or None if it has to be tried again.

	The row is locked, so two workers cannot make two tickets. Ticket, first message, files, confirmation and the
	submission's new state stand or fall together.

	:param is_counted: this try stands among the submission's attempts already.
	"""
	frappe.db.savepoint("filing")
	try:
		submission = frappe.get_doc(DOCTYPE, reference, for_update=True)
		if submission.ticket:
			return submission.ticket
		ticket = _make_ticket(submission)
		submission.db_set({"ticket": ticket, "state": FILED, "failure": None, "next_attempt_at": None})
		return ticket
	except Exception as error:
		# Whatever the host stumbles over, the resident is served and the request is kept.
		_undo_filing()
		_note_failure(reference, error, is_counted)
		return None


@background_job
def sweep() -> int:
	"""File what is still waiting; returns how many tickets were made. Runs every minute."""
	forget_dead_job("citizen_support.notices.sweep.sweep")
	made, _failed = file_waiting(SWEEP_AT_MOST, timedelta(seconds=30))
	return made


def file_waiting(at_most: int, at_least_old: timedelta = timedelta(0)) -> tuple[int, int]:
	"""File submissions that are due, oldest first.

	:param at_least_old: younger ones are left to the request that takes them in.
	:returns: how many tickets were made, and how many tries failed.
	"""
	made = failed = 0
	for reference in find_due(at_most, at_least_old):
		if _claim(reference):
			is_filed = bool(file_submission(reference, is_counted=True))
			made, failed = made + is_filed, failed + (not is_filed)
		# Each submission by itself: a failing one must not undo the others.
		frappe.db.commit()
	return made, failed


def find_due(at_most: int, at_least_old: timedelta = timedelta(0)) -> list[str]:
	"""References of submissions without a ticket whose next try is due; those that have failed come last."""
	now = now_datetime()
	return frappe.get_all(
		DOCTYPE,
		filters={"state": RECEIVED, "creation": ("<=", now - at_least_old)},
		or_filters=[["next_attempt_at", "is", "not set"], ["next_attempt_at", "<=", now]],
		pluck="name",
		order_by="next_attempt_at, creation",
		limit=at_most,
	)


def _claim(reference: str) -> bool:
	"""Take a submission for a try of ours; False if another worker has it, has filed it, or has tried it since we looked
	what is due.

	The next try is put off before this one begins: one that kills its worker comes back later and ever later, and
	never stands before the others.
	"""
	row = frappe.db.get_value(
		DOCTYPE,
		reference,
		["state", "attempts", "next_attempt_at"],
		as_dict=True,
		for_update=True,
		skip_locked=True,
	)
	now = now_datetime()
	if not row or row.state != RECEIVED or (row.next_attempt_at and row.next_attempt_at > now):
		return False
	attempts = (row.attempts or 0) + 1
	next_attempt = find_next_attempt(attempts, now)
	values = {"attempts": attempts, "next_attempt_at": next_attempt}
	if not next_attempt:
		values |= {"state": NEEDS_ATTENTION, "failure": _("Its worker was stopped again and again.")}
	frappe.db.set_value(DOCTYPE, reference, values)
	frappe.db.commit()
	return True


def read_answers(submission: Document | dict) -> list[Answer]:
	"""The answers of a submission as they were checked."""
	rows = json.loads(submission.get("answers") or "[]")
	return [
		Answer(
			key=row["key"],
			label=row["label"],
			type=row["type"],
			values=tuple(row["values"]),
			personal=bool(row.get("personal")),
			latitude=row.get("latitude"),
			longitude=row.get("longitude"),
		)
		for row in rows
	]


def _make_ticket(submission: Document) -> str:
	service = read_service(frappe.get_doc("Municipal Service", submission.service))
	answers = read_answers(submission)
	name, email = make_title(submission.contact_name or ""), submission.contact_email
	with as_system():
		citizen = residents.find_or_make_citizen(name, email, submission.contact_phone, submission.language)
	sender = email or residents.NOBODY
	values = {
		"subject": make_subject(service["title"], answers),
		"raised_by": sender,
		"ticket_type": service["ticket_type"],
		"priority": service["priority"],
		"cs_reference": submission.name,
		"cs_service": service["code"],
		"cs_channel": submission.channel,
		"cs_language": submission.language,
		"cs_citizen": citizen,
		"cs_phone": submission.contact_phone,
		**_get_place(answers),
	}
	parts = make_first_message(submission, answers)
	starts_at = promise.start_clock(get_datetime(submission.received_at))
	ticket = tickets.insert_ticket(values, sender, name or email or _("A resident"), parts, starts_at)
	_attach_files(submission.name, ticket)
	if citizen:
		submission.db_set("citizen", citizen)
	return ticket


def make_subject(title: str, answers: list[Answer]) -> str:
	"""What the request is, and where, in one line."""
	place = next((value for answer in answers if answer.type == PLACE for value in answer.values), None)
	return make_title(f"{title}: {place}") if place else title


def make_first_message(submission: Document, answers: list[Answer]) -> list[str | tuple[str, str]]:
	"""The request as an agent reads it: each question with its answer, then how to reach the resident."""
	parts: list[str | tuple[str, str]] = [(answer.label, _join(answer)) for answer in answers]
	contact = [submission.contact_name, submission.contact_email, submission.contact_phone]
	reach = ", ".join(filter(None, contact)) or _("The resident gave no contact details.")
	count = len(host_files.list_attachments(DOCTYPE, submission.name))
	if count:
		parts.append(_("Files: {0}").format(count))
	parts.append(_("From: {0}").format(reach))
	return parts


def _join(answer: Answer) -> str:
	text = "\n".join(answer.values) if len(answer.values) > 1 else answer.values[0]
	if answer.latitude is None:
		return text
	return f"{text}\n{answer.latitude}, {answer.longitude}"


def _get_place(answers: list[Answer]) -> dict:
	place = next((answer for answer in answers if answer.type == PLACE), None)
	if not place:
		return {}
	return {
		"cs_place": make_title(place.values[0]),
		"cs_latitude": place.latitude,
		"cs_longitude": place.longitude,
	}


def _attach_files(reference: str, ticket: str) -> None:
	if not host_files.list_attachments(DOCTYPE, reference):
		return
	message = tickets.find_first_message(ticket)
	host_files.copy_attachments(DOCTYPE, reference, [("HD Ticket", ticket), ("Communication", message)])


def _undo_filing() -> None:
	"""Back to before the attempt; a deadlock has already undone the whole transaction, savepoint and all."""
	try:
		frappe.db.rollback(save_point="filing")
	except Exception:
		frappe.db.rollback()


def _note_failure(reference: str, error: Exception, is_counted: bool) -> None:
	attempts = (frappe.db.get_value(DOCTYPE, reference, "attempts") or 0) + (not is_counted)
	next_attempt = find_next_attempt(attempts, now_datetime())
	frappe.db.set_value(
		DOCTYPE,
		reference,
		{
			"attempts": attempts,
			"next_attempt_at": next_attempt,
			"state": RECEIVED if next_attempt else NEEDS_ATTENTION,
			"failure": f"{type(error).__name__}: {frappe.utils.strip_html(str(error))}"[:500],
		},
	)
	log_failure(f"Request {reference} could not be filed ({type(error).__name__})", DOCTYPE, reference)


def find_next_attempt(attempts: int, now: datetime) -> datetime | None:
	"""When to try again after so many failed attempts; None once a person has to look."""
	if attempts > len(BACKOFF_MINUTES):
		return None
	return now + timedelta(minutes=BACKOFF_MINUTES[attempts - 1])
