"""What a sound service looks like: codes, keys, questions that can be answered and reached. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

DRAFT, PILOT, PUBLISHED, RETIRED = "Draft", "Pilot", "Published", "Retired"
# What residents, at least some of them, can use.
LIVE = (PILOT, PUBLISHED)

SHORT_TEXT = "Short text"
LONG_TEXT = "Long text"
CHOICE = "Choice"
MULTIPLE_CHOICE = "Multiple choice"
YES_OR_NO = "Yes or no"
NUMBER = "Number"
DATE = "Date"
EMAIL = "E-mail"
PHONE = "Phone"
PLACE = "Place"
FILE = "Photo or document"

YES, NO = "Yes", "No"
TODAY = "today"
WITH_CHOICES = frozenset({CHOICE, MULTIPLE_CHOICE})
MAY_DECIDE = frozenset({CHOICE, MULTIPLE_CHOICE, YES_OR_NO})
MOST_QUESTIONS = 60
KEY_LENGTH = 40
CODE_LENGTH = 60
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Question:
	"""One question of a service, as the form asks it."""

	key: str
	label: str
	type: str
	required: bool = False
	help: str = ""
	choices: tuple[str, ...] = ()
	show_if: str | None = None
	show_values: tuple[str, ...] = ()
	personal: bool = False
	minimum: str = ""
	maximum: str = ""
	end_values: tuple[str, ...] = ()
	end_message: str = ""
	end_phone: str = ""
	# What the choices are called in the language of the moment, in their order; empty: as they are.
	choice_labels: tuple[str, ...] = ()

	@property
	def options(self) -> tuple[str, ...]:
		"""The answers one can choose from, if it is that kind of question."""
		return (YES, NO) if self.type == YES_OR_NO else self.choices

	def label_of(self, choice: str) -> str:
		"""What residents read for a choice; answers, conditions and rules keep to the choice itself."""
		return dict(zip(self.choices, self.choice_labels, strict=False)).get(choice, choice)


@dataclass(frozen=True)
class Finding:
	"""What is wrong with a question: a short name, the question's label and what the sentence needs."""

	problem: str
	label: str
	detail: str = ""


def make_code(title: str, separator: str = "-", length: int = CODE_LENGTH) -> str:
	"""A lasting code of a title: ASCII letters, digits and separators; empty if none is left."""
	folded = (
		title.replace("ß", "ss").replace("ø", "o").replace("Ø", "O").replace("æ", "ae").replace("Æ", "AE")
	)
	plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode().lower()
	words = re.findall(r"[a-z0-9]+", plain)
	return separator.join(words)[:length].strip(separator)


def is_code(text: str) -> bool:
	"""Whether the text can be a code in an address."""
	return len(text) <= CODE_LENGTH and bool(_CODE.fullmatch(text))


def make_question_key(label: str, taken: Iterable[str]) -> str:
	"""A key for a new question, different from those taken."""
	base = make_code(label, "_", KEY_LENGTH) or "question"
	taken = set(taken)
	if base not in taken:
		return base
	number = 2
	while f"{base[: KEY_LENGTH - 4]}_{number}" in taken:
		number += 1
	return f"{base[: KEY_LENGTH - 4]}_{number}"


def split_lines(text: str | None) -> tuple[str, ...]:
	"""The lines of a text field, stripped, without empty ones and repetitions."""
	lines = (line.strip() for line in (text or "").splitlines())
	return tuple(dict.fromkeys(line for line in lines if line))


def split_words(text: str | None) -> tuple[str, ...]:
	"""The entries of a list typed with commas or line ends."""
	return split_lines((text or "").replace(",", "\n").replace(";", "\n"))


def find_findings(questions: Sequence[Question]) -> list[Finding]:
	"""Everything that would make a question impossible to answer or to reach."""
	findings = []
	if len(questions) > MOST_QUESTIONS:
		findings.append(Finding("too many", str(len(questions)), str(MOST_QUESTIONS)))
	earlier: dict[str, Question] = {}
	for question in questions:
		if question.key in earlier:
			findings.append(Finding("key twice", question.label, question.key))
		findings += _find_choice_findings(question)
		findings += _find_condition_findings(question, earlier)
		findings += _find_bound_findings(question)
		findings += _find_end_findings(question)
		earlier[question.key] = question
	return findings


def find_visible(questions: Sequence[Question], answers: Mapping[str, Sequence[str]]) -> list[Question]:
	"""The questions that apply, given the answers: a condition holds only if its own question applies."""
	visible: list[Question] = []
	shown: set[str] = set()
	for question in questions:
		if question.show_if is None or (
			question.show_if in shown and set(answers.get(question.show_if, ())) & set(question.show_values)
		):
			visible.append(question)
			shown.add(question.key)
	return visible


def ends_form(question: Question, values: Iterable[str]) -> bool:
	"""Whether one of these answers to the question ends the form."""
	return question.type in MAY_DECIDE and not set(question.end_values).isdisjoint(values)


def read_bound(text: str, today: date) -> date | None:
	"""A date bound of a question: an ISO date or "today"."""
	if not text:
		return None
	return today if text.strip().lower() == TODAY else date.fromisoformat(text.strip())


def _find_choice_findings(question: Question) -> list[Finding]:
	if question.type in WITH_CHOICES and len(question.choices) < 2:
		return [Finding("too few choices", question.label)]
	return []


def _find_condition_findings(question: Question, earlier: Mapping[str, Question]) -> list[Finding]:
	if question.show_if is None:
		return []
	decider = earlier.get(question.show_if)
	if not decider:
		return [Finding("condition not earlier", question.label, question.show_if)]
	if decider.type not in MAY_DECIDE:
		return [Finding("condition not a choice", question.label, decider.label)]
	if not question.show_values:
		return [Finding("condition without values", question.label, decider.label)]
	unknown = [value for value in question.show_values if value not in decider.options]
	return [Finding("condition value unknown", question.label, value) for value in unknown]


def _find_bound_findings(question: Question) -> list[Finding]:
	low, high = question.minimum.strip(), question.maximum.strip()
	if question.type not in (NUMBER, DATE) or not (low or high):
		return []
	try:
		if question.type == NUMBER:
			bounds = [float(bound) if bound else None for bound in (low, high)]
		else:
			bounds = [read_bound(bound, date.today()) for bound in (low, high)]
	except ValueError:
		return [Finding("bound unreadable", question.label, low or high)]
	if None not in bounds and bounds[0] > bounds[1]:
		return [Finding("bounds crossed", question.label)]
	return []


def _find_end_findings(question: Question) -> list[Finding]:
	if not question.end_values:
		return []
	if question.type not in MAY_DECIDE:
		return [Finding("end not a choice", question.label)]
	unknown = [value for value in question.end_values if value not in question.options]
	findings = [Finding("end value unknown", question.label, value) for value in unknown]
	if not question.end_message.strip():
		findings.append(Finding("end without message", question.label))
	if question.required and not question.show_if and set(question.options) <= set(question.end_values):
		findings.append(Finding("every answer ends", question.label))
	return findings
