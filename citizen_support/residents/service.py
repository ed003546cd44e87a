"""Finding a resident again, or remembering a new one."""

import frappe

from citizen_support.host.contacts import ensure_contact


def find_or_make_citizen(
	name: str | None, email: str | None, phone: str | None, language: str | None
) -> str | None:
	"""The Citizen of these contact details; a new one if none has the e-mail address; None without any.

	What a form says is a claim nobody has checked, so what is known of a Citizen is never changed by it. A phone
	number alone finds nobody: families and offices share one.
	"""
	if not (email or phone):
		return None
	known = frappe.db.get_value("Citizen", {"email": email}) if email else None
	if known:
		return known
	citizen = frappe.new_doc("Citizen")
	citizen.full_name, citizen.email, citizen.phone, citizen.language = (
		name or email or phone,
		email,
		phone,
		language,
	)
	contact = ensure_contact(email, name, phone) if email else None
	if contact and not frappe.db.exists("Citizen", {"contact": contact}):
		citizen.contact = contact
	citizen.insert(ignore_permissions=True)
	return citizen.name
