"""What the app adds to the life of a Helpdesk ticket. Guard clauses and calls; the work is in the rooms."""

from frappe.model.document import Document

from citizen_support import notices, requests
from citizen_support.host import agreements, tickets


def before_insert(ticket: Document, method: str | None = None) -> None:
	"""Give a new request its reference, department, team and agreement, before Helpdesk chooses the SLA."""
	if not tickets.is_from_submission(ticket):
		requests.clear_inner_fields(ticket)
	tickets.make_texts_harmless(ticket)
	if ticket.get("cs_service"):
		requests.assign_new(ticket)


def before_validate(ticket: Document, method: str | None = None) -> None:
	"""Follow a changed service, department or team with everything that hangs on it; then choose the agreement."""
	if not ticket.is_new() and requests.assign_changed(ticket):
		tickets.choose_agreement_again(ticket)
	if ticket.get("cs_agreement"):
		agreements.choose_agreement(ticket)


def before_save(ticket: Document, method: str | None = None) -> None:
	"""Put the answer's own date on the ticket where it is counted by another clock than the end."""
	if ticket.get("cs_agreement"):
		agreements.apply_own_clock(ticket)


def after_insert(ticket: Document, method: str | None = None) -> None:
	"""Confirm a new request to its resident, once; a split-off part is not a new request to them."""
	if not ticket.get("cs_service") or tickets.is_split(ticket):
		return
	requests.note_reason(ticket)
	notices.confirm(ticket)


def on_update(ticket: Document, method: str | None = None) -> None:
	"""Tell the resident what has really changed; confirm a ticket that became a request only now."""
	if not ticket.get("cs_reference") or tickets.is_merged(ticket):
		return
	if ticket.get("cs_told"):
		notices.tell_changes(ticket)
	elif requests.became_request(ticket):
		notices.confirm(ticket)
