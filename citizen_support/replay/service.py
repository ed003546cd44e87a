"""Starting a replay, following it, stopping it, and what it found."""

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_months, add_to_date, cint, get_datetime, now_datetime

from citizen_support.catalogue import read_service
from citizen_support.host import drafts
from citizen_support.host.errors import background_job, log_failure
from citizen_support.replay import past, progress
from citizen_support.replay.job import Replay, Stopped

DOCTYPE = "Routing Replay"
SERVICE = "Municipal Service"
UNDER_WAY, DONE, CANCELLED, FAILED = "Under way", "Done", "Cancelled", "Failed"
MOST_MONTHS = 60
KEEP_DAYS = 30
JOB_SECONDS = 1800
# The name of the job: the same replay never runs twice.
JOB = "citizen_support_replay_{0}"


def start(draft: str, months: int) -> str:
	"""Try a draft on the requests of the last months, in the background; returns the replay's name.

	:param draft: the document of the service's form as JSON, saved or not.
	:raises frappe.ValidationError: if the draft could not be saved as it is, or there is nothing to try it on.
	"""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	months = min(max(cint(months), 1), MOST_MONTHS)
	service = drafts.read_draft(SERVICE, draft, "read")
	if not service.name:
		frappe.throw(_("Save it once, as a draft, before you try it."))
	drafts.check_draft(service)
	until = now_datetime().replace(microsecond=0)
	since = get_datetime(add_months(until, -months))
	total = past.count_requests(service.name, since, until)
	if not total:
		frappe.throw(
			_("No request for “{0}” came in the last {1} months, so there is nothing to try it on.").format(
				frappe.utils.escape_html(service.title), months
			)
		)
	return _enqueue(service, months, since, until, total)


def cancel(name: str) -> None:
	"""End a replay with the batch it is at; one whose worker is gone ends as well."""
	doc = _get(name)
	progress.ask_to_stop(name)
	if doc.state == UNDER_WAY:
		doc.db_set({"state": CANCELLED, "finished_at": now_datetime()})


def get_progress(name: str) -> dict:
	"""How far a replay is: `state`, `done`, `total`, and `stopped` if nothing was heard of it for too long."""
	doc = _get(name)
	told = progress.read(name) if doc.state == UNDER_WAY else None
	silent = doc.state == UNDER_WAY and progress.is_silent(told, get_datetime(doc.creation))
	return {
		"state": doc.state,
		"done": told["done"] if told else 0,
		"total": doc.total,
		"is_waiting": doc.state == UNDER_WAY and not told,
		"stopped": silent,
	}


def stop(name: str) -> None:
	"""A replay that is deleted need not go on."""
	progress.ask_to_stop(name)


@background_job
def run(name: str) -> None:
	"""The background job. What it finds is written once, at the end; whatever fails is told on the replay."""
	row = frappe.db.get_value(
		DOCTYPE, name, ["owner", "service", "draft", "total", "from_date", "to_date"], as_dict=True
	)
	if not row or progress.is_to_stop(name):
		return
	teller = progress.Progress(name, row.owner, row.total)
	teller.tell(0, always=True)
	try:
		service = read_service(drafts.read_draft(SERVICE, row.draft, "read"))
		replay = Replay(service, row.from_date, row.to_date)
		found = replay.run(teller.tell, lambda: progress.is_to_stop(name))
		_finish(name, teller, DONE, found)
	except Stopped:
		_finish(name, teller, CANCELLED)
	except Exception as error:
		frappe.db.rollback()
		log_failure(f"Replay {name} failed ({type(error).__name__})", DOCTYPE, name)
		_finish(name, teller, FAILED)


@background_job
def forget_old() -> None:
	"""Delete replays after a month: what they say of the pace is old by then. Runs daily."""
	before = add_to_date(now_datetime(), days=-KEEP_DAYS)
	frappe.db.delete(DOCTYPE, {"creation": ("<", before)})


def _enqueue(service: Document, months: int, since: datetime, until: datetime, total: int) -> str:
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"service": service.name,
			"state": UNDER_WAY,
			"months": months,
			"from_date": since,
			"to_date": until,
			"total": total,
			"draft": drafts.write_draft(service),
		}
	)
	# Nobody makes replays by hand, so no role may create them; who may start one has been asked.
	doc.insert(ignore_permissions=True)
	frappe.enqueue(
		"citizen_support.replay.service.run",
		queue="long",
		timeout=JOB_SECONDS,
		job_id=JOB.format(doc.name),
		enqueue_after_commit=True,
		name=doc.name,
	)
	return doc.name


def _get(name: str) -> Document:
	doc = frappe.get_doc(DOCTYPE, name)
	doc.check_permission("read")
	return doc


def _finish(name: str, teller: progress.Progress, state: str, found: dict | None = None) -> None:
	"""Write what became of it, unless somebody has stopped or deleted it meanwhile."""
	if state == DONE and progress.is_to_stop(name):
		state, found = CANCELLED, None
	values = {"state": state, "finished_at": now_datetime()}
	if found is not None:
		values |= {"result": frappe.as_json(found, indent=None), "moved": found["moved"], "done": teller.done}
	frappe.db.set_value(DOCTYPE, name, values)
	teller.finish(state)
