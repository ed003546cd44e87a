"""All translations of a record at once, as a version of it keeps them."""

from collections.abc import Mapping

import frappe

from citizen_support.languages.texts import DOCTYPE, WITH_RECORD, read_stored_of


def read_translations(doctype: str, name: str | None) -> dict[str, dict[str, dict[str, str]]]:
	"""By language and path: each translation, and the words it was made from."""
	if not name:
		return {}
	stored = read_stored_of([(doctype, name)])
	return {
		language: {path: text._asdict() for path, text in sorted(texts.items())}
		for (_doctype, _name, language), texts in sorted(stored.items())
	}


def put_translations(doctype: str, name: str, wanted: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
	"""Give a record exactly these translations, as `read_translations` told them; the caller has checked the right to it.

	A language this site no longer has is left out.
	"""
	now = read_translations(doctype, name)
	for language in dict.fromkeys([*now, *wanted]):
		if now.get(language) != wanted.get(language) and frappe.db.exists("Language", language):
			_put(doctype, name, language, wanted.get(language) or {})


def _put(doctype: str, name: str, language: str, texts: Mapping[str, Mapping[str, str]]) -> None:
	filters = {"reference_doctype": doctype, "reference_name": name, "language": language}
	known = frappe.db.get_value(DOCTYPE, filters)
	doc = frappe.get_doc(DOCTYPE, known, for_update=True) if known else frappe.new_doc(DOCTYPE)
	doc.update(filters)
	doc.set("texts", [{"path": path, **text} for path, text in texts.items()])
	doc.flags[WITH_RECORD] = True
	doc.save(ignore_permissions=True)
