"""A document as somebody's form has it, saved or not: looked at as if it were saved, and stored nowhere.

Every question a form asks about what it holds is read here: one longest length, one choice of fields.
"""

import json
from collections.abc import Mapping

import frappe
from frappe import _
from frappe.model import table_fields
from frappe.model.document import Document
from frappe.model.meta import Meta
from frappe.utils import cint, flt

# A service with sixty questions and long texts in every field has about 100,000.
MOST_CHARACTERS = 1_000_000
# Of one table; far more than any check lets be saved.
MOST_ROWS = 500
_LAYOUT = frozenset({"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading"})
_WHOLE = frozenset({"Int", "Check"})
_FRACTIONS = frozenset({"Float", "Currency", "Percent"})


def is_too_long(text: str) -> bool:
	"""Whether a form holds more than `read_draft` takes."""
	return len(text) > MOST_CHARACTERS


def read_draft(doctype: str, text: str, permission: str) -> Document:
	"""The values of a form as a document in memory; its name is the record's if there is one, else None.

	Only fields that the doctype has are taken, each as what it is for: whatever else the text holds could stand in for
	methods of the document.

	:param text: the form's document as JSON.
	:param permission: what one must be allowed on the doctype, and on the record if there is one: read or write.
	:raises frappe.PermissionError: if one is not.
	:raises frappe.ValidationError: if it is too long, or no document.
	"""
	frappe.has_permission(doctype, permission, throw=True)
	values = _parse(text)
	name = _read_name(values)
	if name and len(name) <= 140 and frappe.db.exists(doctype, name):
		frappe.has_permission(doctype, permission, doc=name, throw=True)
	else:
		name = None
	return frappe.get_doc({"doctype": doctype, "name": name, **_pick(values, frappe.get_meta(doctype))})


def check_draft(doc: Document) -> None:
	"""Refuse what saving would refuse, with the same sentences. Nothing is locked or changed.

	:raises frappe.ValidationError: as the document's own `validate` does, or Frappe before it.
	"""
	doc._action = "save"
	doc._doc_before_save = frappe.get_doc(doc.doctype, doc.name)
	doc._validate_mandatory()
	for part in (doc, *doc.get_all_children()):
		part._validate_selects()
		part._validate_non_negative()
		part._validate_length()
	doc._validate_links()
	doc.run_method("validate")


def write_draft(doc: Document) -> str:
	"""The document as JSON that `read_draft` reads."""
	return frappe.as_json(doc.as_dict(convert_dates_to_str=True), indent=None)


def _parse(text: str) -> Mapping:
	if is_too_long(text):
		frappe.throw(_("This form holds more than can be tried."))
	try:
		values = json.loads(text)
	except (ValueError, RecursionError):
		values = None
	if not isinstance(values, dict):
		frappe.throw(_("This is not a form’s document. Please load the page anew."))
	return values


def _pick(values: Mapping, meta: Meta) -> dict:
	"""The values of fields the doctype has, each of its type; in tables those of each row."""
	picked = {}
	for field in meta.fields:
		value = values.get(field.fieldname)
		if field.fieldtype in table_fields:
			picked[field.fieldname] = _pick_rows(value, field.options)
		elif field.fieldtype not in _LAYOUT and isinstance(value, str | int | float):
			picked[field.fieldname] = _convert(value, field.fieldtype)
	return picked


def _pick_rows(value: object, doctype: str) -> list[dict]:
	rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
	if len(rows) > MOST_ROWS:
		frappe.throw(_("This form holds more than can be tried."))
	meta = frappe.get_meta(doctype)
	rows.sort(key=lambda row: cint(row.get("idx")))
	return [
		{"doctype": doctype, "idx": number, "name": _read_name(row), **_pick(row, meta)}
		for number, row in enumerate(rows, start=1)
	]


def _convert(value: str | int | float, fieldtype: str) -> str | int | float:
	if fieldtype in _WHOLE:
		return cint(value)
	return flt(value) if fieldtype in _FRACTIONS else str(value)


def _read_name(values: Mapping) -> str | None:
	name = values.get("name")
	return name if isinstance(name, str) and name else None
