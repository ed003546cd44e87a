"""Portal pages are answered before Frappe's routing (`before_request` hook).

Frappe tries redirects, web pages and every dynamic route before it asks a renderer, which costs twice what our page
does, and gives each guest five cookies nobody needs. What is surely ours is answered here; all else goes the
ordinary way, and ends at `renderer.PortalPage` if it is below our addresses (a service that is gone may be
redirected by the site's own settings).
"""

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

import frappe

from citizen_support.host.errors import log_failure
from citizen_support.host.translations import share_translations
from citizen_support.portal import kept, language, responses
from citizen_support.portal.renderer import PortalPage
from citizen_support.portal.routes import is_ours, is_surely_ours


class Answered(HTTPException):
	"""A finished answer on its way out: `frappe.app.application` returns an HTTPException as it is."""


def answer() -> None:
	"""Answer a visit of a portal page.

	:raises Answered: with the answer. Frappe then neither commits nor sets cookies of its own.
	"""
	request = frappe.local.request
	path = request.path.strip("/")
	if request.method not in ("GET", "HEAD", "POST") or not is_ours(path) or not is_surely_ours(path):
		return
	language.settle()
	if (chosen := language.read_choice()) is not None:
		raise Answered(response=_switch(chosen))
	if frappe.session.user == "Guest":
		share_translations()
	raise Answered(response=_post(path) if request.method == "POST" else _get(path))


def _switch(chosen: str) -> Response:
	"""Keep the chosen language with the browser, and go on to the address that does not name it."""
	response = responses.redirect(language.make_address(frappe.local.request.path, None))
	if chosen:
		responses.set_cookie(response, language.COOKIE, chosen, "/", language.COOKIE_SECONDS)
	return response


def _get(path: str) -> Response:
	if not kept.may_keep(path):
		return PortalPage(path).render()
	known = kept.find(path)
	if known:
		return known
	response = PortalPage(path).render()
	kept.keep(path, response)
	return response


def _post(path: str) -> Response:
	"""Answer a form. What it changed is committed before anybody is told that it was."""
	page = PortalPage(path)
	response = page.render()
	try:
		frappe.db.commit()
	except Exception:
		log_failure("Portal form could not be committed")
		return page.render_fault()
	return response
