"""Countries and regions whose public holidays are known."""

from functools import lru_cache

import holidays
from babel import Locale

import frappe

from citizen_support.host.locale import get_locale

SETTINGS = "Citizen Support Settings"


def get_countries() -> list[dict[str, str]]:
	"""Countries to choose from, by name in the user's language."""
	frappe.has_permission(SETTINGS, "read", throw=True)
	return list(_list_countries(get_locale()))


def get_regions(country: str) -> list[dict[str, str]]:
	"""Regions of a country that have holidays of their own, with their names where they are known."""
	frappe.has_permission(SETTINGS, "read", throw=True)
	return list(_list_regions(country.strip().upper()[:2]))


@lru_cache(maxsize=16)
def _list_countries(locale: Locale) -> tuple[dict[str, str], ...]:
	codes = [code for code in holidays.list_supported_countries(include_aliases=False) if len(code) == 2]
	names = [(locale.territories.get(code) or code, code) for code in codes]
	return tuple({"value": code, "label": f"{name} ({code})"} for name, code in sorted(names))


@lru_cache(maxsize=64)
def _list_regions(country: str) -> tuple[dict[str, str], ...]:
	codes = holidays.list_supported_countries(include_aliases=False).get(country, ())
	if not codes:
		return ()
	names = holidays.country_holidays(country).get_subdivision_aliases()
	labels = [(", ".join(names.get(code) or ()) or code, code) for code in codes]
	return tuple(
		{"value": code, "label": code if name == code else f"{name} ({code})"}
		for name, code in sorted(labels)
	)
