"""What can be shown of a draft, the example beside it, and the frame it is shown in."""

import base64
import hashlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.catalogue.rules import (
	CHOICE,
	DATE,
	FILE,
	LONG_TEXT,
	MULTIPLE_CHOICE,
	NUMBER,
	PLACE,
	SHORT_TEXT,
	YES_OR_NO,
	Question,
	find_visible,
)
from citizen_support.designer.frame import make_frame, make_policy, make_script_tag, make_style_tag
from citizen_support.designer.rules import TYPES, find_skipped, make_example_answers, make_showable, turn
from citizen_support.intake.rules import check_answers

TODAY = date(2027, 3, 2)
URGENT = Question("urgent", "Is it urgent?", YES_OR_NO, end_values=("Yes",), end_message="Call.")
MORE = Question("more", "Tell us more", LONG_TEXT, show_if="urgent", show_values=("No",))
PAGE = (
	'<!doctype html><html><head><link rel="stylesheet" href="/a.css?v=1">'
	'<script src="/a.js?v=1" defer blocking="render"></script></head><body><p>Hello</p></body></html>'
)
TAGS = (make_style_tag("/a.css?v=1"), make_script_tag("/a.js?v=1"))


def make_examples(*questions: Question) -> dict[str, tuple[str, ...]]:
	answers = make_example_answers(questions, "words", "12 Oak Street", TODAY)
	return {answer.key: answer.values for answer in answers}


def test_a_question_without_words_or_of_no_known_kind_is_not_shown_yet() -> None:
	unnamed, strange = replace(MORE, label="  "), replace(MORE, type="Riddle")

	assert make_showable([URGENT, unnamed, strange, MORE]) == [URGENT, MORE]


@pytest.mark.parametrize(
	("question_type", "low", "high", "kept"),
	[
		(NUMBER, "1", "5", ("1", "5")),
		(NUMBER, "one", "5", ("", "")),
		(NUMBER, "5", "1", ("", "")),
		(DATE, "today", "", ("today", "")),
		(DATE, "soon", "", ("", "")),
	],
)
def test_bounds_nobody_can_read_are_left_out(
	question_type: str, low: str, high: str, kept: tuple[str, str]
) -> None:
	question = Question("it", "It", question_type, minimum=low, maximum=high, show_if="gone")

	(shown,) = make_showable([question])

	assert (shown.minimum, shown.maximum) == kept
	assert shown.show_if == "gone"


def test_the_example_answers_what_is_asked_and_goes_on() -> None:
	assert make_examples(URGENT, MORE) == {"urgent": ("No",), "more": ("words",)}
	assert make_examples(replace(URGENT, end_values=("No",)), MORE) == {"urgent": ("Yes",)}


def test_a_question_all_of_whose_answers_end_the_form_has_no_example() -> None:
	assert make_examples(replace(URGENT, end_values=("Yes", "No"))) == {}


def test_a_file_is_no_answer_in_words() -> None:
	assert make_examples(Question("photo", "Photo", FILE)) == {}


@given(
	types=st.lists(st.sampled_from(sorted(TYPES - {FILE})), max_size=8),
	depends=st.lists(st.integers(0, 7), min_size=8, max_size=8),
	smallest=st.sampled_from(["", "3"]),
)
def test_every_example_would_be_taken_by_the_form(
	types: list[str], depends: list[int], smallest: str
) -> None:
	questions: list[Question] = []
	for number, question_type in enumerate(types):
		question = Question(
			f"q{number}",
			f"Question {number}",
			question_type,
			required=True,
			choices=("Red", "Green") if question_type in (CHOICE, MULTIPLE_CHOICE) else (),
			minimum=smallest if question_type == NUMBER else "",
		)
		earlier = [one for one in questions if one.type in (CHOICE, YES_OR_NO)]
		if earlier and depends[number] % 2:
			decider = earlier[depends[number] % len(earlier)]
			question = replace(question, show_if=decider.key, show_values=decider.options[:1])
		questions.append(question)

	given_ = make_examples(*questions)

	assert check_answers(questions, given_, {}, TODAY, "US").problems == {}
	assert set(given_) == {question.key for question in find_visible(questions, given_)}


def test_holidays_on_working_days_between_both_dates_are_skipped() -> None:
	holidays = {
		date(2027, 3, 1): "before",
		date(2027, 3, 3): "between",
		date(2027, 3, 6): "a Saturday",
		date(2027, 3, 5): "the last day",
		date(2027, 3, 8): "after",
	}

	skipped = find_skipped(holidays, range(5), date(2027, 3, 2), date(2027, 3, 5))

	assert skipped == [(date(2027, 3, 3), "between"), (date(2027, 3, 5), "the last day")]


@pytest.mark.parametrize(
	("last", "order"),
	[("a", ["b", "c", "a"]), ("c", ["a", "b", "c"]), (None, ["a", "b", "c"]), ("gone", ["a", "b", "c"])],
)
def test_members_get_requests_in_turn(last: str | None, order: list[str]) -> None:
	assert turn(["a", "b", "c"], last) == order


def test_a_frame_has_all_it_needs_in_it_and_loads_nothing() -> None:
	html = make_frame(PAGE, TAGS, "p { color: red }", ["run()"], "https://city.example")

	assert "/a.css" not in html and "/a.js" not in html
	assert "<style>p { color: red }</style>" in html
	assert html.index("Content-Security-Policy") < html.index("<style>")
	assert html.endswith("<p>Hello</p><script>run()</script></body></html>")


def test_only_the_scripts_that_are_given_may_run_in_it() -> None:
	policy = make_policy(["run()"], "https://city.example")

	digest = base64.b64encode(hashlib.sha256(b"run()").digest()).decode()
	assert f"script-src 'sha256-{digest}';" in policy
	assert "script-src 'none';" in make_policy([], "")
	assert "default-src 'none'" in policy and "form-action 'none'" in policy


@pytest.mark.parametrize(
	("html", "css", "script"),
	[
		("<p>no page</p>", "", ""),
		(PAGE.replace("a.css", "b.css"), "", ""),
		(PAGE, "</style>", ""),
		(PAGE, "", "</script>"),
	],
)
def test_what_is_no_page_of_ours_makes_no_frame(html: str, css: str, script: str) -> None:
	with pytest.raises(ValueError):
		make_frame(html, TAGS, css, [script], "")


def test_all_kinds_of_questions_are_known() -> None:
	assert {SHORT_TEXT, PLACE, FILE, YES_OR_NO} <= TYPES and len(TYPES) == 11
