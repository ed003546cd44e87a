"""How the site's mail accounts and its queue of mails stand."""

from datetime import datetime

import frappe
from frappe.utils import cint
from frappe.utils.password import get_decrypted_password

from citizen_support.host.mail import AUTO_GENERATED
from citizen_support.host.session import quietly

COUNTED_AT_MOST = 200


def list_broken_defaults() -> list[str]:
	"""Accounts that are to send the site's mail and cannot: switched off, or without a password that can be read."""
	rows = frappe.get_all(
		"Email Account",
		filters={"default_outgoing": 1},
		fields=["name", "enable_outgoing", "awaiting_password", "no_smtp_authentication", "auth_method"],
	)
	return [
		row.name
		for row in rows
		if not row.enable_outgoing or not (row.no_smtp_authentication or _has_password(row))
	]


def _has_password(account: frappe._dict) -> bool:
	"""Accounts that log in with a token need none; a password is lost when the site's encryption key changes."""
	if account.auth_method == "OAuth":
		return True
	if account.awaiting_password:
		return False
	with quietly():
		try:
			return bool(get_decrypted_password("Email Account", account.name, raise_exception=False))
		except frappe.ValidationError:
			return False


def list_incoming_accounts() -> list[str]:
	"""Accounts that fetch mail."""
	return frappe.get_all("Email Account", filters={"enable_incoming": 1}, pluck="name")


def find_appending(accounts: list[str]) -> str | None:
	"""One of the accounts that puts what it fetches on tickets, by itself or by one of its IMAP folders."""
	of_itself = {"name": ("in", accounts), "append_to": "HD Ticket"}
	of_folder = {"parent": ("in", accounts), "append_to": "HD Ticket"}
	return frappe.db.get_value("Email Account", of_itself) or frappe.db.get_value(
		"IMAP Folder", of_folder, "parent"
	)


def count_failed(since: datetime) -> int:
	"""Our own notices that ended in an error; only failed rows are searched, and only recent ones."""
	filters = {
		"status": ("in", ("Error", "Partially Errored")),
		"reference_doctype": "HD Ticket",
		"creation": (">", since),
		"message": ("like", f"%{AUTO_GENERATED}: citizen-support-%"),
	}
	return len(frappe.get_all("Email Queue", filters=filters, pluck="name", limit=COUNTED_AT_MOST))


def count_in_queue(statuses: tuple[str, ...], untouched_since: datetime) -> int:
	"""Mails in one of these states that nothing has touched since, leaving out what is to be sent later."""
	filters = {"status": ("in", statuses), "modified": ("<", untouched_since)}
	or_filters = [["send_after", "is", "not set"], ["send_after", "<", untouched_since]]
	rows = frappe.get_all(
		"Email Queue", filters=filters, or_filters=or_filters, pluck="name", limit=COUNTED_AT_MOST
	)
	return len(rows)


def is_queue_suspended() -> bool:
	"""Whether somebody has stopped the sending in the desk (the button in the list of mails)."""
	return bool(cint(frappe.db.get_default("suspend_email_queue")))
