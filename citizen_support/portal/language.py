"""In which language a page is shown: what the visitor chose once, else what the browser asks for, among those offered."""

from urllib.parse import quote, urlencode

import frappe

from citizen_support import languages
from citizen_support.languages.rules import choose_language, is_right_to_left

ARGUMENT = "lang"
# Frappe's own: its pages, such as the login, follow the choice as well.
COOKIE = "preferred_language"
COOKIE_SECONDS = 365 * 86400


def settle() -> None:
	"""Set the language of this visit. Frappe has chosen one of all it knows; the city speaks only some."""
	request = frappe.local.request
	wanted = [request.cookies.get(COOKIE)]
	if frappe.session.user == "Guest":
		wanted += list(request.accept_languages.values())
	frappe.local.lang = choose_language([*wanted, frappe.local.lang], languages.get_offered())


def read_choice() -> str | None:
	"""The language an address asks for (`?lang=de`); None if it asks for none, "" for one that is not offered."""
	request = frappe.local.request
	if request.method != "GET" or ARGUMENT not in request.args:
		return None
	wanted = request.args[ARGUMENT]
	return wanted if wanted in languages.get_offered() else ""


def make_switch() -> list[dict]:
	"""Links to this page in each language; none if there is but one, or if a filled-in form would be lost on the way."""
	request = getattr(frappe.local, "request", None)
	offered = languages.get_offered()
	if len(offered) < 2 or not request or request.method == "POST":
		return []
	return [
		{
			"code": code,
			"name": languages.name_language(code),
			"dir": "rtl" if is_right_to_left(code) else "ltr",
			"url": make_address(request.path, code),
			"current": code == frappe.local.lang,
		}
		for code in offered
	]


def make_address(path: str, language: str | None) -> str:
	"""An address of ours with what was asked for there, and a language to choose."""
	asked = [pair for pair in frappe.local.request.args.items(multi=True) if pair[0] != ARGUMENT]
	if language:
		asked.append((ARGUMENT, language))
	address = "/" + quote(path.strip("/"), safe="/-._~!$&'()*+,;=:@")
	return f"{address}?{urlencode(asked)}" if asked else address
