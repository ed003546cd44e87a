"""Own pages for what goes wrong before or around our pages, made without a database if need be.

What was typed survives: the page that tells of an outage is itself the form, filled in, under the same form key. It
needs no JavaScript, and nothing is kept in the browser or on the server for it.
"""

from contextlib import suppress

from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

import frappe
from frappe import _

from citizen_support.host.door import is_unavailable, note_fault
from citizen_support.host.errors import log_failure
from citizen_support.host.templates import render
from citizen_support.intake.files import ACCEPT
from citizen_support.portal import responses
from citizen_support.portal.routes import HEALTH, is_ours
from citizen_support.portal.site import get_site
from citizen_support.portal.snapshot import read_site
from citizen_support.portal.uploads import REQUEST_BYTES
from citizen_support.portal.visit import is_same_origin

RETRY_SECONDS = 60
# More than any form of ours holds; beyond it a page would only repeat somebody's flood.
MOST_FIELDS = 300
MOST_CHARACTERS = 500_000
_TYPED = ("q.", "contact.", "message", "reference", "contact")
_NOT_SHOWN = (".lat", ".lon")
_NOT_KEPT = frozenset({"remove_file"})


def tell(request: Request, error: Exception) -> Response | None:
	"""The answer to what failed on the way in; None where the address is not ours."""
	path = request.path.strip("/")
	if path and not is_ours(path):
		return None
	status = find_status(error)
	if not path and status < 500:
		return None
	if status >= 500:
		_record(request, error)
	if path == HEALTH:
		return responses.plain("unavailable", 503)
	return make_page(status, is_cut_off=True)


def find_status(error: Exception) -> int:
	"""The status that says what happened."""
	if isinstance(error, RequestEntityTooLarge):
		return 413
	if is_unavailable(error):
		return 503
	if isinstance(error, HTTPException):
		return error.code or 500
	if isinstance(error, frappe.CSRFTokenError):
		return 403
	if isinstance(error, ValueError) and not isinstance(error, frappe.ValidationError):
		# `frappe.app.make_form_dict` reads JSON bodies without looking.
		return 400
	return getattr(error, "http_status_code", 500)


def make_page(status: int, is_cut_off: bool = False) -> Response:
	"""The page for a fault, with the form once more if one was sent from our own page.

	:param is_cut_off: nothing but files can be asked, so the page is in the city's language, not in the visitor's.
	"""
	site = _find_site(is_cut_off)
	frappe.local.lang = site["lang"]
	heading, message = _describe(status)
	form = _read_form() if status >= 500 else None
	html = _render(site, heading, message, form, status >= 500)
	response = Response(html, status=status, mimetype="text/html")
	responses.set_headers(response, site["theme_css"], personal=True)
	if status >= 500:
		response.headers["Retry-After"] = str(RETRY_SECONDS)
	if status == 405:
		response.headers["Allow"] = "GET, HEAD"
	return response


def render_unavailable() -> str:
	"""The page for outages as the web server in front may show it, to anybody, at any address."""
	heading, message = _describe(503)
	return _render(read_site(), heading, message, None, True)


def _find_site(is_cut_off: bool) -> dict:
	if not is_cut_off:
		with suppress(Exception):
			return get_site()
	return read_site()


def _describe(status: int) -> tuple[str, str]:
	known = {
		400: (
			_("Not understood"),
			_("Your browser sent something we cannot read. Please open the page again."),
		),
		403: (
			_("Not accepted"),
			_("This form was not sent from our own page. Please open the page and try again."),
		),
		405: (_("Not accepted"), _("This page takes no forms. Please open it again.")),
		413: (
			_("Too much at once"),
			_("The files are too large together. Please go back and choose smaller or fewer ones."),
		),
		503: (
			_("We will be back in a moment"),
			_("This page is not available right now. Please try again in a few minutes."),
		),
	}
	if status in known:
		return known[status]
	heading = _("Sorry, that did not work")
	if status < 500:
		return heading, _("Please open the page again.")
	return heading, _("Something went wrong on our side. Please try again in a few minutes.")


def _read_form() -> dict | None:
	"""What was typed into one of our forms, as far as the request can still be read."""
	request = frappe.local.request
	if request.method != "POST" or not is_same_origin():
		return None
	# Frappe sets this only once it is connected.
	request.max_content_length = request.max_content_length or REQUEST_BYTES
	try:
		fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_KEPT]
		files = sorted({name for name, file in request.files.items(multi=True) if file.filename})
	except HTTPException:
		return None
	if not fields or len(fields) > MOST_FIELDS or sum(map(len, map("".join, fields))) > MOST_CHARACTERS:
		return None
	shown = [
		value
		for name, value in fields
		if name.startswith(_TYPED) and not name.endswith(_NOT_SHOWN) and value.strip()
	]
	return {"action": request.path, "fields": fields, "files": files[:10], "shown": shown, "accept": ACCEPT}


def _render(site: dict, heading: str, message: str, form: dict | None, retry: bool) -> str:
	context = {"heading": heading, "message": message, "form": form, "retry": retry, "site": site}
	context["page"] = {"title": heading, "description": "", "noindex": True}
	return render("portal/fault.html", context)


def _record(request: Request, error: Exception) -> None:
	"""On record where it can be: a fault of ours in the Error Log, an outage in the server's log."""
	if isinstance(error, frappe.SessionStopped):
		return
	note_fault(request, error)
	if not is_unavailable(error):
		with suppress(Exception):
			log_failure("The way to a portal page failed")
