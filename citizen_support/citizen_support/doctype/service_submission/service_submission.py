from frappe.model.document import Document

from citizen_support.host.printing import escape_for_print


class ServiceSubmission(Document):
	def before_print(self, settings: dict | None = None) -> None:
		escape_for_print(self)
