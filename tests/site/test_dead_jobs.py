"""A sweep whose worker was killed starts again within two minutes, and a living one is left alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from rq.job import Job, JobStatus

import frappe
from frappe.utils.background_jobs import create_job_id, get_job, get_redis_conn

from citizen_support.hooks import scheduler_events
from citizen_support.host.dead_jobs import forget_dead_job
from citizen_support.intake import filing
from citizen_support.notices import sweep

METHOD = "citizen_support.intake.filing.made_up"


def start_job(seconds_ago: int) -> None:
	"""A job that a worker has begun and last spoke of so long ago."""
	job = Job.create("frappe.ping", id=create_job_id(f"scheduled_job::{METHOD}"), connection=get_redis_conn())
	job.last_heartbeat = datetime.utcnow() - timedelta(seconds=seconds_ago)
	job.save()
	job.set_status(JobStatus.STARTED)


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
	yield
	if job := get_job(f"scheduled_job::{METHOD}"):
		job.delete()


def test_the_job_of_a_killed_worker_is_forgotten() -> None:
	start_job(seconds_ago=150)

	assert forget_dead_job(METHOD)
	assert get_job(f"scheduled_job::{METHOD}") is None


def test_the_job_of_a_living_worker_stays() -> None:
	start_job(seconds_ago=35)

	assert not forget_dead_job(METHOD)
	assert get_job(f"scheduled_job::{METHOD}")


def test_a_job_that_waits_for_a_worker_stays() -> None:
	start_job(seconds_ago=900)
	get_job(f"scheduled_job::{METHOD}").set_status(JobStatus.QUEUED)

	assert not forget_dead_job(METHOD)


def test_without_redis_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr("citizen_support.host.dead_jobs.get_job", lambda job_id: 1 / 0)

	assert not forget_dead_job(METHOD)
	assert frappe.db.exists("Error Log", {"method": "No look after the others' jobs"})


@pytest.mark.usefixtures("transactions")
def test_the_sweeps_look_after_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
	looked_after: list[str] = []
	for module in (filing, sweep):
		monkeypatch.setattr(module, "forget_dead_job", looked_after.append)

	filing.sweep()
	sweep.sweep()

	assert sorted(looked_after) == sorted(scheduler_events["cron"]["* * * * *"])
