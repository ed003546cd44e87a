"""What a promise means, in plain data: targets as people say them become clocks that Helpdesk can run.

A Helpdesk agreement counts seconds inside one window a weekday, skipping the days of a holiday list
(`HD Service Level Agreement.calc_time`). Three ways of saying "within N …" are put into that form here:

* working hours: the department's opening hours;
* working days: the whole of each opening day, so that N days end at the same clock time N opening days later,
  however long the single days are open;
* calendar days: the whole of every day, holidays included.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORKING_HOURS = "Working hours"
WORKING_DAYS = "Working days"
CALENDAR_DAYS = "Calendar days"
UNITS = (WORKING_HOURS, WORKING_DAYS, CALENDAR_DAYS)
# What a service or a rule promises, by fieldname.
TARGET_FIELDS = ("response_target", "response_unit", "resolution_target", "resolution_unit")

SECONDS_AN_HOUR = 3600
# The host's windows end at 23:59:59 at the latest (a Time field), so a whole day has 86,399 seconds, and
# that many seconds lead to the same clock time on the next counted day.
END_OF_DAY = 86399
MOST_HOURS = 2000
MOST_DAYS = 730


@dataclass(frozen=True)
class Window:
	"""When the clock runs on one weekday; start and end in seconds after midnight."""

	weekday: str
	start: int
	end: int


@dataclass(frozen=True)
class Target:
	"""A promise as people say it: within `amount` of `unit`."""

	amount: int
	unit: str

	@property
	def is_in_days(self) -> bool:
		return self.unit != WORKING_HOURS


@dataclass(frozen=True)
class Calendar:
	"""When a department works: its opening hours and the name of the holiday list that applies."""

	hours: tuple[Window, ...]
	holiday_list: str | None


@dataclass(frozen=True)
class Clock:
	"""How time is counted: windows, and the holiday list whose days do not count (None: every day counts)."""

	windows: tuple[Window, ...]
	holiday_list: str | None


@dataclass(frozen=True)
class Agreement:
	"""What Helpdesk has to be told: one or two clocks with their seconds.

	`resolution_seconds` is None where no date for the end is promised.
	"""

	response: Target
	resolution: Target | None
	response_clock: Clock
	resolution_clock: Clock
	response_seconds: int
	resolution_seconds: int | None

	@property
	def key(self) -> str:
		"""Names this combination of calendar and targets; equal combinations share one agreement."""
		return _digest(
			[
				_clock_data(self.response_clock),
				self.response_seconds,
				_clock_data(self.resolution_clock),
				self.resolution_seconds,
			]
		)

	@property
	def has_two_clocks(self) -> bool:
		"""Whether answer and end are counted differently (an answer in hours, an end in days)."""
		return self.response_clock != self.resolution_clock


def make_agreement(response: Target, resolution: Target | None, calendar: Calendar) -> Agreement:
	"""Put the targets of a service and the calendar of its department into one agreement.

	:raises ValueError: if `find_problem` finds something wrong with the targets or the hours.
	"""
	if problem := find_problem(response, resolution, calendar):
		raise ValueError(problem)
	response_clock = make_clock(response.unit, calendar)
	return Agreement(
		response=response,
		resolution=resolution,
		response_clock=response_clock,
		resolution_clock=make_clock(resolution.unit, calendar) if resolution else response_clock,
		response_seconds=count_seconds(response),
		resolution_seconds=count_seconds(resolution) if resolution else None,
	)


def make_clock(unit: str, calendar: Calendar) -> Clock:
	"""The clock that counts `unit` in `calendar`."""
	if unit == WORKING_HOURS:
		return Clock(calendar.hours, calendar.holiday_list)
	if unit == WORKING_DAYS:
		open_days = [window.weekday for window in calendar.hours]
		return Clock(_whole_days(open_days), calendar.holiday_list)
	return Clock(_whole_days(WEEKDAYS), None)


def count_seconds(target: Target) -> int:
	"""Seconds on the target's own clock."""
	return target.amount * (END_OF_DAY if target.is_in_days else SECONDS_AN_HOUR)


def find_problem(response: Target, resolution: Target | None, calendar: Calendar) -> str | None:
	"""A short name of what makes the promise impossible, or None if it can be kept."""
	for target in filter(None, (response, resolution)):
		if target.unit not in UNITS:
			return "unknown unit"
		if not 1 <= target.amount <= (MOST_DAYS if target.is_in_days else MOST_HOURS):
			return "amount out of range"
	if not calendar.hours:
		return "no opening hours"
	if any(window.start >= window.end for window in calendar.hours):
		return "closes before it opens"
	if len({window.weekday for window in calendar.hours}) != len(calendar.hours):
		return "weekday twice"
	if resolution and is_sooner(resolution, response, calendar):
		return "end before answer"
	return None


def is_sooner(first: Target, second: Target, calendar: Calendar) -> bool:
	"""Whether `first` is due before `second`, judged by how long both take in an ordinary week."""
	return _ordinary_days(first, calendar) < _ordinary_days(second, calendar)


def _ordinary_days(target: Target, calendar: Calendar) -> float:
	"""About how many days of an ordinary week the target spans."""
	days_a_week = len(calendar.hours)
	if target.unit == CALENDAR_DAYS:
		return target.amount
	if target.unit == WORKING_DAYS:
		return target.amount * 7 / days_a_week
	hours_a_week = sum(window.end - window.start for window in calendar.hours) / SECONDS_AN_HOUR
	return target.amount * 7 / hours_a_week


def sort_windows(windows: Iterable[Window]) -> tuple[Window, ...]:
	"""The windows in the order of the week, so that equal hours give equal keys."""
	return tuple(sorted(windows, key=lambda window: WEEKDAYS.index(window.weekday)))


def _whole_days(weekdays: Iterable[str]) -> tuple[Window, ...]:
	return sort_windows(Window(weekday, 0, END_OF_DAY) for weekday in weekdays)


def _clock_data(clock: Clock) -> list:
	return [[[w.weekday, w.start, w.end] for w in clock.windows], clock.holiday_list]


def _digest(data: list) -> str:
	return hashlib.sha256(json.dumps(data).encode()).hexdigest()[:12]


def pack_targets(service: Mapping) -> str:
	"""The targets of a promise as a line of text, to be kept with the request they were promised to."""
	return json.dumps({field: service.get(field) for field in TARGET_FIELDS})


def unpack_targets(text: str | None) -> dict:
	"""Targets kept by `pack_targets`; empty if none were."""
	return json.loads(text) if text else {}
