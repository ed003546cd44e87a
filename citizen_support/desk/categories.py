"""The shelves of the catalogue as a tree, in the order in which the portal shows them."""

import frappe

DOCTYPE = "Service Category"


def get_nodes(parent: str | None) -> list[dict]:
	"""Categories below one, or the topmost; each with the number of services residents see there."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	rows = frappe.get_list(
		DOCTYPE,
		filters={"parent_service_category": parent or ("is", "not set")},
		fields=["name", "category_name", "is_group"],
		order_by="position, category_name",
		limit=500,
	)
	counts = _count_services([row.name for row in rows])
	return [
		{
			"value": row.name,
			"title": row.category_name,
			"expandable": row.is_group,
			"services": counts.get(row.name, 0),
		}
		for row in rows
	]


def _count_services(categories: list[str]) -> dict[str, int]:
	if not categories:
		return {}
	rows = frappe.get_all(
		"Municipal Service",
		filters={"status": "Published", "category": ("in", categories)},
		fields=["category", "count(name) as services"],
		group_by="category",
	)
	return {row.category: row.services for row in rows}
