"""Codes, keys and questions that can be answered and reached."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.catalogue.rules import (
	CHOICE,
	CODE_LENGTH,
	DATE,
	KEY_LENGTH,
	MOST_QUESTIONS,
	MULTIPLE_CHOICE,
	NUMBER,
	SHORT_TEXT,
	YES_OR_NO,
	Finding,
	Question,
	find_findings,
	find_visible,
	is_code,
	make_code,
	make_question_key,
	read_bound,
	split_lines,
	split_words,
)

TODAY = date(2026, 3, 31)
URGENT = Question("urgent", "Is it urgent?", YES_OR_NO)
KIND = Question("kind", "What kind?", CHOICE, choices=("Hole", "Crack"))


def make_question(key: str = "more", **overrides: object) -> Question:
	return replace(Question(key, f"About {key}", SHORT_TEXT), **overrides)


@pytest.mark.parametrize(
	("title", "code"),
	[
		("Street light", "street-light"),
		("  Straßen & Plätze ", "strassen-platze"),
		("Ærø Øst", "aero-ost"),
		("Crèche / Nursery (0-3)", "creche-nursery-0-3"),
		("日本語", ""),
		("---", ""),
	],
)
def test_a_title_gives_a_code_of_ascii_letters_digits_and_hyphens(title: str, code: str) -> None:
	assert make_code(title) == code


@given(title=st.text(max_size=200))
def test_a_code_made_of_a_title_is_a_code_or_empty(title: str) -> None:
	code = make_code(title)

	assert code == "" or is_code(code)


@pytest.mark.parametrize(
	"text", ["", "A", "a_b", "-a", "a-", "a--b", "a b", "ä", "a/b", "a\n", "a" * (CODE_LENGTH + 1)]
)
def test_other_texts_are_no_code(text: str) -> None:
	assert not is_code(text)


@pytest.mark.parametrize(
	("label", "taken", "key"),
	[
		("Where is it?", [], "where_is_it"),
		("Where is it?", ["where_is_it"], "where_is_it_2"),
		("Where is it?", ["where_is_it", "where_is_it_2"], "where_is_it_3"),
		("何処", [], "question"),
	],
)
def test_a_new_question_gets_a_key_that_is_not_taken(label: str, taken: list[str], key: str) -> None:
	assert make_question_key(label, taken) == key


@given(label=st.text(max_size=120), count=st.integers(1, 12))
def test_keys_of_equal_labels_differ_and_are_never_too_long(label: str, count: int) -> None:
	keys: list[str] = []
	for _number in range(count):
		keys.append(make_question_key(label, keys))

	assert len(set(keys)) == count
	assert all(0 < len(key) <= KEY_LENGTH for key in keys)


def test_lines_are_stripped_and_neither_empty_nor_repeated() -> None:
	assert split_lines(" a \n\n b\r\na\n") == ("a", "b")
	assert split_lines(None) == ()


def test_words_may_be_separated_by_commas_semicolons_or_lines() -> None:
	assert split_words("pot hole, crater;bump\n crater") == ("pot hole", "crater", "bump")


@pytest.mark.parametrize(
	("questions", "finding"),
	[
		([make_question(), make_question()], Finding("key twice", "About more", "more")),
		([make_question(type=CHOICE, choices=("One",))], Finding("too few choices", "About more")),
		([make_question(type=MULTIPLE_CHOICE)], Finding("too few choices", "About more")),
		([make_question(show_if="kind"), KIND], Finding("condition not earlier", "About more", "kind")),
		([make_question(show_if="more")], Finding("condition not earlier", "About more", "more")),
		(
			[make_question("a"), make_question(show_if="a", show_values=("x",))],
			Finding("condition not a choice", "About more", "About a"),
		),
		(
			[KIND, make_question(show_if="kind")],
			Finding("condition without values", "About more", "What kind?"),
		),
		(
			[KIND, make_question(show_if="kind", show_values=("Hole", "Hill"))],
			Finding("condition value unknown", "About more", "Hill"),
		),
		([make_question(type=NUMBER, minimum="few")], Finding("bound unreadable", "About more", "few")),
		([make_question(type=NUMBER, minimum="2", maximum="1")], Finding("bounds crossed", "About more")),
		(
			[make_question(type=DATE, maximum="31.3.2026")],
			Finding("bound unreadable", "About more", "31.3.2026"),
		),
		(
			[make_question(type=DATE, minimum="2026-02-01", maximum="2026-01-01")],
			Finding("bounds crossed", "About more"),
		),
		(
			[make_question(str(number)) for number in range(MOST_QUESTIONS + 1)],
			Finding("too many", str(MOST_QUESTIONS + 1), str(MOST_QUESTIONS)),
		),
	],
)
def test_what_makes_a_question_impossible_is_found(questions: list[Question], finding: Finding) -> None:
	assert find_findings(questions) == [finding]


def test_sound_questions_have_no_findings() -> None:
	questions = [
		URGENT,
		KIND,
		make_question(show_if="urgent", show_values=("Yes",)),
		make_question("width", type=NUMBER, minimum="0", maximum="2.5"),
		make_question("day", type=DATE, minimum="today"),
	]

	assert find_findings(questions) == []


def test_a_question_shows_once_the_answer_it_waits_for_is_given() -> None:
	question = make_question(show_if="kind", show_values=("Hole", "Crack"))

	assert find_visible([KIND, question], {"kind": ["Hole"]}) == [KIND, question]
	assert find_visible([KIND, question], {"kind": ["Hill"]}) == [KIND]
	assert find_visible([KIND, question], {}) == [KIND]


def test_in_a_chain_a_hidden_question_hides_what_depends_on_it() -> None:
	second = make_question("second", type=YES_OR_NO, show_if="urgent", show_values=("Yes",))
	third = make_question("third", show_if="second", show_values=("Yes",))
	answers = {"urgent": ["No"], "second": ["Yes"]}

	assert find_visible([URGENT, second, third], answers) == [URGENT]


@pytest.mark.parametrize(
	("text", "day"), [("", None), ("today", TODAY), (" Today ", TODAY), ("2026-01-31", date(2026, 1, 31))]
)
def test_a_bound_is_a_day_or_today(text: str, day: date | None) -> None:
	assert read_bound(text, TODAY) == day
