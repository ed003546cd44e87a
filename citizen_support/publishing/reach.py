"""Which questions of a form can be reached, where answers can end it. Pure.

A form is followed from its first question on: a question is asked if its condition holds, and an answer that ends the
form ends it before anything after it is asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from citizen_support.catalogue.rules import MAY_DECIDE, Question

# More ways through a form than these are not tried: then nothing is claimed.
MOST_WAYS = 5000
NO_ANSWER = ""


@dataclass(frozen=True)
class Dead:
	"""A question that nobody can be asked.

	:ivar because: key of the question whose answers stand in the way.
	:ivar is_ended: those answers end the form; else none of them fulfils the condition.
	"""

	key: str
	because: str
	is_ended: bool


def find_dead(questions: Sequence[Question]) -> list[Dead]:
	"""Questions that can never be asked, whatever somebody answers."""
	dead: list[Dead] = []
	for position, question in enumerate(questions):
		known = {entry.key for entry in dead}
		found = _find_impossible_condition(question, questions[:position], known)
		if not found:
			found = _find_ended(questions[: position + 1])
		if found:
			dead.append(found)
	return dead


def is_ending_always(question: Question) -> bool:
	"""Whether everybody who is asked this has to give an answer that ends the form."""
	return bool(question.options) and question.required and set(question.options) <= set(question.end_values)


def can_reach(questions: Sequence[Question]) -> bool:
	"""Whether there are answers with which the last of these questions is asked."""
	relevant = _list_relevant(questions)
	for tried, is_there in enumerate(_follow(relevant, 0, {}), start=1):
		if is_there or tried >= MOST_WAYS:
			return True
	return False


def _find_impossible_condition(
	question: Question, earlier: Sequence[Question], known: set[str]
) -> Dead | None:
	decider = next((entry for entry in earlier if entry.key == question.show_if), None)
	if not decider:
		return None
	if decider.key in known:
		return Dead(question.key, decider.key, is_ended=False)
	wanted = [value for value in question.show_values if value in decider.options]
	if wanted and all(value in decider.end_values for value in wanted):
		return Dead(question.key, decider.key, is_ended=True)
	return None if wanted else Dead(question.key, decider.key, is_ended=False)


def _find_ended(questions: Sequence[Question]) -> Dead | None:
	enders = [entry for entry in questions[:-1] if is_ending_always(entry)]
	if not enders or can_reach(questions):
		return None
	return Dead(questions[-1].key, enders[0].key, is_ended=True)


def _list_relevant(questions: Sequence[Question]) -> list[Question]:
	"""The last question, those before it that may end every form, and whatever their conditions look at."""
	by_key = {question.key: question for question in questions}
	wanted = [questions[-1].key, *(entry.key for entry in questions if is_ending_always(entry))]
	kept: set[str] = set()
	while wanted:
		key = wanted.pop()
		if key in kept or key not in by_key:
			continue
		kept.add(key)
		if by_key[key].show_if:
			wanted.append(by_key[key].show_if or "")
	return [question for question in questions if question.key in kept]


def _follow(questions: Sequence[Question], position: int, answers: Mapping[str, str]) -> Iterator[bool]:
	"""Every way through the questions: whether it comes to the last one and asks it."""
	question = questions[position]
	is_asked = _is_asked(question, answers)
	if position == len(questions) - 1:
		yield is_asked
		return
	ways = _list_answers(question) if is_asked else (NO_ANSWER,)
	for answer in ways:
		yield from _follow(questions, position + 1, {**answers, question.key: answer})
	if not ways:
		yield False


def _is_asked(question: Question, answers: Mapping[str, str]) -> bool:
	if question.show_if is None:
		return True
	return answers.get(question.show_if, NO_ANSWER) in question.show_values


def _list_answers(question: Question) -> tuple[str, ...]:
	"""One answer at a time that lets the form go on; that none is given, where it may be left out."""
	if question.type not in MAY_DECIDE:
		return (NO_ANSWER,)
	going_on = tuple(value for value in question.options if value not in question.end_values)
	return going_on if question.required else (*going_on, NO_ANSWER)
