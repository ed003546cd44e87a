"""Answers that end the form: what a sound question says, and what a sent form makes of it."""

from dataclasses import replace
from datetime import date

import pytest

from citizen_support.catalogue.rules import (
	CHOICE,
	MULTIPLE_CHOICE,
	SHORT_TEXT,
	YES_OR_NO,
	Finding,
	Question,
	ends_form,
	find_findings,
)
from citizen_support.intake.rules import Checked, check_answers

TODAY = date(2026, 3, 31)
GAS = Question(
	"gas",
	"Do you smell gas?",
	YES_OR_NO,
	end_values=("Yes",),
	end_message="Leave the house and call now.",
	end_phone="112",
)
WHERE = Question("where", "Where?", SHORT_TEXT, required=True)


def check(questions: list[Question], **typed: str | list[str]) -> Checked:
	given = {key: [value] if isinstance(value, str) else value for key, value in typed.items()}
	return check_answers(questions, given, {}, TODAY, "US")


def test_a_question_whose_answer_ends_the_form_is_sound() -> None:
	assert find_findings([GAS, WHERE]) == []


@pytest.mark.parametrize(
	("changes", "problem", "detail"),
	[
		({"end_values": ("Maybe",)}, "end value unknown", "Maybe"),
		({"end_values": ("yes",)}, "end value unknown", "yes"),
		({"end_message": "  "}, "end without message", ""),
		({"type": SHORT_TEXT}, "end not a choice", ""),
		({"required": True, "end_values": ("Yes", "No")}, "every answer ends", ""),
	],
)
def test_an_ending_that_could_not_work_is_found(changes: dict, problem: str, detail: str) -> None:
	assert find_findings([replace(GAS, **changes)]) == [Finding(problem, GAS.label, detail)]


def test_all_answers_may_end_the_form_where_one_need_not_answer_or_is_not_always_asked() -> None:
	optional = replace(GAS, end_values=("Yes", "No"))
	later = replace(optional, key="later", required=True, show_if="gas", show_values=("No",))

	assert find_findings([optional]) == []
	assert find_findings([GAS, later]) == []


@pytest.mark.parametrize(
	("question_type", "values", "ends"),
	[
		(YES_OR_NO, ["Yes"], True),
		(YES_OR_NO, ["No"], False),
		(YES_OR_NO, [], False),
		(CHOICE, ["Yes"], True),
		(MULTIPLE_CHOICE, ["No", "Yes"], True),
		(SHORT_TEXT, ["Yes"], False),
	],
)
def test_only_a_chosen_answer_ends_the_form(question_type: str, values: list[str], ends: bool) -> None:
	assert ends_form(replace(GAS, type=question_type, choices=("Yes", "No")), values) is ends


def test_a_sent_form_that_ended_says_by_which_question() -> None:
	checked = check([GAS, WHERE], gas="Yes", where="Oak Street")

	assert checked.ending == GAS
	assert [answer.key for answer in checked.answers] == ["gas", "where"]


def test_a_sent_form_goes_on_with_any_other_answer() -> None:
	assert check([GAS, WHERE], gas="No", where="Oak Street").ending is None
	assert check([GAS, WHERE], where="Oak Street").ending is None


def test_the_first_of_several_endings_counts() -> None:
	smoke = replace(GAS, key="smoke", label="Do you see smoke?")

	assert check([GAS, smoke], gas="Yes", smoke="Yes").ending == GAS
	assert check([GAS, smoke], gas="No", smoke="Yes").ending == smoke


def test_a_question_that_is_not_shown_cannot_end_the_form() -> None:
	inside = Question("inside", "Inside a house?", YES_OR_NO)
	hidden = replace(GAS, show_if="inside", show_values=("Yes",))

	assert check([inside, hidden], inside="No", gas="Yes").ending is None
	assert check([inside, hidden], gas="Yes").ending is None
	assert check([inside, hidden], inside="Yes", gas="Yes").ending == hidden


def test_an_answer_that_cannot_be_chosen_ends_nothing() -> None:
	checked = check([replace(GAS, end_values=("Maybe",))], gas="Maybe")

	assert checked.ending is None
	assert checked.problems["gas"].name == "not a choice"
