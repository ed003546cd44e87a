"""Whole pages kept for moments: what every visitor gets alike is made once for all of them.

Only pages without a word about anybody: asked for by a guest, without a query, of the catalogue. Each visitor's own
form key is filled in last (`responses.fill_in_form_key`), so no two visitors share one. While a pilot is shown to a share
of visitors, the catalogue is kept once for each set of pilots that somebody sees; pilots themselves are never kept.
"""

from werkzeug.wrappers import Response

import frappe
from frappe.utils import cint

from citizen_support.catalogue.snapshots import PAGES_KEY
from citizen_support.portal import pilots, responses
from citizen_support.portal.routes import is_same_for_all

# The promise on a form is told to the minute at most, so this must stay well below one.
KEEP_SECONDS = 30
# Stands where the page would, if not everybody sees the same.
BY_VISITOR = "by visitor"
_NOT_KEPT = frozenset({"Content-Length", "Set-Cookie"})


def may_keep(path: str) -> bool:
	"""Whether every guest who asks for this gets the same page."""
	if frappe.session.user != "Guest" or frappe.local.request.query_string:
		return False
	return is_same_for_all(path) and not cint(frappe.conf.developer_mode)


def find(path: str) -> Response | None:
	"""The page as it was made a moment ago, with a form key of its own."""
	known = frappe.cache.get_value(_get_key(path), expires=True)
	if known == BY_VISITOR:
		known = frappe.cache.get_value(_get_key(path) + (pilots.get_variant() or ""), expires=True)
	if not known or known == BY_VISITOR:
		return None
	html, headers = known
	response = Response(responses.fill_in_form_key(html), mimetype="text/html")
	for name, value in headers:
		response.headers[name] = value
	responses.set_transport(response)
	return pilots.remember_visitor(response)


def keep(path: str, response: Response) -> None:
	"""Remember a page that was just made; errors are never remembered."""
	html, variant = getattr(response, "blank_html", None), getattr(response, "variant", None)
	# The one cookie that may come with a kept page is each visitor's own, and set anew (`pilots.remember_visitor`).
	has_cookie = variant is None and response.headers.getlist("Set-Cookie")
	if response.status_code != 200 or html is None or has_cookie:
		return
	headers = [(name, value) for name, value in response.headers if name not in _NOT_KEPT]
	key = _get_key(path)
	if variant is not None:
		frappe.cache.set_value(key, BY_VISITOR, expires_in_sec=KEEP_SECONDS)
		key += variant
	frappe.cache.set_value(key, (html, headers), expires_in_sec=KEEP_SECONDS)


def _get_key(path: str) -> str:
	return f"{PAGES_KEY}:{frappe.local.lang}:{path}"
