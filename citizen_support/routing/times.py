"""Opening hours, days and times of day. Pure: moments are naive and of the site's time zone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from citizen_support.promise.rules import END_OF_DAY, WEEKDAYS, Window

OUTSIDE, WITHIN, AT_TIMES = "Outside opening hours", "Within opening hours", "At these times"
BY_OPENING_HOURS = frozenset({OUTSIDE, WITHIN})
EVERY_DAY = "Every day"
DAYS = {
	EVERY_DAY: frozenset(range(7)),
	"Monday to Friday": frozenset(range(5)),
	"Saturday and Sunday": frozenset({5, 6}),
	**{weekday: frozenset({number}) for number, weekday in enumerate(WEEKDAYS)},
}
SECONDS_A_DAY = 86400


@dataclass(frozen=True)
class Span:
	"""When a rule by time applies.

	:ivar when: by opening hours, or at days and times.
	:ivar start: seconds after midnight; None from the day's beginning.
	:ivar end: seconds after midnight; None to the day's end. Before `start` it is the next morning's.
	"""

	when: str
	days: str = EVERY_DAY
	start: int | None = None
	end: int | None = None

	@property
	def is_over_midnight(self) -> bool:
		return self.start is not None and self.end is not None and self.end < self.start

	@property
	def is_always(self) -> bool:
		"""Whether there is no time at which it does not apply."""
		return self.when == AT_TIMES and self.days == EVERY_DAY and _lasts_all_day(self)


def is_open(hours: Iterable[Window], holidays: Collection[date], moment: datetime) -> bool:
	"""Whether a department with these opening hours is open; on a holiday it is not."""
	if moment.date() in holidays:
		return False
	weekday, seconds = WEEKDAYS[moment.weekday()], _count_seconds(moment)
	return any(
		window.weekday == weekday
		and window.start <= seconds
		# The host's windows end at 23:59:59 at the latest, and mean midnight.
		and (seconds < window.end or window.end >= END_OF_DAY)
		for window in hours
	)


def is_within(span: Span, moment: datetime) -> bool:
	"""Whether the moment is on the span's days and between its times; a night belongs to the day it begins on."""
	days = DAYS.get(span.days or EVERY_DAY, frozenset())
	seconds, start = _count_seconds(moment), span.start or 0
	end = SECONDS_A_DAY if span.end is None else span.end
	if _lasts_all_day(span):
		return moment.weekday() in days
	if start < end:
		return moment.weekday() in days and start <= seconds < end
	yesterday = (moment - timedelta(days=1)).weekday() if moment.date() > date.min else 6
	return (moment.weekday() in days and seconds >= start) or (yesterday in days and seconds < end)


def read_seconds(value: object) -> int | None:
	"""A time of day as the database, a form or a file gives it, in seconds after midnight; None if it is none."""
	if isinstance(value, timedelta):
		return int(value.total_seconds()) % SECONDS_A_DAY
	if isinstance(value, time):
		return value.hour * 3600 + value.minute * 60 + value.second
	parts = str(value or "").strip().split(".")[0].split(":")
	if not 2 <= len(parts) <= 3 or not all(
		part.isascii() and part.isdigit() and len(part) <= 2 for part in parts
	):
		return None
	hours, minutes, seconds = (int(part) for part in (*parts, "0")[:3])
	return hours * 3600 + minutes * 60 + seconds if hours < 24 and minutes < 60 and seconds < 60 else None


def write_seconds(seconds: int) -> str:
	"""A time of day as people write it, for example 22:00."""
	return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def _lasts_all_day(span: Span) -> bool:
	return (span.start or 0) == (span.end if span.end is not None else SECONDS_A_DAY) % SECONDS_A_DAY


def _count_seconds(moment: datetime) -> int:
	return moment.hour * 3600 + moment.minute * 60 + moment.second
