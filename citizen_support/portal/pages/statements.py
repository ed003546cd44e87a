"""Privacy and accessibility statements."""

from werkzeug.wrappers import Response

import frappe
from frappe import _

from citizen_support.catalogue import make_safe
from citizen_support.portal import responses


def is_written(name: str) -> bool:
	"""Whether the city has written this statement."""
	return bool(_read(name))


def show(name: str) -> Response:
	heading = {"privacy": _("Privacy"), "accessibility": _("Accessibility")}[name]
	context = {"heading": heading, "body": make_safe(_(_read(name)), highest=2), "updated": None}
	return responses.page("statement", context, title=heading)


def _read(name: str) -> str | None:
	return frappe.get_cached_doc("Citizen Support Settings").get(f"{name}_text")
