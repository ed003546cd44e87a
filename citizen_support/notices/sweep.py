"""The minute's work on messages: send what waits, follow what is under way, bring back what an outage stopped.

Each message by itself, with a commit of its own, and only by one worker at a time (`SKIP LOCKED`). An attempt is put
on record before it is made: one that kills its worker comes back later and stands before nobody. What has failed least
goes first, for the same reason.
"""

import time
from collections.abc import Callable
from datetime import timedelta

import frappe
from frappe.model.document import Document
from frappe.translate import print_language
from frappe.utils import get_datetime, now_datetime

from citizen_support.host import mail, sms
from citizen_support.host.dead_jobs import forget_dead_job
from citizen_support.host.errors import background_job, log_failure
from citizen_support.notices import delivery, outbox
from citizen_support.notices.delivery import Failure
from citizen_support.notices.outbox import DOCTYPE, FAILED, MAIL, QUEUED, SENT, SMS, WAITING
from citizen_support.notices.texts import make_text

AT_MOST = 200
SECONDS = 40
# Younger mails are left to whoever has just queued them.
YOUNGEST = timedelta(seconds=10)
FORGET_AFTER_DAYS = 90
_OF_EVERYBODY = delivery.OUTAGES | {delivery.REFUSED_FOR_NOW}
_FIELDS = (
	"name",
	"reference",
	"ticket",
	"notice",
	"channel",
	"events",
	"attempts",
	"unanswered",
	"waiting_since",
	"next_attempt_at",
	"queue_row",
	"state",
)


@background_job
def sweep() -> None:
	"""Everything that is due, within the minute. Runs every minute."""
	ends_at = time.monotonic() + SECONDS
	forget_dead_job("citizen_support.intake.filing.sweep")
	for step in (follow_mails, queue_mails, send_texts, help_mails_out):
		try:
			step(ends_at)
		except Exception:
			# What is wrong with one part of the work is no reason to leave the rest undone.
			frappe.db.rollback()
			log_failure(f"Messages: {step.__name__} failed")
			frappe.db.commit()


def follow_mails(ends_at: float) -> None:
	"""What has become of the mails in Frappe's queue."""
	mail.free_stuck(DOCTYPE, QUEUED, AT_MOST)
	sent = mail.list_sent(DOCTYPE, QUEUED, AT_MOST * 10)
	if sent:
		values = {"state": SENT, "sent_at": now_datetime(), "failure": None, "answer_code": 0}
		frappe.db.set_value(DOCTYPE, {"name": ("in", sent), "state": QUEUED}, values)
		frappe.db.commit()
	for name, status, error in mail.list_failed(DOCTYPE, QUEUED, AT_MOST):
		row = _lock(name)
		if row and row.state == QUEUED:
			_note_end(row, status, error)
		frappe.db.commit()
		if time.monotonic() > ends_at:
			return
	_give_up_old()


def queue_mails(ends_at: float) -> None:
	"""Mails that could not be queued when they were due."""
	for name in _find_waiting(MAIL):
		row = _claim(name)
		if row:
			_try(row, _try_mail)
		if time.monotonic() > ends_at:
			return


def send_texts(ends_at: float) -> None:
	"""SMS that are due, until the gateway shows that it is out; then the others wait untried for the next minute."""
	waiting = _find_waiting(SMS)
	if not waiting or (_is_gateway_silent() and not sms.answers()):
		_give_up_unanswered()
		return
	failed = 0
	for name in waiting:
		row = _claim(name)
		if not row:
			continue
		failure = _try(row, _try_sms)
		failed = failed + 1 if failure and failure.reason in _OF_EVERYBODY else 0
		if (
			failed and (failure.is_outage or failed == delivery.FAILURES_IN_A_ROW)
		) or time.monotonic() > ends_at:
			return


def help_mails_out(ends_at: float) -> None:
	"""Send mails that wait in Frappe's queue or were given up by it, once their server answers.

	Frappe itself takes 500 each four minutes, and none after the fourth failure. During an outage this asks once a
	minute, with a short time-out, whether it is over; mails that failed stay as they are until then.
	"""
	due = mail.list_due(DOCTYPE, QUEUED, now_datetime() - YOUNGEST, AT_MOST)
	if not due or not mail.may_send():
		return
	failed = 0
	with mail.Lines() as lines:
		for name, queue_row in due:
			outcome = mail.send_now(queue_row, lines)
			_note_outcome(name, outcome)
			failed = failed + 1 if outcome is mail.Outcome.FAILED else 0
			if failed == delivery.FAILURES_IN_A_ROW or time.monotonic() > ends_at:
				return


@background_job
def forget_old() -> None:
	"""Throw away the record of what was settled long ago. Runs daily."""
	before = now_datetime() - timedelta(days=FORGET_AFTER_DAYS)
	frappe.db.delete(DOCTYPE, {"creation": ("<", before), "state": ("not in", (WAITING, QUEUED))})


def send_again(name: str) -> None:
	"""Have a message that was held back or given up tried anew, from the beginning."""
	now = now_datetime()
	values = {"attempts": 0, "unanswered": 0, "waiting_since": now, "next_attempt_at": now, "queue_row": None}
	frappe.db.set_value(DOCTYPE, name, {"state": WAITING, "failure": None, "answer_code": 0, **values})


def _find_waiting(channel: str) -> list[str]:
	"""Due messages of a channel."""
	filters = {"state": WAITING, "channel": channel, "next_attempt_at": ("<=", now_datetime())}
	return frappe.get_all(DOCTYPE, filters, pluck="name", order_by="attempts, creation", limit=AT_MOST)


def _is_gateway_silent() -> bool:
	"""Whether an SMS was handed over without an answer and is still waiting."""
	return bool(frappe.db.exists(DOCTYPE, {"state": WAITING, "channel": SMS, "failure": delivery.NO_ANSWER}))


def _give_up_unanswered() -> None:
	"""An SMS that may have gone out does not keep the others from being tried for ever."""
	silent_since = now_datetime() - delivery.LONGEST_SILENCE
	filters = {
		"state": WAITING,
		"channel": SMS,
		"failure": delivery.NO_ANSWER,
		"modified": ("<", silent_since),
	}
	for name in frappe.get_all(DOCTYPE, filters, pluck="name", limit=AT_MOST):
		row = _lock(name)
		if row and row.state == WAITING:
			_give_up(row, Failure(delivery.NO_ANSWER))
		frappe.db.commit()


def _give_up_old() -> None:
	"""Mails that no server has taken for as long as a message is of use."""
	too_old = now_datetime() - delivery.GIVE_UP_AFTER
	filters = {"state": QUEUED, "failure": ("is", "set"), "waiting_since": ("<", too_old)}
	for name in frappe.get_all(DOCTYPE, filters, pluck="name", limit=AT_MOST):
		row = _lock(name)
		if row and row.state == QUEUED and mail.stop(row.queue_row):
			_give_up(row, Failure(delivery.TOO_OLD))
		frappe.db.commit()


def _lock(name: str) -> frappe._dict | None:
	return frappe.db.get_value(DOCTYPE, name, _FIELDS, as_dict=True, for_update=True, skip_locked=True)


def _claim(name: str) -> frappe._dict | None:
	"""Take a message for an attempt; None if another worker has it, or has had it since we looked what is due."""
	row = _lock(name)
	now = now_datetime()
	if not row or row.state != WAITING or (row.next_attempt_at and row.next_attempt_at > now):
		frappe.db.commit()
		return None
	row.attempts = (row.attempts or 0) + 1
	next_attempt = delivery.find_next_attempt(row.attempts, get_datetime(row.waiting_since), now)
	if not next_attempt:
		_give_up(row, Failure(delivery.TOO_OLD))
		frappe.db.commit()
		return None
	if row.channel == SMS and (row.unanswered or 0) >= delivery.MOST_UNANSWERED:
		_give_up(row, Failure(delivery.NO_ANSWER))
		frappe.db.commit()
		return None
	row.next_attempt_at = next_attempt
	_set(row.name, attempts=row.attempts, next_attempt_at=next_attempt)
	frappe.db.commit()
	return row


def _try(row: frappe._dict, attempt: Callable[[frappe._dict, Document], Failure | None]) -> Failure | None:
	"""One attempt, with all that follows from it; what stands against the message, or None."""
	try:
		ticket = (
			frappe.get_doc("HD Ticket", row.ticket) if frappe.db.exists("HD Ticket", row.ticket) else None
		)
		failure = attempt(row, ticket) if ticket else Failure(delivery.GONE)
	except Exception as error:
		frappe.db.rollback()
		log_failure(f"Message “{row.notice}” of {row.reference} waits", DOCTYPE, row.name)
		failure = Failure(outbox.describe_fault(error))
	if failure and (failure.is_final or (row.unanswered or 0) >= delivery.MOST_UNANSWERED):
		_give_up(row, failure)
	elif failure:
		_set(row.name, failure=failure.reason, answer_code=failure.code)
	frappe.db.commit()
	return failure


def _try_mail(row: frappe._dict, ticket: Document) -> Failure | None:
	recipient = dict(outbox.find_channels(ticket, row.notice)).get(MAIL)
	if not recipient:
		return Failure(delivery.GONE)
	queue_row = outbox.queue(ticket, row.notice, outbox.read_events(row.events), recipient)
	_set(row.name, state=QUEUED, queue_row=queue_row, failure=None, next_attempt_at=None)
	return None


def _try_sms(row: frappe._dict, ticket: Document) -> Failure | None:
	number = dict(outbox.find_channels(ticket, row.notice)).get(SMS)
	if not number:
		return Failure(delivery.GONE)
	if _has_sent_enough_today():
		return Failure(delivery.TOO_MANY_TODAY)
	with print_language(ticket.cs_language or frappe.local.lang):
		text = make_text(ticket, row.notice)
	failure = _hand_over(row, number, text)
	if not failure:
		values = {"unanswered": 0, "failure": None, "answer_code": 0, "next_attempt_at": None}
		_set(row.name, state=SENT, sent_at=now_datetime(), **values)
	return failure


def _hand_over(row: frappe._dict, number: str, text: str) -> Failure | None:
	"""Give an SMS to the gateway.

	That no answer came is on record before any could: a worker that is killed meanwhile leaves behind what a silent
	gateway does. Every hand-over carries the same key, for gateways that know one when they see it again.
	"""
	row.unanswered = (row.unanswered or 0) + 1
	due = now_datetime() + delivery.LONGEST_WAIT
	_set(row.name, unanswered=row.unanswered, failure=delivery.NO_ANSWER, next_attempt_at=due)
	frappe.db.commit()
	try:
		failure = delivery.read_gateway_answer(sms.send(number, text, row.name))
	except sms.NoGatewayError:
		failure = Failure(delivery.NOT_SET_UP)
	except sms.NotHandedOverError:
		failure = Failure(delivery.NO_CONNECTION)
	except sms.NoAnswerError:
		return Failure(delivery.NO_ANSWER)
	row.unanswered -= 1
	_set(row.name, unanswered=row.unanswered, next_attempt_at=row.next_attempt_at)
	return failure


def _has_sent_enough_today() -> bool:
	most = frappe.get_cached_doc(outbox.SETTINGS).sms_for_all_per_day
	if not most:
		return False
	today = now_datetime().replace(hour=0, minute=0, second=0, microsecond=0)
	rows = frappe.get_all(
		DOCTYPE, {"channel": SMS, "state": SENT, "sent_at": (">=", today)}, pluck="name", limit=most
	)
	return len(rows) >= most


def _note_end(row: frappe._dict, status: str | None, error: str | None) -> None:
	"""A mail that Frappe has given up: for good if it was refused, else it waits for the server (`help_mails_out`)."""
	failure = delivery.read_mail_error(error) if status else Failure(delivery.GONE)
	if status and mail.has_arrived(row.queue_row):
		_set(row.name, state=SENT, sent_at=now_datetime())
	elif failure.is_final:
		_give_up(row, failure)
	else:
		_set(row.name, attempts=(row.attempts or 0) + 1, failure=failure.reason, answer_code=failure.code)


def _note_outcome(name: str, outcome: mail.Outcome) -> None:
	"""What came of sending a mail ourselves; what the queue gives up again is news again."""
	if outcome is mail.Outcome.SENT:
		_set(name, state=SENT, sent_at=now_datetime(), failure=None, answer_code=0, next_attempt_at=None)
	elif outcome is mail.Outcome.FAILED:
		row = _lock(name)
		if row:
			attempts, now = (row.attempts or 0) + 1, now_datetime()
			due = delivery.find_next_attempt(attempts, now, now)
			_set(name, attempts=attempts, failure=None, next_attempt_at=due)
	frappe.db.commit()


def _give_up(row: frappe._dict, failure: Failure) -> None:
	_set(row.name, state=FAILED, failure=failure.reason, answer_code=failure.code, next_attempt_at=None)
	outbox.tell_staff(row.ticket, row.notice, failure.reason)


def _set(name: str, **values: object) -> None:
	frappe.db.set_value(DOCTYPE, name, values)
