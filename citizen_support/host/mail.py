"""Mail through Frappe's queue."""

import frappe
from frappe.email.doctype.email_queue.email_queue import QueueBuilder

from citizen_support.host.plain import defuse
from citizen_support.host.tickets import find_first_message

# Helpdesk drops incoming mail with this header, so that our notices can never open requests of their own.
AUTO_GENERATED = "X-Auto-Generated"


def queue_mail(
	recipient: str, subject: str, html: str, text: str, ticket: str | None, kind: str
) -> str | None:
	"""Put one mail into the queue, in the transaction under way; returns the row's name.

	It stands or falls with what it tells about, and Frappe sends it later, again if need be. With a ticket, an
	answer to it lands on that ticket (the queue remembers the message id).

	:raises frappe.OutgoingEmailError: if the site has no outgoing mail account.
	"""
	builder = QueueBuilder(
		recipients=[recipient],
		subject=" ".join(defuse(subject).split()),
		message=defuse(html),
		text_content=text,
		reference_doctype="HD Ticket" if ticket else None,
		reference_name=ticket,
		expose_recipients="header",
		add_unsubscribe_link=0,
		in_reply_to=find_first_message(ticket) if ticket else None,
		email_headers={AUTO_GENERATED: f"citizen-support-{kind}"},
	)
	queued = builder.process(send_now=False)
	return queued.name if queued else None


def has_outgoing_account() -> bool:
	"""Whether the site can send mail at all."""
	return bool(frappe.db.exists("Email Account", {"enable_outgoing": 1, "default_outgoing": 1}))
