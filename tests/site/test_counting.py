"""Counting very many dates gives what Helpdesk's own counting gives, one by one."""

import random
from datetime import date, datetime, timedelta

import pytest

from citizen_support import promise
from citizen_support.host.agreements import compute_dates, make_clock_document
from citizen_support.host.counting import Counter
from citizen_support.promise.rules import (
	CALENDAR_DAYS,
	WORKING_DAYS,
	WORKING_HOURS,
	Calendar,
	Clock,
	Target,
	Window,
	make_agreement,
	make_clock,
)
from tests.site import factories as make

HOUR = 3600
HOURS = (
	Window("Monday", 8 * HOUR, 17 * HOUR),
	Window("Tuesday", 8 * HOUR + 900, 12 * HOUR),
	Window("Thursday", 0, 86399),
	Window("Saturday", 22 * HOUR, 23 * HOUR),
)
HOLIDAYS = (date(2026, 10, 5), date(2026, 10, 6), date(2026, 12, 24))
CHANCE = random.Random(11)
MOMENTS = [
	datetime(2026, 9, 28) + timedelta(minutes=CHANCE.randrange(60 * 24 * 90), seconds=CHANCE.randrange(60))
	for _number in range(60)
] + [
	datetime(2026, 10, 8),
	datetime(2026, 10, 8, 23, 59),
	datetime(2026, 10, 5, 12),
	datetime(2026, 10, 12, 17),
	datetime(2026, 10, 12, 8),
	datetime(2026, 10, 13, 8, 15),
]


@pytest.fixture
def calendar() -> Calendar:
	return Calendar(HOURS, make.make_holiday_list(*HOLIDAYS))


def count_one_by_one(target: Target, calendar: Calendar, at: datetime) -> datetime:
	"""As a single promise is counted."""
	return compute_dates(make_agreement(target, None, calendar), promise.start_clock(at))[0]


@pytest.mark.parametrize(
	"target", [Target(1, WORKING_DAYS), Target(7, WORKING_DAYS), Target(30, CALENDAR_DAYS)]
)
def test_days_are_exact_to_the_minute(calendar: Calendar, target: Target) -> None:
	counter = Counter(make_clock(target.unit, calendar))

	found = {at: counter.find_date(at, target.amount * 86399) for at in MOMENTS}

	assert found == {at: count_one_by_one(target, calendar, at) for at in MOMENTS}


@pytest.mark.parametrize("target", [Target(1, WORKING_HOURS), Target(40, WORKING_HOURS)])
def test_hours_are_exact_to_the_minute(calendar: Calendar, target: Target) -> None:
	counter = Counter(make_clock(target.unit, calendar))

	found = {at: counter.find_date(at, target.amount * HOUR) for at in MOMENTS}

	assert found == {at: count_one_by_one(target, calendar, at) for at in MOMENTS}


@pytest.mark.parametrize("unit", [WORKING_HOURS, WORKING_DAYS, CALENDAR_DAYS])
@pytest.mark.parametrize("hold_seconds", [1800, 9 * HOUR, 86399, 5 * 86400])
def test_an_end_is_moved_on_by_a_wait_as_helpdesk_moves_it(
	calendar: Calendar, unit: str, hold_seconds: int
) -> None:
	clock = make_clock(unit, calendar)
	counter, seconds = Counter(clock), 2 * (HOUR if unit == WORKING_HOURS else 86399)

	found = {at: counter.move_on(counter.find_date(at, seconds), hold_seconds) for at in MOMENTS}

	assert found == {at: count_plainly(clock, at, seconds + hold_seconds) for at in MOMENTS}


def count_plainly(clock: Clock, at: datetime, seconds: int) -> datetime:
	document = make_clock_document(clock, seconds)
	return document.calc_time(promise.start_clock(at), "any", "response_time")


def test_time_between_two_moments_is_helpdesks(calendar: Calendar) -> None:
	counter = Counter(make_clock(WORKING_HOURS, calendar))
	pairs = list(zip(MOMENTS, reversed(MOMENTS), strict=True))

	found = [counter.measure(start, end) for start, end in pairs]

	plain = counter._agreement.calc_elapsed_time
	assert found == [
		int(plain(start, end)) if start <= end else -int(plain(end, start)) for start, end in pairs
	]


def test_a_clock_that_is_asked_about_earlier_days_later_on_still_counts(calendar: Calendar) -> None:
	counter = Counter(make_clock(WORKING_HOURS, calendar))
	late = counter.measure(datetime(2026, 10, 12), datetime(2026, 10, 19))

	early = counter.measure(datetime(2020, 1, 6), datetime(2020, 1, 13))

	assert counter.measure(datetime(2026, 10, 12), datetime(2026, 10, 19)) == late
	assert early > 0


def test_helpdesk_is_asked_once_a_day_for_days_and_once_a_half_hour_for_hours(calendar: Calendar) -> None:
	days, hours = (Counter(make_clock(unit, calendar)) for unit in (WORKING_DAYS, WORKING_HOURS))
	monday = [datetime(2026, 10, 12, 0, 1) + timedelta(minutes=minute) for minute in range(1439)]

	for moment in monday:
		days.find_date(moment, 86399)
		hours.find_date(moment, HOUR)

	assert len(days._known) == 1
	# 8:00 to 16:30 by the half hour, and all that comes after counts from Tuesday's opening.
	assert len(hours._known) == 18 + 1


@pytest.mark.parametrize("unit", [WORKING_DAYS, WORKING_HOURS])
def test_a_service_is_promised_what_a_single_request_is(unit: str) -> None:
	service = {
		"response_target": 2,
		"response_unit": unit,
		"resolution_target": 14,
		"resolution_unit": CALENDAR_DAYS,
	}
	counter = promise.PromiseCounter(service, "streets")

	for moment in MOMENTS:
		promised = promise.make_promise(service, "streets", moment)
		assert (counter.find_answer(moment), counter.find_end(moment)) == (
			promised.response_by,
			promised.resolution_by,
		)
