"""Two measures of the pilot report got plainer names: goals, also those that versions remember, follow."""

import frappe

NAMES = {"Asked back": "Sent back to the resident", "Hours in hand": "Handling time (hours)"}


def execute() -> None:
	for old, new in NAMES.items():
		frappe.db.set_value("Pilot Goal", {"measure": old}, "measure", new, update_modified=False)
		before, after = (f'"measure": "{name}"' for name in (old, new))
		frappe.db.sql(
			"UPDATE `tabService Version` SET content = replace(content, %s, %s) WHERE content LIKE %s",
			(before, after, f"%{before}%"),
		)
