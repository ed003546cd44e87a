from frappe.model.document import Document

from citizen_support import promise
from citizen_support.host import agreements


def on_update(holidays: Document, method: str | None = None) -> None:
	"""Changed holidays move the answers that are counted by them."""
	promise.forget_counted()
	if holidays.get_doc_before_save():
		agreements.recount_answers(holidays.name)
