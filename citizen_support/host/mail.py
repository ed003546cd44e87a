"""Mail through Frappe's queue."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

from pypika.dialects import QueryBuilder
from pypika.queries import Table

import frappe
from frappe.email.doctype.email_queue.email_queue import QueueBuilder as MailBuilder
from frappe.email.smtp import SMTPServer
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce
from frappe.utils import cint, get_hook_method, now_datetime
from frappe.utils.background_jobs import get_queues_timeout

from citizen_support.host.plain import defuse
from citizen_support.host.session import quietly
from citizen_support.host.tickets import find_first_message

# Helpdesk drops incoming mail with this header, so that our notices can never open requests of their own.
AUTO_GENERATED = "X-Auto-Generated"
GIVEN_UP = ("Error", "Partially Errored")
FORGOTTEN = "Sent. Its text is not kept, because it opened its recipient's request."
# In seconds: until a connection stands, and for the server to take a mail (Frappe's own, `frappe/email/smtp.py`).
CONNECT_SECONDS, SEND_SECONDS = 10, 120
# RQ kills a job a minute after its time is over.
KILLED_AFTER = timedelta(minutes=2)


class Outcome(Enum):
	"""What became of a mail that was to be sent at once."""

	SENT = "sent"
	FAILED = "failed"
	OUT = "its server does not answer"
	NOT_OURS = "somebody else is at it"


def queue_mail(
	recipient: str, subject: str, html: str, text: str, ticket: str | None, kind: str
) -> str | None:
	"""Put one mail into the queue, in the transaction under way; returns the row's name.

	It stands or falls with what it tells about, and Frappe sends it later, again if need be. With a ticket, an
	answer to it lands on that ticket (the queue remembers the message id).

	:raises frappe.OutgoingEmailError: if the site has no outgoing mail account.
	"""
	builder = MailBuilder(
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


def may_send() -> bool:
	"""Whether mail may leave the site at all: neither muted by IT nor suspended in the desk."""
	return not (frappe.are_emails_muted() or cint(frappe.db.get_default("suspend_email_queue")))


def list_sent(doctype: str, state: str, at_most: int) -> list[str]:
	"""Names of our records whose mail the queue has sent.

	:param doctype: our record of mails, with `state` and `queue_row`.
	"""
	record, row = DocType(doctype), DocType("Email Queue")
	query = _join(record, row).select(record.name).where(record.state == state)
	return [name for (name,) in query.where(row.status == "Sent").limit(at_most).run()]


def list_failed(doctype: str, state: str, at_most: int) -> list[tuple[str, str | None, str | None]]:
	"""Our records whose mail the queue has given up and of which that is not known yet: name, status and error.

	The status is None where the row is gone.

	:param doctype: our record of mails, with `failure` besides.
	"""
	record, row = DocType(doctype), DocType("Email Queue")
	is_news = row.status.isin(GIVEN_UP) & (Coalesce(record.failure, "") == "")
	query = (
		_join(record, row)
		.select(record.name, row.status, row.error)
		.where(record.state == state)
		.where(row.name.isnull() | is_news)
	)
	return list(query.limit(at_most).run())


def list_due(doctype: str, state: str, before: datetime, at_most: int) -> list[tuple[str, str]]:
	"""Our mails that wait in the queue or were given up by it: our record's name and the row's.

	Those that failed least come first, so that one that always fails stands before nobody.

	:param before: rows touched since are left alone.
	"""
	record, row = DocType(doctype), DocType("Email Queue")
	waits = row.status.isin(("Not Sent", "Partially Sent")) & (row.modified < before)
	has_failed = row.status.isin(GIVEN_UP) & (Coalesce(record.failure, "") != "")
	query = (
		_join(record, row)
		.select(record.name, row.name)
		.where(record.state == state)
		.where(waits | has_failed)
		.where(record.next_attempt_at.isnull() | (record.next_attempt_at <= now_datetime()))
		.orderby(record.attempts)
		.orderby(row.retry)
		.orderby(row.modified)
	)
	return list(query.limit(at_most).run())


def send_now(queue_row: str, connections: "Connections") -> Outcome:
	"""Send one mail of the queue as its own flush does.

	The row is locked and read anew, so that the flush and we never send the same mail twice. Recipients that have it
	are passed over by the queue.
	"""
	mail = frappe.get_doc("Email Queue", queue_row, for_update=True)
	if mail.status not in ("Not Sent", "Partially Sent", *GIVEN_UP):
		frappe.db.commit()
		return Outcome.SENT if mail.status == "Sent" else Outcome.NOT_OURS
	if not connections.open(mail):
		frappe.db.commit()
		return Outcome.OUT
	if mail.status in GIVEN_UP:
		mail.status, mail.retry = "Not Sent", 0
		mail.db_set({"status": "Not Sent", "retry": 0})
	try:
		with quietly():
			mail.send(smtp_server_instance=connections.open(mail))
	except Exception:
		# The queue has put it on record with its row.
		frappe.db.commit()
		return Outcome.FAILED
	frappe.db.commit()
	return Outcome.SENT


class Connections:
	"""Connections to the mail servers of the site's accounts, kept while many mails are sent."""

	def __init__(self) -> None:
		self._servers: dict[str, SMTPServer | None] = {}

	def __enter__(self) -> "Connections":
		return self

	def __exit__(self, *_error: object) -> None:
		for server in filter(None, self._servers.values()):
			server.quit()

	def open(self, mail: Document) -> SMTPServer | None:
		"""The connection for a mail; None if its server is not to be had now."""
		try:
			with quietly():
				account = mail.get_email_account(raise_error=True)
				if account.name not in self._servers:
					self._servers[account.name] = _connect(account)
				return self._servers[account.name]
		except Exception:
			return None


def _connect(account: Document) -> SMTPServer | None:
	"""A connection with the account signed in, as Frappe makes it but with a short time-out until it stands.

	A server that accepts and says nothing would else keep a worker for two minutes, each minute. Once it stands, the
	server has the two minutes: whoever hangs up on it too early sends the mail twice.
	"""
	server = SMTPServer(**{**account.sendmail_config(), "timeout": CONNECT_SECONDS})
	if get_hook_method("override_email_send"):
		return server
	try:
		server.session.sock.settimeout(SEND_SECONDS)
	except Exception:
		return None
	server.timeout = SEND_SECONDS
	return server


def forget_texts(queue_rows: Sequence[str | None]) -> None:
	"""Empty the texts of mails that were sent. Their message ids stay, by which answers find their ticket."""
	rows = [row for row in queue_rows if row]
	if rows:
		frappe.db.set_value("Email Queue", {"name": ("in", rows), "status": "Sent"}, "message", FORGOTTEN)


def has_arrived(queue_row: str) -> bool:
	"""Whether every recipient of a mail has it, whatever failed afterwards (putting a copy into a folder, say)."""
	found = frappe.get_all("Email Queue Recipient", {"parent": queue_row}, pluck="status")
	return bool(found) and set(found) == {"Sent"}


def stop(queue_row: str) -> bool:
	"""Keep the queue from sending a mail any more; False if it is just being sent or was."""
	status = frappe.db.get_value("Email Queue", queue_row, "status", for_update=True)
	if status in ("Sending", "Sent"):
		return False
	if status in ("Not Sent", "Partially Sent"):
		frappe.db.set_value("Email Queue", queue_row, "status", "Error")
	return True


def free_stuck(doctype: str, state: str, at_most: int) -> int:
	"""Give mails back to the queue whose worker was killed while it sent them; returns how many.

	Frappe does the same after 15 minutes (`frappe.email.queue.retry_sending_emails`). But a server that hangs for
	hours leaves one behind with each flush, and the last of them would come too late. Once the longest time a job of
	that queue can run has passed, nobody is sending it.
	"""
	record, row = DocType(doctype), DocType("Email Queue")
	longest = timedelta(seconds=get_queues_timeout()["default"]) + KILLED_AFTER
	query = _join(record, row).select(row.name).where(record.state == state).where(row.status == "Sending")
	stuck = query.where(row.modified < now_datetime() - longest).limit(at_most).run()
	for (name,) in stuck:
		mail = frappe.get_doc("Email Queue", name, for_update=True)
		if mail.status == "Sending" and now_datetime() - mail.modified > longest:
			has_reached_one = any(recipient.is_mail_sent() for recipient in mail.recipients)
			mail.update_status("Partially Sent" if has_reached_one else "Not Sent")
		frappe.db.commit()
	return len(stuck)


def _join(record: Table, row: Table) -> QueryBuilder:
	return frappe.qb.from_(record).left_join(row).on(row.name == record.queue_row)
