from frappe.model.document import Document


class ServiceArticle(Document):
	pass
