"""Contacts as Helpdesk knows them."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.model.document import Document

# A Contact is named after the person, with a number behind it for each further one of that name, and a name has 140.
NAME_LENGTH = 120


def ensure_contact(email: str, full_name: str | None, phone: str | None) -> str:
	"""The Contact with this address; a new one if there is none. An existing one is left as it is.

	Nobody else makes a Contact for a request of the portal; Helpdesk only looks one up by its address.
	"""
	existing = frappe.db.get_value("Contact Email", {"email_id": email, "parenttype": "Contact"}, "parent")
	if existing:
		return existing
	values = {
		"first_name": (full_name or email)[:NAME_LENGTH],
		"email_ids": [{"email_id": email, "is_primary": 1}],
		"phone_nos": [{"phone": phone, "is_primary_mobile_no": 1}] if phone else [],
	}
	frappe.db.savepoint("contact")
	with _asking_nobody():
		try:
			return _make_contact(values).insert(ignore_permissions=True).name
		except frappe.DuplicateEntryError:
			# A namesake was given the same number a moment ago, in a transaction that ours cannot see yet.
			frappe.db.rollback(save_point="contact")
			frappe.clear_last_message()
			name = f"{values['first_name']}-{frappe.generate_hash(length=8)}"
			return _make_contact(values).insert(ignore_permissions=True, set_name=name).name


def _make_contact(values: dict) -> Document:
	contact = frappe.new_doc("Contact")
	return contact.update(values)


@contextmanager
def _asking_nobody() -> Iterator[None]:
	"""Keep a resident's address to ourselves while a Contact is made.

	Frappe asks gravatar.com for a picture of each new Contact (`frappe.utils.has_gravatar`): a stranger learns who
	writes to the city, and the visit waits up to five seconds for the answer. It does not for what is imported.
	"""
	before = frappe.flags.in_import
	frappe.flags.in_import = True
	try:
		yield
	finally:
		frappe.flags.in_import = before


def silence_address(address: str) -> None:
	"""Let Frappe leave out an address that can never receive mail, whoever writes to it."""
	if not frappe.db.exists("Email Unsubscribe", {"email": address, "global_unsubscribe": 1}):
		doc = frappe.new_doc("Email Unsubscribe")
		doc.email, doc.global_unsubscribe = address, 1
		doc.insert(ignore_permissions=True)
