"""Checking what a resident typed against the questions of the service. Pure: plain data in, plain data out."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from citizen_support.catalogue import rules as catalogue
from citizen_support.catalogue.rules import Question
from citizen_support.residents.rules import normalise_email, normalise_phone

SHORT_LENGTH = 200
LONG_LENGTH = 5000
PLACE_LENGTH = 300
NAME_LENGTH = 140
NUMBER_LENGTH = 30
LONGEST_TYPED = 2 * LONG_LENGTH
LENGTHS = {catalogue.LONG_TEXT: LONG_LENGTH, catalogue.PLACE: PLACE_LENGTH, catalogue.NUMBER: NUMBER_LENGTH}
NOT_ASKED, OPTIONAL, REQUIRED = "Not asked", "Optional", "Required"
CONTACT_FIELDS = ("name", "email", "phone")

# Everything invisible that can reorder or hide text: C0/C1 controls, zero-width and bidirectional marks.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Problem:
	"""What is wrong with one field: a short name of it and what its sentence needs."""

	name: str
	details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
	"""One checked answer, complete in itself: the service may change later, this does not."""

	key: str
	label: str
	type: str
	values: tuple[str, ...]
	personal: bool = False
	latitude: float | None = None
	longitude: float | None = None

	def as_dict(self) -> dict:
		data = {"key": self.key, "label": self.label, "type": self.type, "values": list(self.values)}
		if self.personal:
			data["personal"] = True
		if self.latitude is not None:
			data |= {"latitude": self.latitude, "longitude": self.longitude}
		return data


@dataclass
class Checked:
	"""The outcome of a check: answers that hold, and problems by field (question key or contact field).

	:ivar ending: the first question whose answer ends the form; then there is nothing to take in.
	"""

	answers: list[Answer] = field(default_factory=list)
	problems: dict[str, Problem] = field(default_factory=dict)
	ending: Question | None = None


def check_answers(
	questions: Sequence[Question],
	typed: Mapping[str, Sequence[str]],
	file_counts: Mapping[str, int],
	today: date,
	region: str | None = None,
) -> Checked:
	"""Check all answers of a form.

	:param typed: what came in, by question key; for a place also `<key>.lat` and `<key>.lon`.
	:param file_counts: how many sound files came with each file question.
	:param today: the site's day, for bounds that say "today".
	:param region: two-letter country of phone numbers without a country code.
	"""
	result = Checked()
	given: dict[str, tuple[str, ...]] = {}
	for question in questions:
		if question not in catalogue.find_visible(questions, given):
			continue
		values, problem = check_answer(question, typed.get(question.key, ()), today, region)
		if not problem and question.required and not (values or file_counts.get(question.key)):
			problem = Problem("missing file" if question.type == catalogue.FILE else "missing")
		if problem:
			result.problems[question.key] = problem
		if values:
			given[question.key] = values
			if not result.ending and catalogue.ends_form(question, values):
				result.ending = question
			result.answers.append(_make_answer(question, values, typed))
	return result


def check_answer(
	question: Question, typed: Sequence[str], today: date, region: str | None
) -> tuple[tuple[str, ...], Problem | None]:
	"""The sound values of one answer, and what is wrong with it if anything is."""
	if question.type == catalogue.FILE:
		return (), None
	keep_lines = question.type == catalogue.LONG_TEXT
	values = tuple(clean for text in typed[:60] if (clean := clean_text(text, keep_lines)))
	if not values:
		return (), None
	if question.type != catalogue.MULTIPLE_CHOICE:
		values = values[:1]
	limit = LENGTHS.get(question.type, SHORT_LENGTH)
	if any(len(value) > limit for value in values):
		return (), Problem("too long", (str(limit),))
	checker = _CHECKERS.get(question.type)
	return checker(question, values, today, region) if checker else (values, None)


def check_contact(
	asks: Mapping[str, str], typed: Mapping[str, str], one_required: bool, region: str | None
) -> tuple[dict[str, str], dict[str, Problem]]:
	"""Check name, e-mail and phone.

	:param asks: for each contact field: not asked, optional or required.
	:param one_required: at least e-mail or phone has to be given.
	:returns: sound details by field, and problems by field.
	"""
	details: dict[str, str] = {}
	problems: dict[str, Problem] = {}
	for name in CONTACT_FIELDS:
		text = clean_text(typed.get(name) or "")
		if asks.get(name, NOT_ASKED) == NOT_ASKED:
			continue
		if not text:
			if asks[name] == REQUIRED:
				problems[name] = Problem(f"missing {name}")
			continue
		value, problem = _check_detail(name, text, region)
		if problem:
			problems[name] = problem
		else:
			details[name] = value
	asked = [name for name in ("email", "phone") if asks.get(name, NOT_ASKED) != NOT_ASKED]
	if one_required and asked and not any(name in details or name in problems for name in asked):
		problems[asked[0]] = Problem("missing contact")
	return details, problems


def clean_text(text: str, keep_lines: bool = False) -> str:
	"""Typed text in composed form, without invisible characters, with its outer white space trimmed."""
	# Cut before anything else: composing marks takes quadratic time. What is cut is too long for any field.
	text = unicodedata.normalize("NFC", str(text)[:LONGEST_TYPED]).replace("\r\n", "\n").replace("\r", "\n")
	text = _UNWANTED.sub("", text)
	if keep_lines:
		return re.sub(r"\n{4,}", "\n\n\n", text).strip()
	return re.sub(r"\s+", " ", text).strip()


def read_coordinate(text: str | None, bound: float) -> float | None:
	"""A latitude (bound 90) or longitude (bound 180) in degrees, to 7 digits; None if it is none."""
	try:
		value = float(text or "")
	except ValueError:
		return None
	return round(value, 7) if -bound <= value <= bound else None


def _check_detail(name: str, text: str, region: str | None) -> tuple[str, Problem | None]:
	if name == "name":
		return (text, None) if len(text) <= NAME_LENGTH else ("", Problem("too long", (str(NAME_LENGTH),)))
	if name == "email":
		email = normalise_email(text)
		return (email, None) if email else ("", Problem("not an email"))
	phone = normalise_phone(text, region)
	return (phone, None) if phone else ("", Problem("not a phone"))


def _check_choice(question: Question, values: tuple[str, ...], today: date, region: str | None) -> tuple:
	if any(value not in question.options for value in values):
		return (), Problem("not a choice")
	return tuple(dict.fromkeys(values)), None


def _check_number(question: Question, values: tuple[str, ...], today: date, region: str | None) -> tuple:
	try:
		number = Decimal(values[0].replace(" ", "").replace(",", "."))
	except InvalidOperation:
		return (), Problem("not a number")
	# "1e999999999" is short, but a gigabyte once it is written out.
	if not number.is_finite() or abs(number.adjusted()) > NUMBER_LENGTH:
		return (), Problem("not a number")
	if question.minimum and number < Decimal(question.minimum):
		return (), Problem("too small", (question.minimum,))
	if question.maximum and number > Decimal(question.maximum):
		return (), Problem("too large", (question.maximum,))
	return (format(number, "f"),), None


def _check_date(question: Question, values: tuple[str, ...], today: date, region: str | None) -> tuple:
	try:
		day = date.fromisoformat(values[0])
	except ValueError:
		return (), Problem("not a date")
	low, high = catalogue.read_bound(question.minimum, today), catalogue.read_bound(question.maximum, today)
	if low and day < low:
		return (), Problem("too early", (low.isoformat(),))
	if high and day > high:
		return (), Problem("too late", (high.isoformat(),))
	return (day.isoformat(),), None


def _check_email(question: Question, values: tuple[str, ...], today: date, region: str | None) -> tuple:
	email = normalise_email(values[0])
	return ((email,), None) if email else ((), Problem("not an email"))


def _check_phone(question: Question, values: tuple[str, ...], today: date, region: str | None) -> tuple:
	phone = normalise_phone(values[0], region)
	return ((phone,), None) if phone else ((), Problem("not a phone"))


def _make_answer(question: Question, values: tuple[str, ...], typed: Mapping[str, Sequence[str]]) -> Answer:
	latitude = longitude = None
	if question.type == catalogue.PLACE:
		latitude = read_coordinate(next(iter(typed.get(f"{question.key}.lat", ())), None), 90)
		longitude = read_coordinate(next(iter(typed.get(f"{question.key}.lon", ())), None), 180)
		if latitude is None or longitude is None:
			latitude = longitude = None
	return Answer(question.key, question.label, question.type, values, question.personal, latitude, longitude)


_CHECKERS = {
	catalogue.CHOICE: _check_choice,
	catalogue.MULTIPLE_CHOICE: _check_choice,
	catalogue.YES_OR_NO: _check_choice,
	catalogue.NUMBER: _check_number,
	catalogue.DATE: _check_date,
	catalogue.EMAIL: _check_email,
	catalogue.PHONE: _check_phone,
}
