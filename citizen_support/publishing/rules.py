"""The life of a service, who is let into a pilot by chance, and whether a pilot's goals are met. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from citizen_support.catalogue.rules import DRAFT, LIVE, PILOT, PUBLISHED, RETIRED

# Which status may follow which. Back to draft goes from everywhere; a pilot begins with a draft.
STEPS: Mapping[str, tuple[str, ...]] = {
	DRAFT: (PILOT, PUBLISHED, RETIRED),
	PILOT: (PUBLISHED, DRAFT, RETIRED),
	PUBLISHED: (RETIRED, DRAFT),
	RETIRED: (PUBLISHED, DRAFT),
}

BY_AREA = "Only in an area"
BY_SHARE = "A share of visitors"
_GROUPS = 100

OWN_WORDS = "Own words"
AT_MOST = "At most"


@dataclass(frozen=True)
class Goal:
	"""What a pilot is to reach, stated before it begins."""

	measure: str
	comparison: str
	target: float


@dataclass(frozen=True)
class Figures:
	"""What a pilot has shown so far; None where nothing can be said yet.

	:ivar requests: requests since the pilot began.
	:ivar answer_due, answered_on_time: requests whose answer is there or was due, and those answered by the promised date.
	:ivar end_due, done_on_time: the same for the end, of requests for which an end was promised.
	:ivar feedback, feedback_count: mean of residents' ratings, 0 to 5 stars, and how many there are.
	:ivar sent_back: requests about which staff wrote and the resident wrote back before they were done.
	:ivar replies: messages that staff sent to residents.
	:ivar hours_to_answer: mean from receipt to the first answer, nights and holidays included.
	:ivar hours_in_hand: mean from being assigned to a person to the first answer, counted likewise.
	"""

	requests: int = 0
	answer_due: int = 0
	answered_on_time: int = 0
	end_due: int = 0
	done_on_time: int = 0
	feedback: float | None = None
	feedback_count: int = 0
	sent_back: int = 0
	replies: int = 0
	hours_to_answer: float | None = None
	hours_in_hand: float | None = None


def may_follow(before: str, after: str) -> bool:
	"""Whether a service may go from one status to another."""
	return after in STEPS.get(before, ())


def is_live(status: str | None) -> bool:
	"""Whether residents, at least some of them, can use the service."""
	return status in LIVE


def is_in_share(visitor: str, service: str, share: int) -> bool:
	"""Whether chance lets this visitor in: the same visitor always, and another part of all for each service.

	Every visitor belongs to one of a hundred groups, and a service lets in as many of them. So however many pilots there are
	and whatever texts a visitor makes up, there are a hundred catalogues to keep at most.

	:param visitor: a random text that the visitor's browser keeps.
	:param share: percent of all visitors.
	"""
	return _rank_groups(service)[_draw(visitor) % _GROUPS] < share


@lru_cache(maxsize=256)
def _rank_groups(service: str) -> list[int]:
	"""When each group is let in to a service, as its share grows."""
	order = sorted(range(_GROUPS), key=lambda group: _draw(f"{service}:{group}"))
	return [order.index(group) for group in range(_GROUPS)]


def _draw(text: str) -> int:
	return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def find_value(measure: str, figures: Figures) -> float | None:
	"""The figure a goal is measured by: percent, stars, hours or a count; None where nothing can be said yet."""
	finders = {
		"Requests": lambda: figures.requests,
		"Answered on time": lambda: _percent(figures.answered_on_time, figures.answer_due),
		"Done on time": lambda: _percent(figures.done_on_time, figures.end_due),
		"Feedback": lambda: figures.feedback,
		"Sent back to the resident": lambda: _percent(figures.sent_back, figures.requests),
		"Replies for each request": lambda: _divide(figures.replies, figures.requests),
		"Hours to the first answer": lambda: figures.hours_to_answer,
		"Handling time (hours)": lambda: figures.hours_in_hand,
	}
	finder = finders.get(measure)
	return finder() if finder else None


def is_reached(goal: Goal, figures: Figures) -> bool | None:
	"""Whether a measured goal is reached so far; None where nothing can be said yet, and for goals in own words."""
	value = find_value(goal.measure, figures)
	if value is None:
		return None
	return value <= goal.target if goal.comparison == AT_MOST else value >= goal.target


def make_goal_key(goal: Mapping) -> tuple:
	"""What makes two goals the same: the measure and its target, or the words; remarks to a measure do not count."""
	measure = goal.get("measure") or ""
	if measure == OWN_WORDS:
		return (measure, goal.get("words") or "")
	return (measure, goal.get("comparison") or "", float(goal.get("target") or 0))


def _percent(part: int, whole: int) -> float | None:
	return 100 * part / whole if whole else None


def _divide(total: float, count: int) -> float | None:
	return total / count if count else None
