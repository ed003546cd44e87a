"""The minute's work on messages: send what waits, follow what is under way, bring back what an outage stopped."""

import time
from datetime import timedelta

import frappe
from frappe.utils import now_datetime

from citizen_support.host.dead_jobs import forget_dead_job
from citizen_support.host.errors import background_job, log_failure
from citizen_support.notices.fresh_links import settle_waiting
from citizen_support.notices.mail_sweep import follow_mails, help_mails_out, queue_mails
from citizen_support.notices.outbox import DOCTYPE, QUEUED, WAITING
from citizen_support.notices.sms_sweep import send_sms

SECONDS = 40
FORGET_AFTER_DAYS = 90


@background_job
def sweep() -> None:
	"""Everything that is due, within the minute. Runs every minute."""
	ends_at = time.monotonic() + SECONDS
	forget_dead_job("citizen_support.intake.filing.sweep")
	for step in (settle_waiting, follow_mails, queue_mails, send_sms, help_mails_out):
		try:
			step(ends_at)
		except Exception:
			# What is wrong with one part of the work is no reason to leave the rest undone.
			frappe.db.rollback()
			log_failure(f"Messages: {step.__name__} failed")
			frappe.db.commit()


@background_job
def forget_old() -> None:
	"""Throw away the record of what was settled long ago. Runs daily."""
	before = now_datetime() - timedelta(days=FORGET_AFTER_DAYS)
	frappe.db.delete(DOCTYPE, {"creation": ("<", before), "state": ("not in", (WAITING, QUEUED))})


def send_again(name: str) -> None:
	"""Have a message that was held back or given up tried anew, from the beginning."""
	now = now_datetime()
	values = {"attempts": 0, "unanswered": 0, "waiting_since": now, "next_attempt_at": now, "queue_row": None}
	frappe.db.set_value(DOCTYPE, name, {"state": WAITING, "failure": None, "answer_code": 0, **values})
