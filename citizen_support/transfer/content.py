"""Records of the catalogue as plain dicts, and documents filled from such dicts.

A dict has the doctype's own fieldnames, without empty and default values, and no name that only one site knows:
articles stand there by title and category. It holds no status: what is imported waits as a draft, and what is
taken back to an earlier state stays as public as it is.
"""

from dataclasses import dataclass, field

import frappe
from frappe.model.document import Document

from citizen_support.host import articles
from citizen_support.transfer import schema
from citizen_support.transfer.rules import (
	Content,
	Unreadable,
	complete,
	read_given,
	read_record,
	write_record,
)
from citizen_support.transfer.schema import Field, Kind, get_kind_of

SERVICE = "Municipal Service"
DEPARTMENT = "Municipal Department"
CATEGORY = "Service Category"
AREA = "Service Area"
ARTICLE = "HD Article"
NOTICE_TEMPLATE = "Notice Template"
TRANSLATION = "Catalogue Translation"
# Between the title and the category of an article, where one text names it.
ARTICLE_SEPARATOR = " / "


@dataclass(frozen=True)
class Missing:
	"""Something a record points at that this site does not have."""

	place: tuple[str, ...]
	doctype: str
	name: str


@dataclass
class Applied:
	"""A document filled from a file, not saved, and what it points at in vain."""

	doc: Document
	missing: list[Missing] = field(default_factory=list)


def export_service(doc: Document) -> Content:
	"""A service with its questions, rules, targets and articles."""
	return export_record(doc)


def export_department(doc: Document) -> Content:
	"""A department with its hours; team and holidays by name."""
	return export_record(doc)


def export_category(doc: Document) -> Content:
	"""A category; what it belongs to by code."""
	return export_record(doc)


def export_area(doc: Document) -> Content:
	"""A service area."""
	return export_record(doc)


def export_article(doc: Document) -> Content:
	"""An article of the knowledge base; its category by name."""
	return export_record(doc)


def export_notice_template(doc: Document) -> Content:
	"""The city's own words for a message."""
	return export_record(doc)


def export_translation(doc: Document) -> Content:
	"""The texts of one record in one language."""
	return export_record(doc)


def apply_service(content: Content, doc: Document | None = None) -> Document:
	"""A service filled from a dict, not saved: a new draft, or `doc` as the dict says.

	:raises Unreadable: if the dict has a field or a value no service can have.
	"""
	return apply_record(SERVICE, content, doc).doc


def apply_department(content: Content, doc: Document | None = None) -> Document:
	"""A department filled from a dict, not saved."""
	return apply_record(DEPARTMENT, content, doc).doc


def apply_category(content: Content, doc: Document | None = None) -> Document:
	"""A category filled from a dict, not saved."""
	return apply_record(CATEGORY, content, doc).doc


def apply_area(content: Content, doc: Document | None = None) -> Document:
	"""A service area filled from a dict, not saved."""
	return apply_record(AREA, content, doc).doc


def apply_article(content: Content, doc: Document | None = None) -> Document:
	"""An article filled from a dict, not saved; its category is made when it is saved."""
	return apply_record(ARTICLE, content, doc).doc


def apply_notice_template(content: Content, doc: Document | None = None) -> Document:
	"""A notice template filled from a dict, not saved."""
	return apply_record(NOTICE_TEMPLATE, content, doc).doc


def apply_translation(content: Content, doc: Document | None = None) -> Document:
	"""The texts of one record in one language, not saved."""
	return apply_record(TRANSLATION, content, doc).doc


def export_record(doc: Document) -> Content:
	"""A record of any kind a catalogue file holds.

	:raises KeyError: if the doctype is none of them.
	"""
	kind = get_kind_of(doc.doctype)
	special = {}
	if kind.doctype == ARTICLE:
		special = {"category": articles.get_category_name(doc.category)}
	elif kind.doctype == SERVICE:
		special = {"articles": _read_article_rows(doc)}
	elif kind.doctype == TRANSLATION:
		special = {
			"reference_name": name_record(doc.reference_doctype, doc.reference_name),
			"texts": [row.get for row in sorted(doc.texts, key=lambda row: row.path)],
		}
	return write_record(
		kind.fields, lambda name: special[name] if name in special else _read(doc, kind, name)
	)


def apply_record(
	doctype: str, content: Content, doc: Document | None = None, partial: bool = False
) -> Applied:
	"""A document filled from a dict, and what it points at in vain.

	:param doc: the record to change; without one, a new record.
	:param partial: leave alone what the dict does not name, as a list of a few columns needs it.
	:raises Unreadable: with the place, if a value cannot be what its field wants.
	"""
	kind = get_kind_of(doctype)
	values = read_given(kind.fields, content) if partial else read_record(kind.fields, content)
	if not doc:
		values = complete(kind.fields, values)
		doc = frappe.new_doc(doctype)
		if kind.get_field("status") is None and doc.meta.has_field("status"):
			doc.status = "Draft"
	applied = Applied(doc)
	for name, value in values.items():
		_set(applied, kind.get_field(name), value)
	return applied


def name_record(doctype: str, name: str) -> str:
	"""How a file names a record; an article by its title and category."""
	if doctype != ARTICLE:
		return name
	return ARTICLE_SEPARATOR.join(articles.get_titles([name]).get(str(name), (str(name), "")))


def find_record(doctype: str, named: str) -> str | None:
	"""This site's name of a record that a file names."""
	if doctype == ARTICLE:
		title, _separator, category = named.rpartition(ARTICLE_SEPARATOR)
		return articles.find_article(title or named, category if title else "")
	return frappe.db.exists(doctype, named)


def _set(applied: Applied, wanted: Field, value: object) -> None:
	doc = applied.doc
	if wanted.type == schema.ROWS:
		rows = (
			_find_articles(applied, value) if doc.doctype == SERVICE and wanted.name == "articles" else value
		)
		_set_rows(applied, wanted, rows)
	elif doc.doctype == ARTICLE and wanted.name == "category":
		doc.category = articles.find_category(value) if value else None
		doc.flags.category_name = value
	elif doc.doctype == TRANSLATION and wanted.name == "reference_name":
		doc.reference_name = find_record(doc.reference_doctype, str(value))
		if not doc.reference_name:
			raise Unreadable("record missing", (wanted.name,), str(value))
	else:
		_set_value(applied, doc, wanted, value, (wanted.name,))


def _set_value(applied: Applied, row: object, wanted: Field, value: object, place: tuple[str, ...]) -> None:
	"""Set a field; a link to what is not here keeps what the record had, and is told."""
	if wanted.type == schema.LINK and value and not frappe.db.exists(wanted.target, value):
		applied.missing.append(Missing(place, wanted.target, str(value)))
		if applied.doc.is_new():
			row.set(wanted.name, None)
		return
	row.set(wanted.name, value)


def _set_rows(applied: Applied, wanted: Field, rows: list[Content]) -> None:
	"""Set a child table; rows keep their names where they can, so that only what changed is written."""
	doc = applied.doc
	before = list(doc.get(wanted.name) or [])
	by_key = {row.get(wanted.key): row for row in before} if wanted.key else dict(enumerate(before))
	doc.set(wanted.name, [])
	for position, values in enumerate(rows):
		row = by_key.pop(values[wanted.key] if wanted.key else position, None)
		row = doc.append(wanted.name, row or {})
		row.idx = position + 1
		for name, value in values.items():
			child = next((one for one in wanted.rows if one.name == name), None)
			if child:
				_set_value(applied, row, child, value, (wanted.name, str(position + 1), name))
			else:
				row.set(name, value)


def _find_articles(applied: Applied, rows: list[Content]) -> list[Content]:
	"""The rows of articles with this site's names; an article that is not here is left out, and told."""
	found = []
	for position, row in enumerate(rows, start=1):
		name = articles.find_article(row["article"], row["category"])
		if name:
			found.append({"article": name, "note": row["note"]})
		else:
			applied.missing.append(Missing(("articles", str(position)), ARTICLE, str(row["article"])))
	return found


def _read_article_rows(doc: Document) -> list:
	titles = articles.get_titles([row.article for row in doc.articles])
	rows = []
	for row in doc.articles:
		title, category = titles.get(str(row.article), ("", ""))
		if title:
			rows.append({"article": title, "category": category, "note": row.note}.get)
	return rows


def _read(doc: Document, kind: Kind, name: str) -> object:
	value = doc.get(name)
	wanted = kind.get_field(name)
	return [row.get for row in value or ()] if wanted and wanted.type == schema.ROWS else value
