from frappe.model.document import Document


class CatalogueImportRecord(Document):
	pass
