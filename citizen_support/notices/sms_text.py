"""SMS: one or two short sentences and the link."""

from datetime import datetime

from babel.dates import format_date

import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support import tracking
from citizen_support.host.locale import get_locale
from citizen_support.languages import say
from citizen_support.notices import rules
from citizen_support.notices.message import get_dates


def make_text(ticket: Document, notice: str) -> str:
	"""The SMS of a notice in the language of the moment. Nothing a resident typed is in it.

	Each part of a long SMS costs as much as a whole one, so the city's name is left out where that makes it one; the
	gateway usually shows who sends it.
	"""
	link = tracking.make_link(ticket.cs_reference, ticket.cs_key_version or 1)
	city = say(frappe.get_cached_doc("Citizen Support Settings"), "city_name")
	told = _tell(ticket, notice)
	whole = _("{0}: {1}").format(city, told) if city else told
	texts = [rules.make_sendable(f"{sentence} {link}") for sentence in (whole, told)]
	return next((text for text in texts if rules.count_parts(text) == 1), texts[0])


def _tell(ticket: Document, notice: str) -> str:
	sentence = {
		rules.CONFIRMATION: _("We have your request {0}."),
		rules.UPDATE: _("There is news of your request {0}."),
		rules.DONE: _("Your request {0} is done."),
		rules.FRESH_LINK: _("The link to your request {0}."),
	}[notice].format(ticket.cs_reference)
	day = _describe_day(ticket) if notice == rules.CONFIRMATION else None
	return _("{0} We will answer by {1}.").format(sentence, day) if day else sentence


def _describe_day(ticket: Document) -> str | None:
	"""The day by which the resident hears from us, in few characters."""
	answer = get_dates(ticket, frappe.get_cached_doc("Municipal Service", ticket.cs_service))["response"]
	return format_date(datetime.fromisoformat(answer["iso"]), "medium", get_locale()) if answer else None
