"""The life of a service: every way it changes its status, and every save, passes here."""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, now_datetime, nowdate

from citizen_support.publishing import versions
from citizen_support.publishing.content import read_content
from citizen_support.publishing.lint import LintFinding, find_new_stops, lint, tell_missing
from citizen_support.publishing.pilots import make_key
from citizen_support.publishing.rules import DRAFT, OWN_WORDS, PILOT, STEPS, is_live, may_follow

SERVICE = "Municipal Service"
STOPS = "stops"
# Set on a document for its next save: the pilot's links stop working, new ones are made.
NEW_KEY = "cs_new_pilot_key"


def set_status(service: str, status: str, is_confirmed: bool = False) -> dict:
	"""Take a service a step on in its life.

	Nothing happens while a finding stops it, nor while findings only warn and nobody has confirmed that they may
	stand.

	:returns: `is_done`, the `status` that holds now, and all `findings`.
	:raises frappe.PermissionError: without the right to publish.
	:raises frappe.ValidationError: if no such step leads on from where the service is.
	"""
	doc = get_for_manager(service)
	check_step(doc.status, status)
	findings = lint(doc, status) if is_live(status) else []
	if not _may_go_on(findings, is_confirmed):
		return _tell(doc.status, findings, False)
	doc.status = status
	doc.save()
	return _tell(status, findings, True)


def go_back(service: str, number: int, is_confirmed: bool = False) -> dict:
	"""Give the service the content of an earlier version, as a new version; its status stays.

	:returns: as `set_status`.
	"""
	doc = get_for_manager(service)
	missing = versions.put_back(doc, number)
	findings = [*tell_missing(doc, missing), *(lint(doc) if is_live(doc.status) else ())]
	findings.sort(key=lambda finding: finding.severity != STOPS)
	if not _may_go_on(findings, is_confirmed):
		return _tell(doc.status, findings, False)
	doc.save()
	return _tell(doc.status, findings, True)


def make_new_key(service: str) -> None:
	"""End all links to the pilot and its report that were given out, and make new ones."""
	doc = get_for_manager(service)
	doc.flags[NEW_KEY] = True
	doc.save()


def examine_service(service: str, status: str = "") -> list[dict]:
	"""What stands against a status of a service, for those who may read it.

	:raises frappe.PermissionError: for everybody else.
	"""
	doc = frappe.get_doc(SERVICE, service)
	doc.check_permission("read")
	return [finding.as_dict() for finding in lint(doc, status if status in STEPS else None)]


def get_history(service: str, before: int = 0) -> dict:
	"""The service's `versions`, newest first, and whether there are `more` before them."""
	doc = frappe.get_doc(SERVICE, service)
	doc.check_permission("read")
	frappe.has_permission(versions.DOCTYPE, "read", throw=True)
	rows = versions.list_versions(service, before or None)
	return {"versions": rows, "more": bool(rows) and not rows[-1]["is_first"], "current": doc.version}


def compare_version(service: str, number: int) -> list[dict]:
	"""What going back to a version would change in the service as it is now, in words."""
	doc = get_for_manager(service)
	now = read_content(doc)
	versions.put_back(doc, number)
	return versions.describe_changes(now, read_content(doc))


def check_save(doc: Document) -> None:
	"""What holds for every save, whoever makes it and by whatever way. For `MunicipalService.validate`.

	:raises frappe.ValidationError: if the status makes a step that is none, or residents would meet a service that
		cannot be used.
	"""
	before = doc.get_doc_before_save()
	check_step(before.status if before else DRAFT, doc.status)
	keep_inner_fields(doc, before)
	note_reached_goals(doc, before)
	if is_live(doc.status):
		refuse_stops(find_new_stops(doc, before))


def check_step(before: str, after: str) -> None:
	"""Refuse a step that does not exist.

	:raises frappe.ValidationError: with the steps there are.
	"""
	if before == after or may_follow(before, after):
		return
	allowed = ", ".join(_("“{0}”").format(_(status)) for status in STEPS.get(before, ()))
	frappe.throw(
		_("A service cannot go from “{0}” to “{1}”. From there it goes to {2}.").format(
			_(before), _(after), allowed
		),
		title=_("Status"),
	)


def refuse_stops(stops: Sequence[LintFinding]) -> None:
	"""Refuse a save after which residents would meet a service that cannot be used."""
	if stops:
		sentences = [frappe.utils.escape_html(finding.sentence) for finding in stops]
		frappe.throw(sentences, title=_("Residents could not use it like this"), as_list=True)


def keep_inner_fields(doc: Document, before: Document | None) -> None:
	"""The newest version's number, the pilot's key and its first day, which nobody writes by hand."""
	doc.version = cint(before.version) if before else 0
	doc.pilot_key = before.pilot_key if before else None
	doc.pilot_starts_on = before.pilot_starts_on if before else None
	begins = doc.status == PILOT and (not before or before.status != PILOT)
	if begins:
		doc.pilot_starts_on = nowdate()
	# Links to an earlier pilot do not open the next one.
	if begins or doc.flags.get(NEW_KEY):
		doc.pilot_key = make_key()
		doc.flags[NEW_KEY] = None


def note_reached_goals(doc: Document, before: Document | None) -> None:
	"""Who ticked a goal, and when; a goal that is measured is ticked by nobody."""
	known = {row.name: row for row in before.pilot_goals} if before else {}
	for row in doc.pilot_goals:
		old = known.get(row.name)
		row.reached = int(bool(row.reached and row.measure == OWN_WORDS))
		if row.reached and old and old.reached:
			row.reached_by, row.reached_on = old.reached_by, old.reached_on
		elif row.reached:
			row.reached_by, row.reached_on = frappe.session.user, now_datetime()
		else:
			row.reached_by = row.reached_on = None


def get_for_manager(service: str) -> Document:
	"""The service, for those who may publish it: a coordinator may write its texts and nothing else.

	:raises frappe.PermissionError: for everybody else.
	"""
	doc = frappe.get_doc(SERVICE, service)
	doc.check_permission("write")
	if 1 not in doc.get_permlevel_access():
		frappe.throw(_("Only a Citizen Support Manager can do this."), frappe.PermissionError)
	return doc


def _may_go_on(findings: Sequence[LintFinding], is_confirmed: bool) -> bool:
	if _stops(findings):
		return False
	return is_confirmed or not findings


def _stops(findings: Sequence[LintFinding]) -> bool:
	return any(finding.severity == STOPS for finding in findings)


def _tell(status: str, findings: Sequence[LintFinding], is_done: bool) -> dict:
	return {"is_done": is_done, "status": status, "findings": [finding.as_dict() for finding in findings]}
