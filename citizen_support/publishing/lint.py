"""The linter: what stands against letting residents use a service, a sentence each, with the field to mend."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

from citizen_support import languages, promise, routing
from citizen_support.catalogue import read_service
from citizen_support.host.holidays import get_last_day
from citizen_support.host.teams import find_team_problem
from citizen_support.promise.rules import CALENDAR_DAYS, WORKING_DAYS, Target
from citizen_support.publishing import sentences
from citizen_support.publishing.examine import (
	STOPS,
	WARNS,
	Circumstances,
	Department,
	Finding,
	examine,
	leave_only_new,
)
from citizen_support.publishing.rules import BY_AREA, is_live
from citizen_support.transfer import Missing

SETTINGS = "Citizen Support Settings"
# Days of an ordinary week that a working day or hour stands for, rather too many than too few.
_DAYS = {CALENDAR_DAYS: 1.0, WORKING_DAYS: 7 / 3}
_DAYS_AN_HOUR = 7 / 20


@dataclass(frozen=True)
class LintFinding:
	"""A finding in words.

	:ivar severity: "stops" or "warns".
	:ivar fieldname: of the service, where it is mended.
	:ivar row: name of the row of that table; None if it is not about one row, or the row is not saved yet.
	:ivar number: the row's number, 1 = first; None likewise.
	:ivar elsewhere: `doctype`, `name` and `fieldname` of another record in which it is mended; None if in the service.
	"""

	severity: str
	sentence: str
	fieldname: str
	row: str | None = None
	number: int | None = None
	elsewhere: dict[str, str] | None = None

	def as_dict(self) -> dict:
		return asdict(self)


def lint(doc: Document, status: str | None = None) -> list[LintFinding]:
	"""Everything to mend before the service has a status, what stops it first.

	:param doc: the service, saved or not.
	:param status: by default its own.
	"""
	return [_put_in_words(doc, finding) for finding in find_findings(doc, status or doc.status)]


def find_new_stops(doc: Document, before: Document | None) -> list[LintFinding]:
	"""What stops residents from using the service as it is to be saved, and did not stop them before.

	A service in use that something around it has broken, as a team without members, can still be saved:
	nobody may be kept from mending the rest.
	"""
	stops = [finding for finding in find_findings(doc, doc.status) if finding.severity == STOPS]
	if stops and before and is_live(before.status) and before.status == doc.status:
		stops = leave_only_new(stops, find_findings(before, before.status))
	return [_put_in_words(doc, finding) for finding in stops]


def find_findings(doc: Document, status: str) -> list[Finding]:
	"""The plain findings."""
	service = read_service(doc)
	service["pilot_goals"] = len(doc.pilot_goals)
	service["pilot_ends_on"] = getdate(doc.pilot_ends_on) if doc.pilot_ends_on else None
	return examine(service, _look_around(doc, service), status)


def tell_missing(doc: Document, missing: Sequence[Missing]) -> list[LintFinding]:
	"""What a version points at in vain: what the service cannot be without stops, the rest warns.

	:param doc: the service with the content of the version.
	"""
	findings = []
	for one in missing:
		fieldname, number = one.place[0], int(one.place[1]) if len(one.place) > 1 else None
		# An article that is left out has no row.
		rows = doc.get(fieldname) if number and len(one.place) > 2 else None
		findings.append(
			LintFinding(
				severity=STOPS if one.is_needed else WARNS,
				sentence=sentences.explain_missing(one.doctype, one.name, number, one.kept),
				fieldname=fieldname,
				row=rows[number - 1].name if rows else None,
				number=number if rows else None,
			)
		)
	return findings


def _put_in_words(doc: Document, finding: Finding) -> LintFinding:
	rows = doc.get(finding.fieldname) if finding.row is not None else None
	return LintFinding(
		severity=finding.severity,
		sentence=sentences.explain(finding),
		fieldname=finding.fieldname,
		row=rows[finding.row].name if rows else None,
		number=finding.row + 1 if rows else None,
		elsewhere=asdict(finding.elsewhere) if finding.elsewhere else None,
	)


def _look_around(doc: Document, service: Mapping) -> Circumstances:
	missing, outdated = _count_texts(_list_records(doc, service))
	return Circumstances(
		departments=_read_departments(service),
		today=getdate(nowdate()),
		front_desk_problem=_find_front_desk_problem(),
		city_holidays=frappe.get_cached_doc(SETTINGS).holiday_list or "",
		rule_faults={fault.position - 1: fault.sentence for fault in routing.find_rule_problems(doc)},
		rule_problems=_find_rule_problems(service),
		days_promised=max(map(_count_days, _list_promises(service)), default=0),
		missing_texts=missing,
		outdated_texts=outdated,
		unpublished=_find_unpublished(doc),
	)


def _read_departments(service: Mapping) -> dict[str, Department]:
	"""The service's own department, and those its rules name."""
	of_city = frappe.get_cached_doc(SETTINGS)
	has_city_contact = bool(of_city.contact_phone or of_city.contact_email)
	promises: dict[str, list[Mapping]] = {}
	for promised in _list_promises(service):
		promises.setdefault(promised["department"], []).append(promised)
	departments = {}
	for code, several in promises.items():
		if not code or not frappe.db.exists("Municipal Department", code):
			continue
		doc = frappe.get_cached_doc("Municipal Department", code)
		list_name = doc.holiday_list or of_city.holiday_list
		last = get_last_day(list_name) if list_name else None
		problems = (promise.find_service_problem(promised, code) for promised in several)
		departments[code] = Department(
			name=doc.department_name,
			problem=_find_department_problem(doc),
			promise_problem=next(filter(None, problems), None),
			has_contact=bool(doc.phone or doc.email or has_city_contact),
			holidays_end=(list_name, last) if list_name and last else None,
			problem_field="team" if doc.enabled else "enabled",
			has_holidays=bool(list_name),
		)
	return departments


def _list_promises(service: Mapping) -> list[dict]:
	"""What may be promised: by the service itself, and by each rule that says otherwise."""
	return [
		{**service, **targets, "department": department}
		for _rule, department, targets in routing.list_destinations(service)
	]


def _count_days(promised: Mapping) -> float:
	"""How far a promise reaches, in days, taken generously."""

	def count(target: Target | None) -> float:
		return target.amount * _DAYS.get(target.unit, _DAYS_AN_HOUR) if target else 0

	return max(map(count, promise.get_targets(promised)))


def _find_department_problem(doc: Document) -> str | None:
	if not doc.enabled:
		return _("{0} takes no requests at present.").format(doc.department_name)
	return find_team_problem(doc.team)


def _find_front_desk_problem() -> str:
	code = routing.get_front_desk()
	if not code or not frappe.db.exists("Municipal Department", code):
		return _("No front desk is set.")
	return _find_department_problem(frappe.get_cached_doc("Municipal Department", code)) or ""


def _find_rule_problems(service: Mapping) -> dict[int, str]:
	teams = {rule["team"] for rule in service["rules"] if rule["team"]}
	problems = {team: find_team_problem(team) for team in teams}
	return {
		place: problems[rule["team"]] or ""
		for place, rule in enumerate(service["rules"])
		if rule["team"] and problems[rule["team"]]
	}


def _find_unpublished(doc: Document) -> dict[int, str]:
	names = [row.article for row in doc.articles if row.article]
	if not names:
		return {}
	rows = frappe.get_all("HD Article", {"name": ("in", names)}, ["name", "title", "status"])
	known = {str(row.name): row for row in rows}
	return {
		place: known[str(row.article)].title
		for place, row in enumerate(doc.articles)
		if str(row.article) in known and known[str(row.article)].status != "Published"
	}


def _list_records(doc: Document, service: Mapping) -> list[Document]:
	"""The service and the records whose texts residents read with it: category, departments, articles, a pilot's area."""
	departments = [department for _rule, department, _targets in routing.list_destinations(service)]
	named = [
		("Service Category", doc.category),
		*(("Municipal Department", code) for code in departments),
		*(("HD Article", row.article) for row in doc.articles),
		("Service Area", doc.pilot_area if doc.pilot_access == BY_AREA else None),
	]
	known = [(doctype, name) for doctype, name in dict.fromkeys(named) if name]
	return [
		doc,
		*(
			frappe.get_cached_doc(doctype, name)
			for doctype, name in known
			if frappe.db.exists(doctype, name, cache=True)
		),
	]


def _count_texts(records: Sequence[Document]) -> tuple[dict, dict]:
	"""Texts without a sound translation, by language: missing ones, and those whose original has changed since."""
	missing, outdated = {}, {}
	for language, found in languages.find_missing(records, languages.get_offered()[1:]).items():
		for kept, texts in (
			(missing, [text for text in found if not text.outdated]),
			(outdated, [text for text in found if text.outdated]),
		):
			if texts:
				kept[languages.name_language(language)] = (len(texts), texts[0].label)
	return missing, outdated
