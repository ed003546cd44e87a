"""Visitors from anywhere: each request says which client a proxy saw it come from."""

import re
import secrets

import requests

from tests.support.form_filler import FilledForm, fill_form

SECONDS = 60
_REFERENCE = re.compile(r"/requests/([0-9A-Z]{4}-[0-9A-Z]{4})")


class Visitor:
	"""One browser of one client."""

	def __init__(self, site: str, client: str = "198.18.0.1") -> None:
		self.site = site
		self.session = requests.Session()
		self.session.trust_env = False
		self.session.headers["X-Forwarded-For"] = client

	def get(self, path: str) -> requests.Response:
		return self.session.get(self.site + path, timeout=SECONDS, allow_redirects=False)

	def fill(self, path: str) -> FilledForm:
		"""A page's form with sound answers."""
		return fill_form(self.get(path).text)

	def send(self, form: FilledForm) -> requests.Response:
		"""Send a form with its files."""
		files = [(name, upload) for name, upload in form.files] or None
		return self.session.post(
			self.site + form.action, data=form.fields, files=files, timeout=SECONDS, allow_redirects=False
		)


def make_client(number: int) -> str:
	"""A client's address, another for each number."""
	return f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"


def read_reference(response: requests.Response) -> str:
	"""Of the request that a form has become; fails if it has become none."""
	found = _REFERENCE.search(response.headers.get("Location", ""))
	assert response.status_code == 303 and found, (response.status_code, response.text[:500])
	return found.group(1)


def make_mailbox(word: str) -> str:
	"""An address nobody has used before."""
	return f"{word}-{secrets.token_hex(5)}@example.org"
