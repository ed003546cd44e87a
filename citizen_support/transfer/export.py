"""Parts of the catalogue as one file."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import frappe
from frappe import _

from citizen_support.host.app_texts import list_languages
from citizen_support.transfer import content
from citizen_support.transfer.batch import list_needs
from citizen_support.transfer.catalogue_file import MOST_BYTES, MOST_RECORDS, write_catalogue
from citizen_support.transfer.rules import Content
from citizen_support.transfer.schema import SECTIONS, Field, Kind, get_kind_of, get_kinds
from citizen_support.transfer.sheets import LISTS, write_table

IMPORT = "Catalogue Import"
TRANSLATIONS = "translations"


def check_permission() -> None:
	"""Whoever may import a catalogue may export one.

	:raises frappe.PermissionError: for all others.
	"""
	frappe.has_permission(IMPORT, "create", throw=True)


def export_catalogue(sections: Iterable[str]) -> str:
	"""All records of these sections as a file; every section if none is named."""
	check_permission()
	wanted = [section for section in sections if section in get_kinds()] or list(get_kinds())
	return _write(collect(dict.fromkeys(wanted)))


def export_records(doctype: str, names: Iterable[str], with_needs: bool = True) -> str:
	"""These records as a file.

	:param with_needs: services come with their departments, categories, areas, articles and translations.
	:raises frappe.DoesNotExistError: if one of them does not exist (any more).
	:raises frappe.ValidationError: if the file could not be imported again, or there would be nothing in it.
	"""
	check_permission()
	section = _find_section(doctype)
	sections = collect({section: list(names)})
	if not sections[section] and doctype == content.NOTICE_TEMPLATE:
		frappe.throw(_("Only message texts in use are exported. Please put one of these in use first."))
	if with_needs:
		sections = add_needs(sections)
	return _write(sections)


def export_list(doctype: str) -> str:
	"""A plain list as a table for a spreadsheet."""
	check_permission()
	section = _find_section(doctype)
	if section not in LISTS:
		frappe.throw(_("This list cannot be exported as a table."))
	return write_table(section, collect({section: None})[section], name_column)


def name_column(field: Field) -> str:
	"""The words above a column."""
	return _(field.label)


def list_names_of_columns() -> list[Callable[[Field], str]]:
	"""What the columns of a table are called that was made elsewhere: untranslated, and in each language of the app."""
	return [lambda field: field.label, *(partial(_name_column_in, language) for language in list_languages())]


def _name_column_in(language: str, field: Field) -> str:
	return _(field.label, lang=language)


def collect(selection: Mapping[str, list[str] | None]) -> dict[str, list[Content]]:
	"""Records by section, sorted by what names them; None means all of a section."""
	sections = {}
	for section, names in selection.items():
		kind = get_kinds()[section]
		records = [content.export_record(frappe.get_doc(kind.doctype, name)) for name in _choose(kind, names)]
		sections[section] = sorted(records, key=kind.place_of)
	return sections


def _choose(kind: Kind, names: list[str] | None) -> list[str]:
	"""Which records are written of those asked for, so that an import can tell them apart; None asks for all."""
	if kind.is_single:
		return [kind.doctype]
	left_out: list[str] = []
	if kind.doctype == content.NOTICE_TEMPLATE:
		# Of one message and language one is in use, and any number were before it.
		left_out = frappe.get_all(kind.doctype, {"enabled": 0}, pluck="name", limit_page_length=0)
	if names is None:
		names = frappe.get_all(kind.doctype, pluck="name", limit_page_length=0)
	elif kind.doctype == content.ARTICLE:
		# Several of one name are known by their order, in which none may be missing.
		called = [content.name_record(kind.doctype, name)[0] for name in names]
		names = [*names, *(other for name in called for other in _find_local(kind.section, name))]
	return [name for name in dict.fromkeys(map(str, names)) if name not in left_out]


def add_needs(sections: Mapping[str, list[Content]]) -> dict[str, list[Content]]:
	"""The records and what they point at, so that they can stand on another site."""
	wanted: dict[str, dict[str, None]] = {section: {} for section in SECTIONS}
	for service in sections.get("services", []):
		for section, name in list_needs(service):
			wanted[section].update(dict.fromkeys(_find_local(section, name)))
	for code in [*wanted["categories"], *(row["code"] for row in sections.get("categories", []))]:
		wanted["categories"].update(dict.fromkeys([code, *_list_parents(str(code))]))
	for section, name in _list_translations(sections, wanted):
		wanted[section][name] = None
	needed = collect({section: list(names) for section, names in wanted.items() if names})
	return _merge(needed, sections)


def _write(sections: Mapping[str, list[Content]]) -> str:
	"""The file, if it can be read again.

	:raises frappe.ValidationError: if it is larger than an import takes.
	"""
	text = write_catalogue(sections)
	if len(text.encode()) > MOST_BYTES or sum(map(len, sections.values())) > MOST_RECORDS:
		frappe.throw(
			_(
				"This file would have more than {0} MB or {1} records and could not be imported again. Please export fewer parts at a time."
			).format(MOST_BYTES // 1024 // 1024, MOST_RECORDS)
		)
	return text


def _merge(*parts: Mapping[str, list[Content]]) -> dict[str, list[Content]]:
	merged = {}
	for section in SECTIONS:
		kind = get_kinds()[section]
		records = {kind.place_of(row): row for part in parts for row in part.get(section, [])}
		if records:
			merged[section] = [records[place] for place in sorted(records)]
	return merged


def _find_local(section: str, name: str) -> list[str]:
	if len(get_kinds()[section].keys) > 1 and section != "articles":
		return []
	return content.find_records(get_kinds()[section].doctype, name)


def _list_parents(category: str) -> list[str]:
	parents: list[str] = []
	while category:
		category = frappe.db.get_value("Service Category", category, "parent_service_category")
		if not category or category in parents:
			break
		parents.append(category)
	return parents


def _list_translations(
	sections: Mapping[str, list[Content]], wanted: Mapping[str, Mapping[str, None]]
) -> list[tuple[str, str]]:
	"""Texts in other languages of all these records."""
	found = []
	for section, kind in get_kinds().items():
		names = set(wanted[section])
		for row in sections.get(section, []):
			names.update(_find_local(section, kind.name_plainly(row)))
		filters = {
			"reference_doctype": kind.doctype,
			"reference_name": ("in", [str(name) for name in names]),
		}
		if section != TRANSLATIONS and names:
			found += frappe.get_all(content.TRANSLATION, filters, pluck="name")
	return [(TRANSLATIONS, name) for name in found]


def _find_section(doctype: str) -> str:
	try:
		return get_kind_of(doctype).section
	except KeyError:
		frappe.throw(_("{0} is no part of the catalogue.").format(doctype))
