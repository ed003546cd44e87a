import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support.languages import forget_texts


class CatalogueTranslation(Document):
	def autoname(self) -> None:
		kind = frappe.scrub(self.reference_doctype or "").replace("_", "-")
		self.name = f"{kind}-{self.reference_name}-{self.language}"

	def validate(self) -> None:
		self.check_single()
		self.leave_out_empty_texts()

	def on_update(self) -> None:
		forget_texts()

	def on_trash(self) -> None:
		forget_texts()

	def check_single(self) -> None:
		"""Two sets of texts in one language: nobody could tell which one residents read."""
		filters = {
			"reference_doctype": self.reference_doctype,
			"reference_name": self.reference_name,
			"language": self.language,
			"name": ("!=", self.name or ""),
		}
		if frappe.db.exists("Catalogue Translation", filters):
			frappe.throw(_("This record has texts in this language already. Change those."))

	def leave_out_empty_texts(self) -> None:
		"""One text a path, and only those that say something."""
		texts = {row.path: row for row in self.texts if (row.translation or "").strip()}
		self.set("texts", list(texts.values()))
