"""Life of a service, chance, and goals."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.publishing import rules
from citizen_support.publishing.rules import (
	STEPS,
	Figures,
	Goal,
	find_value,
	is_in_share,
	is_reached,
	may_follow,
)

STATUSES = sorted(STEPS)


def test_a_service_is_piloted_published_and_retired() -> None:
	way = ["Draft", "Pilot", "Published", "Retired"]

	assert all(may_follow(before, after) for before, after in pairwise(way))


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "Draft"])
def test_back_to_draft_goes_from_everywhere(status: str) -> None:
	assert may_follow(status, "Draft")


@pytest.mark.parametrize(
	("before", "after"), [("Published", "Pilot"), ("Retired", "Pilot"), ("Draft", "Gone")]
)
def test_other_steps_do_not_exist(before: str, after: str) -> None:
	assert not may_follow(before, after)


@given(st.text(min_size=1, max_size=30), st.text(max_size=30))
def test_nobody_is_in_a_share_of_nothing_and_everybody_in_all_of_it(visitor: str, service: str) -> None:
	assert not is_in_share(visitor, service, 0)
	assert is_in_share(visitor, service, 100)


@given(st.text(min_size=1), st.integers(0, 99), st.integers(1, 50))
def test_who_is_in_stays_in_when_the_share_grows(visitor: str, share: int, more: int) -> None:
	if is_in_share(visitor, "cats", share):
		assert is_in_share(visitor, "cats", min(share + more, 100))


def test_a_share_is_about_as_large_as_it_says_and_another_one_for_each_service() -> None:
	visitors = [f"visitor-{number}" for number in range(4000)]
	cats = {visitor for visitor in visitors if is_in_share(visitor, "cats", 25)}
	dogs = {visitor for visitor in visitors if is_in_share(visitor, "dogs", 25)}

	assert 900 < len(cats) < 1100
	assert 100 < len(cats & dogs) < 400


def test_however_many_pilots_there_are_visitors_see_a_hundred_catalogues_at_most() -> None:
	shares = {f"pilot-{number}": 5 + 5 * number for number in range(12)}
	seen = {
		tuple(code for code, share in shares.items() if is_in_share(f"visitor-{number}", code, share))
		for number in range(4000)
	}

	assert len(seen) <= 100


FIGURES = Figures(
	requests=40,
	answer_due=30,
	answered_on_time=27,
	end_due=0,
	feedback=4.5,
	feedback_count=2,
	sent_back=10,
	replies=60,
	hours_to_answer=20.5,
)


@pytest.mark.parametrize(
	("measure", "value"),
	[
		("Requests", 40),
		("Answered on time", 90),
		("Done on time", None),
		("Feedback", 4.5),
		("Sent back to the resident", 25),
		("Replies for each request", 1.5),
		("Hours to the first answer", 20.5),
		("Handling time (hours)", None),
		("Own words", None),
	],
)
def test_each_measure_has_its_figure(measure: str, value: float | None) -> None:
	assert find_value(measure, FIGURES) == value


@pytest.mark.parametrize(
	("goal", "reached"),
	[
		(Goal("Answered on time", "At least", 90), True),
		(Goal("Answered on time", "At least", 90.5), False),
		(Goal("Sent back to the resident", "At most", 25), True),
		(Goal("Sent back to the resident", "At most", 20), False),
		(Goal("Done on time", "At least", 1), None),
		(Goal("Own words", "At least", 0), None),
	],
)
def test_a_goal_is_judged_by_its_figure(goal: Goal, reached: bool | None) -> None:
	assert is_reached(goal, FIGURES) is reached


def test_nothing_is_said_before_there_is_anything() -> None:
	assert is_reached(Goal("Answered on time", "At least", 90), Figures()) is None
	assert find_value("Requests", Figures()) == 0


def test_only_pilots_and_published_services_are_live() -> None:
	assert {status for status in STATUSES if rules.is_live(status)} == {"Pilot", "Published"}
