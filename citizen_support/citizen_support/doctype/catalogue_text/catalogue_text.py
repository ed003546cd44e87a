from frappe.model.document import Document


class CatalogueText(Document):
	pass
