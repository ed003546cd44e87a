"""Run by the bench's Python in $CS_SITE: what hostile tests need that no address of the site offers.

`receive` takes raw mails (a JSON list of texts on standard input) as if they had come in, one transaction each;
`index` builds Helpdesk's search index; `errors` lists what went wrong in the background. The last line is JSON.
"""

import json
import os
import sys

import frappe
from frappe.email.receive import InboundMail


def main() -> None:
	"""Do what the only argument says."""
	frappe.init(site=os.environ["CS_SITE"])
	frappe.connect()
	try:
		result = {"receive": receive, "index": index, "errors": list_errors}[sys.argv[1]]()
		frappe.db.commit()
	finally:
		frappe.destroy()
	# What was printed on the way may have left its line open, as the bar of a progress does.
	print(f"\n{json.dumps(result)}")


def receive() -> list[str]:
	"""Let mails arrive; the tickets they came to, in order. A mail that is refused stops here: it must not."""
	account = frappe.get_doc("Email Account", {"default_outgoing": 1})
	account.append_to = "HD Ticket"
	tickets = []
	for raw in json.load(sys.stdin):
		message = InboundMail(raw, account).process()
		frappe.db.commit()
		tickets.append(str(message.reference_name))
	return tickets


def index() -> int:
	"""Build the index behind Helpdesk's search page; how many documents it holds."""
	from helpdesk.search_sqlite import HelpdeskSearch

	search = HelpdeskSearch()
	search.build_index()
	return search.sql("SELECT COUNT(*) AS count FROM search_fts", read_only=True)[0]["count"]


def list_errors() -> list[str]:
	"""Titles of the error log, newest first."""
	return frappe.get_all("Error Log", pluck="method", order_by="creation desc", limit=50)


if __name__ == "__main__":
	main()
