"""The door: Frappe asks every page renderer whether a path is its own (`page_renderer` hook)."""

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

import frappe
from frappe import _

from citizen_support.host.errors import log_failure
from citizen_support.portal import faults, language, responses
from citizen_support.portal.routes import TAKE_FORMS, find_page
from citizen_support.portal.visit import is_same_origin


class PortalPage:
	"""One visit of a public page."""

	def __init__(self, path: str, http_status_code: int | None = None) -> None:
		self.path = path
		self.found = find_page(path)

	def can_render(self) -> bool:
		return self.found is not None

	def render(self) -> Response:
		"""Show the page; an error is on record, undone, and told without a word of its inside."""
		language.settle()
		handler, arguments = self.found
		method = frappe.local.request.method
		if method == "POST" and handler not in TAKE_FORMS:
			return faults.make_page(405)
		if method == "POST" and not is_same_origin():
			return _error(
				403, _("This form was not sent from our own page. Please open the page and try again.")
			)
		try:
			return handler(**arguments)
		except RequestEntityTooLarge:
			return _error(
				413, _("The files are too large together. Please go back and choose smaller or fewer ones.")
			)
		except Exception:
			frappe.db.rollback()
			log_failure(f"Portal page failed: {method} /{self.path.split('/')[0]}")
			return self.render_fault()

	def render_fault(self) -> Response:
		"""The page for a fault of ours."""
		return faults.make_page(500)


def _error(status: int, message: str) -> Response:
	headings = {403: _("Not accepted"), 413: _("Too much at once")}
	heading = headings.get(status, _("Sorry, that did not work"))
	context = {"heading": heading, "message": message, "retry": status >= 500}
	return responses.page("error", context, title=heading, status=status)
