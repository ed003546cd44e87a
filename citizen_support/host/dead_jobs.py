"""Scheduled jobs whose worker was killed.

Frappe does not put a scheduled job into the queue while Redis calls the last one "started"
(`ScheduledJobType.is_job_in_queue`). The job of a killed worker stays "started" until RQ tidies up, ten minutes later at
worst. So whatever of ours runs meanwhile looks after the others.
"""

from datetime import datetime, timedelta

from rq.job import JobStatus

from frappe.utils.background_jobs import get_job

from citizen_support.host.errors import log_failure

# A worker that lives says so every 30 seconds (RQ's `job_monitoring_interval`).
DEAD_AFTER = timedelta(seconds=100)


def forget_dead_job(method: str) -> bool:
	"""Forget the scheduled job of a method if its worker is dead; returns whether it was. Never fails."""
	try:
		job = get_job(f"scheduled_job::{method}")
		if not job or job.get_status() != JobStatus.STARTED or is_alive(job.last_heartbeat):
			return False
		job.delete()
		return True
	except Exception:
		log_failure("No look after the others' jobs")
		return False


def is_alive(last_heartbeat: datetime | None) -> bool:
	"""Whether a worker has said so lately.

	:param last_heartbeat: UTC, naive, as RQ keeps it.
	"""
	return last_heartbeat is None or datetime.utcnow() - last_heartbeat < DEAD_AFTER
