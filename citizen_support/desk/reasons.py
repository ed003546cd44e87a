"""Why a request went where it went: the rules of its service, each with what became of it."""

from collections.abc import Mapping

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from citizen_support import intake, publishing, routing
from citizen_support.catalogue import read_service

DOCTYPE = "Service Submission"
SERVICE = "Municipal Service"


def explain_request(reference: str) -> dict:
	"""What each rule made of a request, in order, by the service as it was when the request came in.

	:returns: `rules` as `routing.Verdict`, `has_default` if none applied, `reason` as it stands on the ticket, and
		`notes`: sentences on what has changed since.
	:raises frappe.PermissionError: without the right to read submissions.
	"""
	submission = frappe.get_doc(DOCTYPE, reference)
	submission.check_permission("read")
	# Whoever may read what was sent in may know why it went where it went, also without a right on tickets.
	ticket = frappe.db.get_value(
		"HD Ticket", submission.ticket, ["cs_service", "cs_routed_because"], as_dict=True
	)
	service, notes = find_service(submission)
	if ticket and ticket.cs_service != submission.service:
		notes.append(
			_("Staff have chosen another service since: {0}. It was routed anew by that one.").format(
				get_title(ticket.cs_service)
			)
		)
	verdicts = routing.explain(service, make_facts(service, submission)) if service else []
	return {
		"rules": [vars(verdict) for verdict in verdicts],
		"has_default": all(verdict.value is None for verdict in verdicts),
		"reason": ticket.cs_routed_because if ticket else "",
		"notes": notes,
	}


def find_service(submission: Document) -> tuple[dict | None, list[str]]:
	"""The service as it was for this request, and a sentence if that is not known."""
	kept = publishing.read_service_in(submission.service, submission.service_version)
	if kept:
		return {**kept, "code": submission.service}, []
	if not frappe.db.exists(SERVICE, submission.service):
		return None, [_("The service does not exist any more, and its rules with it.")]
	note = _("Nothing was kept of the rules as they were then. These are the rules of today.")
	return read_service(frappe.get_cached_doc(SERVICE, submission.service)), [note]


def make_facts(service: Mapping, submission: Document) -> routing.Facts:
	"""What routing looked at when the request came in."""
	answers, moment = intake.read_answers(submission), get_datetime(submission.received_at)
	return routing.make_facts(service, answers, submission.channel, moment, submission.contact_email)


def get_title(service: str | None) -> str:
	"""What a service is called, for staff."""
	return frappe.db.get_value(SERVICE, service, "title") or service or ""
