from frappe.model.document import Document

from citizen_support.host.printing import escape_for_print
from citizen_support.residents.rules import normalise_email


class Citizen(Document):
	def validate(self) -> None:
		self.email = normalise_email(self.email) if self.email else None

	def before_print(self, settings: dict | None = None) -> None:
		escape_for_print(self)
