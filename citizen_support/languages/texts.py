"""Translations of the catalogue's texts, read once by each process.

What is kept counts for one version of all translations. The version stands in the settings, which every page has at hand:
a saved translation shows at once, and a page in another language asks the database nothing more.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

import frappe
from frappe.model.document import Document
from frappe.utils.caching import site_cache

from citizen_support.catalogue import clear_catalogue
from citizen_support.languages.rules import SETTINGS, Stored, lay_over, list_codes

DOCTYPE = "Catalogue Translation"
VERSION = "texts_version"
# Set on a translation that comes or goes with its record, so that nobody takes it for a change of its own.
WITH_RECORD = "cs_with_record"
MOST_KEPT = 2000
KEEP_SECONDS = 300
# Residents may wait as long for a language that has just been added; whole pages are kept as long (`portal/kept.py`).
OFFERED_SECONDS = 30


def get_offered() -> list[str]:
	"""Languages residents can choose among; the first is the one the catalogue is written in."""
	return _read_offered()


def get_source_language() -> str:
	"""The language the catalogue is written in."""
	return get_offered()[0]


def is_source(language: str) -> bool:
	"""Whether texts in this language are the ones the team wrote."""
	source = get_source_language()
	return language in (source, "") or (
		language.partition("-")[0] == source and language not in get_offered()
	)


def get_texts(doctype: str, name: str, language: str) -> Mapping[str, str]:
	"""The translated texts of a record by their paths; those of "de" serve "de-AT" as well."""
	version = frappe.get_cached_doc(SETTINGS).get(VERSION) or ""
	return _read_texts(doctype, name, language, version)


def read_stored_of(
	records: Sequence[tuple[str, str]], languages: Sequence[str] = ()
) -> dict[tuple[str, str, str], dict[str, Stored]]:
	"""What is stored for records in exactly these languages, with the words it was made from, by doctype, name and language.

	:param records: doctype and name of each.
	:param languages: all there are, if none is named.
	"""
	found: dict[tuple[str, str, str], dict[str, Stored]] = defaultdict(dict)
	names: dict[str, list[str]] = defaultdict(list)
	for doctype, name in records:
		names[doctype].append(str(name))
	if not names:
		return {}
	parent, child = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Catalogue Text")
	wanted = [
		(parent.reference_doctype == doctype) & parent.reference_name.isin(several)
		for doctype, several in names.items()
	]
	query = (
		frappe.qb.from_(parent)
		.join(child)
		.on(child.parent == parent.name)
		.select(
			parent.reference_doctype,
			parent.reference_name,
			parent.language,
			child.path,
			child.source,
			child.translation,
		)
		.where(reduce(or_, wanted))
	)
	if languages:
		query = query.where(parent.language.isin(list(languages)))
	for doctype, name, language, path, source, translation in query.run():
		found[doctype, name, language][path] = Stored(source or "", translation or "")
	return found


def read_shown_of(
	records: Sequence[tuple[str, str]], languages: Sequence[str]
) -> dict[tuple[str, str, str], dict[str, Stored]]:
	"""The same as residents read it: where "de-AT" has none of its own, what "de" has."""
	if not languages:
		return {}
	codes = dict.fromkeys(code for language in languages for code in list_codes(language))
	stored = read_stored_of(records, list(codes))
	return {
		(doctype, str(name), language): lay_over(
			stored.get((doctype, str(name), code), {}) for code in list_codes(language)
		)
		for doctype, name in records
		for language in languages
	}


def read_shown_of_kind(doctype: str, language: str) -> dict[str, dict[str, Stored]]:
	"""The same for all records of a kind, by their names."""
	found: dict[str, dict[str, dict[str, Stored]]] = defaultdict(lambda: defaultdict(dict))
	for row in _select(doctype, [], list_codes(language)):
		text = Stored(row.source or "", row.translation or "")
		found[row.reference_name][row.language][row.path] = text
	# The rows come in the order of the codes, and so do the languages of each record.
	return {name: lay_over(stored.values()) for name, stored in found.items()}


def read_many(doctype: str, language: str, paths: Sequence[str]) -> dict[str, dict[str, str]]:
	"""Some texts of all records of a kind, by record and path."""
	found: dict[str, dict[str, str]] = defaultdict(dict)
	for row in _select(doctype, [], list_codes(language), paths):
		if row.translation:
			found[row.reference_name][row.path] = row.translation
	return dict(found)


def forget_texts(doc: Document | None = None, method: str | None = None) -> None:
	"""After a translation changed: what any process keeps is of an older version from now on."""
	frappe.db.set_single_value(SETTINGS, VERSION, frappe.generate_hash(length=10), update_modified=False)
	clear_catalogue()


def forget_offered(doc: Document | None = None, method: str | None = None) -> None:
	"""After the settings changed."""
	_read_offered.clear_cache()


def remove_texts(doc: Document, method: str | None = None) -> None:
	"""With a record go its translations."""
	filters = {"reference_doctype": doc.doctype, "reference_name": str(doc.name)}
	for name in frappe.get_all(DOCTYPE, filters, pluck="name"):
		frappe.delete_doc(DOCTYPE, name, ignore_permissions=True, force=True, flags={WITH_RECORD: True})


@site_cache(ttl=OFFERED_SECONDS)
def _read_offered() -> list[str]:
	settings = frappe.get_cached_doc(SETTINGS)
	source = settings.get("catalogue_language") or frappe.db.get_default("lang") or "en"
	return list(dict.fromkeys([source, *(row.language for row in settings.get("languages") or ())]))


@site_cache(ttl=KEEP_SECONDS, maxsize=MOST_KEPT)
def _read_texts(doctype: str, name: str, language: str, version: str) -> dict[str, str]:
	rows = _select(doctype, [name], list_codes(language))
	return {row.path: row.translation for row in rows if row.translation}


def _select(
	doctype: str, names: Sequence[str], languages: Sequence[str], paths: Sequence[str] = ()
) -> list[frappe._dict]:
	"""Rows of texts, those of the most general language first, so that later ones win."""
	parent, child = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Catalogue Text")
	query = (
		frappe.qb.from_(parent)
		.join(child)
		.on(child.parent == parent.name)
		.select(parent.reference_name, parent.language, child.path, child.source, child.translation)
		.where((parent.reference_doctype == doctype) & parent.language.isin(list(languages)))
	)
	if names:
		query = query.where(parent.reference_name.isin([str(name) for name in names]))
	if paths:
		query = query.where(child.path.isin(list(paths)))
	rows = query.run(as_dict=True)
	return sorted(rows, key=lambda row: languages.index(row.language))
