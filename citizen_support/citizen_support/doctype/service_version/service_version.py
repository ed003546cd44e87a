from frappe.model.document import Document


class ServiceVersion(Document):
	pass
