"""Rows of tables, which belong to a record and are saved with it."""

import frappe
from frappe import _
from frappe.model.document import Document


class Row(Document):
	"""A row that cannot be saved or deleted by itself.

	Frappe lets whoever has the role save a row alone (`frappe.client.save`), asks nothing about the record it belongs to
	(`frappe/permissions.py`, `has_child_permission`) and runs none of that record's checks. With its record, no hook of a
	row is run, so these two only ever meet a row alone.
	"""

	def validate(self) -> None:
		refuse_alone(self)

	def on_trash(self) -> None:
		refuse_alone(self)


def refuse_alone(row: Document) -> None:
	"""
	:raises frappe.PermissionError: always.
	"""
	frappe.throw(
		_("This is part of “{0}”. Please change it there.").format(
			row.parent or row.parenttype or row.doctype
		),
		frappe.PermissionError,
	)
