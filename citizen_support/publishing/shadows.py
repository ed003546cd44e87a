"""Routing rules that can never apply, because what they wait for is always caught before. Pure.

Only what is certain is claimed: two rules that look at different things are never compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citizen_support.catalogue.rules import Question
from citizen_support.routing.places import covers_postcode, covers_words
from citizen_support.routing.rules import ANSWER, AREA, CHANNEL, POSTCODE, SERVICE_AREA, TIME
from citizen_support.routing.rules import CHANNELS as KNOWN_CHANNELS
from citizen_support.routing.times import AT_TIMES, DAYS, EVERY_DAY, OUTSIDE, WITHIN, Span, read_seconds

CHANNELS = frozenset(channel.casefold() for channel in KNOWN_CHANNELS)


@dataclass(frozen=True)
class Shadow:
	"""A rule that never applies.

	:ivar position: of the rule, 1 = first.
	:ivar by: positions of the earlier rules that win instead; empty if nobody can send what it waits for.
	:ivar repeats: it says the same as the one earlier rule.
	"""

	position: int
	by: tuple[int, ...] = ()
	repeats: bool = False


def find_shadows(rules: Sequence[Mapping], questions: Sequence[Question]) -> list[Shadow]:
	"""Rules that can never apply, in order."""
	by_key = {question.key: question for question in questions}
	shadows: list[Shadow] = []
	for position, rule in enumerate(rules, start=1):
		earlier = list(enumerate(rules[: position - 1], start=1))
		if waits_for_the_end(rule, by_key):
			shadows.append(Shadow(position))
		elif by := find_winners(rule, earlier):
			shadows.append(Shadow(position, by, _repeats(rule, rules[by[0] - 1]) and len(by) == 1))
		elif by := find_closing(rule, earlier, by_key):
			shadows.append(Shadow(position, by))
	return shadows


def waits_for_the_end(rule: Mapping, questions: Mapping[str, Question]) -> bool:
	"""Whether all answers the rule waits for end the form, so that no request ever brings them."""
	question = questions.get(rule.get("question_key") or "")
	if rule["match_on"] != ANSWER or not question or not question.end_values:
		return False
	ending = _fold(question.end_values)
	return bool(rule["values"]) and _fold(rule["values"]) <= ending


def find_winners(rule: Mapping, earlier: Sequence[tuple[int, Mapping]]) -> tuple[int, ...]:
	"""Earlier rules that between them catch everything this one waits for; empty if something is left."""
	rivals = [(number, other) for number, other in earlier if _looks_at_the_same(rule, other)]
	if rule["match_on"] in (SERVICE_AREA, TIME):
		return next(((number,) for number, other in rivals if _state(other) == _state(rule)), ())
	winners: list[int] = []
	for value in rule["values"]:
		winner = next(
			(
				number
				for number, other in rivals
				if any(covers(rule["match_on"], caught, value) for caught in other["values"])
			),
			None,
		)
		if winner is None:
			return ()
		winners.append(winner)
	return tuple(dict.fromkeys(sorted(winners)))


def find_closing(
	rule: Mapping, earlier: Sequence[tuple[int, Mapping]], questions: Mapping[str, Question]
) -> tuple[int, ...]:
	"""Earlier rules that leave nothing for this one, whatever it looks at; empty if they leave something."""
	times = [(number, other) for number, other in earlier if other["match_on"] == TIME]
	by_hours = {other.get("time_when"): number for number, other in times}
	if {OUTSIDE, WITHIN} <= set(by_hours):
		return tuple(sorted((by_hours[OUTSIDE], by_hours[WITHIN])))
	if by := _find_whole_week(times):
		return by
	channels = [(number, other) for number, other in earlier if other["match_on"] == CHANNEL]
	if _fold(value for _number, other in channels for value in other["values"]) >= CHANNELS:
		return tuple(number for number, _other in channels)
	# What came by mail or phone has no answers, so only rules about answers are left without any.
	return _find_closing_question(earlier, questions) if rule["match_on"] == ANSWER else ()


def _find_whole_week(times: Sequence[tuple[int, Mapping]]) -> tuple[int, ...]:
	"""Rules that between them apply all day on every day of the week; empty if they leave a moment."""
	left = set(DAYS[EVERY_DAY])
	winners = []
	for number, rule in times:
		days = DAYS.get(rule.get("time_days") or EVERY_DAY, frozenset()) & left
		start, end = read_seconds(rule.get("time_from")), read_seconds(rule.get("time_to"))
		if rule.get("time_when") == AT_TIMES and days and Span(AT_TIMES, EVERY_DAY, start, end).is_always:
			winners.append(number)
			left -= days
	return () if left else tuple(winners)


def _find_closing_question(
	earlier: Sequence[tuple[int, Mapping]], questions: Mapping[str, Question]
) -> tuple[int, ...]:
	"""Rules that between them catch every answer to a question that everybody answers."""
	for key, question in questions.items():
		if not question.options or not question.required or question.show_if:
			continue
		asking = [
			(number, other)
			for number, other in earlier
			if other["match_on"] == ANSWER and other.get("question_key") == key
		]
		left = _fold(question.options) - _fold(question.end_values)
		if asking and left <= _fold(value for _number, other in asking for value in other["values"]):
			return tuple(number for number, _other in asking)
	return ()


def covers(match_on: str, caught: str, value: str) -> bool:
	"""Whether everything that fits `value` fits `caught` too."""
	if match_on == POSTCODE:
		return covers_postcode(caught, value)
	if match_on == AREA:
		return covers_words(caught, value)
	return caught.strip().casefold() == value.strip().casefold()


def _looks_at_the_same(rule: Mapping, other: Mapping) -> bool:
	if rule["match_on"] != other["match_on"]:
		return False
	return rule["match_on"] != ANSWER or rule.get("question_key") == other.get("question_key")


def _state(rule: Mapping) -> tuple:
	"""What a rule about an area or a time waits for."""
	if rule["match_on"] == SERVICE_AREA:
		return (rule.get("service_area"),)
	when = rule.get("time_when")
	if when in (OUTSIDE, WITHIN):
		return (when,)
	return (when, rule.get("time_days"), str(rule.get("time_from")), str(rule.get("time_to")))


def _repeats(rule: Mapping, other: Mapping) -> bool:
	same = ("department", "team", "priority", "response_target", "resolution_target")
	is_alike = all((rule.get(field) or None) == (other.get(field) or None) for field in same)
	return is_alike and _fold(rule["values"]) == _fold(other["values"])


def _fold(values: object) -> set[str]:
	return {value.strip().casefold() for value in values}
