"""Answers of the portal: pages, redirects and files, each with the headers that protect it."""

import base64
import hashlib
from urllib.parse import quote

from werkzeug.wrappers import Response

import frappe

from citizen_support.host.templates import render
from citizen_support.portal.forms import BLANK_KEY, make_form_key
from citizen_support.portal.site import get_site
from citizen_support.portal.visit import is_encrypted

PERSONAL = "private, no-store"
ENCRYPTED_SECONDS = 365 * 86400
# For what is not a page: nothing in it may run or load, whatever it turns out to be.
FILE_POLICY = "default-src 'none'; sandbox"
# A page of the catalogue may be kept by the visitor's own browser for a moment, never by anyone between.
PUBLIC = "private, max-age=0, must-revalidate"


def page(
	template: str,
	context: dict,
	*,
	title: str,
	status: int = 200,
	description: str = "",
	personal: bool = False,
) -> Response:
	"""A whole page.

	:param personal: it shows somebody's own data: no cache keeps it and no search engine lists it.
	"""
	site = get_site()
	context = {
		**context,
		"site": site,
		"page": {"title": title, "description": description, "noindex": personal},
	}
	html = render(f"portal/{template}.html", context)
	response = Response(fill_in_form_key(html), status=status, mimetype="text/html")
	response.blank_html = html
	set_headers(response, site["theme_css"], personal or status >= 400)
	return response


def fill_in_form_key(html: str) -> str:
	"""The page with a fresh form key in its blank form, if it has one."""
	return html.replace(BLANK_KEY, make_form_key()) if BLANK_KEY in html else html


def redirect(location: str, status: int = 303) -> Response:
	"""Send the browser on; 303 makes it ask with GET, so that reloading sends nothing twice."""
	response = Response(status=status)
	response.headers["Location"] = location
	set_headers(response, "", True)
	return response


def set_cookie(response: Response, name: str, value: str, path: str, seconds: int) -> Response:
	"""A cookie for one address only, out of reach of scripts and of other sites."""
	response.set_cookie(
		name, value, max_age=seconds, path=path, httponly=True, samesite="Lax", secure=is_encrypted()
	)
	return response


def file(name: str, content: bytes, is_image: bool) -> Response:
	"""A resident's file: pictures we drew ourselves may be shown, all else is offered for download."""
	extension = name.rpartition(".")[2].lower()
	media_type = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}.get(extension)
	shown = is_image and media_type in ("image/jpeg", "image/png")
	response = Response(content, mimetype=media_type or "application/octet-stream")
	disposition = "inline" if shown else "attachment"
	response.headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(name)}"
	set_headers(response, "", True)
	response.headers["Content-Security-Policy"] = FILE_POLICY
	return response


def plain(text: str, status: int) -> Response:
	"""One word for programs."""
	response = Response(text, status=status, mimetype="text/plain")
	set_headers(response, "", True)
	response.headers["Content-Security-Policy"] = FILE_POLICY
	response.headers["Cache-Control"] = "no-store"
	return response


def set_headers(response: Response, inline_css: str, personal: bool) -> None:
	"""What browsers may do with the answer; set here, so that it holds behind any proxy."""
	headers = response.headers
	headers["Content-Security-Policy"] = make_policy(inline_css)
	headers["X-Content-Type-Options"] = "nosniff"
	headers["X-Frame-Options"] = "SAMEORIGIN"
	# Not "no-referrer": with it browsers send "Origin: null" along with our own forms.
	headers["Referrer-Policy"] = "same-origin"
	headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"
	headers["Cross-Origin-Opener-Policy"] = "same-origin"
	headers["Cross-Origin-Resource-Policy"] = "same-origin"
	headers["Cache-Control"] = PERSONAL if personal else PUBLIC
	headers["Vary"] = "Cookie, Accept-Language"
	set_transport(response)
	if personal:
		headers["X-Robots-Tag"] = "noindex, nofollow"
		frappe.local.no_cache = 1


def set_transport(response: Response) -> None:
	"""Whoever came encrypted comes encrypted from then on; said over an open line it would mean nothing."""
	if getattr(frappe.local, "request", None) and is_encrypted():
		response.headers["Strict-Transport-Security"] = f"max-age={ENCRYPTED_SECONDS}"
	else:
		response.headers.pop("Strict-Transport-Security", None)


def make_policy(inline_css: str) -> str:
	"""The Content Security Policy: nothing from elsewhere, no inline script, one known inline style."""
	digest = base64.b64encode(hashlib.sha256(inline_css.encode()).digest()).decode()
	style = f"'self' 'sha256-{digest}'" if inline_css else "'self'"
	return (
		f"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data:; font-src 'self'; "
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
	)
