"""Fresh links that were asked for: in the database until each is settled, so that neither Redis nor a worker can lose one.

A row is written for every well-formed reference, known or not: what follows happens in a worker, where nobody can
time it. Contacts are encrypted, and a row is gone as soon as it is settled.
"""

import time

import frappe
from frappe.utils import get_datetime, now_datetime
from frappe.utils.password import decrypt, encrypt

from citizen_support import tracking
from citizen_support.host.bare_insert import insert_row
from citizen_support.host.errors import background_job, log_failure
from citizen_support.notices import delivery
from citizen_support.notices.service import send_fresh_link

DOCTYPE = "Link Request"
SETTINGS = "Citizen Support Settings"
AT_A_TIME = 100
SECONDS = 30


def ask_for_link(reference: str, contact: str) -> None:
	"""Put on record that somebody wants a fresh link, and wake a worker once that is committed.

	:param reference: in its written form; whether there is such a request is not looked up here.
	:param contact: e-mail address or phone number as it was typed.
	"""
	values = {"reference": reference, "contact": encrypt(contact), "next_attempt_at": now_datetime()}
	insert_row(DOCTYPE, frappe.generate_hash(length=20), {**values, "attempts": 0})
	frappe.db.after_commit.add(_wake_worker)


@background_job
def send_asked_for() -> None:
	"""Settle the links that were asked for; what stays is for the sweep of the minute. For a worker."""
	settle_waiting(time.monotonic() + SECONDS)


def settle_waiting(ends_at: float) -> None:
	"""Settle what is due, each by itself and by one worker at a time.

	:param ends_at: when to stop, by `time.monotonic`.
	"""
	filters = {"next_attempt_at": ("<=", now_datetime())}
	while names := frappe.get_all(
		DOCTYPE, filters, pluck="name", order_by="attempts, creation", limit=AT_A_TIME
	):
		settled = [_settle(name) for name in names if time.monotonic() < ends_at]
		if not any(settled):
			return


def _settle(name: str) -> bool:
	"""One try, put on record before it is made; False if another worker has the row."""
	row = _claim(name)
	if not row:
		return False
	try:
		if _send_if_known(row.reference, decrypt(row.contact)):
			frappe.db.delete(DOCTYPE, {"name": name})
	except Exception:
		frappe.db.rollback()
		log_failure("A fresh link waits", DOCTYPE, name)
	frappe.db.commit()
	return True


def _claim(name: str) -> frappe._dict | None:
	fields = ["reference", "contact", "attempts", "creation", "next_attempt_at"]
	row = frappe.db.get_value(DOCTYPE, name, fields, as_dict=True, for_update=True, skip_locked=True)
	now = now_datetime()
	if row and row.next_attempt_at <= now:
		attempts = (row.attempts or 0) + 1
		due = delivery.find_next_attempt(attempts, get_datetime(row.creation), now)
		if due:
			frappe.db.set_value(DOCTYPE, name, {"attempts": attempts, "next_attempt_at": due})
		else:
			frappe.db.delete(DOCTYPE, {"name": name})
			row = None
	else:
		row = None
	frappe.db.commit()
	return row


def _send_if_known(reference: str, contact: str) -> bool:
	"""Send the link if the request is known by this contact; False if it has no ticket yet, so that it has to wait."""
	request = tracking.find_request(reference)
	region = frappe.get_cached_doc(SETTINGS).holiday_country
	if not request or not tracking.is_contact_of(request, contact, region):
		return True
	if not request.ticket:
		return False
	send_fresh_link(reference)
	return True


def _wake_worker() -> None:
	"""Without Redis the sweep of the minute does it, as soon as there are workers again."""
	try:
		frappe.enqueue("citizen_support.notices.fresh_links.send_asked_for", queue="short")
	except Exception:
		log_failure("No worker for a fresh link")
