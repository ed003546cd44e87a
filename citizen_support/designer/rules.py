"""What can be shown of a draft, with what example, and which days a promise skips. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from citizen_support.catalogue import rules as catalogue
from citizen_support.catalogue.rules import Question, ends_form, find_findings, find_visible
from citizen_support.intake.rules import Answer

FORM, CONFIRMATION, MAIL = "form", "confirmation", "mail"
PARTS = (FORM, CONFIRMATION, MAIL)
TYPES = frozenset(
	{
		catalogue.SHORT_TEXT,
		catalogue.LONG_TEXT,
		catalogue.CHOICE,
		catalogue.MULTIPLE_CHOICE,
		catalogue.YES_OR_NO,
		catalogue.NUMBER,
		catalogue.DATE,
		catalogue.EMAIL,
		catalogue.PHONE,
		catalogue.PLACE,
		catalogue.FILE,
	}
)
# Nobody has them: they are kept free for examples (RFC 2606; 555-01xx of the North American plan).
_EXAMPLES = {
	catalogue.EMAIL: "resident@example.org",
	catalogue.PHONE: "+1 202-555-0143",
	catalogue.NUMBER: "1",
}


def make_showable(questions: Sequence[Question]) -> list[Question]:
	"""The questions a page can show while they are still being written.

	One without words or of no known kind is left out; bounds nobody can read yet are, too.
	"""
	shown = [question for question in questions if question.label.strip() and question.type in TYPES]
	return [_without_bad_bounds(question) for question in shown[: catalogue.MOST_QUESTIONS]]


def make_example_answers(questions: Sequence[Question], words: str, place: str, today: date) -> list[Answer]:
	"""Answers somebody could have given: the first choice that does not end the form, the words for any text."""
	given: dict[str, tuple[str, ...]] = {}
	answers = []
	for question in questions:
		if question not in find_visible(questions, given):
			continue
		value = _make_value(question, words, place, today)
		if value:
			given[question.key] = (value,)
			answers.append(Answer(question.key, question.label, question.type, (value,), question.personal))
	return answers


def find_skipped(
	holidays: Mapping[date, str], open_weekdays: Iterable[int], first: date, last: date
) -> list[tuple[date, str]]:
	"""The holidays from `first` to `last` on which the department would otherwise have worked, in order.

	:param open_weekdays: 0 for Monday to 6 for Sunday.
	"""
	weekdays = set(open_weekdays)
	return [
		(day, name)
		for day, name in sorted(holidays.items())
		if first <= day <= last and day.weekday() in weekdays
	]


def turn(members: Sequence[str], last: str | None) -> list[str]:
	"""The members of a team in the order in which the next requests reach them, after whoever had the last one."""
	names = list(members)
	if last not in names:
		return names
	start = names.index(last) + 1
	return names[start:] + names[:start]


def _without_bad_bounds(question: Question) -> Question:
	alone = replace(question, show_if=None)
	if any(finding.problem.startswith("bound") for finding in find_findings([alone])):
		return replace(question, minimum="", maximum="")
	return question


def _make_value(question: Question, words: str, place: str, today: date) -> str:
	if question.type in catalogue.MAY_DECIDE:
		going_on = [option for option in question.options if not ends_form(question, [option])]
		return next(iter(going_on), "")
	if question.type == catalogue.FILE:
		return ""
	if question.type == catalogue.DATE:
		return today.isoformat()
	if question.type == catalogue.PLACE:
		return place
	if question.type == catalogue.NUMBER and question.minimum:
		return question.minimum
	return _EXAMPLES.get(question.type, words)
