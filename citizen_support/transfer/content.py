"""Records of the catalogue as plain dicts, and documents filled from such dicts.

A dict has the doctype's own fieldnames, without empty and default values, and no name that only one site knows:
articles stand there by title and category. It holds no status: what is imported waits as a draft, and what is
taken back to an earlier state stays as public as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
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
# Without these a record cannot be; without the others it stands with a note.
_NEEDED = frozenset({DEPARTMENT, CATEGORY, AREA, "Language"})
# This site's names of articles, by title, category and number.
ArticleNames = Mapping[tuple[str, str, int], str]


@dataclass(frozen=True)
class Missing:
	"""Something a record points at that this site does not have.

	:ivar place: field; in a table also the row's number (1 = first) and the field there.
	:ivar kept: the record keeps what it had there; otherwise the field is empty, or the row left out.
	"""

	place: tuple[str, ...]
	doctype: str
	name: str
	kept: bool = False

	@property
	def is_needed(self) -> bool:
		"""Whether the record cannot be without it."""
		return self.doctype in _NEEDED


@dataclass
class Applied:
	"""A document filled from a file, not saved, and what it points at in vain.

	:ivar only_to_read: links stay as they were written, whether or not this site still has what they name.
	"""

	doc: Document
	missing: list[Missing] = field(default_factory=list)
	known_articles: ArticleNames = field(default_factory=dict)
	# Which of several of one name is meant.
	number: int = 1
	only_to_read: bool = False


def export_record(doc: Document) -> Content:
	"""A record of any kind a catalogue file holds.

	:raises KeyError: if the doctype is none of them.
	"""
	kind = get_kind_of(doc.doctype)
	special = {}
	if kind.doctype == ARTICLE:
		named = articles.get_titles([doc.name]).get(str(doc.name))
		special = {
			"category": articles.name_category(doc),
			schema.NUMBER_FIELD: named.number if named else 1,
		}
	elif kind.doctype == SERVICE:
		special = {"articles": _read_article_rows(doc)}
	elif kind.doctype == TRANSLATION:
		name, number = name_record(doc.reference_doctype, doc.reference_name)
		special = {
			"reference_name": name,
			schema.NUMBER_FIELD: number,
			"texts": [row.get for row in sorted(doc.texts, key=lambda row: row.path)],
		}
	return write_record(
		kind.fields, lambda name: special[name] if name in special else _read(doc, kind, name)
	)


def apply_record(
	doctype: str,
	content: Content,
	doc: Document | None = None,
	partial: bool = False,
	known_articles: ArticleNames | None = None,
	only_to_read: bool = False,
) -> Applied:
	"""A document filled from a dict, and what it points at in vain.

	:param doc: the record to change; without one, a new record.
	:param partial: leave alone what the dict does not name, as a list of a few columns needs it.
	:param known_articles: names of articles that may be called otherwise by now; others are found by their titles.
	:param only_to_read: the document is never saved: it may name in links what this site no longer has.
	:raises Unreadable: with the place, if a value cannot be what its field wants.
	"""
	kind = get_kind_of(doctype)
	values = read_given(kind.fields, content) if partial else read_record(kind.fields, content)
	if not doc:
		values = complete(kind.fields, values)
		doc = frappe.new_doc(doctype)
		if kind.get_field("status") is None and doc.meta.has_field("status"):
			doc.status = "Draft"
	applied = Applied(
		doc,
		known_articles=known_articles or {},
		number=kind.number_of(content),
		only_to_read=only_to_read,
	)
	for name, value in values.items():
		_set(applied, kind.get_field(name), value)
	return applied


def name_record(doctype: str, name: str) -> tuple[str, int]:
	"""How a file names a record, an article by its title and category, and which of those of that name it is."""
	if doctype != ARTICLE:
		return name, 1
	named = articles.get_titles([name]).get(str(name))
	if not named:
		return str(name) + articles.SEPARATOR, 1
	text = articles.SEPARATOR.join(named[:2])
	return text, articles.list_namesakes(text).index(str(name)) + 1


def find_records(doctype: str, named: str) -> list[str]:
	"""This site's names of the records that a file may mean by a name; only articles can be several."""
	if doctype == ARTICLE:
		# Who writes a file by hand may name an article without a category by its title alone.
		return articles.list_namesakes(named if articles.SEPARATOR in named else named + articles.SEPARATOR)
	found = frappe.db.exists(doctype, named)
	return [found] if found else []


def find_record(doctype: str, named: str, number: int = 1) -> str | None:
	"""This site's name of a record that a file names.

	:param number: which of those of that name (1 = the first).
	"""
	return dict(enumerate(find_records(doctype, named), start=1)).get(number)


def _set(applied: Applied, wanted: Field, value: object) -> None:
	doc = applied.doc
	if wanted.name == schema.NUMBER_FIELD:
		# Not a field of a record, but part of what it is called.
		return
	if wanted.type == schema.ROWS:
		rows = (
			_find_articles(applied, value) if doc.doctype == SERVICE and wanted.name == "articles" else value
		)
		_set_rows(applied, wanted, rows)
	elif doc.doctype == ARTICLE and wanted.name == "category":
		if articles.get_category_name(doc.category) != value:
			doc.category = articles.find_category(value) if value else None
		doc.flags.category_name = value
	elif doc.doctype == TRANSLATION and wanted.name == "reference_name":
		doc.reference_name = find_record(doc.reference_doctype, str(value), applied.number)
		if not doc.reference_name:
			raise Unreadable("record missing", (wanted.name,), str(value))
	else:
		_set_value(applied, wanted, value)


def _set_value(applied: Applied, wanted: Field, value: object) -> None:
	"""Set a field; a link to what is not here keeps what the record had, and is told."""
	if not _is_missing(applied, wanted, value):
		applied.doc.set(wanted.name, value)
		return
	kept = bool(applied.doc.get(wanted.name)) and not applied.doc.is_new()
	applied.missing.append(Missing((wanted.name,), wanted.target, str(value), kept))
	if not kept:
		applied.doc.set(wanted.name, None)


def _is_missing(applied: Applied, wanted: Field, value: object) -> bool:
	"""Whether a field points at what this site does not have."""
	if applied.only_to_read or wanted.type != schema.LINK or not value:
		return False
	return not frappe.db.exists(wanted.target, value)


def _set_rows(applied: Applied, wanted: Field, rows: list[Content]) -> None:
	"""Set a child table; rows keep their names where they can, so that only what changed is written."""
	missing = [
		[child for child in wanted.rows if _is_missing(applied, child, row.get(child.name))] for row in rows
	]
	before = list(applied.doc.get(wanted.name) or [])
	pairs = _pair_rows(wanted, before, rows, missing)
	applied.doc.set(wanted.name, [])
	for position, (values, lost, (old, is_same)) in enumerate(
		zip(rows, missing, pairs, strict=True), start=1
	):
		known = {child.name: old.get(child.name) for child in lost} if old and is_same else {}
		row = applied.doc.append(wanted.name, old or {})
		row.update({**values, **{child.name: known.get(child.name) for child in lost}, "idx": position})
		for child in lost:
			place = (wanted.name, str(position), child.name)
			kept = bool(known.get(child.name))
			applied.missing.append(Missing(place, child.target, str(values[child.name]), kept))


def _pair_rows(
	wanted: Field, before: Sequence[Document], rows: list[Content], missing: list[list[Field]]
) -> list[tuple[Document | None, bool]]:
	"""The row each of them was before, if any, and whether it is surely the same one.

	Rows without a key are known by what they say. One that says something else may take the place of an old one,
	but nothing of what that one pointed at.
	"""
	if wanted.key:
		by_key = {row.get(wanted.key): row for row in before}
		return [(by_key.pop(values[wanted.key], None), True) for values in rows]
	left = list(before)
	same: list[Document | None] = []
	for values, lost in zip(rows, missing, strict=True):
		said = _say_row(wanted, values, lost)
		same.append(next((row for row in left if _say_row(wanted, row, lost) == said), None))
		left = [row for row in left if row is not same[-1]]
	return [(row, True) if row else (left.pop(0) if left else None, False) for row in same]


def _say_row(wanted: Field, row: Document | Content, without: Iterable[Field]) -> Content:
	"""What a row says, but for some of its fields."""
	left_out = {child.name for child in without}
	said = write_record(wanted.rows, row.get)
	return {name: value for name, value in said.items() if name not in left_out}


def _find_articles(applied: Applied, rows: list[Content]) -> list[Content]:
	"""The rows of articles with this site's names; an article that is not here is left out, and told."""
	found = []
	for position, row in enumerate(rows, start=1):
		named = (str(row["article"]), str(row["category"] or ""), max(int(row[schema.NUMBER_FIELD]), 1))
		name = applied.known_articles.get(named) or articles.find_article(*named)
		if name:
			found.append({"article": name, "note": row["note"]})
		else:
			applied.missing.append(Missing(("articles", str(position)), ARTICLE, str(row["article"])))
	return found


def _read_article_rows(doc: Document) -> list:
	titles = articles.get_titles([row.article for row in doc.articles])
	rows = []
	for row in doc.articles:
		if named := titles.get(str(row.article)):
			said = {"article": named.title, "category": named.category, "note": row.note}
			rows.append({**said, schema.NUMBER_FIELD: named.number}.get)
	return rows


def _read(doc: Document, kind: Kind, name: str) -> object:
	value = doc.get(name)
	wanted = kind.get_field(name)
	return [row.get for row in value or ()] if wanted and wanted.type == schema.ROWS else value
