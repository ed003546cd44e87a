"""Notices as the team sees them before any resident does."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import print_language
from frappe.utils import get_url, now_datetime

from citizen_support import promise, tracking
from citizen_support.catalogue import read_service
from citizen_support.host import agreements, statuses
from citizen_support.notices import make_message, rules
from citizen_support.notices.message import Message
from citizen_support.notices.originals import get_original as get_original_words

DOCTYPE = "Notice Template"
# Its check character is wrong, so no request can ever have it and the link made of it opens nothing.
EXAMPLE_REFERENCE = "ABCD-1234"
EXAMPLE_NUMBER = "1234"


def get_original(notice: str, language: str) -> dict[str, str]:
	"""The app's own words for a notice, in this language."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	_check(notice)
	with print_language(language):
		return get_original_words(notice)


def preview(notice: str, language: str, words: dict[str, str]) -> dict[str, str]:
	"""The mail that these words make, for a made-up request: `subject`, `html` and `text`."""
	frappe.has_permission(DOCTYPE, "write", throw=True)
	_check(notice)
	ticket = make_example(notice)
	events = [rules.DATE_MOVED] if notice == rules.UPDATE else []
	with print_language(language):
		message = make_message(ticket, notice, events, words)
	return show_message(message)


def show_message(message: Message) -> dict[str, str]:
	"""An example's subject, HTML and text, with a link in which no key of ours stands."""
	link = tracking.make_link(EXAMPLE_REFERENCE, 1)
	shown = get_url(f"/requests/{EXAMPLE_REFERENCE}")
	return {
		"subject": message.subject,
		"html": message.html.replace(link, shown),
		"text": message.text.replace(link, shown),
	}


def make_example(notice: str) -> Document:
	"""A request that is in no database: of the service last asked for, received now."""
	service = read_service(frappe.get_doc("Municipal Service", _choose_service()))
	promised = promise.make_promise(service, service["department"])
	return make_ticket(notice, service["code"], service["department"], promised)


def make_ticket(
	notice: str, service: str, department: str | None, promised: promise.Promise | None
) -> Document:
	"""A request for a service, with a department, that stands where the notice finds it; in no database."""
	ticket = frappe.new_doc("HD Ticket")
	ticket.name = EXAMPLE_NUMBER
	ticket.update(
		{
			"cs_reference": EXAMPLE_REFERENCE,
			"cs_key_version": 1,
			"cs_service": service,
			"cs_department": department,
			"sla": agreements.find_agreement(promised.agreement_key) if promised else None,
			"response_by": promised.response_by if promised else None,
			"resolution_by": promised.resolution_by if promised else None,
			"status": _find_status(notice),
			"first_responded_on": None if notice == rules.CONFIRMATION else now_datetime(),
			"cs_outcome": _("Our crew came by and repaired it.") if notice == rules.DONE else None,
		}
	)
	return ticket


def _check(notice: str) -> None:
	if notice not in rules.NOTICES:
		frappe.throw(_("Choose the message first."))


def _choose_service() -> str:
	last = []
	if frappe.has_permission("HD Ticket", "read"):
		last = frappe.get_list(
			"HD Ticket",
			filters={"cs_service": ("is", "set")},
			pluck="cs_service",
			order_by="creation desc",
			limit=1,
		)
	service = (last and last[0]) or frappe.db.get_value("Municipal Service", {"status": "Published"})
	if not service:
		frappe.throw(_("Publish a service first: the preview shows a request for it."))
	return service


def _find_status(notice: str) -> str:
	category = statuses.RESOLVED if notice == rules.DONE else statuses.OPEN
	return frappe.db.get_value("HD Ticket Status", {"category": category}, order_by="creation") or "Open"
