"""A service as it stands in somebody's form, unsaved, as a document in memory."""

from dataclasses import dataclass

from frappe import _
from frappe.model.document import Document

from citizen_support.catalogue import checks, read_service
from citizen_support.catalogue.rules import is_code, make_code
from citizen_support.designer import findings
from citizen_support.host import drafts

DOCTYPE = "Municipal Service"
UNNAMED = "new-service"


@dataclass(frozen=True)
class Draft:
	"""A service that may be unfinished.

	:ivar doc: never to be saved.
	:ivar service: its dict, as the portal has it of a published one.
	:ivar findings: sentences for what would keep it from being saved; empty if it is sound.
	"""

	doc: Document
	service: dict
	findings: list[str]


def read_draft(text: str, permission: str) -> Draft:
	"""The draft that a form sends as JSON; asks and refuses as `host.drafts.read_draft` does."""
	doc = drafts.read_draft(DOCTYPE, text, permission)
	doc.name = doc.name or _make_name(doc)
	checks.set_question_keys(doc)
	return Draft(doc, read_service(doc), findings.list_findings(doc))


def explain_length(text: str) -> str | None:
	"""Why a form holds more than can be shown, as a sentence; None if it does not.

	A finding, not an error: the form asks after each pause in typing, and should not interrupt whoever types.
	"""
	if not drafts.is_too_long(text):
		return None
	return _("This service has become too long to be shown. Please shorten its texts.")


def _make_name(doc: Document) -> str:
	code = (doc.code or "").strip().lower() or make_code(doc.title or "")
	return code if is_code(code) else UNNAMED
