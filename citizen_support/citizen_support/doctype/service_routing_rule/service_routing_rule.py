from frappe.model.document import Document


class ServiceRoutingRule(Document):
	pass
