from frappe.model.document import Document

from citizen_support import promise
from citizen_support.catalogue import checks, clear_catalogue, read_service


class MunicipalService(Document):
	def autoname(self) -> None:
		checks.name_by_code(self, "title")

	def validate(self) -> None:
		checks.set_question_keys(self)
		checks.check_questions(self)
		checks.check_rules(self)
		checks.check_promise(self)

	def on_update(self) -> None:
		self.keep_agreements()
		clear_catalogue()

	def on_trash(self) -> None:
		clear_catalogue()

	def keep_agreements(self) -> None:
		"""Helpdesk has the agreement before the first request asks for it."""
		if self.status == "Published":
			for department in checks.get_departments(self):
				promise.ensure_agreement(read_service(self), department)
