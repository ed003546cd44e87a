"""Whole pages kept for moments: what every visitor gets alike is made once for all of them.

Only pages without a word about anybody: asked for by a guest, without a query, of the catalogue. Each visitor's own
form key is filled in last (`responses.fill_in_form_key`), so no two visitors share one.
"""

from werkzeug.wrappers import Response

import frappe
from frappe.utils import cint

from citizen_support.catalogue.snapshots import PAGES_KEY
from citizen_support.portal import responses
from citizen_support.portal.routes import is_same_for_all

# The promise on a form is told to the minute at most, so this must stay well below one.
KEEP_SECONDS = 30


def may_keep(path: str) -> bool:
	"""Whether every guest who asks for this gets the same page."""
	if frappe.session.user != "Guest" or frappe.local.request.query_string:
		return False
	return is_same_for_all(path) and not cint(frappe.conf.developer_mode)


def find(path: str) -> Response | None:
	"""The page as it was made a moment ago, with a form key of its own."""
	known = frappe.cache.get_value(_get_key(path), expires=True)
	if not known:
		return None
	html, headers = known
	response = Response(responses.fill_in_form_key(html), mimetype="text/html")
	for name, value in headers:
		response.headers[name] = value
	responses.set_transport(response)
	return response


def keep(path: str, response: Response) -> None:
	"""Remember a page that was just made; errors are never remembered."""
	html = getattr(response, "blank_html", None)
	if response.status_code != 200 or html is None or response.headers.getlist("Set-Cookie"):
		return
	headers = [(name, value) for name, value in response.headers if name != "Content-Length"]
	frappe.cache.set_value(_get_key(path), (html, headers), expires_in_sec=KEEP_SECONDS)


def _get_key(path: str) -> str:
	return f"{PAGES_KEY}:{frappe.local.lang}:{path}"
