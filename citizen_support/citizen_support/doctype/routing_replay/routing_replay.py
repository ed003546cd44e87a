from frappe.model.document import Document

from citizen_support import replay


class RoutingReplay(Document):
	def on_trash(self) -> None:
		replay.stop(self.name)
