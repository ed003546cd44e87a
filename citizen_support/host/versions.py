"""Which hosts the app runs on."""

from semantic_version import Version

import frappe
from frappe import _

OLDEST_FRAPPE = "15.105.0"
FIRST_FRAPPE_BEYOND = "16.0.0"
OLDEST_HELPDESK = "1.22.0"
FIRST_HELPDESK_BEYOND = "2.0.0"


def check_host() -> None:
	"""Refuse hosts the app was never run on, with a sentence that says what to do.

	Helpdesk's own `__version__` is wrong in some releases, so fields are probed instead of it.

	:raises frappe.ValidationError: if Frappe or Helpdesk is too old, too new or missing.
	"""
	if "helpdesk" not in frappe.get_installed_apps():
		frappe.throw(
			_("Citizen Support needs Frappe Helpdesk. Install the app “helpdesk” on this site first.")
		)
	version = Version.coerce(frappe.__version__)
	if not Version(OLDEST_FRAPPE) <= version < Version(FIRST_FRAPPE_BEYOND):
		frappe.throw(
			_("Citizen Support runs on Frappe {0} up to (not including) {1}; this bench has {2}.").format(
				OLDEST_FRAPPE, FIRST_FRAPPE_BEYOND, frappe.__version__
			)
		)
	if missing := find_missing_fields():
		frappe.throw(
			_("This Helpdesk is too old for Citizen Support, which needs {0} or later. Missing: {1}").format(
				OLDEST_HELPDESK, ", ".join(missing)
			)
		)


def get_helpdesk_version() -> str:
	"""What Helpdesk says of itself."""
	# Not at the top: this module also has to say that Helpdesk is not there.
	import helpdesk

	return helpdesk.__version__


def is_helpdesk_tested() -> bool:
	"""Whether Helpdesk lies within the range the app is made for, as far as its own word can be trusted.

	Some releases carry the number of an older one, so only a newer major version counts as unknown; what is
	missing in an older one, `find_missing_fields` tells.
	"""
	return Version.coerce(get_helpdesk_version()) < Version(FIRST_HELPDESK_BEYOND)


def find_missing_fields() -> list[str]:
	"""What the app needs of Helpdesk and does not find, as `DocType.field`."""
	needed = {
		"HD Ticket": ("agent_group", "status_category", "via_customer_portal", "raised_by", "key"),
		"HD Ticket Status": ("category", "label_customer", "different_view"),
		"HD Service Level Agreement": ("condition", "apply_sla_for_resolution", "holiday_list"),
		"HD Team": ("users", "assignment_rule"),
		"HD Ticket Template Field": ("fieldname", "hide_from_customer"),
	}
	missing = []
	for doctype, fieldnames in needed.items():
		if not frappe.db.exists("DocType", doctype):
			missing.append(doctype)
			continue
		meta = frappe.get_meta(doctype)
		missing += [f"{doctype}.{name}" for name in fieldnames if not meta.has_field(name)]
	return missing
