"""Routing rules in words, while somebody is still writing them."""

import frappe
from frappe.utils import cint

from citizen_support import routing
from citizen_support.catalogue import read_service

DOCTYPE = "Municipal Service"
LONGEST = 500_000
MOST_RULES = 200


def describe_rules(service: str) -> list[dict]:
	"""Each rule of a service as it stands in the form, in order: `sentence`, and the `problem` that keeps it from working.

	:param service: the form's document, saved or not. Nothing of it is stored.
	"""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	doc = _read_form(service)
	data = read_service(doc)
	problems = {problem.position: problem.sentence for problem in routing.find_rule_problems(doc)}
	return [
		{"sentence": routing.describe_rule(data, row), "problem": problems.get(position)}
		for position, row in enumerate(data["rules"], start=1)
	]


def _read_form(text: str) -> object:
	values = frappe.parse_json(text[:LONGEST]) if text else {}
	fields = {"title", "department", "priority", "questions", "routing_rules"}
	doc = frappe.new_doc(DOCTYPE)
	doc.update({key: value for key, value in dict(values).items() if key in fields})
	doc.routing_rules = sorted(doc.routing_rules[:MOST_RULES], key=lambda row: cint(row.idx))
	return doc
