"""An own count of opening minutes, to hold Helpdesk's dates against; it shares no code with either.

A calendar is laid out minute by minute over several years, and minutes are counted, never computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2031, 12, 31)
MINUTES_A_DAY = 24 * 60
END_OF_DAY = time(23, 59, 59)


@dataclass
class OwnCalendar:
	"""Opening minutes of each weekday (Monday is 0) and the days that are off."""

	hours: dict[int, tuple[int, int]]
	holidays: set[date] = field(default_factory=set)
	minutes: bytearray = field(default_factory=bytearray)

	def __post_init__(self) -> None:
		for day in each_day(FIRST_DAY):
			whole_day = bytearray(MINUTES_A_DAY)
			if self.is_open_on(day):
				opens, closes = self.hours[day.weekday()]
				whole_day[opens:closes] = b"\1" * (closes - opens)
			self.minutes += whole_day

	def is_open_on(self, day: date) -> bool:
		return day.weekday() in self.hours and day not in self.holidays

	def count_seconds(self, start: datetime, end: datetime) -> int:
		"""Opening seconds from start until end."""
		first, last = find_minute(start), find_minute(end)
		if first == last:
			return self.minutes[first] * (end.second - start.second)
		whole = sum(self.minutes[first + 1 : last]) * 60
		return whole + self.minutes[first] * (60 - start.second) + self.minutes[last] * end.second

	def find_nth_open_day(self, after: date, number: int) -> date:
		"""The nth opening day after a day."""
		for day in each_day(after + timedelta(days=1)):
			number -= self.is_open_on(day)
			if not number:
				return day
		raise AssertionError("the calendar is too short")

	def find_due_day(self, start: datetime, number: int) -> datetime:
		"""When `number` working days have passed: at the same clock time so many opening days later.

		What comes in on a day that is off, or in its very first second, counts from the beginning of an opening
		day, so its time is over at the end of one.
		"""
		if self.is_open_on(start.date()) and start.time() != time():
			return datetime.combine(self.find_nth_open_day(start.date(), number), start.time())
		return datetime.combine(self.find_nth_open_day(start.date() - timedelta(days=1), number), END_OF_DAY)


def each_day(first: date) -> Iterator[date]:
	for number in range((LAST_DAY - first).days + 1):
		yield first + timedelta(days=number)


def find_minute(moment: datetime) -> int:
	"""How many minutes the moment is after the first one of the calendar."""
	return int((moment - datetime.combine(FIRST_DAY, time())).total_seconds() // 60)
