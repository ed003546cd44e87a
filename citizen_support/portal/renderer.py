"""The door: Frappe asks every page renderer whether a path is its own (`page_renderer` hook)."""

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

import frappe

from citizen_support.host.errors import log_failure
from citizen_support.portal import faults, language
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
			return faults.make_page(403)
		try:
			return handler(**arguments)
		except RequestEntityTooLarge:
			return faults.make_page(413)
		except Exception:
			frappe.db.rollback()
			log_failure(f"Portal page failed: {method} /{self.path.split('/')[0]}")
			return self.render_fault()

	def render_fault(self) -> Response:
		"""The page for a fault of ours."""
		return faults.make_page(500)
