"""Numbers and lists as the language spoken at the moment writes them; Frappe knows one format for the whole site."""

from collections.abc import Sequence

from babel.core import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.numbers import format_decimal

import frappe


def get_locale() -> Locale:
	"""The locale of the language spoken at the moment."""
	try:
		return Locale.parse((frappe.local.lang or "en").replace("-", "_"))
	except (UnknownLocaleError, ValueError):
		return Locale("en")


def write_number(value: float, digits: int = 0) -> str:
	"""A number with at most so many digits after the point, none of them a zero at the end."""
	return format_decimal(round(value, digits), locale=get_locale())


def join_or(values: Sequence[str]) -> str:
	"""Values of which one holds: “a, b or c”."""
	return format_list(values, "or", get_locale())
