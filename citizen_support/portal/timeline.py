"""The way of a request so far, for its page."""

import frappe
from frappe import _

from citizen_support.notices import describe_event, describe_moment, get_department_facts
from citizen_support.portal.views import describe_past
from citizen_support.tracking.service import Request, get_events


def make_timeline(request: Request) -> list[dict]:
	"""What happened, newest last: receipt, each event, the first answer."""
	department = get_department_facts(
		request.submission.department if request.submission else request.department
	)
	entries = [(request.received_at, _("Request received"), _("It is with {0}.").format(department["name"]))]
	if request.ticket and request.ticket.first_responded_on:
		entries.append((request.ticket.first_responded_on, _("First answer"), None))
	for event in get_events(request.reference):
		entries.append((event.happened_at, _event_title(event.event), _event_detail(event)))
	entries.sort(key=lambda entry: entry[0])
	return [{**describe_past(at), "title": title, "detail": detail} for at, title, detail in entries]


def _event_detail(event: frappe._dict) -> str:
	if event.event == "Date moved" and event.promised_for:
		return _("Expected by {0} from now on.").format(describe_moment(event.promised_for, False)["text"])
	return describe_event(event.event, get_department_facts(event.department)["name"] or "")


def _event_title(event: str) -> str:
	return {
		"Handed over": _("Handed over"),
		"Date moved": _("New date"),
		"Waiting for the resident": _("Waiting for you"),
		"Work goes on": _("Work goes on"),
		"Done": _("Done"),
		"Open again": _("Open again"),
	}[event]
