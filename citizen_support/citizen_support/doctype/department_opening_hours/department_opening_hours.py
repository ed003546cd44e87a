from frappe.model.document import Document


class DepartmentOpeningHours(Document):
	pass
