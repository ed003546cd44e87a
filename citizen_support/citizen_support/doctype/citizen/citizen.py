from frappe.model.document import Document

from citizen_support.residents.rules import normalise_email


class Citizen(Document):
	def validate(self) -> None:
		self.email = normalise_email(self.email) if self.email else None
