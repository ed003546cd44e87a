"""A request as its resident sees it: where it stands, what was said; and the resident's own replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.utils import flt, get_datetime, now_datetime

from citizen_support import promise, residents
from citizen_support.host import files as host_files
from citizen_support.host import statuses, tickets
from citizen_support.intake import hash_key, make_reply_key
from citizen_support.intake.files import CleanFile
from citizen_support.promise.rules import unpack_targets
from citizen_support.tracking.links import opens

SUBMISSION = "Service Submission"
REPLY = "Resident wrote"
STARS = 5


@dataclass(frozen=True)
class Request:
	"""One request: what was sent in, and the ticket it became (None for the moments before it is filed)."""

	reference: str
	submission: frappe._dict | None
	ticket: frappe._dict | None

	@property
	def service(self) -> str:
		return self.ticket.cs_service if self.ticket else self.submission.service

	@property
	def department(self) -> str:
		return self.ticket.cs_department if self.ticket else self.submission.department

	@property
	def received_at(self) -> datetime:
		row = self.submission
		return get_datetime(row.received_at if row else self.ticket.service_level_agreement_creation)

	@property
	def category(self) -> str:
		if not self.ticket:
			return statuses.OPEN
		return self.ticket.status_category or statuses.get_category(self.ticket.status)

	@property
	def stars(self) -> int:
		"""What its resident said of how it went, 1 to 5; 0 if nothing yet."""
		return round(flt(self.ticket.feedback_rating) * STARS) if self.ticket else 0

	@property
	def may_be_judged(self) -> bool:
		"""Whether its resident is asked how it went: when it is done, and not because it went on in another request."""
		return bool(self.ticket) and self.category == statuses.RESOLVED and not tickets.is_merged(self.ticket)

	@property
	def key_version(self) -> int:
		return (self.ticket.cs_key_version if self.ticket else None) or 1

	@property
	def email(self) -> str | None:
		email = self.ticket.raised_by if self.ticket else self.submission.contact_email
		return None if email == residents.NOBODY else email

	@property
	def targets(self) -> dict:
		"""The targets it was promised; empty if they were not kept with it, as with requests of long ago."""
		return unpack_targets(self.ticket.cs_targets if self.ticket else self.submission.promised_targets)

	@property
	def promise(self) -> promise.Promise | None:
		"""What holds now: Helpdesk's dates once there is a ticket, those of the submission before."""
		if self.ticket:
			return promise.read_promise(self.ticket) if self.ticket.response_by else None
		row = self.submission
		if not row.response_by:
			return None
		end = get_datetime(row.resolution_by) if row.resolution_by else None
		return promise.Promise("", get_datetime(row.response_by), end)


def find_request(reference: str) -> Request | None:
	"""The request with this reference (in its written form), whoever asks."""
	ticket, submission = tickets.find_rows(reference)
	if not ticket and not submission:
		return None
	return Request(reference, submission, ticket)


def open_request(reference: str | None, key: str | None) -> Request | None:
	"""The request, if the key opens it; None alike for a wrong key, an old one and an unknown reference."""
	request = find_request(reference) if reference else None
	# The key is compared in any case, so that an unknown reference takes as long as a wrong key.
	version = request.key_version if request else 0
	is_open = opens(reference or "", version, key)
	return request if request and is_open else None


def get_events(reference: str) -> list[frappe._dict]:
	"""What happened to the request, oldest first; replies stand in the conversation."""
	return frappe.db.sql(
		"""select event, happened_at, department, promised_for
		from `tabRequest Event`
		where reference = %s and event != %s
		order by happened_at, creation
		limit 100""",
		(reference, REPLY),
		as_dict=True,
	)


def add_reply(request: Request, text: str, uploads: Sequence[CleanFile], form_key: str) -> bool:
	"""Add the resident's reply to the conversation; False if this very form was sent before with the same words."""
	key = make_reply_key(form_key, text, [file.content for file in uploads])
	if not _note_reply(request, key):
		return False
	ticket = str(request.ticket.name)
	sender = request.email or residents.NOBODY
	name = (
		(request.submission.contact_name if request.submission else None) or request.email or _("A resident")
	)
	parts = [text or ", ".join(file.name for file in uploads)]
	message = tickets.add_resident_message(ticket, f"Re: {request.ticket.subject}", sender, name, parts)
	for file in uploads:
		host_files.attach_new_file("Communication", message, file.name, file.content, file.extension)
	host_files.copy_attachments("Communication", message, [("HD Ticket", ticket)])
	if request.category == statuses.OPEN:
		# A ticket that a reply reopens is announced by Helpdesk itself.
		tickets.notify_assigned_agents(ticket)
	return True


def _note_reply(request: Request, key: str) -> bool:
	"""Put the reply on the request's record of events, under its key; False if it stands there."""
	event = frappe.new_doc("Request Event")
	event.update({"reference": request.reference, "ticket": str(request.ticket.name), "event": REPLY})
	event.update({"happened_at": now_datetime(), "idempotency_key": hash_key(key)})
	try:
		event.insert(ignore_permissions=True)
	except (frappe.DuplicateEntryError, frappe.UniqueValidationError):
		frappe.db.rollback()
		frappe.clear_last_message()
		return False
	return True


def add_feedback(request: Request, stars: int, text: str) -> bool:
	"""Keep what the resident says of how it went; False if it was said before: the first word counts.

	:param stars: 1 to 5.
	"""
	return tickets.keep_feedback(str(request.ticket.name), stars / STARS, text)


def get_conversation(request: Request) -> tickets.Conversation:
	"""What city and resident wrote to each other.

	Residents without an address all have the same stand-in, so after a merge their words cannot be told apart: then
	only the city's are shown.
	"""
	if not request.ticket:
		return tickets.Conversation([])
	name = str(request.ticket.name)
	found = tickets.get_public_conversation(name, request.email or residents.NOBODY)
	if request.email or not tickets.has_merged_in(name):
		return found
	sent = [message for message in found.messages if message.sent_or_received == "Sent"]
	return found._replace(messages=sent)


def get_files(request: Request, messages: Sequence[frappe._dict]) -> dict[str, list[frappe._dict]]:
	"""Files the resident may see: those of the public conversation by message, and the submission's under ""."""
	owners = [("Communication", message.name) for message in messages]
	if request.submission:
		owners.append((SUBMISSION, request.reference))
	shown: dict[str, list[frappe._dict]] = {}
	for row in host_files.list_attachments_of(owners):
		owner = "" if row.attached_to_doctype == SUBMISSION else row.attached_to_name
		shown.setdefault(owner, []).append(row)
	return shown


def find_file(request: Request, name: str) -> frappe._dict | None:
	"""One of the files the resident may see, by its record's name."""
	messages = get_conversation(request).messages
	files = [row for rows in get_files(request, messages).values() for row in rows]
	return next((row for row in files if row.name == name), None)


def is_contact_of(request: Request, contact: str, region: str | None) -> bool:
	"""Whether an e-mail address or phone number is the one the request was made with."""
	email = residents.normalise_email(contact)
	if email:
		return bool(request.email) and email == request.email.lower()
	phone = residents.normalise_phone(contact, region)
	given = request.ticket.cs_phone if request.ticket else request.submission.contact_phone
	return bool(phone) and phone == given
