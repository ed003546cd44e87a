"""Commits and rollbacks inside one test's own transaction.

The app commits once on the way in, and a web request commits or rolls back at its end. Under test both are played
with a savepoint, so that a test sees what a second request would see, and still leaves nothing behind.
"""

from collections.abc import Callable

import frappe

SAVEPOINT = "pretended"


class PretendedTransactions:
	"""Stands in for `frappe.db.commit` and `frappe.db.rollback` while a test runs."""

	def __init__(self) -> None:
		self.commits = 0
		self.rollbacks = 0
		self._rollback = frappe.db.rollback
		self._undo_at_the_end: list[Callable] = []
		self._mark()

	def commit(self) -> None:
		"""From here on nothing is taken back before the test ends. Jobs for workers are forgotten."""
		self.commits += 1
		frappe.db.before_commit.run()
		frappe.db.after_commit.reset()
		self._undo_at_the_end += frappe.db.after_rollback._functions
		frappe.db.after_rollback.reset()
		frappe.db.value_cache.clear()
		self._mark()

	def rollback(self, *, save_point: str | None = None) -> None:
		"""Back to the last commit, or to a savepoint of the app's own."""
		if save_point:
			self._rollback(save_point=save_point)
			return
		self.rollbacks += 1
		frappe.db.after_commit.reset()
		self._rollback(save_point=SAVEPOINT)
		frappe.db.after_rollback.run()

	def finish(self) -> None:
		"""Hand over to the real rollback, with everything it has to undo outside the database."""
		for function in self._undo_at_the_end:
			frappe.db.after_rollback.add(function)

	def _mark(self) -> None:
		frappe.db.savepoint(SAVEPOINT)
