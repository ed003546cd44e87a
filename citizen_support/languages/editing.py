"""Translating in place: the texts of a record beside their translation, saved one by one."""

from collections.abc import Mapping

import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support.languages import rules
from citizen_support.languages.coverage import count_done, name_text, read_all_texts
from citizen_support.languages.names import name_language
from citizen_support.languages.rules import ARTICLE, SERVICE, SETTINGS, Text
from citizen_support.languages.service import list_texts_of
from citizen_support.languages.texts import (
	DOCTYPE,
	get_offered,
	get_source_language,
	read_shown_of,
	read_stored_of,
)

MOST_LANGUAGES = 40


def get_languages(doctype: str, name: str) -> dict:
	"""Languages to translate a record into, each with how far it is: those residents can choose, then those begun."""
	records = _open(doctype, name, "read")
	source = get_source_language()
	begun = frappe.get_all(
		DOCTYPE,
		filters={"reference_doctype": doctype, "reference_name": name},
		pluck="language",
		order_by="language",
		limit=MOST_LANGUAGES,
	)
	codes = [code for code in dict.fromkeys([*get_offered()[1:], *begun]) if code != source]
	stored = read_shown_of([(record.doctype, record.name) for record in records], codes)
	return {
		"source": {"code": source, "name": name_language(source), "rtl": rules.is_right_to_left(source)},
		"languages": [_describe(code, records, stored) for code in codes],
		"may_write": all(_may_write(record) for record in records[:1]),
	}


def get_rows(doctype: str, name: str, language: str) -> list[dict]:
	"""Every text of a record, and of the articles shown with it, beside its translation."""
	rows = []
	records = _open(doctype, name, "read")
	stored = _read_serving(records, language)
	for record in records:
		may_write = _may_write(record)
		rows += [
			{**_make_row(record, text, language, stored), "may_write": may_write}
			for text in list_texts_of(record)
		]
	return rows


def save_text(doctype: str, name: str, language: str, path: str, translation: str) -> dict:
	"""Keep a translation, made from the text as it is now; an empty one takes it away. Returns its row.

	:raises frappe.ValidationError: if the record has no such text, or there is no such language.
	"""
	record = _open_one(doctype, name, "write")
	text = next((text for text in list_texts_of(record) if text.path == path), None)
	if not text:
		frappe.throw(_("This text is not there any more. Please load the page again."))
	if len(translation) > rules.LONGEST_TEXT:
		frappe.throw(_("This is too long. Please use at most {0} characters.").format(rules.LONGEST_TEXT))
	check_language(language)
	_store(record, language, text, _clean(text, translation))
	return _make_row(record, text, language, _read_serving([record], language))


def get_coverage() -> list[dict]:
	"""How far each language of the portal is, over the whole catalogue: translated texts and all texts."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	texts = read_all_texts()
	total = sum(map(len, texts.values()))
	return [
		{"code": code, "name": name_language(code), "done": count_done(texts, code), "total": total}
		for code in get_offered()[1:]
	]


def check_language(language: str) -> None:
	"""Refuse a language Frappe does not know, and the one the catalogue is written in."""
	if language == get_source_language():
		frappe.throw(_("The catalogue is written in this language. Change the text itself."))
	if not frappe.db.exists("Language", language):
		frappe.throw(_("Please choose one of the languages shown."))


def _open(doctype: str, name: str, permission: str) -> list[Document]:
	"""A record and the articles shown with it, for somebody who may read or write the record."""
	record = _open_one(doctype, name, permission)
	articles = [row.article for row in record.get("articles") or ()] if doctype == SERVICE else []
	known = frappe.get_all(ARTICLE, {"name": ("in", articles)}, pluck="name") if articles else []
	return [record, *(frappe.get_doc(ARTICLE, article) for article in known)]


def _open_one(doctype: str, name: str, permission: str) -> Document:
	if doctype not in rules.FIELDS:
		frappe.throw(_("Records of this kind have no texts to translate."))
	if doctype == ARTICLE:
		# Helpdesk lets only its agents write articles; their translations belong to whoever writes the catalogue.
		frappe.has_permission(DOCTYPE, permission, throw=True)
		return frappe.get_doc(ARTICLE, name)
	record = frappe.get_doc(doctype, SETTINGS if doctype == SETTINGS else name)
	record.check_permission(permission)
	return record


def _may_write(record: Document) -> bool:
	if record.doctype == ARTICLE:
		return bool(frappe.has_permission(DOCTYPE, "write"))
	return bool(record.has_permission("write"))


def _describe(code: str, records: list[Document], stored: Mapping) -> dict:
	total = done = 0
	for record in records:
		texts = list_texts_of(record)
		total += len(texts)
		done += rules.count_done(texts, stored.get((record.doctype, str(record.name), code), {}))
	return {
		"code": code,
		"name": name_language(code),
		"rtl": rules.is_right_to_left(code),
		"offered": code in get_offered(),
		"done": done,
		"total": total,
	}


def _read_serving(records: list[Document], language: str) -> Mapping:
	"""What is stored in a language and in the more general one that serves where it has nothing."""
	return read_stored_of([(record.doctype, record.name) for record in records], rules.list_codes(language))


def _make_row(record: Document, text: Text, language: str, stored: Mapping) -> dict:
	"""A text beside its own translation; its state is that of what residents read.

	:param stored: as `_read_serving` gives it.
	"""
	serving = {
		code: found
		for code in rules.list_codes(language)
		if (found := stored.get((record.doctype, str(record.name), code), {}).get(text.path))
		and found.translation.strip()
	}
	# The last one is the most particular.
	code, shown = next(reversed(serving.items()), (language, None))
	state = rules.find_state(text, shown)
	return {
		"doctype": record.doctype,
		"name": record.name,
		"path": text.path,
		"label": name_text(record.doctype, text),
		"form": text.form,
		"source": text.source,
		"translation": serving[language].translation if language in serving else "",
		"state": state,
		"source_before": shown.source if shown and state == rules.OUTDATED else None,
		"inherited": _describe_inherited(code, shown) if shown and code != language else None,
	}


def _describe_inherited(code: str, shown: rules.Stored) -> dict:
	"""A translation of a more general language, which residents read as long as there is none of their own."""
	return {
		"code": code,
		"name": name_language(code),
		"rtl": rules.is_right_to_left(code),
		"translation": shown.translation,
	}


def _clean(text: Text, translation: str) -> str:
	if text.form == rules.LINE:
		return " ".join(translation.split())
	return translation.strip() if rules.says_something(translation) else ""


def _store(record: Document, language: str, text: Text, translation: str) -> None:
	filters = {"reference_doctype": record.doctype, "reference_name": str(record.name), "language": language}
	known = frappe.db.get_value(DOCTYPE, filters)
	doc = frappe.get_doc(DOCTYPE, known, for_update=True) if known else frappe.new_doc(DOCTYPE)
	doc.update(filters)
	rows = [row for row in doc.texts if row.path != text.path]
	if translation:
		doc.set("texts", rows)
		doc.append("texts", {"path": text.path, "source": text.source, "translation": translation})
	else:
		doc.set("texts", rows)
	# Who may write the record may translate it: a coordinator has no right to translations as such.
	if doc.texts or known:
		doc.save(ignore_permissions=True)
