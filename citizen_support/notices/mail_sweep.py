"""Mails on their way: into Frappe's queue, what becomes of them there, and out once a server answers again."""

import time
from collections.abc import Sequence
from datetime import timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from citizen_support.host import mail
from citizen_support.notices import delivery, outbox
from citizen_support.notices.attempts import AT_A_TIME, claim_waiting, give_up, lock, set_values, try_once
from citizen_support.notices.delivery import Failure
from citizen_support.notices.outbox import DOCTYPE, MAIL, QUEUED, SENT

# Younger mails are left to whoever has just queued them.
YOUNGEST = timedelta(seconds=10)


def follow_mails(ends_at: float) -> None:
	"""What has become of the mails in Frappe's queue."""
	mail.free_stuck(DOCTYPE, QUEUED, AT_A_TIME)
	sent = mail.list_sent(DOCTYPE, QUEUED, AT_A_TIME * 10)
	if sent:
		_note_sent(sent)
		frappe.db.commit()
	for name, status, error in mail.list_failed(DOCTYPE, QUEUED, AT_A_TIME):
		row = lock(name)
		if row and row.state == QUEUED:
			_note_end(row, status, error)
		frappe.db.commit()
		if time.monotonic() > ends_at:
			return
	_give_up_old()


def queue_mails(ends_at: float) -> None:
	"""Mails that could not be queued when they were due."""
	for row in claim_waiting(MAIL):
		try_once(row, _try_mail)
		if time.monotonic() > ends_at:
			return


def help_mails_out(ends_at: float) -> None:
	"""Send mails that wait in Frappe's queue or were given up by it, once their server answers.

	Frappe itself takes 500 each four minutes, and none after the fourth failure. During an outage this asks once a
	minute, with a short time-out, whether it is over; mails that failed stay as they are until then.
	"""
	if not mail.may_send():
		return
	with mail.Connections() as connections:
		while due := mail.list_due(DOCTYPE, QUEUED, now_datetime() - YOUNGEST, AT_A_TIME):
			if not _send_all(due, connections, ends_at):
				return


def _send_all(due: Sequence[tuple[str, str]], connections: mail.Connections, ends_at: float) -> bool:
	"""Send these mails of the queue; whether it is worth asking for more."""
	failed = sent = 0
	for name, queue_row in due:
		outcome = mail.send_now(queue_row, connections)
		_note_outcome(name, outcome)
		sent += outcome is mail.Outcome.SENT
		failed = failed + 1 if outcome is mail.Outcome.FAILED else 0
		if failed == delivery.FAILURES_IN_A_ROW or time.monotonic() > ends_at:
			return False
	return bool(sent)


def _give_up_old() -> None:
	"""Mails that no server has taken for as long as a message is of use."""
	too_old = now_datetime() - delivery.GIVE_UP_AFTER
	filters = {"state": QUEUED, "failure": ("is", "set"), "waiting_since": ("<", too_old)}
	for name in frappe.get_all(DOCTYPE, filters, pluck="name", limit=AT_A_TIME):
		row = lock(name)
		if row and row.state == QUEUED and mail.stop(row.queue_row):
			give_up(row, Failure(delivery.TOO_OLD))
		frappe.db.commit()


def _try_mail(row: frappe._dict, ticket: Document) -> Failure | None:
	recipient = dict(outbox.find_channels(ticket, row.notice)).get(MAIL)
	if not recipient:
		return Failure(delivery.GONE)
	queue_row = outbox.queue(ticket, row.notice, outbox.read_events(row.events), recipient)
	set_values(row.name, state=QUEUED, queue_row=queue_row, failure=None, next_attempt_at=None)
	return None


def _note_end(row: frappe._dict, status: str | None, error: str | None) -> None:
	"""A mail that Frappe has given up: for good if it was refused, else it waits for the server (`help_mails_out`)."""
	failure = delivery.read_mail_error(error) if status else Failure(delivery.GONE)
	if status and mail.has_arrived(row.queue_row):
		_note_sent([row.name])
	elif failure.is_final:
		give_up(row, failure)
	else:
		set_values(
			row.name, attempts=(row.attempts or 0) + 1, failure=failure.reason, answer_code=failure.code
		)


def _note_outcome(name: str, outcome: mail.Outcome) -> None:
	"""What came of sending a mail ourselves; what the queue gives up again is news again."""
	if outcome is mail.Outcome.SENT:
		_note_sent([name])
	elif outcome is mail.Outcome.FAILED:
		row = lock(name)
		if row:
			attempts, now = (row.attempts or 0) + 1, now_datetime()
			due = delivery.find_next_attempt(attempts, now, now)
			set_values(name, attempts=attempts, failure=None, next_attempt_at=due)
	frappe.db.commit()


def _note_sent(names: Sequence[str]) -> None:
	"""These messages are out. Their texts hold the keys to requests, so the queue keeps them no longer."""
	done = {"failure": None, "answer_code": 0, "next_attempt_at": None}
	of_these = {"name": ("in", names), "state": QUEUED}
	mail.forget_texts(frappe.get_all(DOCTYPE, of_these, pluck="queue_row"))
	frappe.db.set_value(DOCTYPE, of_these, {"state": SENT, "sent_at": now_datetime(), **done})
