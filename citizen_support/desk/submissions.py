"""Submissions that wait for their ticket."""

import frappe
from frappe import _

from citizen_support.intake import file_submission
from citizen_support.intake.filing import DOCTYPE, FILED


def file_again(reference: str) -> dict[str, str | None]:
	"""Try to file a submission now: its `ticket`, or the `failure` that stands against it.

	:raises frappe.PermissionError: without the right to write submissions.
	"""
	submission = frappe.get_doc(DOCTYPE, reference)
	submission.check_permission("write")
	if submission.state == FILED:
		frappe.throw(_("This request is filed already, as ticket {0}.").format(submission.ticket))
	ticket = file_submission(reference)
	if ticket:
		return {"ticket": str(ticket), "failure": None}
	return {"ticket": None, "failure": frappe.db.get_value(DOCTYPE, reference, "failure")}
