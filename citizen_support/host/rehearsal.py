"""Doing something for real and taking it back, to see what it would do."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.model.document import Document
from frappe.realtime import clear_realtime_log

from citizen_support.host.session import quietly

_SAVE_POINT = "citizen_support_rehearsal"


class Rehearsal:
	"""What happens in the block is taken back, unless `keep` was called."""

	def __init__(self) -> None:
		self.kept = False

	def keep(self) -> None:
		"""Let it stand after all."""
		self.kept = True

	def hold(self, doc: Document) -> None:
		"""Show a record that was just saved to this rehearsal alone.

		Whoever asks for it here finds it at hand; from the cache all share, from which the city would be answered with
		what is only tried, it is taken out.
		"""
		key = frappe.get_document_cache_key(doc.doctype, str(doc.name))
		frappe.cache.delete_value(key)
		frappe.local.cache[frappe.cache.make_key(key)] = frappe.get_doc(doc.doctype, doc.name)


def is_rehearsing() -> bool:
	"""Whether what is read now may never come to be, and so must not be remembered for others."""
	return bool(frappe.local.flags.citizen_support_rehearsal)


@contextmanager
def rehearse() -> Iterator[Rehearsal]:
	"""Run a block in a transaction of its own, and take it back at its end unless it says `keep`.

	Frappe collects what is to happen after the commit (jobs, messages to browsers) apart from the database; a
	rollback to a savepoint leaves that standing, so that it would happen for records that never came to be.
	Documents read in the block may be in the cache as they never were.
	"""
	rehearsal = Rehearsal()
	callbacks = frappe.db.after_commit._functions
	waiting, said = list(callbacks), list(getattr(frappe.local, "_realtime_log", ()))
	frappe.db.savepoint(_SAVE_POINT)
	frappe.local.flags.citizen_support_rehearsal = True
	try:
		with quietly():
			yield rehearsal
	except BaseException:
		rehearsal.kept = False
		raise
	finally:
		frappe.local.flags.citizen_support_rehearsal = False
		_forget_held()
		if not rehearsal.kept:
			frappe.db.rollback(save_point=_SAVE_POINT)
			callbacks.clear()
			callbacks.extend(waiting)
			_say_only(said)
			_forget_documents()


def _say_only(messages: list) -> None:
	"""Frappe asks for its turn after the commit only when it begins a new list."""
	clear_realtime_log()
	if messages:
		frappe.local._realtime_log = messages


def _forget_held() -> None:
	local = frappe.local.cache
	for key in [
		key for key in local if b"document_cache::" in (key if isinstance(key, bytes) else key.encode())
	]:
		del local[key]


def _forget_documents() -> None:
	frappe.cache.delete_keys("document_cache::")
	frappe.local.document_cache = {}
	frappe.db.value_cache.clear()
