"""Answers of the portal: pages, redirects and files, each with the headers that protect it."""

import base64
import hashlib
from urllib.parse import quote

from werkzeug.wrappers import Response

import frappe

from citizen_support.host.templates import render
from citizen_support.portal.site import get_site

PERSONAL = "private, no-store"
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
	response = Response(render(f"portal/{template}.html", context), status=status, mimetype="text/html")
	set_headers(response, site["theme_css"], personal or status >= 400)
	return response


def redirect(location: str, status: int = 303) -> Response:
	"""Send the browser on; 303 makes it ask with GET, so that reloading sends nothing twice."""
	response = Response(status=status)
	response.headers["Location"] = location
	set_headers(response, "", True)
	return response


def set_cookie(response: Response, name: str, value: str, path: str, seconds: int) -> Response:
	"""A cookie for one address only, out of reach of scripts and of other sites."""
	is_encrypted = frappe.local.request.scheme == "https"
	response.set_cookie(
		name, value, max_age=seconds, path=path, httponly=True, samesite="Lax", secure=is_encrypted
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
	response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
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
	headers["Cache-Control"] = PERSONAL if personal else PUBLIC
	headers["Vary"] = "Cookie, Accept-Language"
	if personal:
		headers["X-Robots-Tag"] = "noindex, nofollow"
		frappe.local.no_cache = 1


def make_policy(inline_css: str) -> str:
	"""The Content Security Policy: nothing from elsewhere, no inline script, one known inline style."""
	digest = base64.b64encode(hashlib.sha256(inline_css.encode()).digest()).decode()
	style = f"'self' 'sha256-{digest}'" if inline_css else "'self'"
	return (
		f"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data:; font-src 'self'; "
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
	)
