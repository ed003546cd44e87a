from frappe.model.document import Document


class LinkRequest(Document):
	pass
