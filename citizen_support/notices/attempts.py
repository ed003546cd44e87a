"""One message's attempts: taken by one worker at a time (`SKIP LOCKED`), each on record before it is made.

One that kills its worker comes back later and stands before nobody. What has failed least goes first, for the same
reason.
"""

from collections.abc import Callable, Iterator

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from citizen_support.host.errors import log_failure
from citizen_support.notices import delivery, outbox
from citizen_support.notices.delivery import Failure
from citizen_support.notices.outbox import DOCTYPE, FAILED, SMS, WAITING

AT_A_TIME = 200
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


def claim_waiting(channel: str) -> Iterator[frappe._dict]:
	"""Due messages of a channel, each taken for an attempt, until none is left that is not another worker's.

	:param channel: "E-mail" or "SMS".
	"""
	while names := _find_waiting(channel):
		has_taken_one = False
		for name in names:
			if row := claim(name):
				has_taken_one = True
				yield row
		if not has_taken_one:
			return


def lock(name: str) -> frappe._dict | None:
	"""A message, locked until the next commit; None if another worker has it."""
	return frappe.db.get_value(DOCTYPE, name, _FIELDS, as_dict=True, for_update=True, skip_locked=True)


def claim(name: str) -> frappe._dict | None:
	"""Take a message for an attempt; None if another worker has it, or has had it since we looked what is due."""
	row = lock(name)
	now = now_datetime()
	if not row or row.state != WAITING or (row.next_attempt_at and row.next_attempt_at > now):
		frappe.db.commit()
		return None
	row.attempts = (row.attempts or 0) + 1
	next_attempt = delivery.find_next_attempt(row.attempts, get_datetime(row.waiting_since), now)
	if not next_attempt:
		give_up(row, Failure(delivery.TOO_OLD))
		frappe.db.commit()
		return None
	if row.channel == SMS and (row.unanswered or 0) >= delivery.MOST_UNANSWERED:
		give_up(row, Failure(delivery.NO_ANSWER))
		frappe.db.commit()
		return None
	row.next_attempt_at = next_attempt
	set_values(row.name, attempts=row.attempts, next_attempt_at=next_attempt)
	frappe.db.commit()
	return row


def try_once(
	row: frappe._dict, attempt: Callable[[frappe._dict, Document], Failure | None]
) -> Failure | None:
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
		give_up(row, failure)
	elif failure:
		set_values(row.name, failure=failure.reason, answer_code=failure.code)
	frappe.db.commit()
	return failure


def give_up(row: frappe._dict, failure: Failure) -> None:
	"""Stop trying, and let the agents of the ticket know."""
	set_values(row.name, state=FAILED, failure=failure.reason, answer_code=failure.code, next_attempt_at=None)
	outbox.tell_staff(row.ticket, row.notice, failure.reason)


def set_values(name: str, **values: object) -> None:
	"""Store values of a message, by fieldname."""
	frappe.db.set_value(DOCTYPE, name, values)


def _find_waiting(channel: str) -> list[str]:
	"""Due messages of a channel."""
	filters = {"state": WAITING, "channel": channel, "next_attempt_at": ("<=", now_datetime())}
	return frappe.get_all(DOCTYPE, filters, pluck="name", order_by="attempts, creation", limit=AT_A_TIME)
