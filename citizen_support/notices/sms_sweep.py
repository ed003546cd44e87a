"""SMS on their way to the gateway."""

import time

import frappe
from frappe.model.document import Document
from frappe.translate import print_language
from frappe.utils import now_datetime

from citizen_support.host import sms
from citizen_support.notices import delivery, outbox
from citizen_support.notices.attempts import AT_A_TIME, claim_waiting, give_up, lock, set_values, try_once
from citizen_support.notices.delivery import Failure
from citizen_support.notices.outbox import DOCTYPE, SENT, SMS, WAITING
from citizen_support.notices.sms_text import make_text

_OF_EVERYBODY = delivery.OUTAGES | {delivery.REFUSED_FOR_NOW}


def send_sms(ends_at: float) -> None:
	"""SMS that are due, until the gateway shows that it is out; then the others wait untried for the next minute.

	:param ends_at: when to stop, by `time.monotonic`.
	"""
	if _is_gateway_silent() and not sms.answers():
		_give_up_unanswered()
		return
	failed, left = 0, _count_left_today()
	for row in claim_waiting(SMS):
		failure = try_once(row, _try_sms if left is None or left > 0 else _put_off)
		if left is not None and not failure:
			left -= 1
		failed = failed + 1 if failure and failure.reason in _OF_EVERYBODY else 0
		is_out = failed and (failure.is_outage or failed == delivery.FAILURES_IN_A_ROW)
		if is_out or time.monotonic() > ends_at:
			return


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
	for name in frappe.get_all(DOCTYPE, filters, pluck="name", limit=AT_A_TIME):
		row = lock(name)
		if row and row.state == WAITING:
			give_up(row, Failure(delivery.NO_ANSWER))
		frappe.db.commit()


def _try_sms(row: frappe._dict, ticket: Document) -> Failure | None:
	number = dict(outbox.find_channels(ticket, row.notice)).get(SMS)
	if not number:
		return Failure(delivery.GONE)
	with print_language(ticket.cs_language or frappe.local.lang):
		text = make_text(ticket, row.notice)
	failure = _hand_over(row, number, text)
	if not failure:
		values = {"unanswered": 0, "failure": None, "answer_code": 0, "next_attempt_at": None}
		set_values(row.name, state=SENT, sent_at=now_datetime(), **values)
	return failure


def _hand_over(row: frappe._dict, number: str, text: str) -> Failure | None:
	"""Give an SMS to the gateway.

	That no answer came is on record before any could: a worker that is killed meanwhile leaves behind what a silent
	gateway does. Every hand-over carries the same key, for gateways that know one when they see it again.
	"""
	row.unanswered = (row.unanswered or 0) + 1
	due = now_datetime() + delivery.LONGEST_WAIT
	set_values(row.name, unanswered=row.unanswered, failure=delivery.NO_ANSWER, next_attempt_at=due)
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
	set_values(row.name, unanswered=row.unanswered, next_attempt_at=row.next_attempt_at)
	return failure


def _put_off(row: frappe._dict, ticket: Document) -> Failure:
	"""Instead of an attempt, once the city's own limit for the day is reached."""
	return Failure(delivery.TOO_MANY_TODAY)


def _count_left_today() -> int | None:
	"""How many SMS may still go out today; None if the city has set no limit."""
	most = frappe.get_cached_doc(outbox.SETTINGS).sms_for_all_per_day
	if not most:
		return None
	today = now_datetime().replace(hour=0, minute=0, second=0, microsecond=0)
	return most - frappe.db.count(DOCTYPE, {"channel": SMS, "state": SENT, "sent_at": (">=", today)})
