"""What fails in a worker is on record with its place and kind, and without a word of what it worked on."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

import frappe
from frappe.core.doctype.scheduled_job_type.scheduled_job_type import run_scheduled_job
from frappe.utils.background_jobs import execute_job

from citizen_support.host.errors import JobFailed
from citizen_support.intake import held
from tests.site.over_http import in_a_thread

pytestmark = pytest.mark.commits

CANARY = "canary-c41b"
PURGE = "citizen_support.intake.held.purge"


def fall_over() -> list:
	address = f"{CANARY}@example.org"
	raise RuntimeError(f"nothing can be sent to {address}")


@pytest.fixture(autouse=True)
def nothing_is_left(site: str) -> Iterator[None]:
	yield
	frappe.db.rollback()
	frappe.db.delete("Error Log", {"method": PURGE})
	job = frappe.db.get_value("Scheduled Job Type", {"method": PURGE})
	frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": job})
	frappe.db.set_value("Scheduled Job Type", job, "create_log", 0)
	frappe.db.commit()


def run_job(method: str | Callable, **arguments: object) -> object:
	"""As a worker runs it, with a connection of its own."""
	site = frappe.local.site
	return in_a_thread(lambda: execute_job(site, method, None, str(method), arguments, user="Administrator"))


def find_errors(title: str) -> list[str]:
	frappe.db.rollback()
	return frappe.get_all("Error Log", {"method": title}, pluck="error")


def test_a_failing_job_is_on_record_without_what_it_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(held, "_list_folders", fall_over)

	with pytest.raises(JobFailed):
		run_job(PURGE)

	(error,) = find_errors(PURGE)
	assert "in fall_over" in error and "RuntimeError" in error
	assert CANARY not in error


def test_a_failing_scheduled_job_is_too(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(held, "_list_folders", fall_over)
	frappe.db.set_value("Scheduled Job Type", {"method": PURGE}, "create_log", 1)
	frappe.db.commit()

	run_job(run_scheduled_job, job_type=PURGE)

	frappe.db.rollback()
	job = frappe.db.get_value("Scheduled Job Type", {"method": PURGE})
	filters = {"scheduled_job_type": job, "status": "Failed"}
	details = frappe.get_all("Scheduled Job Log", filters, pluck="details")
	assert details and all("in fall_over" in text and CANARY not in text for text in details)


def test_a_deadlock_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
	tries = []

	def be_locked_at_first() -> list:
		tries.append(1)
		if len(tries) == 1:
			raise frappe.QueryDeadlockError(CANARY)
		return []

	monkeypatch.setattr(held, "_list_folders", be_locked_at_first)
	monkeypatch.setattr("frappe.utils.background_jobs.time.sleep", lambda seconds: None)

	# Frappe has then forgotten the job that it tidies up after (15.105); what was to be done is done.
	with suppress(AttributeError):
		run_job(PURGE)

	assert len(tries) > 1
	assert find_errors(PURGE) == []


def test_who_calls_it_outside_a_worker_gets_the_error_itself(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(held, "_list_folders", fall_over)

	with pytest.raises(RuntimeError):
		held.purge()
