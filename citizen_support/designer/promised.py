"""A promise as its resident reads it, and what was left out in counting it."""

from collections.abc import Mapping
from datetime import date, datetime

from babel.dates import format_date

from frappe import _

from citizen_support import promise
from citizen_support.designer.rules import find_skipped
from citizen_support.host.holidays import list_holidays
from citizen_support.host.locale import get_locale
from citizen_support.notices import get_department_facts
from citizen_support.portal.views import make_promise
from citizen_support.promise.rules import CALENDAR_DAYS, WEEKDAYS


def describe_promise(
	service: Mapping, department: str, promised: promise.Promise | None, at: datetime
) -> dict | None:
	"""The sentences of the promise, its disclaimer, and the holidays it skips; in the language of the moment."""
	shown = make_promise(promised, dict(service))
	if not shown:
		return None
	name = get_department_facts(department)["name"]
	answer = _("You will hear from {0} by {1} ({2}).").format(
		name, shown["response"]["text"], shown["targets"]["response"]
	)
	sentences = [answer]
	if shown["resolution"]:
		end = _("We expect to be done by {0} ({1}).")
		sentences.append(end.format(shown["resolution"]["text"], shown["targets"]["resolution"]))
	return {
		"sentences": sentences,
		"disclaimer": shown["disclaimer"],
		"skipped": list_skipped(service, department, promised, at),
	}


def list_skipped(
	service: Mapping, department: str, promised: promise.Promise, at: datetime
) -> list[dict[str, str]]:
	"""Holidays on which the clock stood still until the last promised date, each with its day in words."""
	calendar = promise.get_calendar(department)
	last = _find_last_counted(service, promised)
	if not calendar.holiday_list or not last:
		return []
	holidays = list_holidays(calendar.holiday_list, at.date(), last)
	weekdays = [WEEKDAYS.index(window.weekday) for window in calendar.hours]
	return [
		{"day": format_date(day, "full", get_locale()), "name": name}
		for day, name in find_skipped(holidays, weekdays, at.date(), last)
	]


def _find_last_counted(service: Mapping, promised: promise.Promise) -> date | None:
	"""The last date that was counted in working time; calendar days skip nothing."""
	ends = []
	if service["response_unit"] != CALENDAR_DAYS:
		ends.append(promised.response_by.date())
	if promised.resolution_by and service["resolution_unit"] != CALENDAR_DAYS:
		ends.append(promised.resolution_by.date())
	return max(ends, default=None)
