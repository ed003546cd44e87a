"""Finding a resident again, or remembering a new one."""

from collections.abc import Sequence
from datetime import datetime

import frappe

from citizen_support.host.contacts import ensure_contact

PERSON, NEW, KNOWN = "Person", "New", "Known"


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


def find_kinds(email: str | None, before: datetime) -> frozenset[str]:
	"""What is known of whoever has this address: the kind of Citizen, and whether they are New or Known.

	Who is not known counts as a person. An address is a claim nobody has checked, so this may decide where a request
	goes and never what its sender may see.

	:param before: known is who had written before this moment, so that a request stays what it was when it is looked
		at again later.
	"""
	return find_kinds_of_many([(email, before)])[0]


def find_kinds_of_many(people: Sequence[tuple[str | None, datetime]]) -> list[frozenset[str]]:
	"""The same of many addresses, each with its own moment, by one statement at most."""
	emails = sorted({email for email, _before in people if email})
	known = {}
	if emails:
		rows = frappe.get_all("Citizen", {"email": ("in", emails)}, ["email", "kind", "creation"])
		known = {row.email: row for row in rows}
	return [_name_kinds(known.get(email), before) for email, before in people]


def _name_kinds(row: frappe._dict | None, before: datetime) -> frozenset[str]:
	if not row:
		return frozenset({PERSON, NEW})
	return frozenset({row.kind or PERSON, KNOWN if row.creation < before else NEW})
