"""Our fields beside the conversation in Helpdesk: rows of the ticket template "Default".

Helpdesk shows the rows of this one template in the sidebar of every ticket, whatever its own template is
(`hd_ticket/api.py`, get_ticket_customizations).
"""

import frappe

TEMPLATE = "Default"
DOCTYPE = "HD Ticket Template"


def add_rows(fieldnames: list[str], placeholders: dict[str, str]) -> None:
	"""Add what is missing, hidden from customers; rows that are there stay as they were changed."""
	if not frappe.db.exists(DOCTYPE, TEMPLATE):
		return
	template = frappe.get_doc(DOCTYPE, TEMPLATE)
	known = {row.fieldname for row in template.fields}
	missing = [name for name in fieldnames if name not in known]
	for name in missing:
		template.append(
			"fields", {"fieldname": name, "hide_from_customer": 1, "placeholder": placeholders.get(name)}
		)
	if missing:
		template.save(ignore_permissions=True)


def remove_rows(prefix: str) -> None:
	"""Take the app's rows away."""
	frappe.db.delete(
		"HD Ticket Template Field",
		{"parent": TEMPLATE, "parenttype": DOCTYPE, "fieldname": ("like", f"{prefix}%")},
	)
	frappe.clear_document_cache(DOCTYPE, TEMPLATE)
