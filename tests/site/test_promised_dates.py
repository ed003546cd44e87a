"""Helpdesk's dates are those a patient person with a calendar would count, minute by minute."""

import random
from datetime import date, datetime, timedelta

import pytest

import frappe

from citizen_support.host.agreements import compute_dates
from citizen_support.promise import attach_zone
from citizen_support.promise.rules import (
	CALENDAR_DAYS,
	WEEKDAYS,
	WORKING_DAYS,
	WORKING_HOURS,
	Calendar,
	Target,
	Window,
	make_agreement,
)
from tests.site.calendars import OwnCalendar
from tests.site.factories import make_holiday_list

CASES_A_CALENDAR = 130
CALENDARS = 8
EVERY_DAY = OwnCalendar(dict.fromkeys(range(7), (0, 24 * 60)))
# Leap days, year ends, changes to and from summer time in Europe and in America.
SPECIAL_DAYS = [
	date(2028, 2, 28),
	date(2028, 2, 29),
	date(2028, 3, 1),
	date(2026, 12, 31),
	date(2027, 1, 1),
	date(2027, 12, 31),
	date(2026, 3, 8),
	date(2026, 3, 29),
	date(2026, 10, 25),
	date(2026, 11, 1),
]


def make_calendars(seed: int) -> tuple[Calendar, OwnCalendar]:
	"""The same random hours and holidays for Helpdesk and for our own count."""
	dice = random.Random(seed)
	weekdays = sorted(dice.sample(range(7), dice.randint(1, 7)))
	opens = {day: dice.randrange(0, 15 * 60, 15) for day in weekdays}
	hours = {day: (minute, dice.randrange(minute + 30, 24 * 60, 15)) for day, minute in opens.items()}
	holidays = {date(2026, 1, 1) + timedelta(days=dice.randrange(3 * 365)) for _day in range(40)}
	holidays |= set(dice.sample(SPECIAL_DAYS, 4))
	windows = [Window(WEEKDAYS[day], start * 60, end * 60) for day, (start, end) in hours.items()]
	return Calendar(tuple(windows), make_holiday_list(*sorted(holidays))), OwnCalendar(hours, holidays)


def make_start(dice: random.Random, own: OwnCalendar) -> datetime:
	"""Any moment; often on a special day, just when it opens or closes, or at midnight."""
	day = (
		dice.choice(SPECIAL_DAYS)
		if dice.random() < 0.4
		else date(2026, 1, 1) + timedelta(dice.randrange(800))
	)
	midnight = datetime(day.year, day.month, day.day)
	edges = [0, *own.hours.get(day.weekday(), ())]
	if dice.random() < 0.4:
		return midnight + timedelta(minutes=dice.choice(edges), seconds=dice.choice([-1, 0, 0, 1]))
	return midnight + timedelta(seconds=dice.randrange(86_400))


def is_due(target: Target, start: datetime, due: datetime, own: OwnCalendar) -> bool:
	"""Whether `due` is when the target is over, by our own count."""
	if target.unit == WORKING_HOURS:
		seconds = target.amount * 3600
		before = due - timedelta(seconds=1)
		return own.count_seconds(start, due) == seconds and own.count_seconds(start, before) < seconds
	calendar = own if target.unit == WORKING_DAYS else EVERY_DAY
	return due == calendar.find_due_day(start, target.amount)


@pytest.mark.parametrize("seed", range(CALENDARS))
@pytest.mark.parametrize(
	("unit", "most"), [(WORKING_HOURS, 60), (WORKING_DAYS, 20), (CALENDAR_DAYS, 30)], ids=str
)
def test_a_promised_date_is_the_one_counted_minute_by_minute(unit: str, most: int, seed: int) -> None:
	calendar, own = make_calendars(seed)
	dice = random.Random(f"{unit}{seed}")

	wrong = []
	for _case in range(CASES_A_CALENDAR):
		target, start = Target(dice.randint(1, most), unit), make_start(dice, own)
		due, _end = compute_dates(make_agreement(target, None, calendar), start)
		if not is_due(target, start, due, own):
			wrong.append((target, start, due))

	assert wrong == []


def test_our_own_count_would_notice_a_date_that_is_a_minute_off() -> None:
	calendar, own = make_calendars(1)
	target, start = Target(5, WORKING_HOURS), datetime(2026, 5, 5, 10)
	due, _end = compute_dates(make_agreement(target, None, calendar), start)

	assert is_due(target, start, due, own)
	assert not is_due(target, start, due + timedelta(minutes=1), own)
	assert not is_due(target, start, due - timedelta(minutes=1), own)


@pytest.mark.parametrize(
	("start", "amount", "due"),
	[
		("2026-11-23 10:00", 1, "2026-11-24 10:00"),
		("2026-11-25 16:59:59", 1, "2026-11-27 16:59:59"),
		("2026-11-27 23:00", 1, "2026-11-30 23:00"),
		("2026-11-21 12:00", 1, "2026-11-23 23:59:59"),
		("2026-11-26 09:00", 2, "2026-11-30 23:59:59"),
		("2028-02-28 08:00", 1, "2028-02-29 08:00"),
		("2026-12-31 08:00", 1, "2027-01-01 08:00"),
	],
)
def test_working_days_end_at_the_same_clock_time_so_many_opening_days_later(
	start: str, amount: int, due: str
) -> None:
	office = tuple(Window(day, 8 * 3600, 17 * 3600) for day in WEEKDAYS[:5])
	calendar = Calendar(office, make_holiday_list(date(2026, 11, 26)))
	agreement = make_agreement(Target(amount, WORKING_DAYS), None, calendar)

	assert compute_dates(agreement, frappe.utils.get_datetime(start))[0] == frappe.utils.get_datetime(due)


@pytest.mark.parametrize(
	("zone", "naive", "aware"),
	[
		("America/Los_Angeles", "2026-03-08T01:59", "2026-03-08T01:59-08:00"),
		("America/Los_Angeles", "2026-03-08T02:30", "2026-03-08T03:30-07:00"),
		("America/Los_Angeles", "2026-03-08T03:00", "2026-03-08T03:00-07:00"),
		("America/Los_Angeles", "2026-11-01T01:30", "2026-11-01T01:30-07:00"),
		("America/Los_Angeles", "2026-11-01T02:00", "2026-11-01T02:00-08:00"),
		("Europe/Berlin", "2026-03-29T01:59", "2026-03-29T01:59+01:00"),
		("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T03:30+02:00"),
		("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T02:30+02:00"),
		("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T03:00+01:00"),
		("Asia/Kolkata", "2026-06-01T12:00", "2026-06-01T12:00+05:30"),
	],
)
def test_a_date_has_the_offset_its_zone_has_at_that_moment(
	monkeypatch: pytest.MonkeyPatch, zone: str, naive: str, aware: str
) -> None:
	monkeypatch.setattr("citizen_support.promise.service.get_system_timezone", lambda: zone)

	assert attach_zone(datetime.fromisoformat(naive)).isoformat(timespec="minutes") == aware
