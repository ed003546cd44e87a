"""Ready-made lists in Helpdesk: one public view for each department."""

import json

import frappe
from frappe import _

from citizen_support.host.session import as_system

DOCTYPE = "HD View"
_COLUMNS = (
	("cs_reference", "Reference", "Data", "8rem"),
	("subject", "Subject", "Data", "22rem"),
	("status", "Status", "Select", "8rem"),
	("priority", "Priority", "Link", "8rem"),
	("agreement_status", "SLA Status", "Select", "10rem"),
	("resolution_by", "Resolution By", "Datetime", "10rem"),
	("_assign", "Assigned To", "MultipleAvatar", "8rem"),
	("modified", "Last modified", "Datetime", "8rem"),
)
_ROWS = (
	"name",
	"cs_reference",
	"subject",
	"status",
	"status_category",
	"priority",
	"cs_service",
	"agreement_status",
	"response_by",
	"resolution_by",
	"_assign",
	"_seen",
	"modified",
	"creation",
)


def ensure_department_view(code: str, label: str) -> None:
	"""Make the view "requests of this department"; one that is there stays as it was arranged."""
	if find_department_view(code):
		return
	with as_system():
		frappe.get_doc(
			{
				"doctype": DOCTYPE,
				"label": label,
				"dt": "HD Ticket",
				"type": "list",
				"route_name": "TicketsAgent",
				"public": 1,
				"icon": "🏛️",
				"filters": json.dumps(_make_filters(code)),
				"order_by": "modified desc",
				"columns": json.dumps([_make_column(*column) for column in _COLUMNS]),
				"rows": json.dumps(list(_ROWS)),
			}
		).insert(ignore_permissions=True)


def rename_department_view(code: str, label: str) -> None:
	"""Follow a changed name of the department, if its view is still there."""
	if existing := find_department_view(code):
		frappe.db.set_value(DOCTYPE, existing, "label", label)


def find_department_view(code: str) -> str | None:
	"""The view of a department, known by its filter."""
	filters = json.dumps(_make_filters(code))
	return frappe.db.get_value(DOCTYPE, {"dt": "HD Ticket", "public": 1, "filters": filters})


def remove_department_view(code: str) -> None:
	"""Take a department's view away."""
	if name := find_department_view(code):
		frappe.delete_doc(DOCTYPE, name, ignore_permissions=True, force=True)


def remove_all_views() -> None:
	"""Take away every view that filters by a field of the app, which is about to go."""
	for name in frappe.get_all(
		DOCTYPE, {"dt": "HD Ticket", "filters": ("like", "%cs_department%")}, pluck="name"
	):
		frappe.delete_doc(DOCTYPE, name, ignore_permissions=True, force=True)


def _make_filters(code: str) -> dict:
	return {"cs_department": code}


def _make_column(key: str, label: str, type_: str, width: str) -> dict:
	return {"key": key, "label": _(label), "type": type_, "width": width}
