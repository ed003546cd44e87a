"""Which routing rule of a service applies: first match wins. Plain data in, plain data out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from citizen_support.promise.rules import Target
from citizen_support.routing.geometry import Position
from citizen_support.routing.places import contains_words, matches_postcode
from citizen_support.routing.times import AT_TIMES, OUTSIDE, WITHIN, Span, is_within

ANSWER = "Answer"
POSTCODE = "Postcode"
AREA = "Area"
SERVICE_AREA = "Service Area"
TIME = "Time"
KIND = "Kind of citizen"
CHANNEL = "Channel"
# What a rule of these kinds looks for stands in `values`.
BY_VALUES = frozenset({ANSWER, POSTCODE, AREA, KIND, CHANNEL})

CHANNELS = ("Portal", "E-mail", "Phone", "Counter", "SMS", "Chat", "API")
PERSON, NEW, KNOWN = "Person", "New", "Known"
CITIZEN_KINDS = (PERSON, "Business", "Association", "Authority")
KINDS = (*CITIZEN_KINDS, NEW, KNOWN)


@dataclass(frozen=True)
class Rule:
	"""One routing rule: where requests go that fulfil it.

	:ivar department: None for the service's own.
	:ivar values: what answers, postcodes, names, kinds or channels it looks for.
	:ivar service_area: code of the area it looks for.
	:ivar span: the times it looks for.
	:ivar response: promised instead of what the service promises, as `resolution`.
	"""

	match_on: str
	values: tuple[str, ...]
	department: str | None = None
	question_key: str | None = None
	team: str | None = None
	priority: str | None = None
	note: str | None = None
	service_area: str | None = None
	span: Span | None = None
	response: Target | None = None
	resolution: Target | None = None


@dataclass(frozen=True)
class Facts:
	"""What rules may look at.

	:ivar answers: by question key.
	:ivar places: every place of the request, as typed.
	:ivar position: latitude and longitude of the place, if it came with one.
	:ivar areas: codes of the areas the place is in, among those the rules name.
	:ivar received_at: of the site's time zone, naive.
	:ivar is_open: whether the service's department was open then; None if nobody asked.
	:ivar citizen_kinds: what is known of who sent it: one of the kinds, and New or Known.
	"""

	answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
	places: Sequence[str] = ()
	channel: str = "Portal"
	position: Position | None = None
	areas: frozenset[str] = frozenset()
	received_at: datetime | None = None
	is_open: bool | None = None
	citizen_kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Match:
	"""A rule that applies, its position (1 = first) and the value that made it apply."""

	rule: Rule
	position: int
	value: str


@dataclass(frozen=True)
class Decision:
	"""Where a request goes.

	:ivar problem: why the department that was meant cannot take it.
	:ivar front_desk_problem: why the front desk cannot either.
	:ivar team: None only if nobody can take it.
	"""

	department: str | None
	team: str | None
	match: Match | None
	meant: str | None
	problem: str | None = None
	front_desk_problem: str | None = None


def decide(
	rules: Iterable[Rule],
	facts: Facts,
	own: str | None,
	front_desk: str | None,
	get_team: Callable[[str | None], str | None],
	find_problem: Callable[[str | None, str | None], str | None],
) -> Decision:
	"""Find the one department and team for a request: the first rule's, else the service's own, else the front desk.

	:param own: the service's department.
	:param find_problem: what keeps this team of this department from taking requests.
	"""
	match = find_match(rules, facts)
	department = (match.rule.department if match else None) or own
	team = (match.rule.team if match else None) or get_team(department)
	problem = find_problem(department, team)
	if not problem:
		return Decision(department, team, match, department)
	if not front_desk or front_desk == department:
		return Decision(department, None, match, department, problem)
	team = get_team(front_desk)
	front_desk_problem = find_problem(front_desk, team)
	if not front_desk_problem:
		return Decision(front_desk, team, match, department, problem)
	return Decision(department, None, match, department, problem, front_desk_problem)


def find_match(rules: Iterable[Rule], facts: Facts) -> Match | None:
	"""The first rule that applies to the facts."""
	for position, rule in enumerate(rules, start=1):
		value = match_value(rule, facts)
		if value is not None:
			return Match(rule, position, value)
	return None


def match_value(rule: Rule, facts: Facts) -> str | None:
	"""The value of the rule that the facts fulfil, or None."""
	if whole := _WHOLE.get(rule.match_on):
		return whole(rule, facts)
	matcher = _MATCHERS.get(rule.match_on)
	if not matcher:
		return None
	return next((value for value in rule.values if value.strip() and matcher(rule, value, facts)), None)


def _fold(values: Iterable[str]) -> set[str]:
	return {value.strip().casefold() for value in values if value.strip()}


def _matches_answer(rule: Rule, value: str, facts: Facts) -> bool:
	answers = facts.answers.get(rule.question_key or "", ())
	return any(answer.strip().casefold() == value.strip().casefold() for answer in answers)


def _matches_postcode(rule: Rule, value: str, facts: Facts) -> bool:
	return any(matches_postcode(value, place) for place in facts.places)


def _matches_area(rule: Rule, value: str, facts: Facts) -> bool:
	return any(contains_words(value, place) for place in facts.places)


def _matches_channel(rule: Rule, value: str, facts: Facts) -> bool:
	return facts.channel.casefold() == value.strip().casefold()


def _matches_kind(rule: Rule, value: str, facts: Facts) -> bool:
	return value.strip().casefold() in _fold(facts.citizen_kinds)


def _match_service_area(rule: Rule, facts: Facts) -> str | None:
	return rule.service_area if rule.service_area and rule.service_area in facts.areas else None


def _match_time(rule: Rule, facts: Facts) -> str | None:
	span = rule.span
	if not span:
		return None
	if span.when == AT_TIMES:
		return span.when if facts.received_at and is_within(span, facts.received_at) else None
	wanted = {WITHIN: True, OUTSIDE: False}.get(span.when)
	return span.when if wanted is not None and facts.is_open is wanted else None


_MATCHERS = {
	ANSWER: _matches_answer,
	POSTCODE: _matches_postcode,
	AREA: _matches_area,
	KIND: _matches_kind,
	CHANNEL: _matches_channel,
}
_WHOLE = {SERVICE_AREA: _match_service_area, TIME: _match_time}
