"""Visitors with an address, and limits that are switched on."""

from werkzeug.wrappers import Response

import frappe

from tests.site.visitor import Visitor

SETTINGS = "Citizen Support Settings"


class Caller(Visitor):
	"""A visitor whose address our own proxy has written down."""

	def __init__(self, address: str = "203.0.113.7", made_up: str = "") -> None:
		super().__init__()
		self.address = address
		self.made_up = made_up

	def _ask(self, method: str, address: str, fields: object, files: object, headers: dict) -> Response:
		hops = [hop for hop in (self.made_up, self.address) if hop]
		return super()._ask(method, address, fields, files, {**headers, "X-Forwarded-For": ", ".join(hops)})


def set_limits(**values: object) -> None:
	"""Settings of the tab "Limits", for this test."""
	for fieldname, value in values.items():
		frappe.db.set_single_value(SETTINGS, fieldname, value)


class Clock:
	"""What the limits take for the time."""

	def __init__(self, now: float) -> None:
		self.now = now

	def __call__(self) -> float:
		return self.now

	def advance(self, **units: float) -> None:
		self.now += units.get("seconds", 0) + units.get("minutes", 0) * 60 + units.get("hours", 0) * 3600
