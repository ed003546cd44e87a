"""Contacts as Helpdesk knows them."""

import frappe

# A Contact is named after the person, with a number behind it for each further one of that name, and a name has 140.
NAME_LENGTH = 120


def ensure_contact(email: str, full_name: str | None, phone: str | None) -> str:
	"""The Contact with this address; a new one if there is none. An existing one is left as it is.

	Nobody else makes a Contact for a request of the portal; Helpdesk only looks one up by its address.
	"""
	existing = frappe.db.get_value("Contact Email", {"email_id": email, "parenttype": "Contact"}, "parent")
	if existing:
		return existing
	contact = frappe.new_doc("Contact")
	contact.first_name = (full_name or email)[:NAME_LENGTH]
	contact.append("email_ids", {"email_id": email, "is_primary": 1})
	if phone:
		contact.append("phone_nos", {"phone": phone, "is_primary_mobile_no": 1})
	contact.insert(ignore_permissions=True)
	return contact.name


def silence_address(address: str) -> None:
	"""Let Frappe leave out an address that can never receive mail, whoever writes to it."""
	if not frappe.db.exists("Email Unsubscribe", {"email": address, "global_unsubscribe": 1}):
		doc = frappe.new_doc("Email Unsubscribe")
		doc.email, doc.global_unsubscribe = address, 1
		doc.insert(ignore_permissions=True)
