"""Messages that did not reach their residents."""

import frappe
from frappe import _

from citizen_support.notices import sweep
from citizen_support.notices.outbox import DOCTYPE, FAILED, HELD_BACK


def send_again(name: str) -> None:
	"""Have a message that was held back or given up go out with the next sweep.

	:raises frappe.PermissionError: without the right to read messages and to change the settings they go by.
	"""
	notice = frappe.get_doc(DOCTYPE, name)
	notice.check_permission("read")
	frappe.has_permission("Citizen Support Settings", "write", throw=True)
	if notice.state not in (HELD_BACK, FAILED):
		frappe.throw(_("This message is on its way or has arrived."))
	sweep.send_again(name)
