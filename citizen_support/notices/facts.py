"""The facts of a request in the resident's language: dates, department, state."""

from datetime import datetime

from babel.dates import format_date, format_time

import frappe
from frappe import _

from citizen_support import promise
from citizen_support.host import statuses
from citizen_support.host.locale import get_locale
from citizen_support.languages import say


def describe_moment(moment: datetime, with_time: bool) -> dict[str, str]:
	"""A promised moment for people and for machines.

	:param moment: naive, in the site's time zone.
	:param with_time: whether the clock time counts (working hours) or only the day.
	:returns: `text`, and `iso` with the zone's offset.
	"""
	aware = promise.attach_zone(moment)
	locale = get_locale()
	text = format_date(aware, "full", locale)
	if with_time:
		text = _("{0}, {1}").format(text, format_time(aware, "short", locale=locale))
	return {"text": text, "iso": aware.isoformat(timespec="minutes")}


def describe_state(category: str, has_answered: bool) -> tuple[str, str, str]:
	"""Key, label and sentence for where a request stands."""
	if category == statuses.RESOLVED:
		return "done", _("Done"), _("Your request is done.")
	if category == statuses.PAUSED:
		return "waiting", _("Waiting for you"), _("We have written to you and wait for your answer.")
	if has_answered:
		return "open", _("In progress"), _("We have answered you and are working on it.")
	return "received", _("Received"), _("We have received your request and will deal with it in turn.")


def get_department_facts(code: str | None) -> dict[str, str | None]:
	"""Name, phone, e-mail and person in charge of a department; the city's where it has none."""
	settings = frappe.get_cached_doc("Citizen Support Settings")
	if not code:
		return {
			"name": say(settings, "city_name"),
			"phone": settings.contact_phone,
			"email": settings.contact_email,
			"lead": None,
		}
	doc = frappe.get_cached_doc("Municipal Department", code)
	lead = _("{0}, {1}").format(doc.lead_name, say(doc, "lead_title")) if doc.lead_title else doc.lead_name
	return {
		"name": say(doc, "department_name"),
		"phone": doc.phone or settings.contact_phone,
		"email": doc.email or settings.contact_email,
		"lead": lead if doc.lead_name else None,
	}
