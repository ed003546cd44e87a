"""When a submission becomes a ticket: in the visit that sent it in, or moments later by a worker.

Making a ticket costs Helpdesk some two hundred statements, one of them a lock that all tickets wait for. When very
many people write at once, they get reference and promise at once and a single worker makes the tickets, behind
everybody who is waiting for a page (Frappe's workers are nice: `frappe.utils.background_jobs.set_niceness`).
"""

import time

import frappe

from citizen_support import limits
from citizen_support.host.dead_jobs import forget_dead_job
from citizen_support.host.errors import background_job, log_failure
from citizen_support.intake import filing

AT_ONCE, WHEN_BUSY, ALWAYS = "At once", "In the background when busy", "Always in the background"
FLAG = "citizen_support:filing"
# The flag outlives a worker that was killed by no more than this; the minute's sweep files meanwhile.
FLAG_SECONDS = 120
JOB_SECONDS = 200
IDLE_SECONDS = 1.5
AT_A_TIME = 25


def file_now_or_soon(reference: str) -> None:
	"""Make the ticket of a committed submission, now or in the background as the settings say."""
	if is_for_later():
		wake_worker()
	else:
		filing.file_submission(reference)


def is_for_later() -> bool:
	"""Whether tickets are made in the background at this moment."""
	mode = frappe.get_cached_doc("Citizen Support Settings").filing
	return mode == ALWAYS or (mode != AT_ONCE and limits.is_busy())


def wake_worker() -> None:
	"""Have a worker file what waits, unless one is at it already. Without Redis the minute's sweep does it."""
	try:
		if _raise_flag():
			frappe.enqueue(
				"citizen_support.intake.background.file_all", queue="short", timeout=JOB_SECONDS + 90
			)
	except Exception:
		log_failure("No worker for filing")


@background_job
def file_all() -> int:
	"""File everything that waits, and what comes in meanwhile; returns how many tickets were made.

	Whoever sends something in while the flag is up relies on this run. So it looks once more after it has taken the
	flag down.
	"""
	forget_dead_job("citizen_support.intake.filing.sweep")
	made, ends_at = 0, time.monotonic() + JOB_SECONDS
	while time.monotonic() < ends_at:
		filed, failed = filing.file_waiting(AT_A_TIME)
		made += filed
		if not (filed or failed):
			time.sleep(IDLE_SECONDS)
			filed, failed = filing.file_waiting(AT_A_TIME)
			made += filed
			if not (filed or failed):
				break
		_keep_flag()
	_take_flag_down()
	made += filing.file_waiting(AT_A_TIME)[0]
	if filing.find_due(1):
		wake_worker()
	return made


def _raise_flag() -> bool:
	return bool(frappe.cache.set(frappe.cache.make_key(FLAG), 1, nx=True, ex=FLAG_SECONDS))


def _keep_flag() -> None:
	frappe.cache.expire(frappe.cache.make_key(FLAG), FLAG_SECONDS)


def _take_flag_down() -> None:
	frappe.cache.delete(frappe.cache.make_key(FLAG))
