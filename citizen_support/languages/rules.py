"""Which texts of the catalogue residents read, how each is named for good, and which language is shown. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from markupsafe import Markup

from citizen_support.catalogue.rules import Question

SERVICE = "Municipal Service"
CATEGORY = "Service Category"
DEPARTMENT = "Municipal Department"
SETTINGS = "Citizen Support Settings"
ARTICLE = "HD Article"
AREA = "Service Area"

# What a text looks like when it is edited: one line, several, formatted, or a list of words.
LINE, LINES, FORMATTED, WORDS = "line", "lines", "formatted", "words"
# Public texts of each kind of record, in the order in which residents meet them.
FIELDS: dict[str, dict[str, str]] = {
	SERVICE: {
		"title": LINE,
		"summary": LINE,
		"emergency_notice": LINES,
		"description": FORMATTED,
		"needs": FORMATTED,
		"disclaimer": LINES,
		"synonyms": WORDS,
	},
	CATEGORY: {"category_name": LINE, "description": LINES},
	DEPARTMENT: {"department_name": LINE, "lead_title": LINE, "public_note": LINES},
	SETTINGS: {
		"city_name": LINE,
		"intro_title": LINE,
		"intro_text": LINES,
		"contact_hours": LINE,
		"emergency_text": LINES,
		"default_disclaimer": LINES,
		"privacy_text": FORMATTED,
		"accessibility_text": FORMATTED,
	},
	ARTICLE: {"title": LINE, "content": FORMATTED},
	AREA: {"area_name": LINE},
}
LABEL, HELP, CHOICE, END_MESSAGE = "label", "help", "choice", "end_message"
MISSING, OUTDATED, DONE = "missing", "outdated", "done"
LONGEST_TEXT = 50_000
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True)
class Text:
	"""A text to translate: its lasting path, what it says, how it is edited, and what it is part of.

	:ivar name: the field it stands in; of a question `label`, `help`, `choice` or `end_message`.
	:ivar of: the label of the question it belongs to, if it belongs to one.
	"""

	path: str
	source: str
	form: str
	name: str
	of: str = ""


class Stored(NamedTuple):
	"""A translation, and the source text it was made from."""

	source: str
	translation: str


class Untranslated(str):
	"""A text in the language it was written in, shown where a translation is missing."""

	language: str

	def __new__(cls, text: str, language: str) -> "Untranslated":
		made = super().__new__(cls, text)
		made.language = language
		return made

	def __getnewargs__(self) -> tuple[str, str]:
		return str(self), self.language


def get_language(text: object) -> str | None:
	"""The language of a text that stands untranslated; None for one in the language of the page."""
	return text.language if isinstance(text, Untranslated) else None


def mark_language(language: str | None) -> Markup:
	"""Attributes of the element around a text: its language and direction, if it is not in the language of the page."""
	if not language:
		return Markup("")
	return Markup(' lang="{}" dir="{}"').format(language, "rtl" if is_right_to_left(language) else "ltr")


def mark_text(text: object) -> Markup:
	"""The same for a text that may stand untranslated."""
	return mark_language(get_language(text))


def make_question_path(key: str, name: str) -> str:
	"""Where a question's label, help or end message stands; keys outlast rewording."""
	return f"question:{key}:{name}"


def make_choice_path(key: str, choice: str) -> str:
	"""Where a choice stands. It is named by its own words: a reworded choice is another answer."""
	return f"question:{key}:choice:{choice}"


def list_texts(doctype: str, values: Mapping, questions: Sequence[Question] = ()) -> list[Text]:
	"""Every text of a record that says something, in the order in which residents meet them."""
	texts = [
		Text(name, str(values.get(name) or ""), form, name)
		for name, form in FIELDS[doctype].items()
		if not isinstance(values.get(name), list | tuple)
	]
	for question in questions:
		texts += _list_question_texts(question)
	return [text for text in texts if says_something(text.source)]


def says_something(source: str) -> bool:
	"""Whether there is a word to translate: "1–2" and an empty paragraph are the same in every language."""
	return any(char.isalpha() for char in re.sub(r"<[^>]*>|&\w+;", "", source))


def find_state(text: Text, stored: Stored | None) -> str:
	"""Whether a text is translated, and from the words it has now."""
	if not stored or not stored.translation.strip():
		return MISSING
	return DONE if _fold(stored.source) == _fold(text.source) else OUTDATED


def lay_over(stored: Iterable[Mapping[str, Stored]]) -> dict[str, Stored]:
	"""What residents read where several languages serve one: a later one's translation before an earlier one's.

	:param stored: what is stored in each, in the order of `list_codes`.
	"""
	shown: dict[str, Stored] = {}
	for texts in stored:
		shown |= {path: text for path, text in texts.items() if text.translation.strip()}
	return shown


def count_done(texts: Sequence[Text], stored: Mapping[str, Stored]) -> int:
	"""How many of these texts are translated, and not outdated."""
	return sum(find_state(text, stored.get(text.path)) == DONE for text in texts)


def translate(texts: Mapping[str, str], path: str, source: str | None, source_language: str) -> str:
	"""The text at a path, or the source marked with its language; what is empty stays empty."""
	if not source:
		return ""
	return texts.get(path) or Untranslated(source, source_language)


def localise_question(question: Question, texts: Mapping[str, str], source_language: str) -> Question:
	"""The question in another language. Its choices stay as they are, since answers are kept in them; see `label_of`."""

	def say(name: str, source: str) -> str:
		return translate(texts, make_question_path(question.key, name), source, source_language)

	return replace(
		question,
		label=say(LABEL, question.label),
		help=say(HELP, question.help),
		end_message=say(END_MESSAGE, question.end_message),
		choice_labels=tuple(
			translate(texts, make_choice_path(question.key, choice), choice, source_language)
			if says_something(choice)
			else choice
			for choice in question.choices
		),
	)


def choose_language(wanted: Iterable[str | None], offered: Sequence[str]) -> str:
	"""The first wanted language that is offered, or one of its kin ("de-AT" is served "de"); else the first offered."""
	known = {_normalise(code): code for code in offered}
	by_base = {_get_base(code): code for code in reversed(offered)}
	for code in map(_normalise, filter(None, wanted)):
		if found := known.get(code) or by_base.get(_get_base(code)):
			return found
	return offered[0]


def list_codes(language: str) -> tuple[str, ...]:
	"""The codes whose texts serve a language, the most general first: de, then de-AT."""
	return tuple(dict.fromkeys((language.partition("-")[0], language)))


def is_right_to_left(language: str) -> bool:
	"""Whether a language is written from right to left."""
	return _get_base(language) in _RIGHT_TO_LEFT


def _list_question_texts(question: Question) -> list[Text]:
	def make(name: str, source: str, form: str) -> Text:
		return Text(make_question_path(question.key, name), source, form, name, question.label)

	texts = [make(LABEL, question.label, LINE), make(HELP, question.help, LINES)]
	texts += [
		Text(make_choice_path(question.key, choice), choice, LINE, CHOICE, question.label)
		for choice in question.choices
	]
	if question.end_values:
		texts.append(make(END_MESSAGE, question.end_message, LINES))
	return texts


def _fold(text: str) -> str:
	"""Without what a browser changes when it sends a text back: ends of lines and spaces around it."""
	return "\n".join(line.strip() for line in text.strip().splitlines())


def _normalise(code: str) -> str:
	return code.strip().lower().replace("_", "-")


def _get_base(code: str) -> str:
	return _normalise(code).partition("-")[0]
