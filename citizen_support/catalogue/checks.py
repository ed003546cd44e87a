"""Checks that a Municipal Service passes before it is saved, each with a sentence that says what to do."""

import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support import promise, routing
from citizen_support.catalogue.rules import find_findings, is_code, make_code, make_question_key
from citizen_support.catalogue.sentences import explain_question
from citizen_support.catalogue.snapshots import read_questions, read_service
from citizen_support.routing.rules import ANSWER


def name_by_code(doc: Document, title_field: str) -> None:
	"""Name a record by its code; without one, by a code made of its title.

	:raises frappe.ValidationError: if the code has other than small letters, digits and hyphens.
	"""
	doc.code = (doc.code or "").strip().lower() or make_code(doc.get(title_field) or "")
	if not doc.code:
		frappe.throw(_("Please give a code: small letters, digits and hyphens, for example “street-light”."))
	if not is_code(doc.code):
		frappe.throw(_("The code “{0}” may have only small letters, digits and hyphens.").format(doc.code))
	doc.name = doc.code


def check_web_address(doc: Document, fieldname: str) -> None:
	"""Refuse an address that a click could not safely follow, such as `javascript:`."""
	address = (doc.get(fieldname) or "").strip()
	if address and not address.lower().startswith(("https://", "http://")):
		label = _(doc.meta.get_label(fieldname))
		frappe.throw(_("{0}: please give a web address that begins with https://").format(label))


def set_question_keys(service: Document) -> None:
	"""Give each new question its lasting key; conditions and rules that name a question by its words get the key."""
	taken = {row.question_key for row in service.questions if row.question_key}
	by_label = {}
	for row in service.questions:
		if not row.question_key:
			row.question_key = make_question_key(row.label or "", taken)
			taken.add(row.question_key)
		by_label[(row.label or "").strip().casefold()] = row.question_key
	for row in service.questions:
		row.show_if_question = _find_key(row.show_if_question, taken, by_label)
	for row in service.routing_rules:
		row.question_key = _find_key(row.question_key, taken, by_label) if row.match_on == ANSWER else None


def check_questions(service: Document) -> None:
	"""Refuse questions nobody could answer or reach.

	:raises frappe.ValidationError: with a sentence for each finding.
	"""
	_refuse(list_question_problems(service), _("Questions to mend"))


def list_question_problems(service: Document) -> list[str]:
	"""A sentence (plain text) for whatever would make one of its questions impossible to answer or to reach."""
	found = find_findings(read_questions(service))
	return [explain_question(finding.problem, finding.label, finding.detail) for finding in found]


def check_rules(service: Document) -> None:
	"""Refuse routing rules that could never apply; what a rule does not look at is emptied.

	:raises frappe.ValidationError: with a sentence for each problem.
	"""
	_refuse(list_rule_problems(service), _("Routing rules to mend"))


def list_rule_problems(service: Document) -> list[str]:
	"""A sentence (plain text) for each routing rule that could never apply."""
	routing.tidy_rules(service)
	return [problem.sentence for problem in routing.find_rule_problems(service)]


def check_promise(service: Document) -> None:
	"""Refuse a promise that cannot be counted with the hours of a department the service may send requests to.

	:raises frappe.ValidationError: with a sentence for each problem.
	"""
	_refuse(list_promise_problems(service), _("The promise"))


def list_promise_problems(service: Document) -> list[str]:
	"""A sentence (plain text) for each department whose hours the promise cannot be counted with."""
	sentences = []
	for position, department, targets in routing.list_destinations(read_service(service)):
		problem = promise.find_service_problem(targets, department)
		if not problem:
			continue
		name = frappe.get_cached_value("Municipal Department", department, "department_name")
		sentence = f"{name}: {problem}"
		if position:
			sentence = _("Routing rule {0}, {1}: {2}").format(position, name, problem)
		sentences.append(sentence)
	return sentences


def _refuse(sentences: list[str], title: str) -> None:
	if sentences:
		frappe.throw(list(map(frappe.utils.escape_html, sentences)), title=title, as_list=True)


def _find_key(named: str | None, keys: set[str], by_label: dict[str, str]) -> str | None:
	named = (named or "").strip()
	if not named or named in keys:
		return named or None
	return by_label.get(named.casefold(), named)
