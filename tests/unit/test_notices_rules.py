"""When a resident is told something, and what."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.notices.rules import (
	DATE_MOVED,
	DONE,
	GOES_ON,
	HANDED_OVER,
	OPEN,
	OPEN_AGAIN,
	PAUSED,
	PLACEHOLDERS,
	RESOLVED,
	UPDATE,
	WAITING,
	WAS_DONE,
	Circumstances,
	State,
	choose_notice,
	count_parts,
	fill,
	find_events,
	find_unknown_placeholders,
	is_worth_a_notice,
	make_sendable,
	split_paragraphs,
)

TOLD = State(OPEN, "streets", "2026-04-02T10:00:00", "2026-04-10T10:00:00")
USUAL = Circumstances()


@pytest.mark.parametrize(
	("before", "now", "events"),
	[
		(OPEN, OPEN, []),
		(OPEN, PAUSED, [WAITING]),
		(PAUSED, OPEN, [GOES_ON]),
		(OPEN, RESOLVED, [WAS_DONE]),
		(PAUSED, RESOLVED, [WAS_DONE]),
		(RESOLVED, OPEN, [OPEN_AGAIN]),
		(RESOLVED, PAUSED, [WAITING]),
	],
)
def test_a_changed_category_is_an_event(before: str, now: str, events: list[str]) -> None:
	assert find_events(replace(TOLD, category=before), replace(TOLD, category=now), USUAL) == events


def test_a_changed_department_is_a_hand_over() -> None:
	assert find_events(TOLD, replace(TOLD, department="parks"), USUAL) == [HANDED_OVER]


@pytest.mark.parametrize(
	("field", "moved", "counts_hours", "is_event"),
	[
		("resolution_by", "2026-04-11T10:00:00", False, True),
		("resolution_by", "2026-04-09T10:00:00", False, True),
		("resolution_by", "2026-04-10T16:00:00", False, False),
		("resolution_by", "2026-04-10T16:00:00", True, True),
		("resolution_by", "2026-04-10T10:59:00", True, False),
		("resolution_by", None, False, False),
		("response_by", "2026-04-03T10:00:00", False, True),
	],
)
def test_a_date_has_moved_when_its_day_has_or_its_hour_where_hours_count(
	field: str, moved: str | None, counts_hours: bool, is_event: bool
) -> None:
	now = replace(TOLD, **{field: moved})

	events = find_events(TOLD, now, Circumstances(counts_hours=counts_hours))

	assert events == ([DATE_MOVED] if is_event else [])


def test_a_first_promise_of_an_end_is_news() -> None:
	assert find_events(replace(TOLD, resolution_by=None), TOLD, USUAL) == [DATE_MOVED]


def test_once_answered_the_answers_date_no_longer_matters() -> None:
	now = replace(TOLD, response_by="2026-05-01T10:00:00")

	assert find_events(TOLD, now, Circumstances(has_answered=True)) == []


@pytest.mark.parametrize("category", [PAUSED, RESOLVED])
def test_dates_move_only_while_we_work(category: str) -> None:
	told = replace(TOLD, category=category)

	assert find_events(told, replace(told, resolution_by="2026-06-01T10:00:00"), USUAL) == []


def test_several_things_at_once_are_all_events() -> None:
	now = replace(TOLD, department="parks", resolution_by="2026-05-01T10:00:00")

	assert find_events(TOLD, now, USUAL) == [HANDED_OVER, DATE_MOVED]


@pytest.mark.parametrize(
	("event", "circumstances", "worth"),
	[
		(WAITING, Circumstances(city_just_wrote=True), False),
		(WAITING, Circumstances(), True),
		(GOES_ON, Circumstances(resident_just_wrote=True), False),
		(GOES_ON, Circumstances(), True),
		(OPEN_AGAIN, Circumstances(resident_just_wrote=True), False),
		(WAS_DONE, Circumstances(city_just_wrote=True), True),
		(HANDED_OVER, Circumstances(city_just_wrote=True, resident_just_wrote=True), True),
		(DATE_MOVED, Circumstances(city_just_wrote=True, resident_just_wrote=True), True),
	],
)
def test_what_a_message_says_already_is_not_told_again(
	event: str, circumstances: Circumstances, worth: bool
) -> None:
	assert is_worth_a_notice([event], circumstances) is worth


def test_nothing_is_not_worth_a_notice() -> None:
	assert not is_worth_a_notice([], USUAL)


def test_the_end_has_a_notice_of_its_own() -> None:
	assert choose_notice([WAS_DONE, HANDED_OVER]) == DONE
	assert choose_notice([HANDED_OVER]) == UPDATE


def test_a_state_can_be_remembered_as_plain_data() -> None:
	assert State(**TOLD.as_dict()) == TOLD


def test_placeholders_are_filled_whatever_their_spacing() -> None:
	assert (
		fill("{service} and { reference }", {"service": "Pothole", "reference": "K7QM"}) == "Pothole and K7QM"
	)


def test_a_filled_value_is_never_looked_at_again() -> None:
	values = {"service": "{reference}", "reference": "{service}"}

	assert fill("{service} {reference}", values) == "{reference} {service}"


@pytest.mark.parametrize(
	"text", ["{unknown}", "{service.__class__}", "{0}", "{{ 7 * 7 }}", "{% x %}", "\\1 {"]
)
def test_what_is_no_placeholder_stays_as_it_is(text: str) -> None:
	assert fill(text, {"service": "Pothole"}) == text


@given(value=st.text(max_size=60))
def test_any_value_stands_in_the_text_just_as_it_is(value: str) -> None:
	assert fill("<{service}>", {"service": value}) == f"<{value}>"


def test_placeholders_nobody_fills_are_found() -> None:
	known = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)

	assert find_unknown_placeholders(f"{known} {{name}} {{ email }}") == ["name", "email"]
	assert find_unknown_placeholders("") == []


def test_paragraphs_are_parted_by_empty_lines() -> None:
	assert split_paragraphs("one\nline\n\n \n\ntwo\n") == ["one\nline", "two"]
	assert split_paragraphs("") == []


@pytest.mark.parametrize(
	("text", "parts"),
	[
		("", 1),
		("a" * 160, 1),
		("a" * 161, 2),
		("a" * 306, 2),
		("a" * 307, 3),
		("€" * 80, 1),
		("€" * 81, 2),
		("ł" * 70, 1),
		("ł" * 71, 2),
		("😀" * 35, 1),
		("😀" * 36, 2),
		("Å å Ä ö ß ñ é", 1),
	],
)
def test_an_sms_is_counted_as_the_networks_count(text: str, parts: int) -> None:
	assert count_parts(text) == parts


def test_typographic_marks_do_not_make_an_sms_longer() -> None:
	assert make_sendable("“Pothole” – it’s done…\u202f!\n") == '"Pothole" - it\'s done... !'
	assert make_sendable("Łódź") == "Łódź"
