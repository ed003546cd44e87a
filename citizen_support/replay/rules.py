"""What a draft would have changed, counted request by request. Pure: plain data in, plain data out."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST_SAMPLES = 50
# What lies between two dates is measured to the half hour: less than that is no difference.
STEP = timedelta(minutes=30)
KEPT, LATE, OPEN, NO_DATE = "kept", "late", "open", "no date"
ANSWER, END = "answer", "end"


@dataclass(frozen=True)
class Past:
	"""One request as it really went. Moments are the site's, naive; None is what did not happen.

	:ivar department: where it was routed when it came.
	:ivar handed_to: the department that has it now.
	:ivar response_by: what its resident was promised.
	:ivar end_with_hold: the promised end, moved on by the time the request waited for its resident, where that decides
		anything.
	"""

	reference: str
	received_at: datetime
	department: str | None
	handed_to: str | None = None
	team: str | None = None
	response_by: datetime | None = None
	resolution_by: datetime | None = None
	answered_at: datetime | None = None
	done_at: datetime | None = None
	end_with_hold: datetime | None = None


@dataclass(frozen=True)
class Would:
	"""The same request under the draft: where it would have gone, by which rule, promised for when.

	:ivar position: the rule's number, None where no rule applies.
	:ivar end_with_hold: the end, moved on as that of `Past` is.
	"""

	department: str
	team: str | None
	position: int | None = None
	response_by: datetime | None = None
	resolution_by: datetime | None = None
	end_with_hold: datetime | None = None


@dataclass(frozen=True)
class Shift:
	"""How far a promise moved, in the working time of the department that would answer; negative is sooner.

	:ivar days: rounded, for people to read; the hours are exact to the half hour, and decide.
	"""

	days: float
	hours: float


@dataclass
class Change:
	"""What became of one of the two promises, over all requests."""

	same: int = 0
	new: int = 0
	gone: int = 0
	shifts: Counter[Shift] = field(default_factory=Counter)

	def add(self, before: datetime | None, after: datetime | None, shift: Shift | None) -> None:
		"""Count one request."""
		if not before or not after:
			self.new += bool(after)
			self.gone += bool(before)
			self.same += not before and not after
		elif shift is None:
			self.same += 1
		else:
			self.shifts[shift] += 1

	def as_dict(self) -> dict:
		sooner = {shift: count for shift, count in self.shifts.items() if shift.hours < 0}
		later = {shift: count for shift, count in self.shifts.items() if shift.hours > 0}
		return {
			"same": self.same,
			"new": self.new,
			"gone": self.gone,
			"sooner": _sum_up(sooner),
			"later": _sum_up(later),
		}


@dataclass
class Tally:
	"""Everything counted so far. Its size depends on rules, departments and teams, not on the number of requests.

	:ivar now: what is due before this and did not happen is late.
	"""

	now: datetime
	requests: int = 0
	moves: Counter[tuple[str | None, str]] = field(default_factory=Counter)
	foreseen: Counter[tuple[str | None, str]] = field(default_factory=Counter)
	teams: Counter[tuple[str, str, str]] = field(default_factory=Counter)
	rules: Counter[int | None] = field(default_factory=Counter)
	hidden: Counter[int] = field(default_factory=Counter)
	answers: Change = field(default_factory=Change)
	ends: Change = field(default_factory=Change)
	kept: dict[str, Counter[str]] = field(default_factory=dict)
	samples: dict[tuple[str | None, str], deque[dict]] = field(default_factory=dict)

	def add(
		self,
		past: Past,
		would: Would,
		shifts: tuple[Shift | None, Shift | None] = (None, None),
		hidden: Iterable[int] = (),
	) -> None:
		"""Count one request.

		:param shifts: how far answer and end moved, None where they did not.
		:param hidden: numbers of later rules that match too.
		"""
		self.requests += 1
		self.rules[would.position] += 1
		self.hidden.update(hidden)
		self.answers.add(past.response_by, would.response_by, shifts[0])
		self.ends.add(past.resolution_by, would.resolution_by, shifts[1])
		if past.department != would.department:
			self._add_move(past, would)
			return
		self._add_team(past, would)
		self._judge(past, would)

	def as_dict(self) -> dict:
		"""As JSON can hold it, largest counts first."""
		return {
			"requests": self.requests,
			"moved": sum(self.moves.values()),
			"foreseen": sum(self.foreseen.values()),
			"moves": [
				{"from": start, "to": to, "count": count, "foreseen": self.foreseen[start, to]}
				for (start, to), count in self.moves.most_common()
			],
			"teams": [
				{"department": department, "from": start, "to": to, "count": count}
				for (department, start, to), count in self.teams.most_common()
			],
			"rules": {position: count for position, count in self.rules.items() if position},
			"hidden": dict(self.hidden),
			"no_rule": self.rules[None],
			ANSWER: self.answers.as_dict(),
			END: self.ends.as_dict(),
			"kept": {name: dict(counts) for name, counts in self.kept.items()},
			"samples": pick_samples(self.samples),
		}

	def _add_move(self, past: Past, would: Would) -> None:
		pair = (past.department, would.department)
		self.moves[pair] += 1
		self.foreseen[pair] += past.handed_to == would.department
		# Requests come oldest first, so these are the newest.
		samples = self.samples.setdefault(pair, deque(maxlen=MOST_SAMPLES))
		samples.append(
			{
				"reference": past.reference,
				"received_at": past.received_at.isoformat(sep=" "),
				"from": past.department,
				"to": would.department,
				"rule": would.position,
			}
		)

	def _add_team(self, past: Past, would: Would) -> None:
		"""The department stays; its team can still be another one, if nobody handed the request over since."""
		if past.team and would.team and past.handed_to == would.department and past.team != would.team:
			self.teams[would.department, past.team, would.team] += 1

	def _judge(self, past: Past, would: Would) -> None:
		"""Whether the promise was kept, and whether the draft's would have been, as the request really went."""
		dates = {
			f"{ANSWER} as promised": (past.response_by, past.answered_at),
			f"{ANSWER} with the draft": (would.response_by, past.answered_at),
			f"{END} as promised": (past.end_with_hold or past.resolution_by, past.done_at),
			f"{END} with the draft": (would.end_with_hold or would.resolution_by, past.done_at),
		}
		for name, (due, happened) in dates.items():
			self.kept.setdefault(name, Counter())[judge(due, happened, self.now)] += 1


def judge(due: datetime | None, happened: datetime | None, now: datetime) -> str:
	"""Whether what was due by `due` was kept, is late, or is still open."""
	if not due:
		return NO_DATE
	if happened:
		return KEPT if happened <= due else LATE
	return LATE if now > due else OPEN


def is_same(first: datetime, second: datetime) -> bool:
	"""Whether two promised dates are the same, as far as half hours let us tell."""
	return abs(first - second) < STEP


def round_up(seconds: float) -> int:
	"""A length of time in whole half hours, in seconds."""
	step = int(STEP.total_seconds())
	return -(-int(seconds) // step) * step


def pick_samples(samples: Mapping[object, Sequence[dict]], most: int = MOST_SAMPLES) -> list[dict]:
	"""So many at most, the last ones first, from each pair of departments in turns: rare moves are worth a look."""
	picked: list[dict] = []
	for number in range(1, most + 1):
		for entries in samples.values():
			if number <= len(entries) and len(picked) < most:
				picked.append(entries[-number])
	return picked


def share(counts: Mapping[str, int]) -> float | None:
	"""The part that was kept of what can be judged, 0 to 1; None if nothing can."""
	judged = counts.get(KEPT, 0) + counts.get(LATE, 0)
	return counts.get(KEPT, 0) / judged if judged else None


def _sum_up(shifts: Mapping[Shift, int]) -> dict:
	"""How many, by how much as a rule (the middle one) and at most; without a sign."""
	ordered = sorted(shifts, key=lambda shift: abs(shift.hours))
	count, middle, passed = sum(shifts.values()), None, 0
	for shift in ordered:
		passed += shifts[shift]
		if passed * 2 >= count:
			middle = shift
			break
	return {"count": count, "middle": _show(middle), "most": _show(ordered[-1]) if ordered else None}


def _show(shift: Shift | None) -> dict | None:
	return {"days": abs(shift.days), "hours": abs(shift.hours)} if shift else None
