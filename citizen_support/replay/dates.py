"""When things would have been promised under the draft: one counter for each department and targets that rules lead to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from citizen_support import promise, routing
from citizen_support.promise.rules import unpack_targets
from citizen_support.replay.rules import Past, Shift, Would, is_same, round_up


class Dates:
	"""The draft's promises, counted as few times as the half hours of the requests allow.

	:ivar unpromised: departments with whose hours the draft's targets cannot be counted.
	"""

	def __init__(self, service: Mapping) -> None:
		self.service = service
		self.unpromised: set[str] = set()
		self._counters: dict[tuple, promise.PromiseCounter | None] = {}

	def make(self, route: routing.Route, past: Past, hold_seconds: int) -> Would:
		"""What the draft would have done with one request.

		:param hold_seconds: how long it waited for its resident.
		"""
		counter = self.find_counter(route)
		if not counter:
			return Would(route.department, route.team, route.position)
		end = counter.find_end(past.received_at)
		return Would(
			route.department,
			route.team,
			route.position,
			counter.find_answer(past.received_at),
			end,
			find_end_with_hold(counter, end, past.done_at, hold_seconds),
		)

	def add_hold(self, past: Past, targets: str | None, hold_seconds: int) -> Past:
		"""A request with its wait on top of what it was promised, on the clock that promise is counted by.

		So what was promised and what the draft promises are judged alike. The hours are those of today.

		:param targets: what was promised, as the submission keeps it; the draft's own if it keeps none.
		"""
		if not hold_seconds or not past.resolution_by:
			return past
		counter = self._find_counter(past.department, unpack_targets(targets))
		if not counter:
			return past
		end = find_end_with_hold(counter, past.resolution_by, past.done_at, hold_seconds)
		return replace(past, end_with_hold=end)

	def measure(self, route: routing.Route, past: Past, would: Would) -> tuple[Shift | None, Shift | None]:
		"""How far answer and end moved, None where they did not or where there is nothing to compare."""
		counter = self.find_counter(route)
		if not counter:
			return None, None
		return (
			_measure(counter, past.response_by, would.response_by),
			_measure(counter, past.resolution_by, would.resolution_by),
		)

	def find_counter(self, route: routing.Route) -> promise.PromiseCounter | None:
		"""The counter of a route; None if its department's hours cannot count the targets."""
		counter = self._find_counter(route.department, route.targets)
		if not counter:
			self.unpromised.add(route.department)
		return counter

	def _find_counter(self, department: str, targets: Mapping) -> promise.PromiseCounter | None:
		key = (department, *sorted(targets.items()))
		if key not in self._counters:
			try:
				self._counters[key] = promise.PromiseCounter({**self.service, **targets}, department)
			except ValueError:
				self._counters[key] = None
		return self._counters[key]


def find_end_with_hold(
	counter: promise.PromiseCounter, end: datetime | None, done_at: datetime | None, hold_seconds: int
) -> datetime | None:
	"""By when something was to be done with its wait for the resident on top of its end.

	None where it decides nothing: there is no end, there was no wait, or it was done in time all the same.
	"""
	if not end or not hold_seconds or (done_at and done_at <= end):
		return None
	return counter.move_end(end, round_up(hold_seconds))


def _measure(
	counter: promise.PromiseCounter, before: datetime | None, after: datetime | None
) -> Shift | None:
	if not before or not after or is_same(before, after):
		return None
	length = counter.measure(before, after)
	if not length.hours:
		# Both lie outside opening hours: by the clock another date, in working time the same.
		return None
	return Shift(round(length.days, 1), length.hours)
