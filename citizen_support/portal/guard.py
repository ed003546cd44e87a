"""What holds for every request to our addresses, whoever answers it (`before_request`, `after_request` hooks)."""

import re

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

import frappe

from citizen_support.host.door import watch
from citizen_support.portal import faults, responses
from citizen_support.portal.routes import PAGE_METHODS, is_wholly_ours

PRIVATE_FILES = "/private/files/"
# Names that `host.files.attach_new_file` gives; pictures under such names we drew ourselves.
_OWN_FILE = re.compile(r"^/private/files/[0-9a-f]{32}\.(?P<extension>[a-z0-9]{1,5})$")
_PICTURES = frozenset({"jpg", "png"})

watch(faults.tell)


class Refused(HTTPException):
	"""An answer on its way out, as `frappe.app.application` returns it."""


def admit() -> None:
	"""Refuse what none of our pages takes: other methods, and forms while nothing can be written.

	:raises Refused: with the answer.
	"""
	request = frappe.local.request
	if not is_wholly_ours(request.path.strip("/")):
		return
	if request.method not in PAGE_METHODS:
		raise Refused(response=faults.make_page(405))
	if request.method == "POST" and frappe.flags.read_only:
		raise Refused(response=faults.make_page(503))


def protect(response: Response | None, request: Request) -> None:
	"""Set headers on what Frappe answers: at our addresses, and for residents' files."""
	if response is None:
		return
	if request.path.startswith(PRIVATE_FILES):
		protect_file(response, request.path)
	elif is_wholly_ours(request.path.strip("/")) and "Content-Security-Policy" not in response.headers:
		if response.status_code >= 500:
			put_in_own_words(response)
		else:
			responses.set_headers(response, "", personal=True)


def put_in_own_words(response: Response) -> None:
	"""Frappe's page for an error becomes ours: in a process that has met no request before, `watch` came too late."""
	own = faults.make_page(response.status_code, is_cut_off=True)
	response.set_data(own.get_data())
	response.headers.update(own.headers)


def protect_file(response: Response, path: str) -> None:
	"""A resident's file is never shown inside the site's own origin, unless it is a picture we drew.

	Helpdesk opens attachments at Frappe's own address; Frappe shows PDFs there as pages. Behind a web server that
	sends the file itself (`X-Accel-Redirect`) only `Content-Disposition` and `Cache-Control` of these get through,
	and they are enough.
	"""
	found = _OWN_FILE.match(path)
	if not found:
		return
	if found["extension"] not in _PICTURES:
		response.headers["Content-Disposition"] = f'attachment; filename="{path.rpartition("/")[2]}"'
	response.headers["X-Content-Type-Options"] = "nosniff"
	response.headers["Content-Security-Policy"] = responses.FILE_POLICY
	response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
	response.headers["Cache-Control"] = responses.PERSONAL
	response.headers["X-Robots-Tag"] = "noindex, nofollow"
