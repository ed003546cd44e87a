import frappe
from frappe.model.document import Document

from citizen_support import publishing
from citizen_support.languages import WITH_RECORD, forget_texts


class CatalogueTranslation(Document):
	def autoname(self) -> None:
		"""One record for each record and language: a second one of the name is refused."""
		kind = frappe.scrub(self.reference_doctype or "").replace("_", "-")
		self.name = f"{kind}-{self.reference_name}-{self.language}"

	def validate(self) -> None:
		self.leave_out_empty_texts()

	def on_update(self) -> None:
		forget_texts()
		self.keep_version()

	def on_trash(self) -> None:
		forget_texts()

	def after_delete(self) -> None:
		self.keep_version()

	def leave_out_empty_texts(self) -> None:
		"""One text a path, and only those that say something."""
		texts = {row.path: row for row in self.texts if (row.translation or "").strip()}
		self.set("texts", list(texts.values()))

	def keep_version(self) -> None:
		"""The history of a service in use tells of its translations, too."""
		if self.reference_doctype == "Municipal Service" and not self.flags.get(WITH_RECORD):
			publishing.keep_translations(str(self.reference_name))
