import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support.notices import rules


class NoticeTemplate(Document):
	def validate(self) -> None:
		self.check_placeholders()
		self.check_single()

	def check_placeholders(self) -> None:
		"""A word in braces that nobody fills would reach residents as it stands."""
		for fieldname in ("subject", "opening", "ending"):
			unknown = rules.find_unknown_placeholders(self.get(fieldname))
			if unknown:
				frappe.throw(
					_("{0}: nothing can be filled in for {1}. These words can be used: {2}.").format(
						_(self.meta.get_label(fieldname)),
						_in_braces(dict.fromkeys(unknown)),
						_in_braces(rules.PLACEHOLDERS),
					),
					title=_("Unknown word in braces"),
				)

	def check_single(self) -> None:
		"""With two in use nobody could tell which one is sent."""
		if not self.enabled:
			return
		filters = {
			"notice": self.notice,
			"language": self.language,
			"enabled": 1,
			"name": ("!=", self.name or ""),
		}
		if frappe.db.exists("Notice Template", filters):
			frappe.throw(
				_(
					"A template for “{0}” in this language is in use already. Change that one, or take it out of use first."
				).format(_(self.notice)),
				title=_("One at a time"),
			)


def _in_braces(names: object) -> str:
	return ", ".join(f"{{{name}}}" for name in names)
