"""Run by the bench's Python: the scheduler, for one site and in a hurry.

`bench schedule` serves every site of the bench and looks every four minutes. Somebody who tries the app
wants the mail now, and wants the other sites left alone.
"""

import os
import time

import frappe
from frappe.utils.scheduler import enqueue_events_for_site

SECONDS_BETWEEN_LOOKS = 1.5
SECONDS_BETWEEN_SCHEDULES = 60


def main() -> None:
	"""Send waiting mails at once, start due scheduled jobs every minute, for ever."""
	site = os.environ["CS_SITE"]
	next_schedule = time.monotonic()
	while True:
		try:
			send_waiting_mails(site)
			if time.monotonic() >= next_schedule:
				next_schedule += SECONDS_BETWEEN_SCHEDULES
				enqueue_events_for_site(site)
		except Exception as error:  # the database may be restarting; the next look comes soon
			print(f"{type(error).__name__}: {error}", flush=True)
		time.sleep(SECONDS_BETWEEN_LOOKS)


def send_waiting_mails(site: str) -> None:
	"""Give the queue to the worker, where Frappe empties it, if there is anything in it."""
	frappe.init(site=site)
	try:
		frappe.connect()
		if frappe.db.exists("Email Queue", {"status": ("in", ("Not Sent", "Partially Sent"))}):
			frappe.enqueue("frappe.email.queue.flush", queue="short", job_id="ticker-flush", deduplicate=True)
	finally:
		frappe.destroy()


if __name__ == "__main__":
	main()
