"""Taking a request in: first the submission, stored and committed; then, from it, exactly one ticket."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe
from frappe.utils import get_datetime, now_datetime

from citizen_support import promise, routing
from citizen_support.host import files as host_files
from citizen_support.host.bare_insert import insert_row
from citizen_support.host.errors import log_failure
from citizen_support.host.plain import make_title
from citizen_support.intake.background import file_now_or_soon
from citizen_support.intake.files import CleanFile
from citizen_support.intake.filing import RECEIVED
from citizen_support.intake.keys import hash_key
from citizen_support.intake.rules import NAME_LENGTH, Answer
from citizen_support.promise.rules import pack_targets
from citizen_support.tracking.rules import make_reference

DOCTYPE = "Service Submission"
TRIES_FOR_A_FREE_REFERENCE = 5
# After that a form's key opens nothing any more, only the request's own key does.
SENT_AGAIN_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Incoming:
	"""A checked request on its way in.

	:ivar service: the published service's dict.
	:ivar contact: checked `name`, `email`, `phone`, those that were given.
	:ivar files: sound uploads with the key of their question.
	:ivar idempotency_key: what makes the same form, sent twice, the same request (`keys.make_key`).
	"""

	service: Mapping
	answers: Sequence[Answer]
	contact: Mapping[str, str]
	files: Sequence[tuple[str, CleanFile]]
	idempotency_key: str
	language: str
	channel: str = "Portal"


def receive(incoming: Incoming) -> str:
	"""Take in a request and give back its reference; the same idempotency key gives the same reference.

	Once the submission is committed the request cannot be lost: what fails after that is done again later.
	"""
	reference = store_submission(incoming)
	# The one commit on the way in: from here on nothing that fails can lose the request.
	frappe.db.commit()
	try:
		file_now_or_soon(reference)
	except Exception:
		# Not even the failure could be noted, as when the database went away: the sweep finds the submission.
		log_failure(f"Request {reference} waits for the sweep")
	return reference


def find_submission(idempotency_key: str) -> str | None:
	"""Reference of what was already sent in under this key."""
	return _find_by_hash(hash_key(idempotency_key))


def is_recent(reference: str) -> bool:
	"""Whether the request came in within the time in which its form may be sent again, after "back" or a fault."""
	received_at = frappe.db.get_value(DOCTYPE, reference, "received_at")
	return now_datetime() - get_datetime(received_at) < SENT_AGAIN_WITHIN


def has_files(reference: str, contents: Sequence[bytes]) -> bool:
	"""Whether all of these files came with a request."""
	return not contents or host_files.holds_all(DOCTYPE, reference, contents)


def store_submission(incoming: Incoming) -> str:
	"""Write the submission as received, with the promise made for it; returns its reference."""
	received_at = now_datetime().replace(microsecond=0)
	service, email = incoming.service, incoming.contact.get("email")
	department, targets = _find_destination(incoming, received_at)
	promised = _make_promise({**service, **targets}, department, received_at)
	values = {
		"state": RECEIVED,
		"attempts": 0,
		"service": service["code"],
		"service_version": service.get("version"),
		"channel": incoming.channel,
		"language": incoming.language,
		"received_at": received_at,
		"department": department,
		"response_by": promised.response_by if promised else None,
		"resolution_by": promised.resolution_by if promised else None,
		"promised_targets": pack_targets(targets),
		"contact_name": make_contact_name(incoming.contact.get("name")),
		"contact_email": email,
		"contact_phone": incoming.contact.get("phone"),
		"answers": json.dumps([answer.as_dict() for answer in incoming.answers], ensure_ascii=False),
		"idempotency_key": hash_key(incoming.idempotency_key),
	}
	reference, is_new = _insert_submission(values)
	for _key, file in incoming.files if is_new else ():
		host_files.attach_new_file(DOCTYPE, reference, file.name, file.content, file.extension)
	return reference


def make_contact_name(name: str | None) -> str | None:
	"""A name as the submission stores it: Frappe would escape markup in it, and then it could be too long."""
	return make_title(name)[:NAME_LENGTH] if name else None


def _find_destination(incoming: Incoming, received_at: datetime) -> tuple[str, dict]:
	"""Department and targets of the request. Should routing fail, they are the service's own: the request is taken in, and
	routed again when its ticket is made.
	"""
	service, email = incoming.service, incoming.contact.get("email")
	try:
		facts = routing.make_facts(service, incoming.answers, incoming.channel, received_at, email)
		route = routing.route(service, facts)
		return route.department, dict(route.targets)
	except Exception:
		log_failure(f"No route could be found for {service['code']}")
		return service["department"] or routing.get_front_desk() or "", routing.get_targets(service)


def _make_promise(service: Mapping, department: str, received_at: datetime) -> promise.Promise | None:
	"""The promise made; None if it cannot be counted (hours changed since): a request is worth more than its date."""
	try:
		return promise.make_promise(service, department, received_at)
	except Exception:
		log_failure(f"No promise could be made for {service['code']}")
		return None


def _insert_submission(values: Mapping) -> tuple[str, bool]:
	"""Insert under a free reference; if the same form came in at the same moment, the other one wins.

	:returns: the reference, and whether this call made it.
	"""
	for _attempt in range(TRIES_FOR_A_FREE_REFERENCE):
		reference = make_reference()
		if insert_row(DOCTYPE, reference, {**values, "reference": reference}):
			return reference, True
		# What was read before the other one's commit does not show it.
		frappe.db.rollback()
		if existing := _find_by_hash(values["idempotency_key"]):
			return existing, False
	raise frappe.DuplicateEntryError(DOCTYPE)


def _find_by_hash(hashed: str) -> str | None:
	# A hot path: plain SQL, as the query builder costs more than the statement.
	rows = frappe.db.sql("select name from `tabService Submission` where idempotency_key = %s", (hashed,))
	return rows[0][0] if rows else None
