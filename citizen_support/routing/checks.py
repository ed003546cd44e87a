"""Whether the routing rules of a service can work, each problem with a sentence that says what to do."""

from collections.abc import Callable
from dataclasses import dataclass

from frappe import _
from frappe.model.document import Document

from citizen_support.catalogue import read_questions
from citizen_support.catalogue.rules import FILE, Question, split_lines
from citizen_support.routing.places import find_bad_postcode
from citizen_support.routing.rules import (
	ANSWER,
	AREA,
	BY_VALUES,
	CHANNEL,
	CHANNELS,
	KIND,
	KINDS,
	POSTCODE,
	SERVICE_AREA,
	TIME,
)
from citizen_support.routing.times import AT_TIMES, BY_OPENING_HOURS, read_seconds, write_seconds

# Not Time fields: Frappe fills those with the present time wherever they are left empty.
_CLOCK_FIELDS = ("time_from", "time_to")
_TIME_FIELDS = ("time_days", *_CLOCK_FIELDS)


@dataclass(frozen=True)
class RuleProblem:
	"""What keeps a rule from working: its number (1 = first), the field to mend, and what to do (plain text)."""

	position: int
	fieldname: str
	sentence: str


def tidy_rules(service: Document) -> None:
	"""Empty what a rule does not look at, so that nothing left over from another choice confuses anybody."""
	for row in service.routing_rules:
		if row.match_on not in BY_VALUES:
			row.match_values = None
		if row.match_on != SERVICE_AREA:
			row.service_area = None
		if row.match_on != TIME:
			row.time_when = None
		if row.match_on != TIME or row.time_when != AT_TIMES:
			row.update(dict.fromkeys(_TIME_FIELDS))
		for field in _CLOCK_FIELDS:
			seconds = read_seconds(row.get(field))
			row.set(field, row.get(field) or None if seconds is None else write_seconds(seconds))


def find_rule_problems(service: Document) -> list[RuleProblem]:
	"""Everything that would keep a rule of the service from ever applying."""
	questions = {question.key: question for question in read_questions(service)}
	problems = []
	for position, row in enumerate(service.routing_rules, start=1):
		found = _find_problem(row, questions)
		if found:
			fieldname, sentence = found
			told = _("Routing rule {0}: {1}").format(position, sentence)
			problems.append(RuleProblem(position, fieldname, told))
	return problems


def _find_problem(row: Document, questions: dict[str, Question]) -> tuple[str, str] | None:
	checks: dict[str, Callable[[], tuple[str, str] | None]] = {
		ANSWER: lambda: _find_answer_problem(row, questions.get(row.question_key)),
		POSTCODE: lambda: _find_postcode_problem(row),
		AREA: lambda: None,
		SERVICE_AREA: lambda: (
			None if row.service_area else ("service_area", _("choose the area it looks at."))
		),
		TIME: lambda: _find_time_problem(row),
		KIND: lambda: _find_foreign_value(row, KINDS),
		CHANNEL: lambda: _find_foreign_value(row, CHANNELS),
	}
	check = checks.get(row.match_on)
	problem = check() if check else ("match_on", _("choose what the rule checks."))
	if not problem and row.match_on in BY_VALUES and not split_lines(row.match_values):
		problem = "match_values", _("say what it looks for, one a line.")
	return problem


def _find_answer_problem(row: Document, question: Question | None) -> tuple[str, str] | None:
	if not question:
		return "question_key", _("choose the question it looks at.")
	if question.type == FILE:
		return "question_key", _("“{0}” asks for a photo or document, and no rule can look at those.").format(
			question.label
		)
	options = {option.casefold() for option in question.options}
	foreign = next(
		(value for value in split_lines(row.match_values) if value.casefold() not in options), None
	)
	if options and foreign:
		return "match_values", _("“{0}” is not one of the answers to “{1}”.").format(foreign, question.label)
	return None


def _find_postcode_problem(row: Document) -> tuple[str, str] | None:
	bad = find_bad_postcode(split_lines(row.match_values))
	if not bad:
		return None
	return "match_values", _(
		"no postcode can fit “{0}”. Write 1015, 101* for all that begin so, or 1010-1019."
	).format(bad)


def _find_time_problem(row: Document) -> tuple[str, str] | None:
	if row.time_when in BY_OPENING_HOURS:
		return None
	if row.time_when != AT_TIMES:
		return "time_when", _("choose whether it looks at opening hours, or at days and times.")
	for field in _CLOCK_FIELDS:
		if row.get(field) and read_seconds(row.get(field)) is None:
			return field, _("“{0}” is no time of day. Write it like 22:00.").format(row.get(field))
	start = read_seconds(row.time_from)
	if start is not None and start == read_seconds(row.time_to):
		return "time_to", _("give two different times, or leave both empty for the whole day.")
	return None


def _find_foreign_value(row: Document, known: tuple[str, ...]) -> tuple[str, str] | None:
	folded = {value.casefold() for value in known}
	foreign = next((value for value in split_lines(row.match_values) if value.casefold() not in folded), None)
	if not foreign:
		return None
	choices = ", ".join(_(value) for value in known)
	return "match_values", _("“{0}” is none of these: {1}.").format(foreign, choices)
