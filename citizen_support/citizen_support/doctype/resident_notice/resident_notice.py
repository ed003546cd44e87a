from frappe.model.document import Document


class ResidentNotice(Document):
	pass
