from frappe.model.document import Document

from citizen_support.host.tickets import make_message_harmless


def validate(message: Document, method: str | None = None) -> None:
	"""Defuse what comes in, each time it is saved.

	Frappe stores an incoming mail, then puts its first content back (`InboundMail.process`).
	"""
	make_message_harmless(message)
