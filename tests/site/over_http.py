"""Requests through the whole of Frappe's application, as a web server hands them over."""

from collections.abc import Callable
from threading import Thread

from werkzeug.test import Client, TestResponse

import frappe
import frappe.app

HOST = "https://city.example.org"


class Browser:
	"""One browser; keeps its cookies. Each request has a thread, and so a connection, of its own."""

	def __init__(self) -> None:
		self.client = Client(frappe.app.application)

	def ask(self, method: str, address: str, **options: object) -> TestResponse:
		"""Send a request; `options` as for `werkzeug.test.Client.open`."""
		options = {"base_url": HOST, **options}
		return in_a_thread(lambda: self.client.open(address, method=method, **options))

	def get(self, address: str, **options: object) -> TestResponse:
		return self.ask("GET", address, **options)

	def post(self, address: str, **options: object) -> TestResponse:
		return self.ask("POST", address, **options)

	def log_in(self, user: str, password: str) -> None:
		"""Take a session, as the login page does."""
		answer = self.post("/api/method/login", data={"usr": user, "pwd": password})
		assert answer.status_code == 200, answer.get_data(as_text=True)[:300]


def in_a_thread(function: Callable[[], object]) -> object:
	"""What a function returns in a thread; what it raises is raised here."""
	outcome: list[tuple[object, BaseException | None]] = []

	def run() -> None:
		try:
			outcome.append((function(), None))
		except BaseException as error:
			outcome.append((None, error))

	thread = Thread(target=run)
	thread.start()
	thread.join()
	value, error = outcome[0]
	if error:
		raise error
	return value
