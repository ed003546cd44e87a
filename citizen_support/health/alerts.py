"""Telling the managers of what has become serious since yesterday, once."""

import json

import frappe
from frappe import _

from citizen_support.health.rules import SERIOUS, Finding, find_new
from citizen_support.health.service import examine
from citizen_support.health.words import explain
from citizen_support.host.errors import background_job
from citizen_support.requests import tell_managers

# In Frappe's table of defaults, since the cache may forget.
TOLD = "citizen_support_findings_told"


@background_job
def tell_new_findings() -> int:
	"""Put what is newly serious into each manager's notifications; returns how many findings that are.

	What was mended and comes back is new again. Runs daily.
	"""
	findings = examine()
	new = find_new(findings, json.loads(frappe.db.get_global(TOLD) or "[]"))
	if new:
		tell_managers(_describe(new))
	serious = [finding.identity for finding in findings if finding.severity == SERIOUS]
	frappe.db.set_global(TOLD, json.dumps(serious))
	return len(new)


def _describe(new: list[Finding]) -> str:
	sentence = explain(new[0]).sentence
	if len(new) == 1:
		return _("Citizen Support needs your attention: {0}").format(sentence)
	return _("Citizen Support: {0} problems need your attention. The first: {1}").format(len(new), sentence)
