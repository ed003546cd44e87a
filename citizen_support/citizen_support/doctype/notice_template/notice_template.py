from frappe.model.document import Document


class NoticeTemplate(Document):
	pass
