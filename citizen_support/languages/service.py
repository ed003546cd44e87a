"""The catalogue in the resident's language; what is not translated is shown as the team wrote it."""

from collections.abc import Mapping, Sequence

import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support import catalogue
from citizen_support.catalogue.rules import Question, split_words
from citizen_support.languages import rules
from citizen_support.languages.rules import ARTICLE, CATEGORY, FIELDS, SERVICE, SETTINGS, translate
from citizen_support.languages.texts import (
	get_source_language,
	get_texts,
	is_source,
	read_many,
)

_CARD_TEXTS = ("title", "summary", "description", "synonyms")
# Marks a service that is in this language already, so that whoever shows a part of it need not know.
_SHOWN_IN = "language"
_CATEGORY_TEXTS = ("category_name", "description")


def localise(service: Mapping, language: str | None = None) -> dict:
	"""A service with every public text in a language, by default the one spoken at the moment.

	Codes, keys and choices stay as they are, so that rules, conditions and answers mean the same in every language; what
	a choice is called stands in `Question.label_of`.

	:param service: as `catalogue.get_service` or `catalogue.read_service` give it.
	"""
	language = language or frappe.local.lang or ""
	if service.get(_SHOWN_IN) == language or is_source(language):
		return dict(service)
	texts, source = get_texts(SERVICE, service["code"], language), get_source_language()
	shown = {
		name: translate(texts, name, service.get(name), source)
		for name in FIELDS[SERVICE]
		if name in service and isinstance(service[name], str)
	}
	questions = [rules.localise_question(question, texts, source) for question in service["questions"]]
	articles = [_localise_article(article, language, source) for article in service.get("articles") or ()]
	return {**service, **shown, "questions": questions, "articles": articles, _SHOWN_IN: language}


def localise_overview(overview: Mapping, language: str | None = None) -> dict:
	"""`catalogue.get_overview` in a language; words of the catalogue's own language still find a service."""
	language = language or frappe.local.lang or ""
	if is_source(language):
		return dict(overview)
	services = localise_cards(overview["services"], language)
	services.sort(key=lambda service: (service["position"] or 0, service["title"].casefold()))
	texts, source = read_many(CATEGORY, language, _CATEGORY_TEXTS), get_source_language()
	categories = [
		frappe._dict(
			entry,
			**{
				name: translate(texts.get(entry["code"], {}), name, entry[name], source)
				for name in _CATEGORY_TEXTS
			},
		)
		for entry in overview["categories"]
	]
	return {**overview, "services": services, "categories": categories}


def localise_cards(cards: Sequence[Mapping], language: str | None = None) -> list[dict]:
	"""Services as they stand in lists, in a language."""
	language = language or frappe.local.lang or ""
	if is_source(language):
		return [dict(card) for card in cards]
	texts = read_many(SERVICE, language, _CARD_TEXTS)
	return [_localise_card(card, texts.get(card["code"], {})) for card in cards]


def say(doc: Document, fieldname: str, language: str | None = None) -> str:
	"""A text of a record in a language, by default the one spoken at the moment."""
	return say_text(doc.doctype, doc.name, fieldname, doc.get(fieldname), language)


def say_text(doctype: str, name: str, path: str, source: str | None, language: str | None = None) -> str:
	"""The same, where only the text and where it stands are at hand."""
	language = language or frappe.local.lang or ""
	# The settings come with texts of the app's own, which it can say in other languages by itself.
	own = _(source, lang=language or None) if source and doctype == SETTINGS else source
	if not source or is_source(language):
		return own or ""
	found = translate(get_texts(doctype, name, language), path, source, get_source_language())
	return own if own != source and isinstance(found, rules.Untranslated) else found


def say_answer(
	service: str, key: str, label: str, values: Sequence[str], language: str | None = None
) -> tuple[str, list[str]]:
	"""An answer as it was sent in, in another language: the question's label and the chosen values."""
	language = language or frappe.local.lang or ""
	if is_source(language):
		return label, list(values)
	texts, source = get_texts(SERVICE, service, language), get_source_language()
	said = translate(texts, rules.make_question_path(key, rules.LABEL), label, source)
	return said, [texts.get(rules.make_choice_path(key, value)) or value for value in values]


def list_texts_of(record: Document | Mapping) -> list[rules.Text]:
	"""Every public text of a record, saved or not; a plain dict is a service as `catalogue.read_service` gives it."""
	if isinstance(record, Document):
		questions: Sequence[Question] = catalogue.read_questions(record) if record.doctype == SERVICE else ()
		return rules.list_texts(record.doctype, record.as_dict(), questions)
	return rules.list_texts(SERVICE, record, record["questions"])


def _localise_article(article: object, language: str, source: str) -> object:
	if not isinstance(article, Mapping):
		return article
	texts = get_texts(ARTICLE, str(article["name"]), language)
	return frappe._dict(
		article,
		title=translate(texts, "title", article.get("title"), source),
		content=translate(texts, "content", article.get("content"), source),
	)


def _localise_card(card: Mapping, texts: Mapping[str, str]) -> dict:
	source = get_source_language()
	title = translate(texts, "title", card["title"], source)
	own = [] if title == card["title"] else [card["title"]]
	return frappe._dict(
		card,
		title=title,
		summary=translate(texts, "summary", card["summary"], source),
		description=frappe.utils.strip_html(texts.get("description") or card["description"] or "")[:500],
		synonyms=[*split_words(texts.get("synonyms")), *card["synonyms"], *own],
	)
