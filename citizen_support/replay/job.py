"""The replay itself: reads past requests, asks routing and promise what the draft would have done, counts. Writes nothing."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from citizen_support import routing
from citizen_support.replay import past as past_requests
from citizen_support.replay.dates import Dates
from citizen_support.replay.facts import FactsMaker
from citizen_support.replay.pace import read_paces
from citizen_support.replay.rules import Past, Tally
from citizen_support.routing.rules import find_match, match_value


class Stopped(Exception):
	"""Somebody wants the replay to end."""


class Replay:
	"""One run of a draft over the requests of a time.

	Routing is asked once for each rule that applies, not once for each request: where a request goes depends on nothing but
	the rule. Departments and teams are therefore looked up a handful of times.
	"""

	def __init__(self, service: Mapping, since: datetime, until: datetime) -> None:
		self.service, self.since, self.until = service, since, until
		self.rules = routing.read_rules(service["rules"])
		self.facts = FactsMaker(service)
		self.dates = Dates(service)
		self.tally = Tally(until)
		self.concerns: dict[str, None] = {}
		self._routes: dict[int | None, routing.Route] = {}
		self._moved: Counter[int | None] = Counter()

	def run(self, tell: Callable[[int], None], is_to_stop: Callable[[], bool]) -> dict:
		"""Try every request; returns what was found, as JSON can hold it.

		:param tell: is told after each batch how many requests are done.
		:param is_to_stop: is asked before each batch.
		:raises Stopped: when it says so.
		"""
		for rows in past_requests.read_batches(self.service["code"], self.since, self.until):
			if is_to_stop():
				raise Stopped
			for row, facts in zip(rows, self.facts.make(rows), strict=True):
				self._try(row, facts)
			tell(self.tally.requests)
		found = self.tally.as_dict()
		moved = [(self._routes[position], count) for position, count in self._moved.items()]
		found["paces"] = read_paces(moved, self.dates, self.since, self.until)
		found["unpromised"] = sorted(self.dates.unpromised)
		found["concerns"] = list(self.concerns)
		return found

	def _try(self, row: Mapping, facts: routing.Facts) -> None:
		match = find_match(self.rules, facts)
		position = match.position if match else None
		route = self._find_route(position, facts)
		request, hold_seconds = read_past(row), int(row.went.total_hold_time or 0)
		if request.department == route.department:
			# What would have gone elsewhere is not judged by how it went here.
			request = self.dates.add_hold(request, row.promised_targets, hold_seconds)
		would = self.dates.make(route, request, hold_seconds)
		shifts = self.dates.measure(route, request, would)
		self.tally.add(request, would, shifts, self._find_hidden(position, facts))
		if request.department != would.department:
			self._moved[position] += 1

	def _find_route(self, position: int | None, facts: routing.Facts) -> routing.Route:
		if position not in self._routes:
			route = routing.route(self.service, facts)
			self._routes[position] = route
			if route.concern:
				self.concerns[route.concern] = None
		return self._routes[position]

	def _find_hidden(self, position: int | None, facts: routing.Facts) -> list[int]:
		"""Later rules that match as well, and come too late."""
		if position is None:
			return []
		later = enumerate(self.rules[position:], start=position + 1)
		return [number for number, rule in later if match_value(rule, facts) is not None]


def read_past(row: Mapping) -> Past:
	"""How one request really went. Who gets the result at once has been answered with it."""
	went = row.went
	return Past(
		reference=row.name,
		received_at=row.received_at,
		department=row.department,
		handed_to=went.cs_department,
		team=went.agent_group,
		response_by=row.response_by,
		resolution_by=row.resolution_by,
		answered_at=went.first_responded_on or went.resolution_date,
		done_at=went.resolution_date,
	)
