"""A notice as it is sent: the team's words, or the app's own, around a box with the facts."""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support import promise, tracking
from citizen_support.host import statuses
from citizen_support.host.templates import render
from citizen_support.notices import rules
from citizen_support.notices.facts import describe_moment, describe_state, get_department_facts
from citizen_support.notices.originals import get_original
from citizen_support.promise.rules import WORKING_HOURS


@dataclass(frozen=True)
class Message:
	"""A mail's subject and its body, as HTML and as plain text saying the same."""

	subject: str
	html: str
	text: str


def make_message(ticket: Document, notice: str, events: list[str], words: dict | None = None) -> Message:
	"""Write the notice in the language of the moment.

	Nothing a resident typed is in it: a stranger's mailbox must not be a place to write to.

	:param events: what happened, for an update.
	:param words: subject, opening and ending to use; by default the team's, else the app's own.
	"""
	words = words or get_words(notice, frappe.local.lang)
	facts = get_facts(ticket, notice, events)
	values = facts["values"]
	context = {
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


def get_facts(ticket: Document, notice: str, events: list[str]) -> dict:
	"""Everything a notice may say of the request."""
	service = frappe.get_cached_doc("Municipal Service", ticket.cs_service)
	department = get_department_facts(ticket.cs_department)
	settings = frappe.get_cached_doc("Citizen Support Settings")
	category = statuses.get_category(ticket.status)
	_key, label, sentence = describe_state(category, bool(ticket.first_responded_on))
	dates = get_dates(ticket, service)
	sentences = [describe_event(event, department["name"]) for event in events] or [sentence]
	outcome = get_outcome(ticket) if notice == rules.DONE else ""
	return {
		"reference": ticket.cs_reference,
		"service": _(service.title),
		"state": label,
		"dates": dates,
		"is_open": category != statuses.RESOLVED,
		"waits": category == statuses.PAUSED,
		"department": department,
		"disclaimer": _(service.disclaimer or settings.default_disclaimer or ""),
		"link": tracking.make_link(ticket.cs_reference, ticket.cs_key_version or 1),
		"is_confirmation": notice == rules.CONFIRMATION,
		"values": {
			"reference": ticket.cs_reference,
			"service": _(service.title),
			"department": department["name"] or "",
			"city": _(settings.city_name or ""),
			"state": "\n\n".join(sentences),
			"answer_date": (dates["response"] or {}).get("text", ""),
			"done_date": (dates["resolution"] or {}).get("text", ""),
			"outcome": outcome,
		},
	}


def get_dates(ticket: Document, service: Document) -> dict[str, dict[str, str] | None]:
	"""Promised dates that still lie ahead of us: the answer until it was given, the end if one is promised."""
	dates: dict[str, dict[str, str] | None] = {"response": None, "resolution": None}
	if not ticket.response_by:
		return dates
	promised = promise.read_promise(ticket.as_dict())
	if not ticket.first_responded_on:
		dates["response"] = describe_moment(promised.response_by, service.response_unit == WORKING_HOURS)
	if promised.resolution_by:
		dates["resolution"] = describe_moment(
			promised.resolution_by, service.resolution_unit == WORKING_HOURS
		)
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
