"""What a service was: kept at each step of its life, and whenever it changes while residents can use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from citizen_support import transfer
from citizen_support.host.errors import log_failure
from citizen_support.promise.rules import TARGET_FIELDS
from citizen_support.publishing import words
from citizen_support.publishing.changes import TRANSLATIONS, compare_translations, find_changes
from citizen_support.publishing.content import (
	load_content,
	put_content,
	put_translations,
	read_content,
	write_content,
)
from citizen_support.publishing.rules import DRAFT, PILOT, PUBLISHED, RETIRED, is_live
from citizen_support.transfer.rules import Unreadable

DOCTYPE = "Service Version"
SERVICE = "Municipal Service"
SHOWN_AT_ONCE = 20
SUMMARY_LENGTH = 2000
PILOT_BEGAN, CHANGED, WENT_BACK, TAKEN_OVER = "Pilot began", "Changed", "Went back", "Taken over"
TRANSLATED = "Translated"
# What one person translates within this time is one version.
TRANSLATING = timedelta(minutes=10)
STEPS = {PILOT: PILOT_BEGAN, PUBLISHED: "Published", RETIRED: "Retired", DRAFT: "Back to draft"}
# Set on a document for its next save: the number of the version it goes back to.
GOES_BACK = "cs_goes_back_to"


@dataclass(frozen=True)
class Pilot:
	"""When a pilot was.

	:ivar number: the version it began with; 0 if it began before versions were kept, or there was none.
	:ivar ended_on: None while it is on.
	"""

	number: int = 0
	began_on: datetime | None = None
	ended_on: datetime | None = None


def keep_version(doc: Document) -> None:
	"""Keep what the service has become, with who and when, if this save has to be remembered. For `on_update`.

	Not in `validate`: only after it Frappe takes pictures out of texts and cleans them, and what it takes away
	has never been there for residents.
	"""
	content = read_content(doc)
	happened = _name_event(doc, doc.get_doc_before_save(), content)
	if not happened:
		return
	put_translations(doc)
	lines = describe_changes(get_content(doc.name, doc.version), content)
	doc.version += 1
	_insert(doc, happened, content, "\n".join(line["sentence"] for line in lines))
	_store_number(doc)
	doc.flags[GOES_BACK] = None


def keep_translations(service: str) -> None:
	"""Keep that texts in other languages of a service in use have changed.

	They are saved one by one: what one person changes within ten minutes is one version.
	"""
	if not is_live(frappe.db.get_value(SERVICE, service, "status") or DRAFT):
		return
	doc = frappe.get_doc(SERVICE, service, for_update=True)
	before = get_content(service, doc.version)
	if before is None:
		return
	content = {**before, TRANSLATIONS: read_content(doc)[TRANSLATIONS]}
	if TRANSLATIONS in before and not compare_translations(before[TRANSLATIONS], content[TRANSLATIONS]):
		return
	if last := _find_begun(doc):
		lines = describe_changes(get_content(service, doc.version - 1), content)
		summary = "\n".join(line["sentence"] for line in lines)[:SUMMARY_LENGTH]
		frappe.db.set_value(DOCTYPE, last, {"content": write_content(content), "summary": summary})
		return
	doc.version += 1
	_insert(
		doc, TRANSLATED, content, "\n".join(line["sentence"] for line in describe_changes(before, content))
	)
	_store_number(doc)


def _find_begun(doc: Document) -> str | None:
	"""The service's newest version, if this user is still translating in it."""
	return frappe.db.exists(
		DOCTYPE,
		{
			"service": doc.name,
			"number": doc.version,
			"what_happened": TRANSLATED,
			"made_by": frappe.session.user,
			"made_on": (">", now_datetime() - TRANSLATING),
		},
	)


def keep_first_versions() -> int:
	"""A first version of each service that residents could use before versions were kept; returns how many."""
	names = frappe.get_all(
		SERVICE, {"status": ("!=", DRAFT), "version": 0}, pluck="name", limit_page_length=0
	)
	for name in names:
		doc = frappe.get_doc(SERVICE, name)
		doc.version = 1
		_insert(doc, TAKEN_OVER, read_content(doc), "")
		_store_number(doc)
	return len(names)


def forget_versions(service: str) -> None:
	"""Nothing is left of a service that is deleted."""
	frappe.db.delete(DOCTYPE, {"service": service})


def get_content(service: str, number: int) -> dict | None:
	"""What the service was in this version."""
	filters = {"service": service, "number": number}
	text = frappe.db.get_value(DOCTYPE, filters, "content") if number > 0 else None
	return load_content(text) if text else None


def list_versions(service: str, before: int | None = None) -> list[dict]:
	"""The service's versions, newest first, each with who, when and what changed since the one before.

	:param before: only versions with a lower number, for the next page.
	"""
	filters = {"service": service} | ({"number": ("<", before)} if before else {})
	fields = ["number", "what_happened", "went_back_to", "status", "made_by", "made_on", "content"]
	# One more than is shown: what the oldest of them changed is told against the one before it.
	rows = frappe.get_all(
		DOCTYPE, filters=filters, fields=fields, order_by="number desc", limit=SHOWN_AT_ONCE + 1
	)
	contents = [load_content(row.content) for row in rows]
	return [
		{
			"number": row.number,
			"title": words.name_event(row),
			"status": row.status,
			"by": frappe.utils.get_fullname(row.made_by),
			"on": str(row.made_on),
			"is_first": place + 1 == len(rows),
			"changes": describe_changes(
				contents[place + 1] if place + 1 < len(rows) else None, contents[place]
			),
		}
		for place, row in enumerate(rows[:SHOWN_AT_ONCE])
	]


def describe_changes(before: Mapping | None, after: Mapping) -> list[dict]:
	"""What changed from one content to another, a sentence each; nothing where there is none before."""
	if before is None:
		return []
	return words.describe_changes(find_changes(before, after), before, after)


def put_back(doc: Document, number: int) -> list[transfer.Missing]:
	"""Give the service the content of one of its versions; not saved yet.

	:returns: what the version points at and this site no longer has.
	:raises frappe.DoesNotExistError: if it has no such version.
	"""
	content = get_content(doc.name, number)
	if content is None:
		frappe.throw(_("There is no version {0} of this service.").format(number), frappe.DoesNotExistError)
	missing = put_content(doc, content)
	doc.flags[GOES_BACK] = number
	return missing


def find_targets_at(service: str, moment: datetime) -> dict:
	"""What the service promised at a moment; empty if it has no version that old."""
	filters = {"service": service, "made_on": ("<=", moment)}
	text = frappe.db.get_value(DOCTYPE, filters, "content", order_by="number desc")
	content = load_content(text)
	meta = frappe.get_meta(SERVICE)
	defaults = {field: meta.get_field(field).default for field in TARGET_FIELDS}
	return {field: content.get(field, defaults[field]) for field in TARGET_FIELDS} if content else {}


def read_service_in(service: str, number: int) -> dict | None:
	"""The service's dict as it was in this version; None if there is none, or it was made by an older release."""
	content = get_content(service, number)
	try:
		return words.read_as_service(content) if content else None
	except Unreadable:
		log_failure(f"Version {number} of {service} could not be read")
		return None


def find_pilot(service: str) -> Pilot:
	"""When the last pilot of the service was, as far as its versions know."""
	rows: Sequence = frappe.get_all(
		DOCTYPE,
		filters={"service": service, "what_happened": ("in", list(STEPS.values()))},
		fields=["number", "what_happened", "made_on"],
		order_by="number desc",
		limit=50,
	)
	ended = None
	for row in rows:
		if row.what_happened == PILOT_BEGAN:
			return Pilot(row.number, row.made_on, ended)
		ended = row.made_on
	return Pilot()


def list_contents_since(service: str, number: int) -> list[tuple[datetime, dict]]:
	"""What the service was in this version and in those after it, oldest first, each with its moment."""
	filters = {"service": service, "number": (">=", number)}
	rows = frappe.get_all(
		DOCTYPE, filters=filters, fields=["made_on", "content"], order_by="number", limit_page_length=0
	)
	return [(row.made_on, load_content(row.content)) for row in rows]


def _name_event(doc: Document, before: Document | None, content: Mapping) -> str | None:
	"""What this save is in the service's history; None if nobody needs to remember it."""
	status = before.status if before else DRAFT
	if doc.status != status:
		return STEPS[doc.status]
	if doc.flags.get(GOES_BACK):
		return WENT_BACK
	if is_live(doc.status) and before and content != read_content(before):
		return CHANGED
	return None


def _store_number(doc: Document) -> None:
	"""The service's newest version. No change of the service itself: an open form of it can still be saved."""
	frappe.db.set_value(SERVICE, doc.name, "version", doc.version, update_modified=False)


def _insert(doc: Document, happened: str, content: Mapping, summary: str) -> None:
	version = frappe.new_doc(DOCTYPE)
	version.update(
		{
			"service": doc.name,
			"number": doc.version,
			"what_happened": happened,
			"went_back_to": doc.flags.get(GOES_BACK) or 0,
			"status": doc.status,
			"made_by": frappe.session.user,
			"made_on": now_datetime(),
			"summary": summary[:SUMMARY_LENGTH],
			"content": write_content(content),
		}
	)
	# Who may change the service makes its history, and nobody writes it by hand.
	version.flags.ignore_links = True
	version.insert(ignore_permissions=True)
