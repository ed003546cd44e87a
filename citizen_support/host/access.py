"""Who Frappe lets in: roles' rights on residents' data, and the first password everybody knows."""

import frappe
from frappe.utils.password import check_password

# What holds residents' words and addresses.
PRIVATE = (
	"Citizen",
	"Communication",
	"Contact",
	"Email Queue",
	"HD Ticket",
	"HD Ticket Comment",
	"Request Event",
	"SMS Log",
	"Service Submission",
)
# Everybody who opens the site, and everybody who signs up.
EVERYBODY = ("Guest", "All")
EASY_PASSWORDS = ("admin", "administrator", "password")


def list_readable_by_everyone() -> list[str]:
	"""Doctypes with residents' data that Guest, or anybody with a log-in, may read as a whole.

	Rights that a site sets itself (Custom DocPerm) replace a doctype's own. What one may read as its owner only
	counts for Guest alone: all guests are one owner.
	"""
	own = set(frappe.get_all("Custom DocPerm", {"parent": ("in", PRIVATE)}, pluck="parent", distinct=True))
	found = set()
	for table, doctypes in (("Custom DocPerm", own), ("DocPerm", set(PRIVATE) - own)):
		filters = {
			"parent": ("in", list(doctypes) or [""]),
			"role": ("in", EVERYBODY),
			"read": 1,
			"permlevel": 0,
		}
		rows = frappe.get_all(table, filters=filters, fields=["parent", "role", "if_owner"])
		found |= {row.parent for row in rows if row.role == "Guest" or not row.if_owner}
	return sorted(found)


def has_easy_password() -> bool:
	"""Whether Administrator's password is one that everybody tries first."""
	return any(_is_password("Administrator", password) for password in EASY_PASSWORDS)


def _is_password(user: str, password: str) -> bool:
	try:
		return bool(check_password(user, password, delete_tracker_cache=False))
	except frappe.AuthenticationError:
		return False
