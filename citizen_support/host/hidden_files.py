"""Lists of files leave out those of tickets that Helpdesk hides.

With Helpdesk's *Restrict tickets by team*, an agent cannot open another team's ticket, nor a file on it;
but Frappe lists files by the kind of record they hang on, and shows names and addresses of all of them.
"""

import frappe


def leave_out(user: str | None = None, doctype: str | None = None) -> str:
	"""The condition for a list of files (`permission_query_conditions` hook); "" where nothing is hidden.

	Frappe joins it with "and" to its own condition, whose last part lists what hangs on other records.
	"""
	from helpdesk.helpdesk.doctype.hd_ticket.hd_ticket import permission_query

	visible = permission_query(user or frappe.session.user)
	if not visible:
		return ""
	tickets = f"select `tabHD Ticket`.`name` from `tabHD Ticket` where ({visible})"
	messages = (
		"select `tabCommunication`.`name` from `tabCommunication` where"
		" ifnull(`tabCommunication`.`reference_doctype`, '') != 'HD Ticket'"
		f" or `tabCommunication`.`reference_name` in ({tickets})"
	)
	return (
		"(`tabFile`.`attached_to_doctype` is null or ("
		f"(`tabFile`.`attached_to_doctype` != 'HD Ticket' or `tabFile`.`attached_to_name` in ({tickets}))"
		" and (`tabFile`.`attached_to_doctype` != 'Communication'"
		f" or `tabFile`.`attached_to_name` in ({messages}))))"
	)
