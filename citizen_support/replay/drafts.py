"""The draft that is tried: the service's form as it stands, saved or not."""

from frappe.model.document import Document

from citizen_support.host import drafts

SERVICE = "Municipal Service"


def read(text: str) -> Document:
	"""The service as a form has it, given as JSON. It is stored nowhere."""
	return drafts.read_draft(SERVICE, "code", text)


def check(doc: Document) -> None:
	"""Refuse a draft that could not be saved, with the sentences that saving it would show.

	:raises frappe.ValidationError: with what is to be mended.
	"""
	drafts.check_draft(doc)


def write(doc: Document) -> str:
	"""The draft as the replay keeps it."""
	return drafts.write_draft(doc)
