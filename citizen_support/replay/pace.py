"""How fast the departments really are that the draft would give requests to."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from citizen_support import promise, routing
from citizen_support.replay import past
from citizen_support.replay.dates import Dates, find_end_with_hold
from citizen_support.replay.rules import ANSWER, END, KEPT, LATE, judge, share

# The newest of each department: enough to tell its pace, and a limit to what is read.
MOST_TICKETS = 5000


def read_paces(
	moved: Iterable[tuple[routing.Route, int]], dates: Dates, since: datetime, until: datetime
) -> list[dict]:
	"""For each department and targets that requests would move to: how often it keeps such targets today.

	:param moved: routes, and how many requests each would bring to another department.
	"""
	counts: Counter[promise.PromiseCounter] = Counter()
	names: dict[promise.PromiseCounter, str] = {}
	for route, count in moved:
		if counter := dates.find_counter(route):
			counts[counter] += count
			names[counter] = route.department
	work = {name: past.read_work(name, since, until, MOST_TICKETS) for name in dict.fromkeys(names.values())}
	return [
		_judge_department(names[counter], count, work[names[counter]], counter, until)
		for counter, count in counts.most_common()
	]


def _judge_department(
	department: str, moved: int, tickets: list, counter: promise.PromiseCounter, now: datetime
) -> dict:
	answers, ends = Counter(), Counter()
	for ticket in tickets:
		answered_at = ticket.first_responded_on or ticket.resolution_date
		answers[judge(counter.find_answer(ticket.received_at), answered_at, now)] += 1
		end, done_at = counter.find_end(ticket.received_at), ticket.resolution_date
		later = find_end_with_hold(counter, end, done_at, int(ticket.total_hold_time or 0))
		ends[judge(later or end, done_at, now)] += 1
	return {
		"department": department,
		"targets": describe_targets(counter),
		"moved": moved,
		"tickets": len(tickets),
		ANSWER: _expect(answers, moved),
		END: _expect(ends, moved),
	}


def describe_targets(counter: promise.PromiseCounter) -> dict:
	"""Answer and end as people say them: amount and unit; no end where none is promised."""
	agreement = counter.agreement
	targets = {ANSWER: agreement.response, END: agreement.resolution}
	return {
		name: {"amount": target.amount, "unit": target.unit} for name, target in targets.items() if target
	}


def _expect(counts: Counter[str], moved: int) -> dict:
	"""The share kept today, and how many of the moved ones would be late at that pace."""
	kept = share(counts)
	return {
		"judged": counts[KEPT] + counts[LATE],
		"share": kept,
		"late": None if kept is None else round(moved * (1 - kept)),
	}
