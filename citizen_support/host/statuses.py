"""What Helpdesk's statuses mean to a resident."""

import frappe

OPEN, PAUSED, RESOLVED = "Open", "Paused", "Resolved"


def get_category(status: str) -> str:
	"""Open, Paused or Resolved."""
	return frappe.get_cached_value("HD Ticket Status", status, "category") or OPEN


def get_resident_label(status: str) -> str:
	"""The status in the words its owner chose for customers."""
	doc = frappe.get_cached_doc("HD Ticket Status", status)
	return (doc.label_customer if doc.different_view else None) or doc.label_agent
