"""What keeps a draft from being saved, as sentences."""

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support.catalogue import checks

_TABLES = ("questions", "routing_rules")


def list_findings(doc: Document) -> list[str]:
	"""Everything that saving would refuse: empty fields first, then questions, rules and the promise."""
	empty = [*_find_empty(doc), *_find_unknown(doc)]
	sentences = [*empty, *checks.list_question_problems(doc)]
	# Rules and promise are counted with departments: without one there is nothing to say yet.
	if not empty:
		sentences += [*checks.list_rule_problems(doc), *checks.list_promise_problems(doc)]
	return list(dict.fromkeys(sentences))


def _find_empty(doc: Document) -> Iterator[str]:
	for field in _list_required(doc.doctype):
		if not doc.get(field.fieldname):
			yield _("“{0}” is empty.").format(_(field.label))
	for table in _TABLES:
		title = {"questions": _("Question {0}"), "routing_rules": _("Routing rule {0}")}[table]
		for row in doc.get(table):
			for field in _list_required(row.doctype):
				if not row.get(field.fieldname):
					yield _("{0}: “{1}” is empty.").format(title.format(row.idx), _(field.label))


def _list_required(doctype: str) -> list:
	return [field for field in frappe.get_meta(doctype).fields if field.reqd and not field.default]


def _find_unknown(doc: Document) -> Iterator[str]:
	"""Departments and categories that were deleted or renamed since the form was opened."""
	named = [("Municipal Department", doc.department), ("Service Category", doc.category)]
	named += [("Municipal Department", row.department) for row in doc.routing_rules]
	for doctype, name in dict.fromkeys(named):
		if name and not frappe.db.exists(doctype, name, cache=True):
			yield _("{0} “{1}” does not exist. Please choose another one.").format(_(doctype), name)
