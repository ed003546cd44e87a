"""Telling residents: the confirmation, each real change, the end; each once and only once.

What a resident was last told stands on the ticket (`cs_told`). It changes in the same transaction in which the
mail is queued, so whatever saves the ticket again, the same thing is not told twice.
"""

import json
from datetime import timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from citizen_support import promise
from citizen_support.host import statuses
from citizen_support.notices import outbox, rules
from citizen_support.promise.rules import WORKING_HOURS, unpack_targets

SUBMISSION = "Service Submission"
# An agent replies, then sets the status by hand: both are one message to the resident.
BELONGS_TO_A_MESSAGE = timedelta(minutes=15)


def confirm(ticket: Document) -> None:
	"""Tell the resident that the request is here. For HD Ticket `after_insert`.

	What counts as told is what the page showed when the request was sent in: if it was filed later and the dates
	moved meanwhile, the next save tells that.
	"""
	ticket.db_set("cs_told", json.dumps(_get_first_told(ticket).as_dict()), update_modified=False)
	outbox.send(ticket, rules.CONFIRMATION, [])


def tell_changes(ticket: Document) -> None:
	"""Tell the resident what has really changed since the last time. For HD Ticket `on_update`."""
	told = _read_told(ticket)
	if not told:
		return
	now = get_state(ticket)
	circumstances = _get_circumstances(ticket)
	events = rules.find_events(told, now, circumstances)
	if not events:
		return
	ticket.db_set("cs_told", json.dumps(now.as_dict()), update_modified=False)
	for event in events:
		_record(ticket, event)
	if rules.is_worth_a_notice(events, circumstances, _wants_updates()):
		outbox.send(ticket, rules.choose_notice(events), events)


def send_fresh_link(reference: str) -> None:
	"""Send the link of a request to the address it was made with."""
	ticket = frappe.db.get_value("HD Ticket", {"cs_reference": reference})
	if ticket:
		outbox.send(frappe.get_doc("HD Ticket", ticket), rules.FRESH_LINK, [])


def get_state(ticket: Document) -> rules.State:
	"""Where the request stands now."""
	promised = promise.read_promise(ticket.as_dict()) if ticket.response_by else None
	return rules.State(
		category=statuses.get_category(ticket.status),
		department=ticket.cs_department or "",
		response_by=promised.response_by.isoformat() if promised else None,
		resolution_by=promised.resolution_by.isoformat() if promised and promised.resolution_by else None,
	)


def _get_first_told(ticket: Document) -> rules.State:
	now = get_state(ticket)
	row = frappe.db.get_value(
		SUBMISSION, ticket.cs_reference, ["department", "response_by", "resolution_by"], as_dict=True
	)
	if not row:
		return now
	return rules.State(
		category=now.category,
		department=row.department,
		response_by=get_datetime(row.response_by).isoformat() if row.response_by else None,
		resolution_by=get_datetime(row.resolution_by).isoformat() if row.resolution_by else None,
	)


def _wants_updates() -> bool:
	return bool(frappe.get_cached_doc("Citizen Support Settings").update_notices)


def _read_told(ticket: Document) -> rules.State | None:
	data = ticket.get("cs_told")
	return rules.State(**json.loads(data)) if data else None


def _get_circumstances(ticket: Document) -> rules.Circumstances:
	kept = unpack_targets(ticket.get("cs_targets")).get("resolution_unit")
	unit = kept or frappe.get_cached_value("Municipal Service", ticket.cs_service, "resolution_unit")

	def is_recent(moment: object) -> bool:
		return bool(moment) and now_datetime() - get_datetime(moment) < BELONGS_TO_A_MESSAGE

	return rules.Circumstances(
		city_just_wrote=is_recent(ticket.last_agent_response),
		resident_just_wrote=is_recent(ticket.last_customer_response),
		has_answered=bool(ticket.first_responded_on),
		counts_hours=unit == WORKING_HOURS,
	)


def _record(ticket: Document, event: str) -> None:
	"""Keep the event for the request's timeline."""
	frappe.get_doc(
		{
			"doctype": "Request Event",
			"reference": ticket.cs_reference,
			"ticket": ticket.name,
			"event": event,
			"happened_at": now_datetime(),
			"department": ticket.cs_department,
			"promised_for": ticket.resolution_by if event == rules.DATE_MOVED else None,
		}
	).insert(ignore_permissions=True)
