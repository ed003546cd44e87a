"""Promises of services: which agreement holds, which dates come of it, what they are in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_datetime, get_system_timezone, now_datetime, to_timedelta

from citizen_support.host import agreements
from citizen_support.promise.rules import (
	CALENDAR_DAYS,
	WORKING_HOURS,
	Agreement,
	Calendar,
	Target,
	Window,
	find_problem,
	make_agreement,
	sort_windows,
)

SETTINGS = "Citizen Support Settings"
CACHE_KEY = "citizen_support:promise"
KEEP_SECONDS = 90


@dataclass(frozen=True)
class Promise:
	"""Promised dates (site's time zone, naive) and the key of the agreement they come from."""

	agreement_key: str
	response_by: datetime
	resolution_by: datetime | None


def get_calendar(department: str) -> Calendar:
	"""Opening hours and holidays of a department; the city's holidays where it has none of its own."""
	doc = frappe.get_cached_doc("Municipal Department", department)
	windows = (
		Window(row.workday, _seconds(row.start_time), _seconds(row.end_time)) for row in doc.opening_hours
	)
	holiday_list = doc.holiday_list or frappe.get_cached_doc(SETTINGS).holiday_list
	return Calendar(sort_windows(windows), holiday_list or None)


def get_targets(service: Mapping) -> tuple[Target, Target | None]:
	"""Answer and end that a service states; the end is None where none is promised."""
	response = Target(int(service["response_target"] or 0), service["response_unit"])
	amount = int(service["resolution_target"] or 0)
	return response, Target(amount, service["resolution_unit"]) if amount else None


def find_service_problem(service: Mapping, department: str) -> str | None:
	"""What makes the service's promise impossible with this department's hours, as a sentence for staff."""
	problem = find_problem(*get_targets(service), get_calendar(department))
	return _problem_sentences()[problem] if problem else None


def get_agreement(service: Mapping, department: str) -> Agreement:
	"""The agreement of this service when this department answers."""
	return make_agreement(*get_targets(service), get_calendar(department))


def ensure_agreement(service: Mapping, department: str) -> str:
	"""Make sure Helpdesk has the agreement; returns its key, which goes on the ticket."""
	agreement = get_agreement(service, department)
	return agreements.ensure_agreement(agreement, describe_agreement(agreement))


def start_clock(at: datetime) -> datetime:
	"""When a promise's clock starts: with the minute. So all who write within it are promised the same, once counted."""
	return at.replace(second=0, microsecond=0)


def make_promise(service: Mapping, department: str, at: datetime | None = None) -> Promise:
	"""What is promised to a request for `service` that `department` gets at `at` (default: now).

	Remembered for the minute, as every visitor of a form and everybody who sends one asks for it.
	"""
	agreement = get_agreement(service, department)
	start = start_clock(at or now_datetime())
	cache_key = f"{CACHE_KEY}:{agreement.key}:{start:%Y%m%dT%H%M}"
	dates = frappe.cache.get_value(cache_key, expires=True)
	if not dates:
		dates = agreements.compute_dates(agreement, start)
		frappe.cache.set_value(cache_key, dates, expires_in_sec=KEEP_SECONDS)
	return Promise(agreement.key, *dates)


def forget_counted() -> None:
	"""Count anew from now on: a list of holidays has changed."""
	frappe.cache.delete_keys(CACHE_KEY)


def read_promise(ticket: Mapping) -> Promise:
	"""What Helpdesk holds the ticket to; the one source once there is a ticket."""
	end = ticket["resolution_by"] if agreements.promises_end(ticket["sla"]) else None
	return Promise(
		ticket.get("cs_agreement") or "",
		get_datetime(ticket["response_by"]),
		get_datetime(end) if end else None,
	)


def attach_zone(moment: datetime) -> datetime:
	"""A naive date of the site with its zone's offset.

	A clock time that does not exist (clocks go forward) is moved on by the gap; one that exists twice (clocks
	go back) means the first.
	"""
	zone = ZoneInfo(get_system_timezone())
	return moment.replace(tzinfo=zone, fold=0).astimezone(ZoneInfo("UTC")).astimezone(zone)


def describe_target(target: Target) -> str:
	"""The target in words, for example "2 working days"."""
	one, many = {
		WORKING_HOURS: (_("{0} working hour"), _("{0} working hours")),
		CALENDAR_DAYS: (_("{0} day"), _("{0} days")),
	}.get(target.unit, (_("{0} working day"), _("{0} working days")))
	return (one if target.amount == 1 else many).format(target.amount)


def describe_agreement(agreement: Agreement) -> str:
	"""Title of the agreement in Helpdesk's list."""
	answer = _("Answer in {0}").format(describe_target(agreement.response))
	if not agreement.resolution:
		return answer
	return _("{0}, done in {1}").format(answer, describe_target(agreement.resolution))


def _problem_sentences() -> dict[str, str]:
	return {
		"unknown unit": _(
			"Choose whether the time is counted in working hours, working days or calendar days."
		),
		"amount out of range": _(
			"A promise is at least 1 and at most 2,000 working hours or 730 days. Set “Done within” to 0 to promise no end."
		),
		"no opening hours": _("The department has no opening hours, so no working time can be counted."),
		"closes before it opens": _("One of the department’s opening hours ends before it begins."),
		"weekday twice": _("The department’s opening hours name a weekday twice."),
		"end before answer": _(
			"“Done within” is sooner than “Answer within”. The answer cannot come after the end."
		),
	}


def _seconds(value: object) -> int:
	return int(to_timedelta(value).total_seconds()) if isinstance(value, str) else int(value.total_seconds())
