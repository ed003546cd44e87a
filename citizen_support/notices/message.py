"""A notice as it is sent: the team's words, or the app's own, around a box with the facts."""

from collections.abc import Mapping
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from citizen_support import promise, tracking
from citizen_support.host import statuses
from citizen_support.host.templates import render
from citizen_support.languages import say
from citizen_support.languages.rules import is_right_to_left
from citizen_support.notices import rules
from citizen_support.notices.facts import describe_moment, describe_state, get_department_facts
from citizen_support.notices.originals import get_original
from citizen_support.promise.rules import WORKING_HOURS, unpack_targets

SETTINGS = "Citizen Support Settings"


@dataclass(frozen=True)
class Message:
	"""A mail's subject and its body, as HTML and as plain text saying the same."""

	subject: str
	html: str
	text: str


@dataclass(frozen=True)
class Example:
	"""Stands for what is stored nowhere: a service still being written, and what it would promise, if anything.

	:ivar service: its fields, as attributes.
	"""

	service: frappe._dict
	promised: promise.Promise | None


def make_message(
	ticket: Document,
	notice: str,
	events: list[str],
	words: dict | None = None,
	example: Example | None = None,
) -> Message:
	"""Write the notice in the language of the moment.

	Nothing a resident typed is in it: a stranger's mailbox must not be a place to write to.

	:param events: what happened, for an update.
	:param words: subject, opening and ending to use; by default the team's, else the app's own.
	:param example: what to show instead of the stored service and the ticket's agreement.
	"""
	words = words or get_words(notice, frappe.local.lang)
	facts = get_facts(ticket, notice, events, example)
	values = facts["values"]
	context = {
		"language": frappe.local.lang,
		"direction": "rtl" if is_right_to_left(frappe.local.lang or "") else "ltr",
		"city": values["city"],
		"opening": rules.split_paragraphs(rules.fill(words["opening"], values)),
		"ending": rules.split_paragraphs(rules.fill(words["ending"] or "", values)),
		**facts,
	}
	# Helpdesk finds the ticket by the last "(#number)" of a subject where a mail program drops the thread.
	subject = f"{rules.fill(words['subject'], values)} (#{ticket.name})"
	return Message(subject, render("notices/notice.html", context), render("notices/notice.txt", context))


def get_words(notice: str, language: str) -> dict[str, str]:
	"""The team's words in this language, or else the app's own."""
	fields = ["subject", "opening", "ending"]
	languages = [language, language.partition("-")[0]]
	for wanted in dict.fromkeys(languages):
		filters = {"notice": notice, "language": wanted, "enabled": 1}
		if own := frappe.db.get_value("Notice Template", filters, fields, as_dict=True):
			return own
	return get_original(notice)


def get_facts(ticket: Document, notice: str, events: list[str], example: Example | None = None) -> dict:
	"""Everything a notice may say of the request."""
	service = example.service if example else frappe.get_cached_doc("Municipal Service", ticket.cs_service)
	department = get_department_facts(ticket.cs_department)
	category = statuses.get_category(ticket.status)
	dates = get_dates(ticket, service, example.promised if example else None)
	link = tracking.make_link(ticket.cs_reference, ticket.cs_key_version or 1)
	default_disclaimer = say(frappe.get_cached_doc(SETTINGS), "default_disclaimer")
	return {
		"reference": ticket.cs_reference,
		"service": say(service, "title"),
		"state": describe_state(category, bool(ticket.first_responded_on))[1],
		"dates": dates,
		"is_open": category != statuses.RESOLVED,
		"waits": category == statuses.PAUSED,
		"department": department,
		"disclaimer": say(service, "disclaimer") or default_disclaimer,
		"link": link,
		"feedback_link": f"{link}#how" if asks_for_feedback(ticket, notice) else None,
		"is_confirmation": notice == rules.CONFIRMATION,
		"values": get_values(ticket, notice, events, service, department, dates),
	}


def get_values(
	ticket: Document,
	notice: str,
	events: list[str],
	service: Document | frappe._dict,
	department: Mapping,
	dates: Mapping,
) -> dict[str, str]:
	"""What stands in place of each {placeholder} of the team's words."""
	state = describe_state(statuses.get_category(ticket.status), bool(ticket.first_responded_on))[2]
	sentences = [describe_event(event, department["name"]) for event in events] or [state]
	return {
		"reference": ticket.cs_reference,
		"service": say(service, "title"),
		"department": department["name"] or "",
		"city": say(frappe.get_cached_doc(SETTINGS), "city_name"),
		"state": "\n\n".join(sentences),
		"answer_date": (dates["response"] or {}).get("text", ""),
		"done_date": (dates["resolution"] or {}).get("text", ""),
		"outcome": get_outcome(ticket) if notice == rules.DONE else "",
	}


def asks_for_feedback(ticket: Document, notice: str) -> bool:
	"""Whether the message asks how it went: at the end, unless that was said before."""
	return notice == rules.DONE and not flt(ticket.get("feedback_rating"))


def get_dates(
	ticket: Document, service: Document, promised: promise.Promise | None = None
) -> dict[str, dict[str, str] | None]:
	"""Promised dates that still lie ahead of us: the answer until it was given, the end if one is promised.

	:param promised: what is promised, where no agreement is stored for it yet.
	"""
	dates: dict[str, dict[str, str] | None] = {"response": None, "resolution": None}
	if not ticket.response_by:
		return dates
	promised = promised or promise.read_promise(ticket.as_dict())
	kept = unpack_targets(ticket.get("cs_targets"))
	if not ticket.first_responded_on:
		unit = kept.get("response_unit") or service.response_unit
		dates["response"] = describe_moment(promised.response_by, unit == WORKING_HOURS)
	if promised.resolution_by:
		unit = kept.get("resolution_unit") or service.resolution_unit
		dates["resolution"] = describe_moment(promised.resolution_by, unit == WORKING_HOURS)
	return dates


def get_outcome(ticket: Document) -> str:
	"""What was done, in the words of who did it."""
	return (ticket.cs_outcome or "").strip()


def describe_event(event: str, department: str) -> str:
	"""What happened, in one sentence to the resident."""
	return {
		rules.HANDED_OVER: _("{0} has taken it over and will answer you from now on.").format(department),
		rules.DATE_MOVED: _("The expected date has moved. The new one is below."),
		rules.WAITING: _("We have written to you and wait for your answer."),
		rules.GOES_ON: _("We are working on it again."),
		rules.WAS_DONE: _("Your request is done."),
		rules.OPEN_AGAIN: _("It is open again, and we are looking into it."),
	}[event]
