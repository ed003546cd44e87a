"""What routing may look at, of one request: read only as far as the service's rules ask for it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import frappe
from frappe.utils import getdate

from citizen_support import promise, residents
from citizen_support.catalogue.rules import PLACE
from citizen_support.routing.areas import find_named_areas
from citizen_support.routing.geometry import Position
from citizen_support.routing.rules import KIND, SERVICE_AREA, TIME, Facts
from citizen_support.routing.times import BY_OPENING_HOURS, is_open

if TYPE_CHECKING:
	from citizen_support.intake.rules import Answer


def make_facts(
	service: Mapping,
	answers: Sequence["Answer"],
	channel: str,
	received_at: datetime,
	email: str | None = None,
	kinds: frozenset[str] | None = None,
) -> Facts:
	"""The facts of a request for `service`.

	Areas, opening hours and the resident are looked up only if a rule looks at them, so that a service without such
	rules costs nothing for them.

	:param received_at: of the site's time zone, naive.
	:param email: the resident's address in its one form, if it was given.
	:param kinds: what is known of the resident, where the caller has looked it up already.
	"""
	rules = service["rules"]
	places = [value for answer in answers if answer.type == PLACE for value in answer.values]
	position = find_position(answers)
	codes = [row["service_area"] for row in rules if row["match_on"] == SERVICE_AREA and row["service_area"]]
	asks_hours = any(row["match_on"] == TIME and row["time_when"] in BY_OPENING_HOURS for row in rules)
	if kinds is None:
		asks_kind = any(row["match_on"] == KIND for row in rules)
		kinds = residents.find_kinds(email, received_at) if asks_kind else frozenset()
	return Facts(
		answers={answer.key: answer.values for answer in answers},
		places=places,
		channel=channel,
		position=position,
		areas=find_named_areas(codes, position, places) if codes else frozenset(),
		received_at=received_at,
		is_open=find_open(service["department"], received_at) if asks_hours else None,
		citizen_kinds=kinds,
	)


def find_position(answers: Sequence["Answer"]) -> Position | None:
	"""Latitude and longitude of the first place that came with them."""
	return next(
		(
			(answer.latitude, answer.longitude)
			for answer in answers
			if answer.type == PLACE and answer.latitude is not None and answer.longitude is not None
		),
		None,
	)


def find_open(department: str | None, moment: datetime) -> bool | None:
	"""Whether the department was open at that moment; None if there is no such department."""
	if not department:
		return None
	try:
		calendar = promise.get_calendar(department)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return None
	return is_open(calendar.hours, _get_holidays(calendar.holiday_list), moment)


def _get_holidays(name: str | None) -> frozenset[date]:
	if not name:
		return frozenset()
	try:
		holidays = frappe.get_cached_doc("HD Service Holiday List", name).holidays
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return frozenset()
	return frozenset(getdate(row.holiday_date) for row in holidays)
