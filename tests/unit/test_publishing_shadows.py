"""Routing rules that can never apply."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citizen_support.catalogue.rules import CHOICE, YES_OR_NO, Question
from citizen_support.publishing.shadows import Shadow, covers, find_shadows
from citizen_support.routing.places import matches_postcode

KIND = Question("kind", "Kind", CHOICE, required=True, choices=("Dog", "Cat", "Bird"))


def rule(match_on: str, *values: str, **more: object) -> dict:
	return {"match_on": match_on, "values": values, "department": "parks", "question_key": None, **more}


def answer(*values: str, **more: object) -> dict:
	return rule("Answer", *values, question_key="kind", **more)


def test_rules_about_different_things_are_never_compared() -> None:
	rules = [rule("Postcode", "10*"), rule("Area", "Old Town"), answer("Dog"), rule("Channel", "Phone")]

	assert find_shadows(rules, [KIND]) == []


def test_a_rule_whose_values_an_earlier_one_catches_never_applies() -> None:
	assert find_shadows([answer("Dog", "Cat"), answer("cat")], [KIND]) == [Shadow(2, (1,))]
	assert find_shadows([answer("Dog"), answer("Cat"), answer("Dog", "Cat")], [KIND]) == [Shadow(3, (1, 2))]
	assert find_shadows([answer("Dog"), answer("Dog", "Cat")], [KIND]) == []


def test_a_rule_that_repeats_another_says_so() -> None:
	assert find_shadows([answer("Dog"), answer("dog")], [KIND]) == [Shadow(2, (1,), repeats=True)]
	assert find_shadows([answer("Dog"), answer("Dog", department="roads")], [KIND]) == [Shadow(2, (1,))]


def test_a_rule_for_an_answer_that_ends_the_form_gets_no_requests() -> None:
	question = Question("kind", "Kind", YES_OR_NO, end_values=("Yes",))

	assert find_shadows([answer("Yes")], [question]) == [Shadow(1)]
	assert find_shadows([answer("Yes", "No")], [question]) == []


def test_when_every_answer_is_caught_no_other_answer_decides() -> None:
	other = rule("Answer", "Yes", question_key="loud")
	questions = [KIND, Question("loud", "Loud", YES_OR_NO)]
	all_kinds = [answer("Dog", "Cat"), answer("Bird")]

	assert find_shadows([*all_kinds, other], questions) == [Shadow(3, (1, 2))]
	assert find_shadows([*all_kinds, rule("Channel", "Phone")], questions) == []


def test_a_question_that_may_be_left_out_leaves_something() -> None:
	optional = Question("kind", "Kind", CHOICE, choices=("Dog", "Cat"))
	other = rule("Answer", "Yes", question_key="loud")

	assert find_shadows([answer("Dog", "Cat"), other], [optional, Question("loud", "Loud", YES_OR_NO)]) == []


def test_in_and_outside_opening_hours_there_is_nothing_else() -> None:
	within, outside = (rule("Time", time_when=f"{when} opening hours") for when in ("Within", "Outside"))

	assert find_shadows([within, outside, answer("Dog")], [KIND]) == [Shadow(3, (1, 2))]
	assert find_shadows([within, answer("Dog")], [KIND]) == []


def test_a_rule_that_applies_at_all_times_leaves_nothing() -> None:
	always, days, ends = (
		rule("Time", time_when="At these times", time_days=days)
		for days in (None, "Monday to Friday", "Saturday and Sunday")
	)
	night = rule("Time", time_when="At these times", time_from="22:00", time_to="06:00")

	assert find_shadows([always, answer("Dog"), night], [KIND]) == [Shadow(2, (1,)), Shadow(3, (1,))]
	assert find_shadows([days, ends, answer("Dog")], [KIND]) == [Shadow(3, (1, 2))]
	assert find_shadows([days, night, answer("Dog")], [KIND]) == []
	assert find_shadows([answer("Dog"), always], [KIND]) == []


def test_times_and_areas_are_compared_as_they_are() -> None:
	night = {"time_when": "At these times", "time_days": "Every day", "time_from": "22:00:00"}
	area = {"service_area": "old-town"}

	assert find_shadows([rule("Time", **night), rule("Time", **night)], []) == [Shadow(2, (1,), repeats=True)]
	assert find_shadows([rule("Time", **night), rule("Time", **{**night, "time_days": "Monday"})], []) == []
	assert [one.position for one in find_shadows([rule("Service Area", **area)] * 2, [])] == [2]


@pytest.mark.parametrize(
	("match_on", "caught", "value", "expected"),
	[
		("Postcode", "101*", "1015", True),
		("Postcode", "101*", "1010-1019", True),
		("Postcode", "101*", "1010-1029", False),
		("Postcode", "10*", "101*", True),
		("Postcode", "101*", "10*", False),
		("Postcode", "1010-1019", "1015", True),
		("Postcode", "1010-1019", "1012-1018", True),
		("Postcode", "1010-1019", "101*", False),
		("Postcode", "1010-1019", "10150", False),
		("Postcode", "1015 ab", "1015AB", True),
		("Area", "Elm", "Elm Street", True),
		("Area", "elm street", "Elm  Street", True),
		("Area", "Elm", "Elmwood", False),
		("Area", "Elm Street", "Elm", False),
		("Channel", "phone", "Phone", True),
	],
)
def test_what_covers_what(match_on: str, caught: str, value: str, expected: bool) -> None:
	assert covers(match_on, caught, value) is expected


VALUES = ("Dog", "Cat", "Bird")


@settings(max_examples=300)
@given(st.lists(st.sets(st.sampled_from(VALUES), min_size=1), min_size=1, max_size=6))
def test_a_rule_called_dead_never_wins_and_every_other_one_can(wanted: list[set[str]]) -> None:
	rules = [answer(*sorted(values)) for values in wanted]
	winners = {
		next((number for number, values in enumerate(wanted, start=1) if values & set(chosen)), None)
		for size in (1, 2, 3)
		for chosen in product(VALUES, repeat=size)
	}

	dead = {shadow.position for shadow in find_shadows(rules, [KIND])}
	assert dead == set(range(1, len(rules) + 1)) - winners


PATTERNS = st.one_of(
	st.from_regex(r"[0-9]{2,4}", fullmatch=True),
	st.from_regex(r"[0-9]{1,3}\*", fullmatch=True),
	st.tuples(st.integers(10, 9999), st.integers(10, 9999)).map(lambda ends: f"{ends[0]}-{ends[1]}"),
)


@given(PATTERNS, PATTERNS, st.integers(10, 99999).map(str))
def test_a_postcode_pattern_covers_another_only_as_routing_reads_them(
	caught: str, value: str, postcode: str
) -> None:
	if covers("Postcode", caught, value) and matches_postcode(value, postcode):
		assert matches_postcode(caught, postcode)
