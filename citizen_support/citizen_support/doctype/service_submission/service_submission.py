from frappe.model.document import Document


class ServiceSubmission(Document):
	pass
