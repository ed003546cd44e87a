from frappe.model.document import Document


class RequestEvent(Document):
	pass
