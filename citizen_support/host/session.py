"""Acting as the system for a resident who has no account."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

SYSTEM_USER = "Administrator"


@contextmanager
def as_system() -> Iterator[None]:
	"""Run a block as the system, then restore the visitor.

	A Guest cannot make a ticket: Helpdesk saves it again with the session's rights when the first message
	arrives (`HDTicket.on_communication_update`). E-mail intake runs as Administrator for the same reason.
	`frappe.set_user` wipes the form and the session's data, so both are put back.
	"""
	user = frappe.session.user
	if user == SYSTEM_USER:
		yield
		return
	session_data, sid, form = frappe.session.data, frappe.session.sid, frappe.local.form_dict
	frappe.set_user(SYSTEM_USER)
	try:
		yield
	finally:
		frappe.set_user(user)
		frappe.session.data, frappe.session.sid, frappe.local.form_dict = session_data, sid, form


@contextmanager
def quietly() -> Iterator[None]:
	"""Drop the messages the host puts up for desk users (`frappe.msgprint`); residents must not get them."""
	before = list(frappe.local.message_log or [])
	try:
		yield
	finally:
		frappe.local.message_log = before
