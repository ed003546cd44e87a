"""Telling the Citizen Support Managers what they should mend."""

import frappe
from frappe.utils import now_datetime
from frappe.utils.user import get_users_with_role

ROLE = "Citizen Support Manager"
SECONDS_BETWEEN = 6 * 3600


def tell_managers(concern: str) -> None:
	"""Put a sentence into each manager's notifications; the same one at most every six hours."""
	key = f"citizen_support:concern:{frappe.utils.sha256_hash(concern)[:16]}"
	if frappe.cache.get_value(key, expires=True):
		return
	frappe.cache.set_value(key, str(now_datetime()), expires_in_sec=SECONDS_BETWEEN)
	for user in get_users_with_role(ROLE):
		frappe.get_doc(
			{
				"doctype": "Notification Log",
				"for_user": user,
				"type": "Alert",
				"subject": frappe.utils.escape_html(concern),
				"document_type": "Citizen Support Settings",
				"document_name": "Citizen Support Settings",
			}
		).insert(ignore_permissions=True)
