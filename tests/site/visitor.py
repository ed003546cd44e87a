"""Someone at the portal: asks for pages and sends forms, as a browser does, without a server in between."""

import io
from collections.abc import Mapping, Sequence
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

import frappe
from frappe.website.serve import get_response

from tests.support.form_filler import FilledForm, fill_form

HOST = "city.example.org"
Upload = tuple[str, tuple[str, bytes, str]]


class Visitor:
	"""One browser of one person; keeps its cookies, each for its own path."""

	def __init__(self, language: str = "en", user: str = "Guest") -> None:
		self.language = language
		self.user = user
		self.cookies: dict[tuple[str, str], str] = {}

	def get(self, address: str) -> Response:
		"""A page."""
		return self._ask("GET", address, {}, (), {})

	def post(
		self,
		address: str,
		fields: Mapping | Sequence[tuple[str, str]] = (),
		files: Sequence[Upload] = (),
		headers: Mapping[str, str] | None = None,
	) -> Response:
		"""Send a form."""
		return self._ask("POST", address, fields, files, headers or {})

	def send(self, form: FilledForm) -> Response:
		"""Send a form that was filled in."""
		return self.post(form.action, form.fields, form.files)

	def fill(self, address: str, choice: int = 0) -> FilledForm:
		"""Open a page and fill its form."""
		return fill_form(self.get(address).get_data(as_text=True), choice)

	def follow(self, response: Response) -> Response:
		"""The page a redirect leads to."""
		return self.get(response.headers["Location"])

	def _ask(
		self, method: str, address: str, fields: Mapping | Sequence, files: Sequence[Upload], headers: Mapping
	) -> Response:
		parts = urlsplit(address)
		data = MultiDict(fields)
		for name, (file_name, content, media_type) in files:
			data.add(name, (io.BytesIO(content), file_name, media_type))
		builder = EnvironBuilder(
			path=parts.path,
			query_string=parts.query,
			method=method,
			base_url=f"https://{HOST}/",
			data=data if method == "POST" else None,
			headers={**headers, "Cookie": self._show_cookies(parts.path)},
		)
		response = self._enter(Request(builder.get_environ()))
		self._take_cookies(response)
		return response

	def _enter(self, request: Request) -> Response:
		"""As `frappe.app.application` does: a post is committed, a get leaves nothing behind."""
		before = frappe.session.user, frappe.local.lang
		frappe.db.commit()
		frappe.set_user(self.user)
		frappe.local.request, frappe.local.lang = request, self.language
		frappe.local.form_dict = frappe._dict(request.args)
		try:
			response = get_response()
			(frappe.db.commit if request.method == "POST" else frappe.db.rollback)()
		finally:
			frappe.set_user(before[0])
			frappe.local.lang = before[1]
			del frappe.local.request
		return response

	def _show_cookies(self, path: str) -> str:
		shown = [
			f"{name}={value}"
			for (name, scope), value in self.cookies.items()
			if path == scope or path.startswith(scope.rstrip("/") + "/")
		]
		return "; ".join(shown)

	def _take_cookies(self, response: Response) -> None:
		for header in response.headers.getlist("Set-Cookie"):
			for morsel in SimpleCookie(header).values():
				self.cookies[(morsel.key, morsel["path"] or "/")] = morsel.value


def read(response: Response) -> BeautifulSoup:
	"""The page of an answer."""
	return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def find_errors(response: Response) -> dict[str, str]:
	"""Errors a form page names on top: link target and sentence."""
	links = read(response).select('[role="alert"] a[href^="#"], .errors a[href^="#"], .summary a[href^="#"]')
	return {link["href"]: link.get_text(strip=True) for link in links}
