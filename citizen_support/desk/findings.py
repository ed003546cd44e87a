"""Health findings as the settings page and the command line show them."""

from urllib.parse import quote

import frappe

from citizen_support import health
from citizen_support.setup.roles import MANAGER

# What nobody but the System Manager should know before it is mended.
_FOR_SYSTEM_MANAGERS = frozenset({"easy password"})
# Where a finding is about a whole list: the rows it is about.
_LISTS = {
	"stuck submissions": "?state=Needs Attention",
	"waiting submissions": "?state=Received",
	"failed mails": "?status=Error",
	"stuck mails": "?status=Sending",
	"late mails": "?status=Not Sent",
	"waiting notices": "?state=Waiting",
	"notices given up": "?state=Failed",
	"no default agreement": "?enabled=1",
	"several default agreements": "?default_sla=1",
	"no manager": "?enabled=1",
	"nothing published": "?status=Draft",
	"own fields missing": "?module=Citizen Support",
}


def get_findings() -> list[dict[str, str | None]]:
	"""Every finding with its sentence, what mends it, who can, and a link where the user may go."""
	frappe.only_for((MANAGER, "System Manager"))
	hidden = frozenset() if "System Manager" in frappe.get_roles() else _FOR_SYSTEM_MANAGERS
	return [
		{**describe(finding), "link": _make_link(finding)}
		for finding in health.examine()
		if finding.problem not in hidden
	]


def describe(finding: health.Finding) -> dict[str, str]:
	"""A finding in words; `problem` is its short name, which no translation changes."""
	explained = health.explain(finding)
	return {
		"problem": finding.problem,
		"severity": finding.severity,
		"area": finding.area,
		"area_title": health.name_area(finding.area),
		"sentence": explained.sentence,
		"remedy": explained.remedy,
		"mender": explained.mender,
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
		else route + quote(_LISTS.get(finding.problem, ""), "?=")
	)
