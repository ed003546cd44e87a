"""Residents' plain text on paper."""

from markupsafe import escape

from frappe.model.document import Document

_TEXTS = frozenset({"Data", "Small Text", "Text", "Long Text", "Phone"})


def escape_for_print(doc: Document) -> None:
	"""Escape the texts of a record that is about to be printed, in memory alone.

	Frappe puts values into the page as they are (`templates/print_formats/standard_macros.html`), since it takes markup
	out of what it stores. Our records hold what was typed, so `<script>` in a name would run in the print view, and in the
	program that makes a PDF of it.
	"""
	for field in doc.meta.fields:
		value = doc.get(field.fieldname)
		if field.fieldtype in _TEXTS and isinstance(value, str):
			doc.set(field.fieldname, str(escape(value)))
