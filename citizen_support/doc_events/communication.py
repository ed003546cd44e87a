from frappe.model.document import Document

from citizen_support.host.plain import make_harmless


def before_insert(message: Document, method: str | None = None) -> None:
	"""Defuse what comes in about a ticket by any channel: agents read it, and quote it in mails."""
	if message.reference_doctype != "HD Ticket" or message.sent_or_received != "Received":
		return
	message.content = make_harmless(message.content or "")
	message.subject = make_harmless(message.subject or "")
