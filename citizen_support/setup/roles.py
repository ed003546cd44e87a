"""Who may do what, where Frappe's own role rows do not say enough."""

import frappe
from frappe.model.document import Document

MANAGER = "Citizen Support Manager"
COORDINATOR = "Department Coordinator"
ROLES = (MANAGER, COORDINATOR)
# What the people who run the desk need. Helpdesk shows teams, articles and ticket types to its agents only, and lists of
# holidays to its managers only. The documentation names the same.
ROLES_OF_A_MANAGER = (MANAGER, "Agent", "Agent Manager")
_WRITES = frozenset({"write", "create", "delete", "submit", "cancel"})


def may_open_workspace() -> bool:
	"""Whether the app is shown on the screen of apps."""
	return bool({MANAGER, COORDINATOR, "System Manager"} & set(frappe.get_roles()))


def may_touch_department(doc: Document, ptype: str | None = None, user: str | None = None) -> bool | None:
	"""A coordinator changes departments they are named for, and no other."""
	return _may_coordinate(doc.name, ptype, user)


def may_touch_service(doc: Document, ptype: str | None = None, user: str | None = None) -> bool | None:
	"""A coordinator changes texts of their departments' services, and of no other.

	The department that counts is the stored one: Frappe asks before it takes back what the user may not change.
	"""
	stored = None if doc.is_new() else frappe.db.get_value(doc.doctype, doc.name, "department")
	return _may_coordinate(stored or doc.department, ptype, user)


def get_own_departments(user: str) -> set[str]:
	"""Departments a coordinator is named for, by Frappe's User Permissions."""
	filters = {"user": user, "allow": "Municipal Department"}
	return set(frappe.get_all("User Permission", filters, pluck="for_value"))


def remove_roles() -> None:
	"""Take the roles away, from users and from the site."""
	for role in ROLES:
		for doctype in ("Has Role", "Custom DocPerm", "DocPerm"):
			frappe.db.delete(doctype, {"role": role})
		frappe.delete_doc("Role", role, force=True, ignore_permissions=True, ignore_missing=True)


def _may_coordinate(department: str | None, ptype: str | None, user: str | None) -> bool | None:
	"""False where a coordinator would write beyond their own; None leaves it to the role rows."""
	user = user or frappe.session.user
	roles = set(frappe.get_roles(user))
	if ptype not in _WRITES or COORDINATOR not in roles or roles & {MANAGER, "System Manager"}:
		return None
	return None if department in get_own_departments(user) else False
