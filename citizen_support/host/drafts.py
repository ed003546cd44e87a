"""A document as somebody's form has it, saved or not: looked at as if it were saved, and stored nowhere."""

import json
from collections.abc import Mapping

import frappe
from frappe import _
from frappe.model import table_fields
from frappe.model.document import Document
from frappe.model.meta import Meta

MOST_CHARACTERS = 1_000_000
_LAYOUT = frozenset({"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading"})


def read_draft(doctype: str, name_field: str, text: str) -> Document:
	"""The stored document with the values of a form put over it.

	Only fields that the doctype has are taken: whatever else the text holds could stand in for methods of the document.

	:param text: the form's document as JSON.
	:param name_field: the field that names a record, for a form that carries no name.
	:raises frappe.ValidationError: if it is no document of a stored record.
	"""
	values = _parse(text)
	name = values.get("name") or values.get(name_field)
	if not isinstance(name, str) or not frappe.db.exists(doctype, name):
		frappe.throw(_("Save it once, as a draft, before you try it."))
	meta = frappe.get_meta(doctype)
	doc = frappe.get_doc({"doctype": doctype, "name": name, **_pick(values, meta)})
	doc._fix_numeric_types()
	return doc


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
	if len(text) > MOST_CHARACTERS:
		frappe.throw(_("This form holds more than can be tried."))
	try:
		values = json.loads(text)
	except ValueError:
		values = None
	if not isinstance(values, dict):
		frappe.throw(_("This is not a form’s document. Please load the page anew."))
	return values


def _pick(values: Mapping, meta: Meta) -> dict:
	"""The values of fields the doctype has; in tables those of each row."""
	picked = {}
	for field in meta.fields:
		if field.fieldtype in _LAYOUT or field.fieldname not in values:
			continue
		value = values[field.fieldname]
		if field.fieldtype in table_fields:
			child = frappe.get_meta(field.options)
			rows = [row for row in value or [] if isinstance(row, dict)] if isinstance(value, list) else []
			picked[field.fieldname] = [
				{"doctype": field.options, "idx": number, "name": _name(row), **_pick(row, child)}
				for number, row in enumerate(rows, start=1)
			]
		elif value is None or isinstance(value, str | int | float):
			picked[field.fieldname] = value
	return picked


def _name(row: Mapping) -> str | None:
	name = row.get("name")
	return name if isinstance(name, str) else None
