import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support import transfer

INPUTS = (
	"source",
	"file",
	"definitions_file",
	"address",
	"starter",
	"list_name",
	"department",
	"jurisdiction",
	"overwrite",
)


class CatalogueImport(Document):
	def validate(self) -> None:
		self.check_source()
		self.keep_what_was_imported()
		self.forget_an_old_check()
		self.name_it()

	def check_source(self) -> None:
		given = {
			"A file": (self.file, _("Please attach the file to import.")),
			"A web address": (self.address, _("Please give the address of the Open311 server.")),
			"A starter catalogue": (self.starter, _("Please choose the starter catalogue.")),
		}
		value, sentence = given.get(self.source, ("", _("Please choose where it comes from.")))
		if not value:
			frappe.throw(sentence)
		for fieldname in ("file", "definitions_file"):
			if self.get(fieldname) and self.has_value_changed(fieldname):
				transfer.find_file(self.get(fieldname))

	def keep_what_was_imported(self) -> None:
		"""What was imported is the memory by which later changes are noticed."""
		before = self.get_doc_before_save()
		if before and before.state == "Imported" and self.has_new_inputs():
			frappe.throw(_("This import is done. Please make a new one for another file."))

	def forget_an_old_check(self) -> None:
		"""Nobody may import what they have not seen."""
		if self.is_new() or (self.has_new_inputs() and not self.flags.from_transfer):
			self.state, self.kind, self.problem = "Not checked", None, None
			self.set("records", [])

	def has_new_inputs(self) -> bool:
		return any(self.has_value_changed(fieldname) for fieldname in INPUTS)

	def name_it(self) -> None:
		if not self.title:
			named = self.file if self.source == "A file" else self.address or self.starter
			self.title = (named or "").rstrip("/").rpartition("/")[2][:140] or _(self.source)
