"""Departments, promises and files as the pages show them."""

from datetime import date
from functools import lru_cache

from babel.dates import format_date, format_time, get_day_names

import frappe
from frappe import _
from frappe.utils import to_timedelta

from citizen_support import promise
from citizen_support.host.locale import get_locale, write_number
from citizen_support.languages import say
from citizen_support.notices import describe_moment, get_department_facts
from citizen_support.portal.site import make_phone_link
from citizen_support.promise.rules import WEEKDAYS, WORKING_HOURS


def describe_kind(kind: str) -> str:
	return {"Question": _("Question"), "Complaint": _("Complaint")}.get(kind, _("Request"))


def describe_answer_target(service: dict) -> str:
	"""How soon an answer comes, in words."""
	return _("Answer within {0}").format(
		promise.describe_target(promise.get_targets({**_NO_END, **service})[0])
	)


_NO_END = {"resolution_target": 0, "resolution_unit": None}


def make_department(code: str | None) -> dict:
	"""The department box of a page."""
	facts = get_department_facts(code)
	doc = frappe.get_cached_doc("Municipal Department", code) if code else None
	return {
		**facts,
		"phone_href": make_phone_link(facts["phone"]),
		"hours": make_hours(doc.opening_hours) if doc else [],
		"address_lines": (doc.address or "").splitlines() if doc else [],
		"website": (doc.website or None) if doc else None,
		"note": (say(doc, "public_note") or None) if doc else None,
	}


def make_hours(rows: list) -> list[dict[str, str]]:
	"""Opening hours as people write them: neighbouring days with equal hours in one line."""
	times = tuple((row.workday, str(row.start_time), str(row.end_time)) for row in rows)
	return [dict(line) for line in _make_hours(times, frappe.local.lang)]


@lru_cache(maxsize=500)
def _make_hours(rows: tuple[tuple[str, str, str], ...], language: str) -> list[dict[str, str]]:
	by_day = {workday: (to_timedelta(start), to_timedelta(end)) for workday, start, end in rows}
	runs: list[tuple[list[int], tuple]] = []
	for number, weekday in enumerate(WEEKDAYS):
		times = by_day.get(weekday)
		if not times:
			continue
		if runs and runs[-1][1] == times and runs[-1][0][-1] == number - 1:
			runs[-1][0].append(number)
		else:
			runs.append(([number], times))
	return [{"days": _name_days(days), "times": _name_times(*times)} for days, times in runs]


def make_promise(promised: promise.Promise | None, service: dict) -> dict | None:
	"""Promised dates of a page, with the words that go with them."""
	if not promised:
		return None
	settings = frappe.get_cached_doc("Citizen Support Settings")
	response_target, resolution_target = promise.get_targets(service)
	end = promised.resolution_by
	return {
		"response": describe_moment(promised.response_by, service["response_unit"] == WORKING_HOURS),
		"resolution": describe_moment(end, service["resolution_unit"] == WORKING_HOURS) if end else None,
		"targets": {
			"response": _("within {0}").format(promise.describe_target(response_target)),
			"resolution": _("within {0}").format(promise.describe_target(resolution_target))
			if resolution_target
			else None,
		},
		"disclaimer": service.get("disclaimer") or say(settings, "default_disclaimer"),
	}


def describe_size(size: int) -> str:
	"""A file's size in words."""
	if size >= 1024 * 1024:
		return _("{0} MB").format(write_number(size / 1024 / 1024, 1))
	return _("{0} KB").format(max(1, round(size / 1024)))


def describe_past(moment: object) -> dict[str, str]:
	"""A moment that has been, with its clock time."""
	return describe_moment(moment, True)


def describe_day(text: str) -> str:
	"""An ISO day in words; what is none stays as it was sent in, as a page with an odd day is better than no page."""
	try:
		day = date.fromisoformat(text)
	except ValueError:
		return text
	return format_date(day, "long", get_locale())


def _name_days(days: list[int]) -> str:
	names = get_day_names("wide", locale=get_locale())
	if len(days) == 1:
		return names[days[0]]
	if len(days) == 2:
		return _("{0} and {1}").format(names[days[0]], names[days[-1]])
	return _("{0} to {1}").format(names[days[0]], names[days[-1]])


def _name_times(start: object, end: object) -> str:
	locale = get_locale()
	base = frappe.utils.get_datetime("2026-01-01 00:00:00")
	first, last = (format_time((base + moment).time(), "short", locale=locale) for moment in (start, end))
	return _("{0}–{1}").format(first, last)


def describe_wait(seconds: int) -> str:
	"""A length of time as people say it, never shorter than it is: "5 minutes"."""
	if seconds <= 90:
		return _("a minute")
	if seconds <= 90 * 60:
		return _("{0} minutes").format(-(-seconds // 60))
	return _("{0} hours").format(-(-seconds // 3600))
