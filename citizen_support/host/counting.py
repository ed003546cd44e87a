"""Helpdesk's counting of time, for very many dates.

`HDServiceLevelAgreement.calc_time` and `calc_elapsed_time` read the list of holidays with each call, with all its days, and
walk from day to day. A `Counter` reads the list once, holds Helpdesk's own document in memory, and asks it once for what
is alike; what counts is still Helpdesk.
"""

from datetime import date, datetime, time, timedelta

from frappe.utils import get_datetime, getdate

from citizen_support.host.agreements import make_clock_document
from citizen_support.promise.rules import END_OF_DAY, WEEKDAYS, Clock

DAY = timedelta(days=1)
NOON, LAST_SECOND = time(12), time(23, 59, 59)
STEP_MINUTES = 30
# No department is closed for longer; a clock that never runs would be looked through for ever.
MOST_CLOSED_DAYS = 4000


class Counter:
	"""One clock: which dates so many seconds lead to, and how many seconds lie between two dates.

	Helpdesk is asked once for moments that lie together: on a clock that runs the whole day once a day, on any other once
	for each half hour in which it runs. By as much as a moment is later than the one that was asked for, its date is later.
	"""

	def __init__(self, clock: Clock) -> None:
		self._agreement = make_clock_document(clock)
		self._holidays = frozenset(map(getdate, self._agreement.get_holidays()))
		# On this one document in memory only; the class stays as Helpdesk has it.
		self._agreement.get_holidays = lambda: self._holidays
		self._windows = {window.weekday: window for window in clock.windows}
		self._runs_all_day = all((w.start, w.end) == (0, END_OF_DAY) for w in clock.windows)
		self._known: dict[tuple[datetime, int], datetime] = {}
		self._starts: dict[date, datetime] = {}
		self._totals: dict[date, int] = {}
		self._until: dict[datetime, int] = {}

	def find_date(self, start: datetime, seconds: int) -> datetime:
		"""Where so many seconds on this clock lead to (site's time zone, naive), from the beginning of the minute."""
		start = start.replace(second=0, microsecond=0)
		if self._runs_all_day and seconds % END_OF_DAY == 0 and start.time() != time.min:
			due = self._ask(datetime.combine(start.date(), NOON), seconds)
			# Counted from noon it ends at noon, unless the day does not count: then it is the same for its every hour.
			return datetime.combine(due.date(), start.time()) if due.time() == NOON else due
		return self.move_on(start, seconds)

	def move_on(self, moment: datetime, seconds: int) -> datetime:
		"""Where so many seconds more lead to from a moment, which may be one that was counted before."""
		begin = self._find_start(moment)
		opening = self._find_start(datetime.combine(begin.date(), time.min))
		asked = max(floor(begin), opening)
		return self._add(self._ask(asked, seconds), begin - asked)

	def measure(self, start: datetime, end: datetime) -> int:
		"""Seconds on this clock between two moments; negative if the second is the earlier one."""
		self._begin_before(min(start, end).date())
		return self._count_until(end) - self._count_until(start)

	def _ask(self, start: datetime, seconds: int) -> datetime:
		key = (start, seconds)
		if key not in self._known:
			self._agreement.priorities[0].response_time = seconds
			self._known[key] = get_datetime(self._agreement.calc_time(start, "any", "response_time"))
		return self._known[key]

	def _add(self, moment: datetime, rest: timedelta) -> datetime:
		"""A moment on the clock, moved on by less than half an hour of it."""
		while rest:
			window = self._find_window(moment.date())
			end = datetime.combine(moment.date(), time.min) + timedelta(seconds=window.end if window else 0)
			if rest <= end - moment:
				return moment + rest
			rest -= max(end - moment, timedelta())
			moment = self._find_next(moment.date())
		return moment

	def _find_start(self, moment: datetime) -> datetime:
		"""From when it counts: the moment itself, or when the clock runs next."""
		window = self._find_window(moment.date())
		seconds = (moment - datetime.combine(moment.date(), time.min)).total_seconds()
		if window and seconds < window.end:
			return max(moment, datetime.combine(moment.date(), time.min) + timedelta(seconds=window.start))
		return self._find_next(moment.date())

	def _find_next(self, day: date) -> datetime:
		"""When the clock runs for the first time after a day."""
		if day not in self._starts:
			window, following = None, day
			for _number in range(MOST_CLOSED_DAYS):
				following += DAY
				window = self._find_window(following)
				if window:
					break
			begins = timedelta(seconds=window.start if window else 0)
			self._starts[day] = datetime.combine(following, time.min) + begins
		return self._starts[day]

	def _find_window(self, day: date) -> object | None:
		return None if day in self._holidays else self._windows.get(WEEKDAYS[day.weekday()])

	def _count_until(self, moment: datetime) -> int:
		"""Seconds on the clock from a day long ago to a moment."""
		if moment not in self._until:
			begin = datetime.combine(moment.date(), time.min)
			today = int(self._agreement.calc_elapsed_time(begin, moment))
			self._until[moment] = self._count_until_day(moment.date()) + today
		return self._until[moment]

	def _begin_before(self, day: date) -> None:
		"""Totals are counted from a day before all that are asked for."""
		if not self._totals or day < next(iter(self._totals)):
			self._totals, self._until = {day - 400 * DAY: 0}, {}

	def _count_until_day(self, day: date) -> int:
		last = next(reversed(self._totals))
		while last < day:
			begin = datetime.combine(last, time.min)
			whole = self._agreement.calc_elapsed_time(begin, datetime.combine(last, LAST_SECOND))
			self._totals[last + DAY] = self._totals[last] + int(whole)
			last += DAY
		return self._totals[day]


def floor(moment: datetime) -> datetime:
	"""The beginning of the half hour a moment lies in."""
	return moment.replace(minute=moment.minute // STEP_MINUTES * STEP_MINUTES, second=0, microsecond=0)
