from frappe.model.document import Document

from citizen_support import routing
from citizen_support.catalogue import checks, clear_catalogue


class ServiceArea(Document):
	def autoname(self) -> None:
		checks.name_by_code(self, "area_name")

	def onload(self) -> None:
		self.set_onload("uses", routing.find_uses(self.name))

	def validate(self) -> None:
		routing.check_area(self)

	def on_update(self) -> None:
		clear_catalogue()

	def on_trash(self) -> None:
		routing.keep_used_area(self)
		clear_catalogue()
