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
EVERY_MINUTE = "* * * * *"


def main() -> None:
	"""Send waiting mails at once, start due scheduled jobs every minute, for ever.

	With CS_SECONDS_BETWEEN_MINUTES the jobs of every minute come that often, for who cannot wait for minutes.
	"""
	site = os.environ["CS_SITE"]
	between_minutes = float(os.environ.get("CS_SECONDS_BETWEEN_MINUTES") or 0)
	next_schedule = next_minute = time.monotonic()
	while True:
		try:
			send_waiting_mails(site)
			if time.monotonic() >= next_schedule:
				next_schedule += SECONDS_BETWEEN_SCHEDULES
				enqueue_events_for_site(site)
			if between_minutes and time.monotonic() >= next_minute:
				next_minute = time.monotonic() + between_minutes
				start_minute_jobs(site)
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


def start_minute_jobs(site: str) -> None:
	"""Put the app's jobs of every minute into the queue as the scheduler does, but whether or not a minute is over."""
	frappe.init(site=site)
	try:
		frappe.connect()
		filters = {"cron_format": EVERY_MINUTE, "method": ("like", "citizen_support.%"), "stopped": 0}
		for name in frappe.get_all("Scheduled Job Type", filters, pluck="name"):
			frappe.get_doc("Scheduled Job Type", name).enqueue(force=True)
	finally:
		frappe.destroy()


if __name__ == "__main__":
	main()
