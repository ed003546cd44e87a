"""How far a replay is, and whether it is to stop. In Redis, so that a running replay writes nothing and commits nothing."""

import time
from datetime import datetime

import frappe
from frappe.utils import get_datetime, now_datetime

EVENT = "citizen_support_replay"
KEY = "citizen_support:replay"
KEEP_SECONDS = 86400
# A replay says how far it is several times a second; one that has said nothing for so long has lost its worker.
SILENT_SECONDS = 120
SECONDS_BETWEEN_TELLINGS = 0.4


class Progress:
	"""Tells a replay's owner how far it is, by Frappe's realtime and for whoever loads the page anew."""

	def __init__(self, name: str, user: str, total: int = 0) -> None:
		self.name, self.user, self.total, self.done = name, user, total, 0
		self._told_at = 0.0

	def tell(self, done: int, always: bool = False) -> None:
		"""Say that so many requests are done; not more often than a person can see."""
		self.done = done
		if not always and time.monotonic() - self._told_at < SECONDS_BETWEEN_TELLINGS:
			return
		self._told_at = time.monotonic()
		state = {"done": done, "total": self.total, "at": str(now_datetime())}
		frappe.cache.set_value(f"{KEY}:{self.name}", state, expires_in_sec=KEEP_SECONDS)
		frappe.publish_realtime(EVENT, {"name": self.name, **state}, user=self.user)

	def finish(self, state: str) -> None:
		"""Say that it is over, once the result stands: the page then fetches it."""
		message = {"name": self.name, "state": state, "done": self.done, "total": self.total}
		frappe.publish_realtime(EVENT, message, user=self.user, after_commit=True)


def read(name: str) -> dict | None:
	"""The last a replay has told: `done`, `total`, `at`."""
	return frappe.cache.get_value(f"{KEY}:{name}", expires=True)


def is_silent(told: dict | None, begun_at: datetime) -> bool:
	"""Whether nothing has been heard of a replay for too long.

	:param begun_at: when it was asked for; it may wait for a worker for ten times as long.
	"""
	now = now_datetime()
	if told:
		return (now - get_datetime(told["at"])).total_seconds() > SILENT_SECONDS
	return (now - begun_at).total_seconds() > 10 * SILENT_SECONDS


def ask_to_stop(name: str) -> None:
	"""Have a replay end with the batch it is at."""
	frappe.cache.set_value(f"{KEY}:{name}:stop", 1, expires_in_sec=KEEP_SECONDS)


def is_to_stop(name: str) -> bool:
	"""Whether somebody wants it to end."""
	return bool(frappe.cache.get_value(f"{KEY}:{name}:stop", expires=True))
