"""A request as its resident sees it: where it stands, what was said; and the resident's own replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe.utils import get_datetime

from citizen_support import promise, residents
from citizen_support.host import files as host_files
from citizen_support.host import statuses, tickets
from citizen_support.intake.files import CleanFile
from citizen_support.tracking.links import opens

SUBMISSION = "Service Submission"
_SUBMISSION_FIELDS = (
	"name",
	"service",
	"ticket",
	"department",
	"received_at",
	"response_by",
	"resolution_by",
	"answers",
	"contact_email",
	"contact_phone",
	"contact_name",
)


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
		return statuses.get_category(self.ticket.status) if self.ticket else statuses.OPEN

	@property
	def key_version(self) -> int:
		return (self.ticket.cs_key_version if self.ticket else None) or 1

	@property
	def email(self) -> str | None:
		email = self.ticket.raised_by if self.ticket else self.submission.contact_email
		return None if email == residents.NOBODY else email

	@property
	def promise(self) -> promise.Promise | None:
		"""What holds now: Helpdesk's dates once there is a ticket, those of the submission before."""
		if self.ticket:
			return promise.read_promise(self.ticket) if self.ticket.response_by else None
		row = self.submission
		end = get_datetime(row.resolution_by) if row.resolution_by else None
		return promise.Promise("", get_datetime(row.response_by), end)


def find_request(reference: str) -> Request | None:
	"""The request with this reference (in its written form), whoever asks."""
	ticket = tickets.find_ticket(reference)
	submission = frappe.db.get_value(SUBMISSION, reference, _SUBMISSION_FIELDS, as_dict=True)
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
	"""What happened to the request, oldest first."""
	return frappe.get_all(
		"Request Event",
		filters={"reference": reference},
		fields=["event", "happened_at", "department", "promised_for"],
		order_by="happened_at, creation",
		limit_page_length=100,
	)


def add_reply(request: Request, text: str, uploads: Sequence[CleanFile], form_key: str) -> bool:
	"""Add the resident's reply to the conversation; False if this very form was sent before."""
	message_id = f"{form_key}@requests"
	if frappe.db.exists("Communication", {"message_id": message_id}):
		return False
	ticket = request.ticket
	name = (request.submission.contact_name if request.submission else None) or request.email
	sender = request.email or residents.NOBODY
	subject = f"Re: {ticket.subject}"
	message = tickets.add_resident_message(
		str(ticket.name), subject, sender, name or sender, [text or _files_only(uploads)]
	)
	frappe.db.set_value("Communication", message, "message_id", message_id, update_modified=False)
	for file in uploads:
		host_files.attach_new_file("Communication", message, file.name, file.content, file.extension)
	host_files.copy_attachments("Communication", message, [("HD Ticket", str(ticket.name))])
	return True


def get_files(request: Request, messages: Sequence[frappe._dict]) -> dict[str, list[frappe._dict]]:
	"""Files the resident may see: those of the public conversation by message, and the submission's under ""."""
	shown: dict[str, list[frappe._dict]] = {}
	for row in host_files.list_attachments("Communication", [message.name for message in messages]):
		shown.setdefault(row.attached_to_name, []).append(row)
	if request.submission:
		shown[""] = host_files.list_attachments(SUBMISSION, request.reference)
	return shown


def find_file(request: Request, name: str) -> frappe._dict | None:
	"""One of the files the resident may see, by its record's name."""
	messages = tickets.get_public_conversation(str(request.ticket.name)) if request.ticket else []
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


def _files_only(uploads: Sequence[CleanFile]) -> str:
	return ", ".join(file.name for file in uploads)
