"""Every message to a resident, on record until it is out: written down with what it tells about, then sent.

A mail goes into Frappe's queue in the same transaction. What cannot go there now (no account yet, a fault) and every
SMS waits here for the sweep of the minute. No address, number or text is kept: they are read from the ticket when it
is sent.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import print_language
from frappe.utils import now_datetime

from citizen_support import limits
from citizen_support.host import mail, tickets
from citizen_support.host.errors import log_failure
from citizen_support.notices import delivery, rules
from citizen_support.notices.message import make_message
from citizen_support.residents import NOBODY

DOCTYPE = "Resident Notice"
SETTINGS = "Citizen Support Settings"
MAIL, SMS = "E-mail", "SMS"
WAITING, QUEUED, SENT, HELD_BACK, FAILED = "Waiting", "Queued", "Sent", "Held back", "Failed"
EVERYBODY = "Everybody with a mobile number"
# Anybody can type anybody's address into a form.
CAUSED_BY_STRANGERS = (rules.CONFIRMATION, rules.FRESH_LINK)


def send(ticket: Document, notice: str, events: list[str]) -> None:
	"""Tell the resident by every channel that is due. What cannot be sent never breaks the ticket."""
	for channel, recipient in find_channels(ticket, notice):
		try:
			_send_by(ticket, notice, events, channel, recipient)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			# A deadlock has undone the whole transaction, and a lock that was not had in time left this unwritten: whoever
			# made the ticket has to begin anew, or the resident would never be told.
			raise
		except Exception:
			log_failure(
				f"Notice “{notice}” of {ticket.cs_reference} is not on record", "HD Ticket", str(ticket.name)
			)


def find_channels(ticket: Document, notice: str) -> list[tuple[str, str]]:
	"""Channels and recipients of a notice: mail where there is an address; SMS as the settings say."""
	email = ticket.raised_by if ticket.raised_by != NOBODY else None
	found = [(MAIL, email)] if email else []
	settings = frappe.get_cached_doc(SETTINGS)
	if not settings.send_sms or (notice == rules.UPDATE and not settings.sms_updates):
		return found
	regions = delivery.read_regions(settings.sms_countries, settings.holiday_country)
	if (not email or settings.sms_to == EVERYBODY) and delivery.can_be_texted(ticket.cs_phone, regions):
		found.append((SMS, ticket.cs_phone))
	return found


def queue(ticket: Document, notice: str, events: list[str], recipient: str) -> str | None:
	"""Put the mail into Frappe's queue; returns its row."""
	with print_language(ticket.cs_language or frappe.local.lang):
		message = make_message(ticket, notice, events)
	kind = notice.lower().replace(" ", "-")
	return mail.queue_mail(recipient, message.subject, message.html, message.text, str(ticket.name), kind)


def read_events(stored: str | None) -> list[str]:
	"""What an update tells, as it was put on record."""
	return [event for event in (stored or "").split("\n") if event]


def tell_staff(ticket: str, notice: str, failure: str) -> None:
	"""Let agents see on the ticket that the resident does not know."""
	reasons = {
		delivery.TOO_MANY: _("its recipient has had too many messages from us today"),
		delivery.REFUSED: _("the other side refuses it"),
		delivery.TOO_OLD: _("it could not be sent for three days"),
		delivery.NO_ANSWER: _("it was handed over and no answer came, so it may have arrived or not"),
	}
	reason = reasons.get(failure, _("we do not know what happened to it"))
	sentence = _("The message “{0}” did not reach the resident: {1}.").format(_(notice), reason)
	if frappe.db.exists("HD Ticket", ticket):
		tickets.log_activity(ticket, sentence)


def _send_by(ticket: Document, notice: str, events: list[str], channel: str, recipient: str) -> None:
	row = _new_row(ticket, notice, events, channel)
	if _is_limited(notice) and not limits.may_notify(channel, recipient):
		row.update({"state": HELD_BACK, "failure": delivery.TOO_MANY, "next_attempt_at": None})
		tell_staff(str(ticket.name), notice, delivery.TOO_MANY)
	elif channel == MAIL:
		try:
			row.queue_row = queue(ticket, notice, events, recipient)
			row.update({"state": QUEUED, "next_attempt_at": None})
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			raise
		except Exception as error:
			row.failure = describe_fault(error)
			log_failure(f"Notice “{notice}” of {ticket.cs_reference} waits", "HD Ticket", str(ticket.name))
	row.db_insert()


def _is_limited(notice: str) -> bool:
	"""Whether the message counts among those that strangers may cause: a login alone makes nobody one of the staff."""
	return notice in CAUSED_BY_STRANGERS or not tickets.is_edited_by_agent()


def describe_fault(error: Exception) -> str:
	"""What kept a mail from being written or queued."""
	is_missing = isinstance(error, frappe.OutgoingEmailError)
	return delivery.NOT_SET_UP if is_missing else delivery.NOT_WRITTEN


def _new_row(ticket: Document, notice: str, events: list[str], channel: str) -> Document:
	row = frappe.new_doc(DOCTYPE)
	now = now_datetime()
	row.update(
		{
			"reference": ticket.cs_reference,
			"ticket": str(ticket.name),
			"notice": notice,
			"channel": channel,
			"events": "\n".join(events)[:140],
			"state": WAITING,
			"waiting_since": now,
			"next_attempt_at": now,
		}
	)
	return row
