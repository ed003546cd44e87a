"""A whole form: what is required, what applies, and how the resident can be reached."""

from dataclasses import replace
from datetime import date

import pytest

from citizen_support.catalogue import rules as catalogue
from citizen_support.catalogue.rules import Question
from citizen_support.intake.rules import (
	NAME_LENGTH,
	NOT_ASKED,
	OPTIONAL,
	REQUIRED,
	Answer,
	Checked,
	Problem,
	check_answers,
	check_contact,
)

TODAY = date(2026, 3, 31)
URGENT = Question("urgent", "Is it urgent?", catalogue.YES_OR_NO, required=True)
WHY = Question("why", "Why?", catalogue.SHORT_TEXT, required=True, show_if="urgent", show_values=("Yes",))
PHOTO = Question("photo", "A photo?", catalogue.FILE, required=True)
ALL_OPTIONAL = {"name": OPTIONAL, "email": OPTIONAL, "phone": OPTIONAL}


def check(questions: list[Question], file_counts: dict[str, int] | None = None, **typed: str) -> Checked:
	return check_answers(
		questions, {key: [text] for key, text in typed.items()}, file_counts or {}, TODAY, "US"
	)


def test_every_missing_answer_is_named() -> None:
	checked = check([URGENT, PHOTO])

	assert checked.problems == {"urgent": Problem("missing"), "photo": Problem("missing file")}


def test_white_space_is_no_answer() -> None:
	assert check([replace(WHY, show_if=None)], why=" \u200b\t ").problems == {"why": Problem("missing")}


def test_an_optional_question_may_stay_empty() -> None:
	assert check([replace(URGENT, required=False)]) == Checked()


def test_a_required_file_is_there_once_one_was_uploaded() -> None:
	assert check([PHOTO], {"photo": 1}).problems == {}


def test_a_question_that_does_not_apply_is_not_required_and_its_answer_is_dropped() -> None:
	checked = check([URGENT, WHY], urgent="No", why="smuggled")

	assert checked.problems == {}
	assert [answer.key for answer in checked.answers] == ["urgent"]


def test_a_question_that_applies_is_required() -> None:
	assert check([URGENT, WHY], urgent="Yes").problems == {"why": Problem("missing")}


def test_a_wrong_answer_shows_no_question_that_waits_for_it() -> None:
	checked = check([URGENT, replace(WHY, show_values=("Perhaps",))], urgent="Perhaps", why="x")

	assert checked.problems == {"urgent": Problem("not a choice")}
	assert checked.answers == []


def test_sound_answers_are_kept_beside_wrong_ones() -> None:
	number = Question("width", "How wide?", catalogue.NUMBER)

	checked = check([URGENT, number], urgent="No", width="wide")

	assert [answer.values for answer in checked.answers] == [("No",)]
	assert checked.problems == {"width": Problem("not a number")}


def test_an_answer_is_complete_in_itself() -> None:
	answer = Answer("where", "Where?", catalogue.PLACE, ("Gate 2",), True, 52.5, 13.4)

	assert answer.as_dict() == {
		"key": "where",
		"label": "Where?",
		"type": catalogue.PLACE,
		"values": ["Gate 2"],
		"personal": True,
		"latitude": 52.5,
		"longitude": 13.4,
	}


def test_answers_to_no_question_of_the_service_are_ignored() -> None:
	assert check([], status="Closed", owner="Administrator") == Checked()


def test_sound_contact_details_are_kept_in_their_one_form() -> None:
	typed = {"name": " Ann  Lee ", "email": "Ann@Example.org", "phone": "202-555-0143"}

	details, problems = check_contact(ALL_OPTIONAL, typed, False, "US")

	assert details == {"name": "Ann Lee", "email": "ann@example.org", "phone": "+12025550143"}
	assert problems == {}


@pytest.mark.parametrize("name", ["name", "email", "phone"])
def test_each_required_detail_is_named_when_it_is_missing(name: str) -> None:
	_details, problems = check_contact(ALL_OPTIONAL | {name: REQUIRED}, {}, False, None)

	assert problems == {name: Problem(f"missing {name}")}


def test_what_was_not_asked_is_not_kept() -> None:
	asks = {"name": NOT_ASKED, "email": NOT_ASKED}

	assert check_contact(asks, {"name": "Ann", "email": "x", "phone": "1"}, False, "US") == ({}, {})


@pytest.mark.parametrize(
	("typed", "problems"),
	[
		({}, {"email": Problem("missing contact")}),
		({"name": "Ann"}, {"email": Problem("missing contact")}),
		({"phone": "202-555-0143"}, {}),
		({"email": "ann@example.org"}, {}),
		({"email": "broken"}, {"email": Problem("not an email")}),
	],
)
def test_where_one_contact_is_required_either_will_do(typed: dict, problems: dict) -> None:
	assert check_contact(ALL_OPTIONAL, typed, True, "US")[1] == problems


def test_a_contact_can_only_be_required_where_one_is_asked() -> None:
	asks = {"name": OPTIONAL, "email": NOT_ASKED, "phone": NOT_ASKED}

	assert check_contact(asks, {}, True, "US") == ({}, {})


def test_a_name_too_long_is_refused() -> None:
	_details, problems = check_contact(ALL_OPTIONAL, {"name": "x" * (NAME_LENGTH + 1)}, False, "US")

	assert problems == {"name": Problem("too long", (str(NAME_LENGTH),))}


def test_a_header_trick_in_the_address_is_refused() -> None:
	typed = {"email": "ann@example.org\r\nBcc: all@example.org"}

	assert check_contact(ALL_OPTIONAL, typed, False, "US")[1] == {"email": Problem("not an email")}
