from frappe.model.document import Document


class PilotGoal(Document):
	pass
