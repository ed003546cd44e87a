"""Making HD Tickets for residents, adding to them, and reading them back."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import getaddresses, parseaddr
from typing import NamedTuple

import frappe
from frappe.email.email_body import get_message_id
from frappe.model.document import Document
from frappe.utils import cint, flt, get_string_between
from frappe.utils.html_utils import sanitize_html

from helpdesk.utils import is_agent

from citizen_support.host.plain import make_harmless, make_message_html, make_note, make_title
from citizen_support.host.session import as_system, quietly

SUBJECT_LENGTH = 140
FROM_SUBMISSION = "cs_from_submission"
# To whom Helpdesk and we write about a ticket.
SENDER_FIELDS = ("raised_by", "contact")
# Anybody can mail as much as they like; so much of it is looked at.
MOST_MESSAGES = 200
MOST_CHARACTERS = 100_000


class Conversation(NamedTuple):
	"""Messages between the city and a resident.

	:ivar messages: oldest first. Of a longer one `content` is the beginning, and `is_cut` is true.
	:ivar has_earlier: whether there were more before these.
	"""

	messages: list[frappe._dict]
	has_earlier: bool = False


def insert_ticket(
	values: Mapping, sender: str, sender_name: str, parts: list[str | tuple[str, str]], starts_at: datetime
) -> str:
	"""Make a ticket with its first message, as the system and in the resident's name; returns its name.

	The message is inserted by itself and not as the ticket's description: Helpdesk would send it in the name of
	the session's user. `via_customer_portal` keeps Helpdesk from sending its own acknowledgement inside the
	insert, where a mail fault would undo the ticket; it is taken back so that agents' replies go out plainly,
	without a link to a login the resident does not have.

	:param values: fields of the ticket that the app decided; nothing of a visitor's own making but plain text.
	:param starts_at: when the promise's clock started (site's time zone, naive).
	"""
	with as_system(), quietly():
		ticket = frappe.new_doc("HD Ticket")
		ticket.update(values)
		ticket.subject = (values["subject"] or "")[:SUBJECT_LENGTH]
		ticket.via_customer_portal = 1
		ticket.service_level_agreement_creation = starts_at
		ticket.flags.ignore_permissions = True
		ticket.flags[FROM_SUBMISSION] = True
		ticket.insert(ignore_permissions=True)
		add_resident_message(ticket.name, ticket.subject, sender, sender_name, parts)
		frappe.db.set_value("HD Ticket", ticket.name, "via_customer_portal", 0, update_modified=False)
	return str(ticket.name)


def add_resident_message(
	ticket: str, subject: str, sender: str, sender_name: str, parts: list[str | tuple[str, str]]
) -> str:
	"""Add a message from the resident to the conversation; Helpdesk reopens the ticket as it does for e-mail.

	It always has a message id: without one Frappe looks through all Communications for another that has none
	(`Communication.set_timeline_links`), two seconds at a million.
	"""
	values = {
		"doctype": "Communication",
		"communication_type": "Communication",
		"communication_medium": "Email",
		"sent_or_received": "Received",
		"email_status": "Open",
		"status": "Linked",
		"subject": subject[:SUBJECT_LENGTH],
		"sender": sender,
		"sender_full_name": sender_name,
		"content": make_message_html(parts),
		"message_id": find_thread(ticket) or get_string_between("<", get_message_id(), ">"),
		"reference_doctype": "HD Ticket",
		"reference_name": str(ticket),
	}
	with as_system(), quietly():
		return _insert_message(values)


def _insert_message(values: dict, tries: int = 3) -> str:
	"""Insert a message. It saves the ticket too, which an agent may be saving at this very moment."""
	for left in reversed(range(tries)):
		frappe.db.savepoint("resident_message")
		try:
			return frappe.get_doc(values).insert(ignore_permissions=True).name
		except frappe.TimestampMismatchError:
			if not left:
				raise
			frappe.db.rollback(save_point="resident_message")
	raise frappe.TimestampMismatchError


def keep_feedback(ticket: str, rating: float, text: str) -> bool:
	"""Put what a resident says of a request's end where Helpdesk keeps it, once; False if something stands there.

	Not by saving the ticket, which may do more than this: send mails, choose agreements, put dates anew. `modified`
	moves, so that an agent's open form cannot put the old values back. Helpdesk's `feedback` stays empty: its options
	are sentences nobody has said ("Instant, top-notch help"), and the option's rating would replace this one.

	:param rating: 0.2 for one star to 1 for five.
	"""
	if flt(frappe.db.get_value("HD Ticket", ticket, "feedback_rating", for_update=True)):
		return False
	with as_system():
		values = {"feedback_rating": rating, "feedback_extra": make_note(text)}
		frappe.db.set_value("HD Ticket", ticket, values)
	return True


def find_thread(ticket: str) -> str | None:
	"""Message id of the first mail we sent about the ticket: the head of the thread in a mail program.

	Set on the resident's messages it makes Helpdesk's replies point there (`HDTicket.reply_via_agent` answers the
	last message), so confirmation, notices and agents' replies stand in one thread.
	"""
	filters = {"reference_doctype": "HD Ticket", "reference_name": str(ticket)}
	return frappe.db.get_value("Email Queue", filters, "message_id", order_by="creation asc")


def find_first_message(ticket: str) -> str | None:
	"""Name of the first message of the conversation."""
	filters = {"reference_doctype": "HD Ticket", "reference_name": ticket, "sent_or_received": "Received"}
	return frappe.db.get_value("Communication", filters, "name", order_by="creation asc")


def notify_assigned_agents(ticket: str) -> None:
	"""Tell the agents of a ticket that the resident has written, the way Helpdesk tells them."""
	doc = frappe.get_doc("HD Ticket", ticket)
	for agent in doc.get_assigned_agents() or []:
		doc.notify_agent(agent.name, "Reaction")


def find_rows(reference: str) -> tuple[frappe._dict | None, frappe._dict | None]:
	"""What tracking and notices need of the request with this reference: its ticket and its submission, if there are.

	A hot path: one statement of plain SQL, as each visit of a request's page begins with it.
	"""
	(row,) = frappe.db.sql(
		"""select ticket.name, ticket.subject, ticket.status, ticket.status_category, ticket.agent_group,
			ticket.raised_by, ticket.contact, ticket.sla, ticket.response_by, ticket.resolution_by,
			ticket.resolution_date, ticket.first_responded_on, ticket.on_hold_since, ticket.creation,
			ticket.opening_date, ticket.service_level_agreement_creation, ticket.resolution_details,
			ticket.cs_reference, ticket.cs_service, ticket.cs_department, ticket.cs_agreement, ticket.cs_targets,
			ticket.cs_language, ticket.cs_outcome, ticket.cs_key_version, ticket.cs_citizen, ticket.cs_phone,
			ticket.is_merged, ticket.feedback_rating, ticket.feedback_extra,
			sent.name as sent_name, sent.service as sent_service, sent.ticket as sent_ticket,
			sent.department as sent_department, sent.received_at as sent_received_at,
			sent.response_by as sent_response_by, sent.resolution_by as sent_resolution_by,
			sent.promised_targets as sent_promised_targets, sent.answers as sent_answers,
			sent.contact_email as sent_contact_email, sent.contact_phone as sent_contact_phone,
			sent.contact_name as sent_contact_name
		from (select %s as reference) asked
		left join `tabHD Ticket` ticket on ticket.cs_reference = asked.reference
		left join `tabService Submission` sent on sent.name = asked.reference
		limit 1""",
		(reference,),
		as_dict=True,
	)
	sent = frappe._dict(
		{field.removeprefix("sent_"): row.pop(field) for field in tuple(row) if field.startswith("sent_")}
	)
	return (row if row.name else None), (sent if sent.name else None)


def get_public_conversation(ticket: str, address: str) -> Conversation:
	"""The newest messages between the city and this address.

	Internal comments are another doctype and never come along. Nor does what others wrote or were sent: an agent
	may ask a contractor on the same ticket, and Helpdesk copies messages from one resident's request to another's
	when it merges them.

	:param address: the resident's, or the one that stands for residents who gave none.
	"""
	rows = frappe.db.sql(
		"""select name, sender, sender_full_name, recipients, sent_or_received, creation, communication_date,
			left(content, %s) as content, char_length(content) > %s as is_cut
		from `tabCommunication`
		where reference_doctype = 'HD Ticket' and reference_name = %s and communication_type = 'Communication'
		order by creation desc
		limit %s""",
		(MOST_CHARACTERS, MOST_CHARACTERS, ticket, MOST_MESSAGES + 1),
		as_dict=True,
	)
	shown = [row for row in reversed(rows[:MOST_MESSAGES]) if _is_between(row, address.lower())]
	return Conversation(shown, len(rows) > MOST_MESSAGES)


def has_merged_in(ticket: str) -> bool:
	"""Whether another ticket was merged into this one."""
	return bool(frappe.db.exists("HD Ticket", {"merged_with": ticket, "is_merged": 1}))


def _is_between(message: frappe._dict, address: str) -> bool:
	"""Whether the city and this address are the two sides of the message."""
	if message.sent_or_received == "Received":
		return parseaddr(message.sender or "")[1].lower() == address
	recipients = {found.lower() for _name, found in getaddresses([message.recipients or ""]) if found}
	return message.sent_or_received == "Sent" and (not recipients or address in recipients)


def log_activity(ticket: str, sentence: str) -> None:
	"""Put a sentence into the ticket's activity list in Helpdesk."""
	frappe.get_doc({"doctype": "HD Ticket Activity", "ticket": ticket, "action": sentence[:1000]}).insert(
		ignore_permissions=True
	)


def choose_agreement_again(ticket: Document) -> None:
	"""Let Helpdesk choose the agreement anew after `cs_agreement` changed inside a save."""
	ticket.set_sla()


def set_sender_to_session(ticket: Document) -> None:
	"""Make the ticket that of whoever is logged in."""
	if frappe.session.user != "Guest":
		ticket.raised_by = frappe.db.get_value("User", frappe.session.user, "email")


def is_from_submission(ticket: Document) -> bool:
	"""Whether the app itself is making this ticket, from what a resident sent in."""
	return bool(ticket.flags.get(FROM_SUBMISSION))


def is_edited_by_agent() -> bool:
	"""Whether the session may work on tickets; the system itself may, too."""
	return bool(is_agent())


def is_staff(email: str) -> bool:
	"""Whether the address is that of someone who works here (a System User), not of a resident."""
	return bool(frappe.db.exists("User", {"email": email, "user_type": "System User"}))


def make_texts_harmless(ticket: Document) -> None:
	"""Defuse subject and description of a ticket that is new or a customer's to change: both go into mails to agents.

	In a subject Frappe would also escape markup, and then a mail's subject may be too long to be stored at all.
	"""
	if ticket.get("subject"):
		ticket.subject = make_title(ticket.subject)[:SUBJECT_LENGTH]
	if ticket.get("description"):
		ticket.description = make_harmless(sanitize_html(ticket.description))


def make_message_harmless(message: Document) -> None:
	"""Defuse what comes in about a ticket by any channel: agents read it, find it in the search, quote it in mails.

	The sanitiser runs here first, because it escapes what it does not let through. Of a subject that is nothing but
	markup it would leave nothing, and then Frappe would refuse the message for having none.
	"""
	if message.reference_doctype == "HD Ticket" and message.sent_or_received == "Received":
		message.content = make_harmless(sanitize_html(message.content or ""))
		message.subject = make_title(message.subject or "")


def is_split(ticket: Document) -> bool:
	"""Whether the ticket is being made as a copy of another (Helpdesk copies every field, custom ones too)."""
	return bool(ticket.get("ticket_split_from"))


def is_merged(ticket: Mapping) -> bool:
	"""Whether the ticket was merged into another one and closed for it."""
	return bool(cint(ticket.get("is_merged")))
