"""The life of a Catalogue Import: look first, then all of it or nothing."""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime
from frappe.utils.background_jobs import is_job_enqueued

from citizen_support.host.errors import background_job, log_failure
from citizen_support.transfer.batch import Batch
from citizen_support.transfer.export import IMPORT
from citizen_support.transfer.reading import FROM_ADDRESS, read_batch
from citizen_support.transfer.rules import Unreadable
from citizen_support.transfer.run import (
	CHANGED,
	CONFLICT,
	CREATED,
	KEPT,
	SHORT_DIGEST,
	UNTOUCHED,
	Outcome,
	Step,
	make_digest,
	play,
	shorten_name,
)
from citizen_support.transfer.schema import get_kinds
from citizen_support.transfer.words import explain, name_section

OVERWRITE = "Take what the file says"
WORKING = "Working"
# More records than a browser should wait for.
MOST_AT_ONCE = 25
_JOB_SECONDS = 1800
# A browser is told at most this often in a run.
_TELLINGS = 50


def check(name: str) -> str:
	"""Look what an import would do, and write nothing but that down; returns the state.

	:raises frappe.PermissionError: for who may not import.
	"""
	return _start(name, write=False)


def import_now(name: str) -> str:
	"""Import what was looked at; returns the state.

	:raises frappe.ValidationError: if nobody has looked yet, or there is a conflict.
	"""
	doc = _get(name)
	if doc.state != "Checked":
		frappe.throw(_("Please look first what would happen: click “Check”."))
	if any(row.action == CONFLICT for row in doc.records):
		frappe.throw(_("There are conflicts. Please settle them first, then check again."))
	return _start(name, write=True)


def summarise(name: str) -> dict:
	"""What a form shows of an import: counts, a row for each record, and how far a worker has come."""
	doc = frappe.get_doc(IMPORT, name)
	doc.check_permission("read")
	rows = [_describe_row(row) for row in doc.records]
	actions = (CREATED, CHANGED, UNTOUCHED, KEPT, CONFLICT)
	return {
		"state": doc.state,
		"counts": {action: sum(row["action"] == action for row in rows) for action in actions},
		"rows": rows,
		"progress": frappe.cache.get_value(_name_progress(name)) if doc.state == WORKING else None,
	}


def _describe_row(row: Document) -> dict:
	kind = get_kinds()[row.section]
	return {
		"section": name_section(row.section),
		"doctype": kind.doctype if kind.keys == ("code",) else "",
		"name": row.record,
		"title": row.title,
		"action": row.action,
		"details": row.details or "",
	}


@background_job
def run_job(name: str, write: bool) -> None:
	"""The same in the background, for whoever asked for it."""
	doc = frappe.get_doc(IMPORT, name)
	try:
		_run(doc, write, _read(doc))
	except Exception as error:
		frappe.db.rollback()
		log_failure(f"Catalogue Import {name} failed ({type(error).__name__})", IMPORT, name)
		doc.reload()
		_finish(
			doc,
			"Failed",
			_("Something went wrong, and nothing was imported. IT finds the reason in the Error Log."),
		)
	doc.notify_update()


def _start(name: str, write: bool) -> str:
	doc = _get(name)
	if doc.state == "Imported":
		frappe.throw(_("This import is done. Please make a new one to import the file again."))
	if doc.state == WORKING and _is_at_work(name):
		frappe.throw(_("This import is being worked on. Please wait until it is done."))
	try:
		# An address may answer slowly, so that is left to the background, too.
		batch = None if doc.source == FROM_ADDRESS else read_batch(doc)
	except Unreadable as problem:
		return _finish(doc, "Failed", explain(problem))
	if batch and batch.count() <= MOST_AT_ONCE:
		return _run(doc, write, batch)
	_finish(doc, WORKING, "", keep_records=True)
	frappe.enqueue(
		"citizen_support.transfer.service.run_job",
		queue="long",
		timeout=_JOB_SECONDS,
		job_id=_name_job(name),
		deduplicate=True,
		enqueue_after_commit=True,
		name=name,
		write=write,
	)
	return WORKING


def _get(name: str) -> Document:
	doc = frappe.get_doc(IMPORT, name)
	doc.check_permission("write")
	return doc


def _read(doc: Document) -> Batch | None:
	try:
		return read_batch(doc)
	except Unreadable as problem:
		_finish(doc, "Failed", explain(problem))
	except frappe.ValidationError as problem:
		_finish(doc, "Failed", str(problem))
	return None


def _run(doc: Document, write: bool, batch: Batch | None) -> str:
	if batch is None:
		return doc.state
	of_file, checked = make_digest(batch.sections)[:SHORT_DIGEST], doc.checked_digest or ""
	# Nobody may import what they have not seen: an address may answer otherwise the second time, and people work.
	if write and not checked.startswith(of_file):
		return _finish(
			doc, "Not checked", _("The list has changed since it was checked. Please check it again.")
		)
	seen = checked[SHORT_DIGEST:] if write else None
	try:
		outcome = play(batch, write, doc.overwrite == OVERWRITE, _tell_progress(doc), seen)
	except Unreadable as problem:
		return _finish(doc, "Failed", explain(problem))
	doc.kind, doc.checked_digest = batch.kind, of_file + outcome.digest
	if write and not outcome.written and not outcome.count(CONFLICT):
		problem = _("Something here has changed since it was checked. Please check it again.")
		return _finish(doc, "Not checked", problem)
	doc.set("records", [_make_row(step, outcome) for step in outcome.steps])
	if outcome.written:
		doc.imported_on = now_datetime()
		return _finish(doc, "Imported", "", keep_records=True)
	conflicts = outcome.count(CONFLICT)
	problem = _("There are conflicts ({0}), see below. Nothing was imported.").format(conflicts)
	return _finish(doc, "Checked", problem if conflicts else "", keep_records=True)


def _make_row(step: Step, outcome: Outcome) -> dict:
	return {
		"section": step.section,
		"record": shorten_name(step.name),
		"title": step.title[:140],
		"action": step.action,
		"details": "\n".join(step.sentences),
		"digest": step.digest if outcome.written else None,
	}


def _finish(doc: Document, state: str, problem: str, keep_records: bool = False) -> str:
	doc.state, doc.problem = state, problem
	if not keep_records:
		doc.set("records", [])
	doc.flags.from_transfer = True
	doc.save()
	return state


def _tell_progress(doc: Document) -> Callable[[int, int], None]:
	def tell(done: int, total: int) -> None:
		if total > MOST_AT_ONCE and (done == total or done % max(total // _TELLINGS, 1) == 0):
			progress = {"done": done, "total": total}
			frappe.cache.set_value(_name_progress(doc.name), progress, expires_in_sec=_JOB_SECONDS)
			frappe.publish_realtime(
				"catalogue_import_progress", progress, doctype=doc.doctype, docname=doc.name
			)

	return tell


def _name_progress(name: str) -> str:
	return f"citizen_support:import:{name}"


def _name_job(name: str) -> str:
	return f"catalogue-import-{name}"


def _is_at_work(name: str) -> bool:
	"""A worker that was killed leaves the state behind, but no job."""
	return is_job_enqueued(_name_job(name))
