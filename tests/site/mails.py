"""Mails as they would leave the queue."""

from email import message_from_string, policy
from email.message import EmailMessage

import frappe
from frappe.email.doctype.email_queue.email_queue import SendMailContext

from tests.site.factories import get_mails

KIND = "X-Auto-Generated"
PREFIX = "citizen-support-"


def read_mails(recipient: str) -> list[EmailMessage]:
	"""Everything in the queue for this address, oldest first."""
	return [message_from_string(queued.message, policy=policy.default) for queued in get_mails(recipient)]


def list_kinds(recipient: str) -> list[str]:
	"""Which of our notices are in the queue for this address; "" for a mail that is none."""
	return [(mail[KIND] or "").removeprefix(PREFIX) for mail in read_mails(recipient)]


def find_mail(recipient: str, kind: str) -> EmailMessage:
	"""The one notice of this kind to this address."""
	(mail,) = (mail for mail in read_mails(recipient) if mail[KIND] == PREFIX + kind)
	return mail


def get_html(mail: EmailMessage) -> str:
	return mail.get_body(("html",)).get_content()


def get_text(mail: EmailMessage) -> str:
	return mail.get_body(("plain",)).get_content()


def render(queue_name: str, recipient: str) -> EmailMessage:
	"""A queued mail, finished as it goes to the mail server."""
	queue = frappe.get_doc("Email Queue", queue_name)
	with SendMailContext(queue) as context:
		return message_from_string(context.build_message(recipient).decode(), policy=policy.default)
