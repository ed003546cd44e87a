"""Promises to very many requests at once: counted by Helpdesk, each half hour once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from citizen_support.host.counting import Counter, floor
from citizen_support.promise.rules import SECONDS_AN_HOUR, Calendar, Clock
from citizen_support.promise.service import get_agreement, get_calendar

STEP_SECONDS = 1800


@dataclass(frozen=True)
class WorkingTime:
	"""A length of time in a department's opening hours; negative is backwards."""

	hours: float
	hours_a_day: float

	@property
	def days(self) -> float:
		"""The same in days of that department."""
		return self.hours / self.hours_a_day


class PromiseCounter:
	"""What a service promises when a department answers, for any number of past moments.

	Helpdesk counts each date once (`host.counting.Counter`): once a day for targets in days, once for each half hour of the
	opening hours for targets in hours. So a year of requests costs it some thousand calculations, however many there were.

	:raises ValueError: if the targets cannot be counted with the department's hours.
	"""

	def __init__(self, service: Mapping, department: str) -> None:
		self.agreement = get_agreement(service, department)
		calendar = get_calendar(department)
		self._answers = Counter(self.agreement.response_clock)
		self._ends = (
			Counter(self.agreement.resolution_clock) if self.agreement.has_two_clocks else self._answers
		)
		self._opening_hours = Counter(Clock(calendar.hours, calendar.holiday_list))
		self._hours_a_day = count_hours_a_day(calendar)
		self._measured: dict[tuple[datetime, datetime], WorkingTime] = {}

	def find_answer(self, at: datetime) -> datetime:
		"""When an answer is due to who wrote at `at`."""
		return self._answers.find_date(at, self.agreement.response_seconds)

	def find_end(self, at: datetime) -> datetime | None:
		"""When it is to be done; None if no end is promised."""
		seconds = self.agreement.resolution_seconds
		return None if seconds is None else self._ends.find_date(at, seconds)

	def move_end(self, end: datetime, hold_seconds: int) -> datetime:
		"""A promised end, moved on by how long the request waited for its resident."""
		return self._ends.move_on(end, hold_seconds)

	def measure(self, start: datetime, end: datetime) -> WorkingTime:
		"""How much of the department's opening hours lies between two moments, to the half hour."""
		key = (floor(start), floor(end))
		if key not in self._measured:
			steps = round(self._opening_hours.measure(*key) / STEP_SECONDS)
			self._measured[key] = WorkingTime(steps * STEP_SECONDS / SECONDS_AN_HOUR, self._hours_a_day)
		return self._measured[key]


def count_hours_a_day(calendar: Calendar) -> float:
	"""Opening hours of an ordinary day on which the department is open."""
	seconds = sum(window.end - window.start for window in calendar.hours)
	return seconds / SECONDS_AN_HOUR / len(calendar.hours)
