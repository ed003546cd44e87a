"""Watching how soon submissions become tickets."""

import time

import frappe

SUBMISSION = "Service Submission"
SECONDS_BETWEEN_LOOKS = 0.25
SECONDS_UNTIL_SWEEP = 60
SECONDS_UNTIL_GIVEN_UP = 200
SECONDS_OF_SILENCE = 15


def watch(count: int, seconds: float) -> dict[str, float]:
	"""Look on until so many new submissions have a ticket, or the time is over.

	:returns: by reference, when its ticket was first seen (Unix time).
	"""
	first, known, seen = _read_last(), set(), {}
	ends_at, changed_at = time.time() + seconds, 0.0
	while len(seen) < count and time.time() < ends_at:
		if changed_at and time.time() - changed_at > SECONDS_OF_SILENCE and not _count_waiting():
			break  # the rest was not accepted
		frappe.db.rollback()  # each look sees what was committed since
		rows = frappe.db.sql(
			"select name from `tabService Submission` where creation > %s and ticket is not null", first
		)
		now = time.time()
		fresh = {row[0] for row in rows} - known
		known |= fresh
		changed_at = now if fresh else changed_at
		seen |= dict.fromkeys(fresh, now)
		time.sleep(SECONDS_BETWEEN_LOOKS)
	return seen


def wait_until_filed(begun: float, seconds: float) -> dict[str, object]:
	"""Look on until nothing waits for its ticket.

	:param begun: Unix time from which to count.
	:returns: the seconds it took, what still waits and why, and how many tickets the sweep had to make.
	"""
	from citizen_support.intake.filing import sweep

	waiting, swept, changed_at = _count_waiting(), 0, begun
	while waiting and time.time() < begun + seconds:
		silent = time.time() - changed_at
		if silent > SECONDS_UNTIL_SWEEP:
			swept += sweep()
		if silent > SECONDS_UNTIL_GIVEN_UP:
			break
		time.sleep(SECONDS_BETWEEN_LOOKS)
		before, waiting = waiting, _count_waiting()
		if waiting != before:
			changed_at = time.time()
	took = changed_at - begun
	failure = frappe.db.get_value(SUBMISSION, {"ticket": ("is", "not set")}, "failure") if waiting else None
	return {"seconds": took, "waiting": waiting, "swept": swept, "failure": failure}


def _count_waiting() -> int:
	frappe.db.rollback()  # each look sees what was committed since
	return frappe.db.count(SUBMISSION, {"ticket": ("is", "not set")})


def _read_last() -> str:
	rows = frappe.db.sql("select max(creation) from `tabService Submission`")
	return str(rows[0][0] or "1970-01-01")
