from frappe.model.document import Document

from citizen_support.host.plain import make_harmless, make_title


def validate(message: Document, method: str | None = None) -> None:
	"""Defuse what comes in about a ticket by any channel: agents read it, and quote it in mails.

	Each time it is saved: Frappe stores an incoming mail, then puts its first content back (`InboundMail.process`).

	Of a subject that is nothing but markup Frappe would leave nothing, and then refuse the message for having none.
	"""
	if message.reference_doctype != "HD Ticket" or message.sent_or_received != "Received":
		return
	message.content = make_harmless(message.content or "")
	message.subject = make_title(message.subject or "")
