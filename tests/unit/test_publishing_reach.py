"""Which questions can be asked where answers end the form."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from citizen_support.catalogue.rules import CHOICE, SHORT_TEXT, YES_OR_NO, Question
from citizen_support.publishing.reach import Dead, find_dead


def make(key: str, **values: object) -> Question:
	return Question(key=key, label=key, **{"type": SHORT_TEXT, **values})


def ask(key: str, *end_values: str, required: bool = True, **values: object) -> Question:
	return make(key, type=YES_OR_NO, required=required, end_values=end_values, **values)


def test_a_plain_form_has_nothing_dead() -> None:
	questions = [ask("gas", "Yes"), make("where"), make("more", show_if="gas", show_values=("No",))]

	assert find_dead(questions) == []


def test_a_condition_that_waits_for_an_ending_answer_never_holds() -> None:
	questions = [ask("gas", "Yes"), make("more", show_if="gas", show_values=("Yes",))]

	assert find_dead(questions) == [Dead("more", "gas", is_ended=True)]


def test_what_depends_on_a_dead_question_is_dead_too() -> None:
	questions = [
		ask("gas", "Yes"),
		ask("since", show_if="gas", show_values=("Yes",)),
		make("more", show_if="since", show_values=("Yes",)),
	]

	assert [dead.key for dead in find_dead(questions)] == ["since", "more"]


def test_nothing_comes_after_a_question_whose_every_answer_ends_the_form() -> None:
	questions = [make("first"), ask("stop", "Yes", "No"), make("last")]

	assert find_dead(questions) == [Dead("last", "stop", is_ended=True)]


def test_a_question_that_may_be_left_out_lets_the_form_go_on() -> None:
	assert find_dead([ask("stop", "Yes", "No", required=False), make("last")]) == []


def test_two_conditional_ends_can_close_every_way() -> None:
	kind = make("kind", type=CHOICE, choices=("Dog", "Cat"), required=True)
	ends = [ask(f"stop {pet}", "Yes", "No", show_if="kind", show_values=(pet,)) for pet in ("Dog", "Cat")]

	assert [dead.key for dead in find_dead([kind, *ends, make("last")])] == ["last"]
	assert find_dead([kind, ends[0], make("last")]) == []


def test_a_condition_can_lead_around_an_end() -> None:
	kind = make("kind", type=CHOICE, choices=("Dog", "Cat"), required=True)
	end = ask("stop", "Yes", "No", show_if="kind", show_values=("Dog",))

	assert find_dead([kind, end, make("cat", show_if="kind", show_values=("Cat",))]) == []
	assert [
		dead.key for dead in find_dead([kind, end, make("dog", show_if="kind", show_values=("Dog",))])
	] == ["dog"]


OPTIONS = ("a", "b")


@st.composite
def forms(draw: st.DrawFn) -> list[Question]:
	questions: list[Question] = []
	for number in range(draw(st.integers(1, 5))):
		decider = draw(st.sampled_from([None, *questions]))
		questions.append(
			make(
				f"q{number}",
				type=CHOICE,
				choices=OPTIONS,
				required=draw(st.booleans()),
				end_values=tuple(draw(st.sets(st.sampled_from(OPTIONS)))),
				show_if=decider.key if decider else None,
				show_values=tuple(draw(st.sets(st.sampled_from(OPTIONS), min_size=1))) if decider else (),
			)
		)
	return questions


def walk(questions: list[Question], picks: tuple[str, ...]) -> set[str]:
	"""The questions somebody is asked who would answer so; "" leaves one out where that is allowed."""
	asked: set[str] = set()
	given_answers: dict[str, str] = {}
	for question, pick in zip(questions, picks, strict=True):
		if question.show_if and given_answers.get(question.show_if) not in question.show_values:
			continue
		asked.add(question.key)
		answer = pick or ("a" if question.required else "")
		if answer in question.end_values:
			break
		given_answers[question.key] = answer
	return asked


@settings(max_examples=400)
@given(forms())
def test_what_is_called_dead_is_what_nobody_is_asked(questions: list[Question]) -> None:
	asked = set().union(*(walk(questions, picks) for picks in product(("", *OPTIONS), repeat=len(questions))))

	assert {dead.key for dead in find_dead(questions)} == {question.key for question in questions} - asked
