"""The buttons our requests get in Helpdesk's header: an HD Form Script."""

import frappe

NAME = "Citizen Support: requests"
DOCTYPE = "HD Form Script"
# Runs in the agent's browser inside Helpdesk, which hands it the ticket and its own router.
SCRIPT = """function setupForm({ doc, router }) {
	const actions = [];
	if (doc.cs_citizen) {
		actions.push({
			label: "Other requests of this person",
			onClick: () => window.open(`/app/citizen/${encodeURIComponent(doc.cs_citizen)}`, "_blank", "noopener"),
		});
	}
	return { actions };
}
"""


def ensure_form_script() -> None:
	"""Make the script, or bring it up to date unless it was switched off."""
	if frappe.db.exists(DOCTYPE, NAME):
		frappe.db.set_value(DOCTYPE, NAME, "script", SCRIPT)
		return
	doc = frappe.new_doc(DOCTYPE)
	doc.name = NAME
	doc.update({"dt": "HD Ticket", "apply_to": "Form", "enabled": 1, "script": SCRIPT})
	doc.insert(ignore_permissions=True, set_name=NAME)


def remove_form_script() -> None:
	"""Take the script away."""
	frappe.delete_doc(DOCTYPE, NAME, force=True, ignore_permissions=True, ignore_missing=True)
