from frappe.utils.nestedset import NestedSet

from citizen_support.catalogue import checks, clear_catalogue


class ServiceCategory(NestedSet):
	def autoname(self) -> None:
		checks.name_by_code(self, "category_name")

	def on_update(self) -> None:
		super().on_update()
		clear_catalogue()

	def on_trash(self) -> None:
		super().on_trash()
		clear_catalogue()
