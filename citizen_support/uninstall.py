"""Leaving without a trace on Helpdesk: no field, no row, no role, no agreement; every ticket stays."""

import frappe

from citizen_support.health.alerts import TOLD
from citizen_support.host import agreements, form_script, sidebar, views
from citizen_support.install import DEPARTMENT_INDEX, MERGED_INDEX, OPEN_INDEX
from citizen_support.intake import held
from citizen_support.residents import NOBODY
from citizen_support.setup import onboarding
from citizen_support.setup.custom_fields import get_custom_fields
from citizen_support.setup.roles import remove_roles

PREFIX = "cs_"


def before_uninstall() -> None:
	agreements.remove_managed_agreements()
	sidebar.remove_rows(PREFIX)
	form_script.remove_form_script()
	views.remove_all_views()
	remove_custom_fields()
	remove_traces()
	onboarding.remove_steps()
	remove_roles()
	frappe.clear_cache()


def remove_custom_fields() -> None:
	"""The fields and their columns; Frappe itself would leave the columns in the table."""
	for doctype, fields in get_custom_fields().items():
		for field in fields:
			name = frappe.db.get_value("Custom Field", {"dt": doctype, "fieldname": field["fieldname"]})
			if name:
				frappe.delete_doc("Custom Field", name, force=True, ignore_permissions=True)
		for column in frappe.db.get_table_columns(doctype):
			if column.startswith(PREFIX):
				frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` DROP COLUMN `{column}`")
		frappe.clear_cache(doctype=doctype)
	for index in (DEPARTMENT_INDEX, MERGED_INDEX, OPEN_INDEX):
		frappe.db.sql_ddl(f"ALTER TABLE `tabHD Ticket` DROP INDEX IF EXISTS `{index}`")


def remove_traces() -> None:
	"""What points at the app's own records and would be left pointing at nothing."""
	own = frappe.get_all("DocType", {"module": "Citizen Support"}, pluck="name")
	frappe.db.delete("User Permission", {"allow": ("in", own)})
	frappe.db.delete("Notification Log", {"document_type": ("in", own)})
	frappe.db.delete("Version", {"ref_doctype": ("in", own)})
	# Frappe itself would notice only at the next migrate that these jobs have nothing to call any more.
	jobs = frappe.get_all("Scheduled Job Type", {"method": ("like", "citizen_support.%")}, pluck="name")
	frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": ("in", jobs)})
	frappe.db.delete("Scheduled Job Type", {"name": ("in", jobs)})
	frappe.db.delete("Email Unsubscribe", {"email": NOBODY})
	frappe.db.delete("DefaultValue", {"defkey": TOLD})
	# Only the records: the bytes belong to the tickets' own attachments as well.
	frappe.db.delete("File", {"attached_to_doctype": ("in", own)})
	held.release_all()
