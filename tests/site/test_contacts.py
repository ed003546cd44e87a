"""Contacts of residents who happen to share a name."""

import pytest

import frappe
from frappe.contacts.doctype.contact import contact as frappe_contact

from citizen_support.host.contacts import ensure_contact
from tests.site.factories import make_name


def test_a_namesake_filed_at_this_very_moment_is_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
	name = f"Ana {make_name('namesake')}"
	first = ensure_contact(f"{make_name('first')}@example.org", name, None)
	# What Frappe counts up to when it cannot see the other transaction's contact yet.
	monkeypatch.setattr(frappe_contact, "append_number_if_name_exists", lambda *_arguments: first)
	address = f"{make_name('second')}@example.org"

	second = ensure_contact(address, name, "+1 202-555-0143")

	assert second != first
	assert frappe.db.get_value("Contact Email", {"parent": second}, "email_id") == address
	assert frappe.db.get_value("Contact", first)
