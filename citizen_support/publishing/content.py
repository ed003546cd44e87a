"""The content of a service as a version keeps it, and a service with the content of a version."""

import json
from collections.abc import Mapping

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from citizen_support import transfer
from citizen_support.host.errors import log_failure
from citizen_support.publishing.changes import GOALS, PILOT_PART
from citizen_support.transfer.rules import Unreadable

_PILOT_FIELDS = ("pilot_access", "pilot_area", "pilot_share", "pilot_ends_on")
_GOAL_FIELDS = ("measure", "comparison", "words")


def read_content(doc: Document) -> dict:
	"""Everything that a change of would be a new version: what a catalogue file holds, and how it is piloted.

	Whether a goal is reached is no change of the service, nor are its status and its key.
	"""
	pilot = {field: str(doc.get(field) or "") for field in _PILOT_FIELDS}
	pilot[GOALS] = [
		{**{field: row.get(field) or "" for field in _GOAL_FIELDS}, "target": flt(row.target)}
		for row in doc.pilot_goals
	]
	return {**transfer.export_service(doc), PILOT_PART: pilot}


def put_content(doc: Document, content: Mapping) -> None:
	"""Give a service the content of a version; how it is piloted and what it is to reach stay as they are.

	:raises frappe.ValidationError: if the version holds what no service may have any more.
	"""
	own = {name: value for name, value in content.items() if name != PILOT_PART}
	try:
		transfer.apply_service(own, doc)
	except Unreadable:
		log_failure(f"A version of {doc.name} could not be read")
		frappe.throw(_("This version was made by an older release and cannot be taken back as a whole."))


def write_content(content: Mapping) -> str:
	"""A content as text, always in the same way."""
	return json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)


def load_content(text: str | None) -> dict:
	"""A content from its text."""
	return json.loads(text or "{}")
