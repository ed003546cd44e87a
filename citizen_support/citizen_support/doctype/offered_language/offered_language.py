from frappe.model.document import Document


class OfferedLanguage(Document):
	pass
