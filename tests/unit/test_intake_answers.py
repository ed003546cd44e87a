"""Typed answers against the questions of a service."""

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.catalogue import rules as catalogue
from citizen_support.catalogue.rules import Question
from citizen_support.intake.rules import (
	LONG_LENGTH,
	PLACE_LENGTH,
	SHORT_LENGTH,
	Problem,
	check_answer,
	check_answers,
	clean_text,
	read_coordinate,
)

TODAY = date(2026, 3, 31)


def make_question(question_type: str, **overrides: object) -> Question:
	choices = ("Red", "Green") if question_type in catalogue.WITH_CHOICES else ()
	return replace(Question("it", "What is it?", question_type, choices=choices), **overrides)


def check(question_type: str, *typed: str, **overrides: object) -> tuple[tuple[str, ...], Problem | None]:
	return check_answer(make_question(question_type, **overrides), typed, TODAY, "US")


@pytest.mark.parametrize(
	("question_type", "typed", "value"),
	[
		(catalogue.SHORT_TEXT, "  two\t words ", "two words"),
		(catalogue.LONG_TEXT, "one\r\ntwo", "one\ntwo"),
		(catalogue.CHOICE, "Red", "Red"),
		(catalogue.YES_OR_NO, "No", "No"),
		(catalogue.NUMBER, "1 000,50", "1000.50"),
		(catalogue.NUMBER, "-3", "-3"),
		(catalogue.DATE, "2028-02-29", "2028-02-29"),
		(catalogue.EMAIL, "Ann@Example.ORG", "ann@example.org"),
		(catalogue.PHONE, "(202) 555-0143", "+12025550143"),
		(catalogue.PLACE, "5 Elm Road", "5 Elm Road"),
	],
)
def test_a_sound_answer_is_kept_in_its_one_form(question_type: str, typed: str, value: str) -> None:
	assert check(question_type, typed) == ((value,), None)


@pytest.mark.parametrize(
	("question_type", "typed", "problem"),
	[
		(catalogue.SHORT_TEXT, "x" * (SHORT_LENGTH + 1), "too long"),
		(catalogue.LONG_TEXT, "x" * (LONG_LENGTH + 1), "too long"),
		(catalogue.PLACE, "x" * (PLACE_LENGTH + 1), "too long"),
		(catalogue.CHOICE, "Blue", "not a choice"),
		(catalogue.CHOICE, "red", "not a choice"),
		(catalogue.YES_OR_NO, "Maybe", "not a choice"),
		(catalogue.NUMBER, "a few", "not a number"),
		(catalogue.NUMBER, "NaN", "not a number"),
		(catalogue.NUMBER, "Infinity", "not a number"),
		(catalogue.NUMBER, "9" * 31, "too long"),
		(catalogue.DATE, "31.3.2026", "not a date"),
		(catalogue.DATE, "2027-02-29", "not a date"),
		(catalogue.EMAIL, "ann@", "not an email"),
		(catalogue.PHONE, "12", "not a phone"),
		(catalogue.PHONE, "call me", "not a phone"),
	],
)
def test_a_malformed_answer_is_refused_with_a_name_for_what_is_wrong(
	question_type: str, typed: str, problem: str
) -> None:
	values, found = check(question_type, typed)

	assert (values, found.name) == ((), problem)


@pytest.mark.parametrize(
	("question_type", "length"),
	[
		(catalogue.SHORT_TEXT, SHORT_LENGTH),
		(catalogue.LONG_TEXT, LONG_LENGTH),
		(catalogue.PLACE, PLACE_LENGTH),
	],
)
def test_a_text_of_just_the_allowed_length_is_kept(question_type: str, length: int) -> None:
	assert check(question_type, "x" * length) == (("x" * length,), None)


@pytest.mark.parametrize(
	("question_type", "typed", "problem"),
	[
		(catalogue.NUMBER, "1", Problem("too small", ("2",))),
		(catalogue.NUMBER, "5.1", Problem("too large", ("5",))),
	],
)
def test_a_number_out_of_bounds_is_told_the_bound(question_type: str, typed: str, problem: Problem) -> None:
	assert check(question_type, typed, minimum="2", maximum="5") == ((), problem)


def test_a_day_out_of_bounds_is_told_the_bound() -> None:
	bounds = {"minimum": "today", "maximum": "2026-12-31"}

	assert check(catalogue.DATE, "2026-03-30", **bounds) == ((), Problem("too early", ("2026-03-31",)))
	assert check(catalogue.DATE, "2027-01-01", **bounds) == ((), Problem("too late", ("2026-12-31",)))
	assert check(catalogue.DATE, "2026-03-31", **bounds) == (("2026-03-31",), None)


@pytest.mark.parametrize("typed", ["1e999999999", "-1E999999999", "1e-999999999", "1e31"])
def test_a_number_that_would_be_endless_when_written_out_is_refused(typed: str) -> None:
	assert check(catalogue.NUMBER, typed, minimum="2") == ((), Problem("not a number"))


def test_several_choices_are_kept_once_each() -> None:
	assert check(catalogue.MULTIPLE_CHOICE, "Green", "Red", "Green") == (("Green", "Red"), None)


def test_one_wrong_choice_among_several_is_refused() -> None:
	assert check(catalogue.MULTIPLE_CHOICE, "Green", "Blue")[1] == Problem("not a choice")


def test_only_the_first_of_repeated_values_counts_for_a_single_answer() -> None:
	assert check(catalogue.SHORT_TEXT, "first", "second") == (("first",), None)


def test_thousands_of_repeated_values_are_not_looked_at() -> None:
	values, _problem = check(catalogue.MULTIPLE_CHOICE, *["Red"] * 5000, *["Blue"])

	assert values == ("Red",)


@pytest.mark.parametrize(
	"unwanted", ["\x00", "\x1b", "\x7f", "\x9f", "\u200b", "\u200e", "\u202e", "\u2066", "\u2028", "\ufeff"]
)
def test_invisible_characters_are_taken_out(unwanted: str) -> None:
	assert clean_text(f"in{unwanted}side", keep_lines=True) == "inside"


@given(text=st.text(max_size=200), keep_lines=st.booleans())
def test_cleaning_twice_changes_nothing_more(text: str, keep_lines: bool) -> None:
	once = clean_text(text, keep_lines)

	assert clean_text(once, keep_lines) == once


def test_many_empty_lines_shrink_and_single_line_fields_have_none() -> None:
	assert clean_text("a\n\n\n\n\n\nb", keep_lines=True) == "a\n\n\nb"
	assert clean_text("a\nb\rc") == "a b c"


def test_composed_and_decomposed_letters_are_one() -> None:
	assert clean_text("e\u0301") == "é"


@pytest.mark.parametrize(
	("text", "bound", "value"),
	[("52.123456789", 90, 52.1234568), ("-90", 90, -90.0), ("91", 90, None), ("nan", 180, None)],
)
def test_coordinates_have_bounds_and_seven_digits(text: str, bound: float, value: float | None) -> None:
	assert read_coordinate(text, bound) == value


@pytest.mark.parametrize("text", [None, "", "north", "1e400", "inf", "0x10"])
def test_other_texts_are_no_coordinate(text: str | None) -> None:
	assert read_coordinate(text, 180) is None


PLACE = make_question(catalogue.PLACE)


@pytest.mark.parametrize(
	("latitude", "longitude", "kept"),
	[("52.5", "13.4", (52.5, 13.4)), ("52.5", "", (None, None)), ("99", "13.4", (None, None))],
)
def test_a_place_has_both_coordinates_or_none(latitude: str, longitude: str, kept: tuple) -> None:
	typed = {"it": ["Gate 2"], "it.lat": [latitude], "it.lon": [longitude]}

	answer = check_answers([PLACE], typed, {}, TODAY).answers[0]

	assert (answer.latitude, answer.longitude) == kept
	assert answer.values == ("Gate 2",)


@given(typed=st.dictionaries(st.just("it"), st.lists(st.text(max_size=80), max_size=4)))
@pytest.mark.parametrize(
	"question_type", sorted({*catalogue.MAY_DECIDE, "Number", "Date", "E-mail", "Phone", "Place"})
)
def test_no_text_whatever_makes_a_check_fail(question_type: str, typed: dict[str, list[str]]) -> None:
	checked = check_answers([make_question(question_type)], typed, {}, TODAY, "US")

	assert set(checked.problems) <= {"it"}
	assert not (checked.problems and checked.answers)


def test_marks_that_compose_slowly_are_cut_before_they_are_composed() -> None:
	started = time.process_time()

	clean_text("a" + "\u0301" * 400_000 + "\u0323" * 400_000)

	assert time.process_time() - started < 1.0
