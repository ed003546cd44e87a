"""The content of a service as a version keeps it, and a service with the content of a version."""

import json
from collections.abc import Mapping

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from citizen_support import languages, transfer
from citizen_support.host.articles import get_titles
from citizen_support.host.errors import log_failure
from citizen_support.publishing.changes import ARTICLES, GOALS, PILOT_PART, TRANSLATIONS
from citizen_support.transfer.rules import Unreadable

SERVICE = "Municipal Service"
# Set on a document for its next save: the texts in other languages it goes back to.
TEXTS_BACK = "cs_texts_back"
_PILOT_FIELDS = ("pilot_access", "pilot_area", "pilot_share", "pilot_ends_on")
_GOAL_FIELDS = ("measure", "comparison", "words")
# Where a version keeps which article a title meant: titles change.
_RECORD = "record"


def read_content(doc: Document) -> dict:
	"""Everything that a change of would be a new version: what a catalogue file holds, its texts in other
	languages, and how it is piloted.

	Whether a goal is reached is no change of the service, nor are its status and its key.
	"""
	pilot = {field: str(doc.get(field) or "") for field in _PILOT_FIELDS}
	pilot[GOALS] = [
		{**{field: row.get(field) or "" for field in _GOAL_FIELDS}, "target": flt(row.target)}
		for row in doc.pilot_goals
	]
	content = {**transfer.export_record(doc), PILOT_PART: pilot, TRANSLATIONS: _read_translations(doc)}
	if content.get(ARTICLES):
		titles = get_titles([row.article for row in doc.articles])
		known = [str(row.article) for row in doc.articles if str(row.article) in titles]
		content[ARTICLES] = [
			{**row, _RECORD: name} for row, name in zip(content[ARTICLES], known, strict=True)
		]
	return content


def put_content(doc: Document, content: Mapping) -> list[transfer.Missing]:
	"""Give a service the content of a version; how it is piloted and what it is to reach stay as they are.

	Its texts in other languages follow when it is saved.

	:returns: what the version points at and this site no longer has.
	:raises frappe.ValidationError: if the version holds what no service may have any more.
	"""
	try:
		missing = _apply(content, doc).missing
	except Unreadable:
		log_failure(f"A version of {doc.name} could not be read")
		frappe.throw(_("This version was made by an older release and cannot be restored."))
	doc.flags[TEXTS_BACK] = content.get(TRANSLATIONS)
	return missing


def fill_service(content: Mapping) -> Document:
	"""A service with the content of a version, to be read and never saved; it has no name.

	It names departments, teams and areas as the version does, also those that are gone: they were there then.

	:raises Unreadable: if the version holds what no service may have any more.
	"""
	return _apply(content, only_to_read=True).doc


def put_translations(doc: Document) -> None:
	"""After a service went back: its texts in other languages go back with it."""
	wanted = doc.flags.get(TEXTS_BACK)
	doc.flags[TEXTS_BACK] = None
	# Older versions know nothing of other languages.
	if wanted is not None:
		languages.put_translations(SERVICE, doc.name, wanted)


def _apply(content: Mapping, doc: Document | None = None, only_to_read: bool = False) -> transfer.Applied:
	own = {name: value for name, value in content.items() if name not in (PILOT_PART, TRANSLATIONS)}
	rows = own.get(ARTICLES) or []
	records = {row[_RECORD]: row for row in rows if row.get(_RECORD)}
	known = {
		(
			str(records[name].get("article") or ""),
			str(records[name].get("category") or ""),
			int(records[name].get("number") or 1),
		): name
		for name in get_titles(list(records))
	}
	if rows:
		own[ARTICLES] = [{key: row[key] for key in row if key != _RECORD} for row in rows]
	return transfer.apply_record(SERVICE, own, doc, known_articles=known, only_to_read=only_to_read)


def _read_translations(doc: Document) -> dict:
	"""By language and path; of a service that goes back, those it is about to have."""
	waiting = doc.flags.get(TEXTS_BACK)
	return languages.read_translations(SERVICE, doc.name) if waiting is None else waiting


def write_content(content: Mapping) -> str:
	"""A content as text, always in the same way."""
	return json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)


def load_content(text: str | None) -> dict:
	"""A content from its text."""
	return json.loads(text or "{}")
