"""Endpoints for translating the catalogue where it is written."""

import frappe

from citizen_support import languages


@frappe.whitelist(methods=["GET"])
def get_languages(doctype: str, name: str) -> dict:
	"""Languages a record can be translated into, and how far each is."""
	return languages.get_languages(doctype, name)


@frappe.whitelist(methods=["GET"])
def get_texts(doctype: str, name: str, language: str) -> list[dict]:
	"""The texts of a record beside their translations."""
	return languages.get_rows(doctype, name, language)


@frappe.whitelist(methods=["POST"])
def save_text(doctype: str, name: str, language: str, path: str, translation: str) -> dict:
	"""Keep the translation of one text."""
	return languages.save_text(doctype, name, language, path, translation)


@frappe.whitelist(methods=["GET"])
def get_coverage() -> list[dict]:
	"""How far the whole catalogue is translated, by language."""
	return languages.get_coverage()
