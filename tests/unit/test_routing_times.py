"""Opening hours, nights and days of a rule by time."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.promise.rules import END_OF_DAY, WEEKDAYS, Window
from citizen_support.routing.times import (
	AT_TIMES,
	DAYS,
	OUTSIDE,
	SECONDS_A_DAY,
	Span,
	is_open,
	is_within,
	read_seconds,
	write_seconds,
)

HOUR = 3600
HOURS = [Window(day, 8 * HOUR, 17 * HOUR) for day in WEEKDAYS[:5]]
MONDAY = datetime(2026, 3, 2)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))
SECONDS = st.none() | st.integers(0, SECONDS_A_DAY - 1)


def at(day: int, clock: str) -> datetime:
	"""A time of day in a week that begins on a Monday (0)."""
	return MONDAY + timedelta(days=day, seconds=read_seconds(clock))


@pytest.mark.parametrize(
	("day", "clock", "expected"),
	[
		(0, "07:59:59", False),
		(0, "08:00", True),
		(0, "16:59:59", True),
		(0, "17:00", False),
		(5, "12:00", False),
	],
)
def test_a_department_is_open_from_its_opening_to_before_its_closing(
	day: int, clock: str, expected: bool
) -> None:
	assert is_open(HOURS, (), at(day, clock)) is expected


def test_on_a_holiday_nothing_is_open() -> None:
	assert is_open(HOURS, {date(2026, 3, 2)}, at(0, "12:00")) is False
	assert is_open(HOURS, {date(2026, 3, 2)}, at(1, "12:00")) is True


def test_open_to_the_last_second_of_a_day_means_to_midnight() -> None:
	all_day = [Window(day, 0, END_OF_DAY) for day in WEEKDAYS]

	assert is_open(all_day, (), at(0, "23:59:59"))


@pytest.mark.parametrize(
	("day", "clock", "expected"),
	[
		(0, "21:59:59", False),
		(0, "22:00", True),
		(1, "05:59:59", True),
		(1, "06:00", False),
		(4, "23:00", True),  # Friday night …
		(5, "03:00", True),  # … goes on into Saturday,
		(5, "23:00", False),  # whose own night does not count,
		(0, "03:00", False),  # nor does Sunday's.
	],
)
def test_a_night_belongs_to_the_day_it_begins_on(day: int, clock: str, expected: bool) -> None:
	night = Span(AT_TIMES, "Monday to Friday", 22 * HOUR, 6 * HOUR)

	assert is_within(night, at(day, clock)) is expected


@pytest.mark.parametrize(
	("start", "end", "clock", "expected"),
	[
		(None, None, "00:00", True),
		(None, 6 * HOUR, "05:00", True),
		(None, 6 * HOUR, "06:00", False),
		(22 * HOUR, None, "23:59:59", True),
		(22 * HOUR, None, "03:00", False),
		(22 * HOUR, 0, "23:00", True),
		(22 * HOUR, 0, "01:00", False),
		(8 * HOUR, 8 * HOUR, "20:00", True),
	],
)
def test_a_time_left_empty_is_the_days_beginning_or_end(
	start: int | None, end: int | None, clock: str, expected: bool
) -> None:
	assert is_within(Span(AT_TIMES, "Monday", start, end), at(0, clock)) is expected


@given(start=SECONDS, end=SECONDS, moment=MOMENTS, days=st.sampled_from(sorted(DAYS)))
def test_a_span_lasts_as_long_as_it_says(
	start: int | None, end: int | None, moment: datetime, days: str
) -> None:
	"""Each day of a span begins one stretch of `end - start`, also over midnight: counted over the minutes of a week."""
	span = Span(AT_TIMES, days, start, end)
	first = moment.replace(hour=0, minute=0, second=0, microsecond=0)
	every = 617  # seconds; no divisor of a day, so that the moments differ from day to day

	hits = sum(
		is_within(span, first + timedelta(seconds=step * every)) for step in range(7 * SECONDS_A_DAY // every)
	)

	length = ((SECONDS_A_DAY if end is None else end) - (start or 0)) % SECONDS_A_DAY or SECONDS_A_DAY
	assert abs(hits * every - length * len(DAYS[days])) <= every * 2 * len(DAYS[days])


@given(moment=MOMENTS)
def test_a_span_without_days_and_times_is_always(moment: datetime) -> None:
	assert Span(AT_TIMES).is_always
	assert is_within(Span(AT_TIMES), moment)
	assert not Span(OUTSIDE).is_always


@pytest.mark.parametrize(
	("value", "seconds"),
	[
		("22:00:00", 22 * HOUR),
		("8:05", 8 * HOUR + 300),
		("00:00:00", 0),
		("09:30:00.000000", 9 * HOUR + 1800),
		(timedelta(0), 0),
		(timedelta(hours=22), 22 * HOUR),
		(time(6, 30), 6 * HOUR + 1800),
		(None, None),
		("", None),
		("noon", None),
		("25:00", None),
		("12:60", None),
		("-1:00", None),
		(0, None),
	],
)
def test_times_are_read_as_database_forms_and_files_write_them(value: object, seconds: int | None) -> None:
	assert read_seconds(value) == seconds


@given(text=st.text(max_size=12))
def test_no_text_makes_reading_a_time_fail(text: str) -> None:
	seconds = read_seconds(text)

	assert seconds is None or read_seconds(write_seconds(seconds)) == seconds - seconds % 60
