"""Privacy and accessibility statements."""

from werkzeug.wrappers import Response

import frappe
from frappe import _

from citizen_support import languages
from citizen_support.catalogue import make_safe
from citizen_support.languages.rules import get_language
from citizen_support.portal import responses

SETTINGS = "Citizen Support Settings"


def is_written(name: str) -> bool:
	"""Whether the city has written this statement."""
	return bool(_read(name))


def show(name: str) -> Response:
	heading = {"privacy": _("Privacy"), "accessibility": _("Accessibility")}[name]
	text = languages.say(frappe.get_cached_doc(SETTINGS), f"{name}_text")
	context = {
		"heading": heading,
		"body": make_safe(text, highest=2),
		"updated": None,
		"language": get_language(text),
	}
	return responses.page("statement", context, title=heading)


def _read(name: str) -> str | None:
	return frappe.get_cached_doc(SETTINGS).get(f"{name}_text")
