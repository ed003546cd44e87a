"""Counting what a draft would have changed: plain data, no site."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.replay.rules import (
	KEPT,
	LATE,
	MOST_SAMPLES,
	NO_DATE,
	OPEN,
	Change,
	Past,
	Shift,
	Tally,
	Would,
	is_same,
	judge,
	pick_samples,
	round_up,
	share,
)

NOW = datetime(2026, 11, 20, 12, 0)
MONDAY = datetime(2026, 11, 2, 9, 0)
DAY = timedelta(days=1)


def make_past(**overrides: object) -> Past:
	return Past(**{"reference": "ABCD-EFGH", "received_at": MONDAY, "department": "streets", **overrides})


def make_would(**overrides: object) -> Would:
	return Would(**{"department": "streets", "team": "Streets", **overrides})


@pytest.mark.parametrize(
	("due", "happened", "verdict"),
	[
		(None, MONDAY, NO_DATE),
		(MONDAY, MONDAY, KEPT),
		(MONDAY, MONDAY + timedelta(seconds=1), LATE),
		(MONDAY, None, LATE),
		(NOW + DAY, None, OPEN),
		(NOW, None, OPEN),
	],
)
def test_a_promise_is_kept_late_or_open(due: datetime, happened: datetime, verdict: str) -> None:
	assert judge(due, happened, NOW) == verdict


def test_what_goes_to_another_department_is_a_move_and_not_judged_by_this_ones_pace() -> None:
	tally = Tally(NOW)
	tally.add(
		make_past(handed_to="parks", response_by=MONDAY + DAY), make_would(department="parks", position=2)
	)
	tally.add(make_past(response_by=MONDAY + DAY), make_would(response_by=MONDAY + DAY))

	found = tally.as_dict()

	assert found["moves"] == [{"from": "streets", "to": "parks", "count": 1, "foreseen": 1}]
	assert (found["moved"], found["foreseen"], found["rules"], found["no_rule"]) == (1, 1, {2: 1}, 1)
	assert sum(found["kept"]["answer as promised"].values()) == 1


def test_another_team_of_the_same_department_is_told_unless_somebody_handed_it_over() -> None:
	tally = Tally(NOW)
	tally.add(make_past(handed_to="streets", team="Roads"), make_would())
	tally.add(make_past(handed_to="parks", team="Parks"), make_would())
	tally.add(make_past(handed_to="streets", team="Streets"), make_would())

	assert tally.as_dict()["teams"] == [
		{"department": "streets", "from": "Roads", "to": "Streets", "count": 1}
	]


def test_a_wait_for_the_resident_moves_the_end_that_counts() -> None:
	tally = Tally(NOW)
	done = make_past(done_at=MONDAY + 3 * DAY, resolution_by=MONDAY + 5 * DAY)
	tally.add(done, make_would(resolution_by=MONDAY + DAY))
	tally.add(done, make_would(resolution_by=MONDAY + DAY, end_with_hold=MONDAY + 4 * DAY))

	assert tally.as_dict()["kept"]["end with the draft"] == {LATE: 1, KEPT: 1}


def test_a_wait_for_the_resident_moves_the_promised_end_as_it_moves_the_drafts() -> None:
	tally = Tally(NOW)
	done = make_past(
		done_at=MONDAY + 3 * DAY,
		resolution_by=MONDAY + DAY,
		end_with_hold=MONDAY + 3 * DAY + timedelta(hours=1),
	)
	tally.add(done, make_would(resolution_by=done.resolution_by, end_with_hold=done.end_with_hold))

	kept = tally.as_dict()["kept"]

	assert kept["end as promised"] == kept["end with the draft"] == {KEPT: 1}


@pytest.mark.parametrize(
	("hours", "name"), [(-0.5, "sooner"), (-1.0, "sooner"), (0.5, "later"), (1.0, "later")]
)
def test_an_hour_of_a_long_day_counts_in_its_direction(hours: float, name: str) -> None:
	change = Change()
	change.add(MONDAY, MONDAY, Shift(round(hours / 24, 1), hours))

	found = change.as_dict()

	assert {each: found[each]["count"] for each in ("sooner", "later")} == {
		"sooner": 0,
		"later": 0,
		name: 1,
	}


def test_differences_of_less_than_a_tenth_of_a_day_are_put_in_order_by_their_hours() -> None:
	change = Change()
	for hours in (-1.0, -0.5, -0.5):
		change.add(MONDAY, MONDAY, Shift(round(hours / 24, 1), hours))

	sooner = change.as_dict()["sooner"]

	assert (sooner["middle"]["hours"], sooner["most"]["hours"]) == (0.5, 1.0)


def test_changes_of_a_promise_are_summed_up_by_the_middle_one_and_the_largest() -> None:
	change = Change()
	for days in (-1, -1, -3, 2):
		change.add(MONDAY, MONDAY, Shift(days, days * 8))
	change.add(MONDAY, MONDAY, None)
	change.add(None, MONDAY, None)
	change.add(MONDAY, None, None)
	change.add(None, None, None)

	assert change.as_dict() == {
		"same": 2,
		"new": 1,
		"gone": 1,
		"sooner": {"count": 3, "middle": {"days": 1, "hours": 8}, "most": {"days": 3, "hours": 24}},
		"later": {"count": 1, "middle": {"days": 2, "hours": 16}, "most": {"days": 2, "hours": 16}},
	}


def test_less_than_the_half_hour_that_is_counted_by_is_no_change() -> None:
	assert is_same(MONDAY, MONDAY + timedelta(minutes=29))
	assert not is_same(MONDAY, MONDAY - timedelta(minutes=30))


@given(st.integers(0, 10**9))
def test_a_wait_is_rounded_up_to_half_hours(seconds: int) -> None:
	assert 0 <= round_up(seconds) - seconds < 1800
	assert round_up(seconds) % 1800 == 0


def test_samples_are_taken_from_every_pair_in_turns() -> None:
	samples = {
		"often": [{"reference": str(number)} for number in range(100)],
		"rarely": [{"reference": "rare"}],
	}

	picked = pick_samples(samples)

	assert len(picked) == MOST_SAMPLES
	assert picked[:3] == [{"reference": "99"}, {"reference": "rare"}, {"reference": "98"}]


def test_memory_does_not_grow_with_the_number_of_requests() -> None:
	tally = Tally(NOW)
	for number in range(5000):
		tally.add(make_past(reference=str(number)), make_would(department="parks", position=1))

	assert sum(map(len, tally.samples.values())) == MOST_SAMPLES
	assert len(tally.moves) == 1
	assert tally.as_dict()["moved"] == 5000


def test_a_share_is_of_what_can_be_judged() -> None:
	assert share({KEPT: 3, LATE: 1, OPEN: 10, NO_DATE: 5}) == 0.75
	assert share({OPEN: 10}) is None
