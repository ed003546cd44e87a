"""Targets as people say them become clocks that Helpdesk can run."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.promise.rules import (
	CALENDAR_DAYS,
	END_OF_DAY,
	MOST_DAYS,
	MOST_HOURS,
	WEEKDAYS,
	WORKING_DAYS,
	WORKING_HOURS,
	Calendar,
	Clock,
	Target,
	Window,
	count_seconds,
	find_problem,
	is_sooner,
	make_agreement,
	make_clock,
	sort_windows,
)

HOUR = 3600
OFFICE = Calendar(tuple(Window(day, 8 * HOUR, 17 * HOUR) for day in WEEKDAYS[:5]), "City holidays")
TWO_DAYS = Target(2, WORKING_DAYS)


def test_working_hours_run_in_the_opening_hours_and_skip_holidays() -> None:
	clock = make_clock(WORKING_HOURS, OFFICE)

	assert clock == Clock(OFFICE.hours, "City holidays")


def test_working_days_run_all_day_on_the_days_it_is_open() -> None:
	clock = make_clock(WORKING_DAYS, OFFICE)

	assert clock.windows == tuple(Window(day, 0, END_OF_DAY) for day in WEEKDAYS[:5])
	assert clock.holiday_list == "City holidays"


def test_calendar_days_run_all_day_every_day_and_know_no_holidays() -> None:
	clock = make_clock(CALENDAR_DAYS, OFFICE)

	assert [window.weekday for window in clock.windows] == list(WEEKDAYS)
	assert clock.holiday_list is None


@pytest.mark.parametrize(
	("target", "seconds"),
	[
		(Target(3, WORKING_HOURS), 3 * HOUR),
		(Target(3, WORKING_DAYS), 3 * END_OF_DAY),
		(Target(3, CALENDAR_DAYS), 3 * END_OF_DAY),
	],
)
def test_a_target_has_its_seconds_on_its_own_clock(target: Target, seconds: int) -> None:
	assert count_seconds(target) == seconds


def test_equal_combinations_have_one_key_whatever_the_order_of_the_week() -> None:
	shuffled = Calendar(sort_windows(reversed(OFFICE.hours)), OFFICE.holiday_list)

	assert make_agreement(TWO_DAYS, None, shuffled).key == make_agreement(TWO_DAYS, None, OFFICE).key


@pytest.mark.parametrize(
	("response", "resolution", "calendar"),
	[
		(Target(3, WORKING_DAYS), None, OFFICE),
		(Target(2, CALENDAR_DAYS), None, OFFICE),
		(TWO_DAYS, Target(9, WORKING_DAYS), OFFICE),
		(TWO_DAYS, None, replace(OFFICE, holiday_list="Other holidays")),
		(TWO_DAYS, None, replace(OFFICE, hours=OFFICE.hours[:4])),
	],
)
def test_another_combination_has_another_key(
	response: Target, resolution: Target | None, calendar: Calendar
) -> None:
	key = make_agreement(response, resolution, calendar).key

	assert key != make_agreement(TWO_DAYS, None, OFFICE).key


def test_days_are_counted_alike_however_long_the_single_days_are_open() -> None:
	longer = replace(OFFICE, hours=tuple(replace(window, end=20 * HOUR) for window in OFFICE.hours))

	assert make_agreement(TWO_DAYS, None, longer).key == make_agreement(TWO_DAYS, None, OFFICE).key


def test_an_answer_in_hours_and_an_end_in_days_need_two_clocks() -> None:
	agreement = make_agreement(Target(4, WORKING_HOURS), Target(10, WORKING_DAYS), OFFICE)

	assert agreement.has_two_clocks


def test_one_unit_for_both_needs_one_clock() -> None:
	assert not make_agreement(TWO_DAYS, Target(10, WORKING_DAYS), OFFICE).has_two_clocks


def test_without_a_promised_end_there_are_no_seconds_for_it() -> None:
	agreement = make_agreement(TWO_DAYS, None, OFFICE)

	assert agreement.resolution_seconds is None
	assert not agreement.has_two_clocks


@pytest.mark.parametrize(
	("response", "resolution", "calendar", "problem"),
	[
		(Target(1, "Fortnights"), None, OFFICE, "unknown unit"),
		(Target(0, WORKING_DAYS), None, OFFICE, "amount out of range"),
		(Target(-1, WORKING_HOURS), None, OFFICE, "amount out of range"),
		(Target(MOST_DAYS + 1, CALENDAR_DAYS), None, OFFICE, "amount out of range"),
		(Target(MOST_HOURS + 1, WORKING_HOURS), None, OFFICE, "amount out of range"),
		(TWO_DAYS, Target(0, WORKING_DAYS), OFFICE, "amount out of range"),
		(TWO_DAYS, None, Calendar((), None), "no opening hours"),
		(TWO_DAYS, None, Calendar((Window("Monday", 61, 60),), None), "closes before it opens"),
		(TWO_DAYS, None, Calendar((Window("Monday", 60, 60),), None), "closes before it opens"),
		(TWO_DAYS, None, Calendar((Window("Monday", 0, 1), Window("Monday", 2, 3)), None), "weekday twice"),
		(TWO_DAYS, Target(1, WORKING_DAYS), OFFICE, "end before answer"),
		(TWO_DAYS, TWO_DAYS, OFFICE, None),
		(Target(MOST_DAYS, CALENDAR_DAYS), None, OFFICE, None),
	],
)
def test_what_makes_a_promise_impossible_has_a_name(
	response: Target, resolution: Target | None, calendar: Calendar, problem: str | None
) -> None:
	assert find_problem(response, resolution, calendar) == problem


def test_an_impossible_promise_makes_no_agreement() -> None:
	with pytest.raises(ValueError, match="no opening hours"):
		make_agreement(TWO_DAYS, None, Calendar((), None))


@pytest.mark.parametrize(
	("first", "second"),
	[
		(Target(8, WORKING_HOURS), TWO_DAYS),
		(Target(2, CALENDAR_DAYS), TWO_DAYS),
		(Target(5, WORKING_DAYS), Target(8, CALENDAR_DAYS)),
		(Target(44, WORKING_HOURS), Target(5, WORKING_DAYS)),
	],
)
def test_targets_in_different_units_are_compared_by_an_ordinary_week(first: Target, second: Target) -> None:
	assert is_sooner(first, second, OFFICE)
	assert not is_sooner(second, first, OFFICE)


@given(
	amount=st.integers(1, MOST_DAYS),
	unit=st.sampled_from([WORKING_DAYS, CALENDAR_DAYS]),
	days=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
)
def test_nothing_is_sooner_than_itself(amount: int, unit: str, days: set[str]) -> None:
	calendar = Calendar(sort_windows(Window(day, 0, HOUR) for day in days), None)

	assert not is_sooner(Target(amount, unit), Target(amount, unit), calendar)
