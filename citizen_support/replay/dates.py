"""When things would have been promised under the draft: one counter for each department and targets that rules lead to."""

from collections.abc import Mapping
from datetime import datetime

from citizen_support import promise, routing
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
		"""What the draft would have done with one request."""
		counter = self.find_counter(route)
		if not counter:
			return Would(route.department, route.team, route.position)
		return Would(
			route.department,
			route.team,
			route.position,
			counter.find_answer(past.received_at),
			*find_ends(counter, past.received_at, past.done_at, hold_seconds),
		)

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
		key = (route.department, *sorted(route.targets.items()))
		if key not in self._counters:
			try:
				self._counters[key] = promise.PromiseCounter(
					{**self.service, **route.targets}, route.department
				)
			except ValueError:
				self.unpromised.add(route.department)
				self._counters[key] = None
		return self._counters[key]


def find_ends(
	counter: promise.PromiseCounter, at: datetime, done_at: datetime | None, hold_seconds: float
) -> tuple[datetime | None, datetime | None]:
	"""By when something was to be done, and by when with its wait for the resident on top.

	The second is None where it decides nothing: there was no wait, or it was done in time all the same.
	"""
	end = counter.find_end(at)
	if not end or not hold_seconds or (done_at and done_at <= end):
		return end, None
	return end, counter.find_end(at, round_up(hold_seconds))


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
