"""What holds for every request to our addresses, whoever answers it (`before_request`, `after_request` hooks)."""

from urllib.parse import quote

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

import frappe

from citizen_support.host.door import watch
from citizen_support.host.files import is_own_file
from citizen_support.portal import faults, responses
from citizen_support.portal.routes import PAGE_METHODS, is_wholly_ours

# Where Frappe sends private files from. Below the second it finds those of the first as well: `/backups/..%2Ffiles/…`.
PRIVATE_FILES = ("/private/files/", "/backups")
# Browsers draw these and run nothing in them, whatever the bytes are.
_PICTURES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})

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
	"""Set headers on what Frappe answers: at our addresses, and for private files."""
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
	"""A private file is never a page of the site: all but pictures are offered for download.

	Anybody can mail the city a file, under any name, and Helpdesk opens attachments at Frappe's own address: a page among
	them would run in the session of the agent who opens it. Frappe itself holds back only four kinds, and none of them
	where the web server sends the file (`X-Accel-Redirect`). There, of the headers set here, only `Content-Disposition`,
	`Content-Type` and `Cache-Control` get through, and they are enough.
	"""
	if response.status_code >= 400:
		return
	if response.mimetype not in _PICTURES:
		response.headers["Content-Disposition"] = (
			f"attachment; filename*=UTF-8''{quote(path.rpartition('/')[2])}"
		)
	response.headers["X-Content-Type-Options"] = "nosniff"
	response.headers["Content-Security-Policy"] = responses.FILE_POLICY
	response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
	response.headers["X-Robots-Tag"] = "noindex, nofollow"
	if is_own_file(path):
		response.headers["Cache-Control"] = responses.PERSONAL
