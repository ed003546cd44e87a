"""Run by the bench's Python: makes $CS_SITE a city that can be mistreated, and tells how it files requests.

Prints, as its last line, what the fault harness needs to know of the site.
"""

import argparse
import json
import os

import frappe

from citizen_support.setup import demo, starter_city

SETTINGS = "Citizen Support Settings"


def main() -> None:
	"""Prepare the city, or only change how it files."""
	options = argparse.ArgumentParser(description=__doc__)
	options.add_argument("--smtp-port", type=int, help="load the starter city, and send its mail there")
	options.add_argument("--filing", help="when tickets are made, as the settings call it")
	given = options.parse_args()
	frappe.init(site=os.environ["CS_SITE"])
	frappe.connect()
	try:
		if given.smtp_port:
			prepare(given.smtp_port)
		if given.filing:
			frappe.db.set_single_value(SETTINGS, "filing", given.filing)
		frappe.db.commit()
		frappe.clear_cache()
		print(json.dumps(describe()))
	finally:
		frappe.destroy()


def prepare(smtp_port: int) -> None:
	"""Services, people, mail and the scheduler; nobody is turned away."""
	starter_city.load()
	demo.connect_mail(port=smtp_port)
	demo.make_users()
	frappe.db.set_single_value("System Settings", "enable_scheduler", 1)
	# Helpdesk's own mails to agents cost a worker a second each, and are not what is measured.
	frappe.db.set_value("Notification Settings", {"name": ("!=", "")}, "enable_email_assignment", 0)
	# Nor are the host's other jobs, such as indexing everything anew after each start of an empty Redis.
	frappe.db.set_value("Scheduled Job Type", {"method": ("not like", "citizen_support.%")}, "stopped", 1)
	mail_jobs = {"method": ("like", "frappe.email.queue.%")}
	frappe.db.set_value("Scheduled Job Type", mail_jobs, "stopped", 0)
	forget_the_past()
	demo.lift_limits()
	# The harness plays the one proxy, and states each client's address.
	frappe.db.set_single_value(SETTINGS, "trusted_proxies", 1)


def forget_the_past() -> None:
	"""What waits in the site that was copied would be sent and filed here."""
	for doctype in ("Email Queue", "Email Queue Recipient", "Error Log"):
		frappe.db.delete(doctype)
	frappe.db.delete("Service Submission", {"state": ("!=", "Filed")})


def describe() -> dict:
	"""The site's clock, and the ways of filing it can be set to."""
	filing = frappe.get_meta(SETTINGS).get_field("filing")
	return {
		"time_zone": frappe.db.get_single_value("System Settings", "time_zone"),
		"filing": filing.options.split("\n") if filing else [],
		"database": frappe.conf.db_name,
		"password": frappe.conf.db_password,
	}


if __name__ == "__main__":
	main()
