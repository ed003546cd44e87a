"""What the app adds to bench's command line: `bench --site … citizen-support doctor`."""

import json
import sys

import click

import frappe
from frappe.commands import get_site, pass_context

ADMINISTRATOR = "Administrator"
_COLORS = {"Serious": "red", "Advice": "yellow"}


@click.group("citizen-support")
def citizen_support() -> None:
	"""The citizen desk of a site."""


@citizen_support.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs")
@pass_context
def doctor(context: frappe._dict, as_json: bool) -> None:
	"""Say what is wrong with a site's set-up, and how to fix it.

	Exits with 1 if anything is serious, with 0 otherwise. Says what it can while MariaDB or Redis are away.
	"""
	site = get_site(context)
	findings = read_findings(site)
	if as_json:
		click.echo(json.dumps({"site": site, "findings": findings}, indent=1, ensure_ascii=False))
	else:
		show_findings(site, findings)
	sys.exit(1 if any(finding["severity"] == "Serious" for finding in findings) else 0)


def read_findings(site: str) -> list[dict[str, str]]:
	"""Everything that is wrong, in English; without a database only what can be known without it."""
	# Not at the top: bench imports this module for each of its commands.
	from citizen_support import health
	from citizen_support.desk.findings import describe
	from citizen_support.host.machine import is_database_reachable

	frappe.init(site=site)
	frappe.local.lang = "en"
	try:
		frappe.connect(set_admin_as_user=False)
		has_database = is_database_reachable()
		if has_database:
			frappe.set_user(ADMINISTRATOR)
			frappe.local.lang = "en"
		findings = [describe(finding) for finding in health.examine(has_database)]
		return [{**one, "remedy": one["remedy"].replace("--site …", f"--site {site}")} for one in findings]
	finally:
		frappe.destroy()


def show_findings(site: str, findings: list[dict[str, str]]) -> None:
	"""A list for people, area by area."""
	serious = sum(finding["severity"] == "Serious" for finding in findings)
	if not findings:
		click.echo(f"{site}: everything checked, nothing to fix.")
		return
	click.echo(f"{site}: {serious} serious, {len(findings) - serious} for advice")
	for area in dict.fromkeys(finding["area_title"] for finding in findings):
		click.echo(f"\n{area}")
		for finding in findings:
			if finding["area_title"] == area:
				show_finding(finding)


def show_finding(finding: dict[str, str]) -> None:
	"""One finding: how bad it is and what is wrong, then what mends it."""
	label = click.style(f"{finding['severity']:<8}", fg=_COLORS[finding["severity"]])
	click.echo(f"  {label} {finding['sentence']}")
	click.echo(f"           → {finding['remedy']}")


commands = [citizen_support]
