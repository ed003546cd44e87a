"""Health findings as the settings page shows them."""

from urllib.parse import quote

import frappe

from citizen_support import health
from citizen_support.setup.roles import MANAGER

_LISTS = {"Service Submission": "?state=Needs Attention", "Email Queue": "?status=Error"}


def get_findings() -> list[dict[str, str | None]]:
	"""Every finding with its sentence, what mends it, and a link where the user may go."""
	frappe.only_for((MANAGER, "System Manager"))
	return [_describe(finding) for finding in health.examine()]


def _describe(finding: health.Finding) -> dict[str, str | None]:
	sentence, remedy = health.explain(finding)
	return {
		"severity": finding.severity,
		"sentence": sentence,
		"remedy": remedy,
		"link": _make_link(finding),
	}


def _make_link(finding: health.Finding) -> str | None:
	if not finding.doctype or not frappe.has_permission(finding.doctype, "read"):
		return None
	route = "/app/" + finding.doctype.lower().replace(" ", "-")
	if frappe.get_meta(finding.doctype).issingle:
		return route
	return (
		f"{route}/{quote(finding.name)}"
		if finding.name
		else route + quote(_LISTS.get(finding.doctype, ""), "?=")
	)
