"""How far the catalogue is translated, for the team."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support import catalogue
from citizen_support.catalogue.rules import Question
from citizen_support.languages import rules
from citizen_support.languages.rules import (
	AREA,
	CATEGORY,
	DEPARTMENT,
	FIELDS,
	SERVICE,
	SETTINGS,
	Stored,
	Text,
)
from citizen_support.languages.service import list_texts_of
from citizen_support.languages.texts import is_source, read_shown_of, read_shown_of_kind

# Records residents can come across, or soon will.
_IN_USE = {SERVICE: {"status": ("!=", "Retired")}, CATEGORY: {}, DEPARTMENT: {"enabled": 1}}
_QUESTION_FIELDS = (
	"question_key",
	"label",
	"question_type",
	"help_text",
	"choices",
	"end_values",
	"end_message",
)


class Missing(NamedTuple):
	"""A text without a current translation: where it stands, what to call it, what it says."""

	path: str
	label: str
	source: str
	outdated: bool


def find_missing(records: Sequence[Document], codes: Sequence[str]) -> dict[str, list[Missing]]:
	"""Texts of records that are not translated, or were reworded since, by language; in their own language none are.

	What residents read counts: the texts of "de" serve "de-AT" as well.

	:param records: documents of the catalogue, saved or not. A text of another one than the first is named with it.
	"""
	stored = read_shown_of([(record.doctype, str(record.name)) for record in records], codes)
	found: dict[str, list[Missing]] = {}
	for code in codes:
		if is_source(code):
			continue
		found[code] = []
		for record in records:
			missing = _compare(record, stored.get((record.doctype, str(record.name), code), {}))
			if record is not records[0]:
				title = record.get_title()
				missing = [
					one._replace(label=_("{0} (of “{1}”)").format(one.label, title)) for one in missing
				]
			found[code] += missing
	return found


def _compare(record: Document, stored: Mapping[str, Stored]) -> list[Missing]:
	found = []
	for text in list_texts_of(record):
		state = rules.find_state(text, stored.get(text.path))
		if state != rules.DONE:
			label = name_text(record.doctype, text)
			found.append(Missing(text.path, label, text.source, state == rules.OUTDATED))
	return found


def name_texts(service: Mapping) -> dict[str, str]:
	"""What to call each text of a service, by its path.

	:param service: as `catalogue.read_service` gives it.
	"""
	return {text.path: name_text(SERVICE, text) for text in list_texts_of(service)}


def read_all_texts() -> dict[tuple[str, str], list[Text]]:
	"""Every public text of the catalogue in use, by doctype and name of its record; articles left out."""
	texts = {(SETTINGS, SETTINGS): list_texts_of(frappe.get_cached_doc(SETTINGS))}
	for doctype, filters in {**_IN_USE, AREA: {"name": ("in", _list_shown_areas())}}.items():
		rows = frappe.get_all(doctype, filters, ["name", *FIELDS[doctype]], limit_page_length=0)
		questions = _read_questions() if doctype == SERVICE else {}
		for row in rows:
			texts[doctype, row.name] = rules.list_texts(doctype, row, questions.get(row.name, ()))
	return texts


def count_done(texts: Mapping[tuple[str, str], list[Text]], language: str) -> int:
	"""How many of these texts residents read in a current translation."""
	stored = {doctype: read_shown_of_kind(doctype, language) for doctype in (SETTINGS, AREA, *_IN_USE)}
	return sum(
		rules.count_done(found, stored[doctype].get(name, {})) for (doctype, name), found in texts.items()
	)


def _list_shown_areas() -> list[str]:
	"""Areas whose name residents read: those a pilot is on in. Routing looks at all others silently."""
	filters = {"pilot_area": ("is", "set"), "status": ("!=", "Retired")}
	return frappe.get_all(SERVICE, filters, pluck="pilot_area", distinct=True)


def _read_questions() -> dict[str, list[Question]]:
	fields = ["parent", *_QUESTION_FIELDS]
	by_service: dict[str, list[frappe._dict]] = defaultdict(list)
	for row in frappe.get_all("Service Question", fields=fields, order_by="idx", limit_page_length=0):
		by_service[row.parent].append(row)
	return {
		service: catalogue.read_questions(frappe._dict(questions=rows))
		for service, rows in by_service.items()
	}


def name_text(doctype: str, text: Text) -> str:
	"""What to call a text when speaking to the team."""
	if not text.of:
		return _name_field(doctype, text.name)
	return {
		rules.LABEL: _("Question “{0}”"),
		rules.HELP: _("Help below “{0}”"),
		rules.CHOICE: _("Choice of “{0}”"),
		rules.END_MESSAGE: _("What is said when an answer to “{0}” ends the form"),
	}[text.name].format(text.of)


def _name_field(doctype: str, name: str) -> str:
	labels = {
		(rules.SERVICE, "title"): _("Name of the service"),
		(rules.SERVICE, "summary"): _("In one sentence"),
		(rules.SERVICE, "emergency_notice"): _("Danger notice"),
		(rules.SERVICE, "description"): _("What it is for"),
		(rules.SERVICE, "needs"): _("What you need"),
		(rules.SERVICE, "disclaimer"): _("What may delay it"),
		(rules.SERVICE, "synonyms"): _("Words people use"),
		(rules.CATEGORY, "category_name"): _("Name"),
		(rules.CATEGORY, "description"): _("Description"),
		(rules.DEPARTMENT, "department_name"): _("Name residents know"),
		(rules.DEPARTMENT, "lead_title"): _("Title of the person in charge"),
		(rules.DEPARTMENT, "public_note"): _("Note for residents"),
		(rules.SETTINGS, "city_name"): _("Name of the city"),
		(rules.SETTINGS, "intro_title"): _("Heading of the first page"),
		(rules.SETTINGS, "intro_text"): _("Line below it"),
		(rules.SETTINGS, "contact_hours"): _("Hours"),
		(rules.SETTINGS, "emergency_text"): _("Emergency line"),
		(rules.SETTINGS, "default_disclaimer"): _("Standard disclaimer for dates"),
		(rules.SETTINGS, "privacy_text"): _("Privacy"),
		(rules.SETTINGS, "accessibility_text"): _("Accessibility"),
		(rules.ARTICLE, "title"): _("Title of the article"),
		(rules.ARTICLE, "content"): _("The article"),
		(rules.AREA, "area_name"): _("Name of the area"),
	}
	return labels[doctype, name]
