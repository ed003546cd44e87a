"""What Helpdesk's statuses mean to a resident."""

import frappe

OPEN, PAUSED, RESOLVED = "Open", "Paused", "Resolved"


def get_category(status: str) -> str:
	"""Open, Paused or Resolved."""
	return frappe.get_cached_value("HD Ticket Status", status, "category") or OPEN
