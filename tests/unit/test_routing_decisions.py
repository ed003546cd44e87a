"""Whatever the rules and whatever comes in: one department and one team, or the front desk."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.promise.rules import Target
from citizen_support.routing.geometry import make_ring, make_shape
from citizen_support.routing.places import Area, find_bad_postcode, lies_in
from citizen_support.routing.rules import (
	ANSWER,
	AREA,
	CHANNEL,
	KIND,
	KINDS,
	POSTCODE,
	SERVICE_AREA,
	TIME,
	Facts,
	Rule,
	decide,
	find_match,
	match_value,
)
from citizen_support.routing.times import AT_TIMES, DAYS, OUTSIDE, WITHIN, Span

SHAPE = make_shape([[make_ring([(10, 50), (11, 50), (11, 51), (10, 51)])]])
OLD_TOWN = Area("old-town", "Old Town", ("1010-1012",), ("Old Town", "Market Street"), SHAPE)
WORDS_ONLY = Area("harbour", "Harbour", ("1020",), ("Harbour",))


@pytest.mark.parametrize(
	("position", "place", "is_in"),
	[
		((50.5, 10.5), "anywhere", True),
		((52.0, 10.5), "Market Street 3, 1010 Town", False),  # the position decides
		(None, "Market Street 3", True),
		(None, "Elm Road 1, 1011", True),
		(None, "Elm Road 1, 1013", False),
		(None, "", False),
	],
)
def test_a_position_decides_and_without_one_the_words_do(
	position: tuple | None, place: str, is_in: bool
) -> None:
	assert lies_in(OLD_TOWN, position, [place]) is is_in


def test_an_area_without_a_shape_is_known_by_its_words_alone() -> None:
	assert lies_in(WORDS_ONLY, (50.5, 10.5), ["At the harbour"])


@pytest.mark.parametrize("pattern", ["*", "10*0", "1010-101", "1019-1010", "10.10", "<b>"])
def test_postcodes_nothing_can_fit_are_found(pattern: str) -> None:
	assert find_bad_postcode(["1010", pattern, "101*"]) == pattern


def test_postcodes_that_can_fit_are_left_alone() -> None:
	assert find_bad_postcode(["1010", "101*", "1010-1019", "SW1A 1AA", "sw1*"]) is None


SUNDAY_NIGHT = datetime(2026, 3, 8, 23, 30)
FACTS = Facts(areas=frozenset({"old-town"}), received_at=SUNDAY_NIGHT, is_open=False)


def make_rule(match_on: str, *values: str, **overrides: object) -> Rule:
	return Rule(**{"match_on": match_on, "values": values, "department": "parks", **overrides})


@pytest.mark.parametrize(
	("rule", "value"),
	[
		(make_rule(SERVICE_AREA, service_area="old-town"), "old-town"),
		(make_rule(SERVICE_AREA, service_area="harbour"), None),
		(make_rule(SERVICE_AREA), None),
		(make_rule(TIME, span=Span(OUTSIDE)), OUTSIDE),
		(make_rule(TIME, span=Span(WITHIN)), None),
		(make_rule(TIME, span=Span(AT_TIMES, "Sunday", 22 * 3600, 6 * 3600)), AT_TIMES),
		(make_rule(TIME, span=Span(AT_TIMES, "Monday", 22 * 3600, 6 * 3600)), None),
		(make_rule(TIME, span=Span("Some day")), None),
		(make_rule(TIME), None),
	],
)
def test_areas_and_times_apply_where_they_should(rule: Rule, value: str | None) -> None:
	assert match_value(rule, FACTS) == value


def test_when_nobody_knows_whether_it_is_open_neither_applies() -> None:
	facts = Facts(received_at=SUNDAY_NIGHT)

	assert match_value(make_rule(TIME, span=Span(OUTSIDE)), facts) is None
	assert match_value(make_rule(TIME, span=Span(WITHIN)), facts) is None


def test_a_rule_by_kind_looks_at_what_is_known_of_the_resident() -> None:
	facts = Facts(citizen_kinds=frozenset({"Business", "Known"}))

	assert match_value(make_rule(KIND, "New", " known "), facts) == " known "
	assert match_value(make_rule(KIND, "Business"), facts) == "Business"
	assert match_value(make_rule(KIND, "Person", "New"), facts) is None


# Each applies to FACTS.
MATCHING = st.sampled_from(
	[
		make_rule(CHANNEL, "Portal"),
		make_rule(SERVICE_AREA, service_area="old-town"),
		make_rule(TIME, department="streets", span=Span(OUTSIDE)),
		make_rule(TIME, span=Span(AT_TIMES, "Sunday")),
	]
)
DEPARTMENTS = ["streets", "parks", "front-desk", "gone", None]
TEAMS = ["alpha", "beta", "empty", None]
WORDS = ["Portal", "Phone", "Old Town", "1010", "10*", "Hole", "Business", "Known", "", "*", "(", "x" * 50]
SPANS = st.builds(
	Span,
	when=st.sampled_from([OUTSIDE, WITHIN, AT_TIMES, "", "Never"]),
	days=st.sampled_from([*DAYS, "", "Someday"]),
	start=st.none() | st.integers(0, 86399),
	end=st.none() | st.integers(0, 86399),
)
RULES = st.builds(
	Rule,
	match_on=st.sampled_from([ANSWER, POSTCODE, AREA, SERVICE_AREA, TIME, KIND, CHANNEL, "", "Unknown"]),
	values=st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=3).map(tuple),
	department=st.sampled_from([*DEPARTMENTS, None]),
	question_key=st.sampled_from([None, "kind", "gone"]),
	team=st.sampled_from(TEAMS),
	service_area=st.sampled_from([None, "old-town", "gone"]),
	span=st.none() | SPANS,
	response=st.none() | st.builds(Target, st.integers(1, 9), st.just("Working days")),
)
ANY_FACTS = st.builds(
	Facts,
	answers=st.dictionaries(st.sampled_from(["kind", "x"]), st.lists(st.sampled_from(WORDS), max_size=2)),
	places=st.lists(st.sampled_from(WORDS) | st.text(max_size=20), max_size=2),
	channel=st.sampled_from(["Portal", "Phone", ""]),
	areas=st.frozensets(st.sampled_from(["old-town", "harbour"])),
	received_at=st.none() | st.datetimes(),
	is_open=st.sampled_from([None, True, False]),
	citizen_kinds=st.frozensets(st.sampled_from(KINDS)),
)
STATES = st.fixed_dictionaries(
	{
		"teams": st.fixed_dictionaries(
			{
				"streets": st.sampled_from(TEAMS),
				"parks": st.sampled_from(TEAMS),
				"front-desk": st.sampled_from(TEAMS),
			}
		),
		"own": st.sampled_from(DEPARTMENTS),
		"front_desk": st.sampled_from(["front-desk", "gone", None]),
	}
)


def make_decision(rules: list[Rule], facts: Facts, state: dict) -> tuple:
	def find_problem(department: str | None, team: str | None) -> str | None:
		is_able = department in state["teams"] and team in ("alpha", "beta")
		return None if is_able else f"{department} {team}"

	decision = decide(rules, facts, state["own"], state["front_desk"], state["teams"].get, find_problem)
	return decision, find_problem


@given(rules=st.lists(RULES, max_size=6), facts=ANY_FACTS, state=STATES)
def test_every_request_goes_to_one_department_and_one_team_or_the_front_desk(
	rules: list[Rule], facts: Facts, state: dict
) -> None:
	decision, find_problem = make_decision(rules, facts, state)

	match = find_match(rules, facts)
	meant = (match.rule.department if match else None) or state["own"]
	assert decision.meant == meant
	assert decision.department in (meant, state["front_desk"])
	if decision.team:
		assert find_problem(decision.department, decision.team) is None
	else:
		# Nobody could take it: neither who was meant nor the front desk.
		desk = state["front_desk"]
		assert decision.department == meant
		assert decision.problem
		assert not desk or desk == meant or find_problem(desk, state["teams"].get(desk))
	assert (decision.department == meant and not decision.problem) or decision.problem


@given(rules=st.lists(RULES, max_size=6), facts=ANY_FACTS, state=STATES)
def test_the_same_request_goes_to_the_same_place_each_time(
	rules: list[Rule], facts: Facts, state: dict
) -> None:
	assert make_decision(rules, facts, state)[0] == make_decision(list(rules), facts, state)[0]


@given(rules=st.lists(RULES | MATCHING, min_size=1, max_size=6), facts=ANY_FACTS | st.just(FACTS))
def test_the_first_rule_that_applies_wins_and_later_ones_change_nothing(
	rules: list[Rule], facts: Facts
) -> None:
	match = find_match(rules, facts)

	applying = [number for number, rule in enumerate(rules, 1) if match_value(rule, facts) is not None]
	assert (match.position if match else None) == (applying[0] if applying else None)
	if match:
		assert find_match(rules[: match.position], facts) == match
