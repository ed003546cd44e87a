"""A service as it stands in somebody's form, unsaved, as a document in memory."""

import json
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from citizen_support.catalogue import checks, read_service
from citizen_support.catalogue.rules import is_code, make_code
from citizen_support.designer import findings

DOCTYPE = "Municipal Service"
# A service with sixty questions and long texts in every field has about 100,000.
MOST_CHARACTERS = 400_000
MOST_ROWS = 200
UNNAMED = "new-service"
_NUMBERS = frozenset({"Int", "Check"})
_NO_VALUE = frozenset({"Tab Break", "Section Break", "Column Break", "HTML", "Button", "Table"})


@dataclass(frozen=True)
class Draft:
	"""A service that may be unfinished.

	:ivar doc: never to be saved.
	:ivar service: its dict, as the portal has it of a published one.
	:ivar findings: sentences for what would keep it from being saved; empty if it is sound.
	"""

	doc: Document
	service: dict
	findings: list[str]


def read_draft(text: str, permission: str) -> Draft:
	"""The draft that a form sends as JSON.

	:param permission: what one must be allowed on services, and on this one if it is stored: read or write.
	:raises frappe.PermissionError: if one is not.
	:raises frappe.ValidationError: if the text is too long or is no service.
	"""
	frappe.has_permission(DOCTYPE, permission, throw=True)
	values = _parse(text)
	name = str(values.get("name") or "")
	is_stored = bool(name) and len(name) <= 140 and bool(frappe.db.exists(DOCTYPE, name))
	if is_stored:
		frappe.has_permission(DOCTYPE, permission, doc=name, throw=True)
	doc = _make_doc(values)
	doc.name = name if is_stored else _make_name(doc)
	checks.set_question_keys(doc)
	return Draft(doc, read_service(doc), findings.list_findings(doc))


def _parse(text: str) -> dict:
	if len(text) > MOST_CHARACTERS:
		frappe.throw(_("This service has become too long to be shown. Please shorten its texts."))
	try:
		values = json.loads(text)
	except (ValueError, RecursionError):
		values = None
	if not isinstance(values, dict):
		frappe.throw(_("What came is not a service. Please reload the page and try again."))
	return values


def _make_doc(values: dict) -> Document:
	"""A document of the fields the doctype has, each of its type; whatever else came is left out."""
	doc = frappe.get_doc({"doctype": DOCTYPE, **_read_fields(DOCTYPE, values)})
	for table in frappe.get_meta(DOCTYPE).get_table_fields():
		rows = values.get(table.fieldname)
		rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
		for row in sorted(rows[:MOST_ROWS], key=lambda row: cint(row.get("idx"))):
			doc.append(table.fieldname, _read_fields(table.options, row))
	return doc


def _read_fields(doctype: str, values: dict) -> dict:
	read = {}
	for field in frappe.get_meta(doctype).fields:
		value = values.get(field.fieldname)
		if field.fieldtype in _NO_VALUE or value is None or isinstance(value, list | dict):
			continue
		read[field.fieldname] = cint(value) if field.fieldtype in _NUMBERS else str(value)
	return read


def _make_name(doc: Document) -> str:
	code = (doc.code or "").strip().lower() or make_code(doc.title or "")
	return code if is_code(code) else UNNAMED
