"""A resident's requests, for whoever may see them."""

import frappe
from frappe import _
from frappe.desk import search

from citizen_support.host import statuses
from citizen_support.routing.rules import CITIZEN_KINDS

MOST = 100
MAY_SET_KIND = frozenset({"Citizen Support Manager", "Agent", "Agent Manager", "System Manager"})


def get_requests(citizen: str) -> list[dict]:
	"""The newest requests of a Citizen, of those Helpdesk shows to the user."""
	frappe.get_doc("Citizen", citizen).check_permission("read")
	if not frappe.has_permission("HD Ticket", "read"):
		return []
	rows = frappe.get_list(
		"HD Ticket",
		filters={"cs_citizen": citizen},
		fields=["name", "cs_reference", "subject", "cs_service", "cs_department", "status", "creation"],
		order_by="creation desc",
		limit=MOST,
	)
	services = _get_titles("Municipal Service", "title", {row.cs_service for row in rows})
	departments = _get_titles("Municipal Department", "department_name", {row.cs_department for row in rows})
	return [
		{
			"ticket": str(row.name),
			"reference": row.cs_reference,
			"service": services.get(row.cs_service) or row.subject,
			"department": departments.get(row.cs_department),
			"status": row.status,
			"category": statuses.get_category(row.status),
			"received": str(row.creation),
		}
		for row in rows
	]


def set_kind(citizen: str, kind: str) -> None:
	"""Note what kind of Citizen this is. Agents may, though they change nothing else of a Citizen.

	:raises frappe.ValidationError: if there is no such kind.
	"""
	if not MAY_SET_KIND & set(frappe.get_roles()):
		raise frappe.PermissionError
	doc = frappe.get_doc("Citizen", citizen)
	doc.check_permission("read")
	if kind not in CITIZEN_KINDS:
		frappe.throw(_("Choose one of these: {0}.").format(", ".join(_(known) for known in CITIZEN_KINDS)))
	doc.kind = kind
	doc.save(ignore_permissions=True)


def get_link_title(doctype: str, name: str) -> str | None:
	"""What a link to a record shows: for a Citizen the name, to those who may read it, else the record's own name.

	Frappe asks no permission here (`frappe.desk.search.get_link_title`).
	"""
	if doctype == "Citizen" and not frappe.has_permission(doctype, "read", doc=name):
		return name
	return search.get_link_title(doctype, name)


def _get_titles(doctype: str, field: str, names: set[str | None]) -> dict[str, str]:
	"""Public names of catalogue records, for everyone: they stand on the portal."""
	wanted = [name for name in names if name]
	if not wanted:
		return {}
	return dict(
		frappe.get_all(doctype, filters={"name": ("in", wanted)}, fields=["name", field], as_list=True)
	)
