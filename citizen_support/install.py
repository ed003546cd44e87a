"""Installing and upgrading. Each step may run again and changes nothing that is right already."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from citizen_support.host import app_texts, contacts, form_script, sidebar, site_secret, versions, views
from citizen_support.residents import NOBODY
from citizen_support.setup import onboarding
from citizen_support.setup.custom_fields import (
	SIDEBAR_PLACEHOLDERS,
	get_custom_fields,
	get_sidebar_fieldnames,
)
from citizen_support.setup.roles import ROLES

MERGED_INDEX = "cs_merged_with"
OPEN_INDEX = "cs_open"
DEPARTMENT_INDEX = "cs_department_newest"
SETTINGS = "Citizen Support Settings"


def before_install() -> None:
	versions.check_host()


def before_migrate() -> None:
	versions.check_host()


def after_install() -> None:
	make_roles()
	extend_host()
	furnish_host()
	app_texts.compile_texts()
	fill_settings()
	onboarding.show_guides()
	onboarding.look_for_progress()


def after_migrate() -> None:
	extend_host()
	app_texts.compile_texts()
	fill_new_settings()
	onboarding.look_for_progress()


def make_roles() -> None:
	"""Fixtures come after `after_install`, and what follows needs the roles."""
	for role in ROLES:
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
				ignore_permissions=True
			)


def extend_host() -> None:
	"""What the app cannot do without: a secret, its fields on Helpdesk's forms, its button, its indexes."""
	site_secret.ensure_secret()
	create_custom_fields(get_custom_fields(), ignore_validate=True)
	frappe.clear_cache(doctype="HD Ticket")
	form_script.ensure_form_script()
	contacts.silence_address(NOBODY)
	add_indexes()


def furnish_host() -> None:
	"""What a team may arrange otherwise: done once, so that no upgrade brings back what it took away."""
	sidebar.add_rows(get_sidebar_fieldnames(), SIDEBAR_PLACEHOLDERS)
	for code, name in frappe.get_all(
		"Municipal Department", fields=["name", "department_name"], as_list=True
	):
		views.ensure_department_view(code, name)


def add_indexes() -> None:
	"""What is looked up and has no index of its own yet."""
	frappe.db.add_index("Service Submission", ["state", "next_attempt_at"], "cs_waiting")
	# Counting messages to one person when Redis has forgotten them (citizen_support.limits.recipients).
	for field in ("contact_email", "contact_phone"):
		frappe.db.add_index("Service Submission", [field, "received_at"], f"cs_{field}")
	# A service's requests in the order they came, for the trial on past requests (citizen_support.replay.past).
	frappe.db.add_index("Service Submission", ["service", "received_at"], "cs_service_received")
	frappe.db.add_index("Resident Notice", ["state", "next_attempt_at"], "cs_due")
	frappe.db.add_index("Resident Notice", ["channel", "sent_at"], "cs_sent")
	frappe.db.add_index("HD Ticket", ["merged_with", "is_merged"], MERGED_INDEX)
	# A department's list in Helpdesk shows its newest; without this all its requests are sorted each time.
	frappe.db.add_index("HD Ticket", ["cs_department", "modified"], DEPARTMENT_INDEX)
	# The workspace counts open requests, and Helpdesk has no index on what "open" is read from.
	if frappe.db.has_column("HD Ticket", "status_category"):
		frappe.db.add_index("HD Ticket", ["status_category", "cs_service"], OPEN_INDEX)


def fill_settings() -> None:
	"""Write the defaults down, so that nobody meets an empty settings page."""
	settings = frappe.get_doc(SETTINGS)
	for field in settings.meta.fields:
		if field.default and settings.get(field.fieldname) in (None, ""):
			settings.set(field.fieldname, field.default)
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)


def fill_new_settings() -> None:
	"""Write down the defaults of settings that are newer than the last time the settings were saved.

	A number that nobody has set would become 0 with the next saving, and 0 means "no limit". What was ever saved, and be
	it empty, has a row and stays as it is.
	"""
	saved = frappe.db.get_singles_dict(SETTINGS)
	for field in frappe.get_meta(SETTINGS).fields if saved else ():
		if field.default and field.fieldname not in saved:
			frappe.db.set_single_value(SETTINGS, field.fieldname, field.default, update_modified=False)
