from frappe.model.document import Document


class ServiceQuestion(Document):
	pass
