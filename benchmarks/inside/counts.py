"""Statements, Redis calls and bytes of single requests, of our site and of a stock one."""

import gzip
from collections.abc import Callable
from dataclasses import asdict

from werkzeug.test import TestResponse

import frappe

from benchmarks import forms
from benchmarks.inside.meter import count_here, count_request
from benchmarks.inside.profiles import make_submission
from benchmarks.load import Message

GET_AGAIN = 3
GZIP_LEVEL = 5  # nginx in a bench


def count_ours() -> list[dict]:
	"""Our pages and our form, warm; first with the ticket made at once, then in the background."""
	from benchmarks.inside import city

	cases = [
		_count("ping", _get("/api/method/ping")),
		_count("form page", _get(forms.FORM_PATH)),
		_count("catalogue", _get("/services")),
	]
	for mode, label in (("At once", "submit, ticket at once"), ("Always in the background", "submit")):
		if city.set_filing(mode) or mode == "At once":
			frappe.db.commit()  # the request has a connection of its own
			cases.append(_count(label, make_submission))
	reference, key = city.get_keys(1)[0]
	cookie = {"Cookie": f"cs_key={key}"}
	cases.append(_count("tracking page", _get(f"/requests/{reference}", cookie)))
	cases.append(_count_filing())
	city.set_filing("At once")
	return [case for case in cases if case]


def count_stock(form: str) -> list[dict]:
	"""The stock form's page and what it sends."""
	messages = forms.make_stock_messages(form)
	return [
		_count("ping", _get("/api/method/ping")),
		_count("form page", _get(f"/{form}/new")),
		_count("submit", lambda: next(messages)),
	]


def count_page(path: str) -> dict:
	"""One page of ours, warm."""
	return _count("page", _get(path))


def _count(name: str, make: Callable[[], Message]) -> dict:
	"""The last of a few like it: what is remembered is remembered by then."""
	for _number in range(GET_AGAIN):
		counts, response = count_request(frappe.local.site, make())
	return {"name": name, "status": response.status_code, **asdict(counts), **_weigh(response)}


def _weigh(response: TestResponse) -> dict[str, int]:
	body = response.get_data()
	return {"bytes": len(body), "gzip": len(gzip.compress(body, GZIP_LEVEL))}


def _get(path: str, headers: dict[str, str] | None = None) -> Callable[[], Message]:
	return lambda: Message("GET", path, headers or {})


def _count_filing() -> dict | None:
	"""What a worker does for one submission that waits; nothing where none waits."""
	from citizen_support.intake.filing import file_submission

	frappe.db.rollback()  # to see what the requests have committed
	waiting = frappe.get_all("Service Submission", {"ticket": ("is", "not set")}, pluck="name", limit=2)
	if len(waiting) < 2:
		return None
	file_submission(waiting[0])
	counts = count_here(lambda: file_submission(waiting[1]))
	return {"name": "filing by a worker", "status": "", **asdict(counts), "bytes": 0, "gzip": 0}
