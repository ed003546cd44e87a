from frappe.model.document import Document

from citizen_support.host import agreements


def after_insert(priority: Document, method: str | None = None) -> None:
	"""A new priority gets a row in each managed agreement, or requests with it would miss their promise."""
	agreements.add_priority_to_agreements(priority.name)
