"""Reading how Helpdesk is set up."""

import frappe
from frappe import _
from frappe.utils import cint

from citizen_support import promise
from citizen_support.catalogue.rules import LIVE
from citizen_support.health.helpdesk import rules
from citizen_support.health.rules import HELPDESK, Check
from citizen_support.host import agreement_state, versions
from citizen_support.setup.custom_fields import get_custom_fields

AT_MOST = 500
_TARGETS = ["response_target", "response_unit", "resolution_target", "resolution_unit"]


def list_checks() -> tuple[Check, ...]:
	"""What is looked at, in order."""
	return (
		Check(_("Helpdesk’s settings"), HELPDESK, read_switches, (rules.find_switches,)),
		Check(_("agreements"), HELPDESK, read_agreements, (rules.find_defaults, rules.find_flawed)),
		Check(_("Helpdesk’s version and fields"), HELPDESK, read_host, (rules.find_host,)),
		Check(_("customers"), HELPDESK, read_customers, (rules.find_customers,)),
	)


def read_switches() -> rules.Switches:
	return rules.Switches(
		guests_may_make_tickets=is_on(rules.HD_SETTINGS, "allow_anyone_to_create_tickets"),
		acknowledges=is_on(rules.HD_SETTINGS, "send_acknowledgement_email"),
	)


def read_agreements() -> rules.Agreements:
	flaws = {}
	for service in _list_published():
		if promise.find_service_problem(service, service.department):
			continue
		agreement = promise.get_agreement(service, service.department)
		if agreement.key not in flaws:
			flaws[agreement.key] = agreement_state.find_flaw(agreement)
	return rules.Agreements(
		defaults=tuple(agreement_state.list_defaults()), flawed=tuple(filter(None, flaws.values()))
	)


def read_host() -> rules.Host:
	return rules.Host(
		version=versions.get_helpdesk_version(),
		is_tested=versions.is_helpdesk_tested(),
		missing=tuple(versions.find_missing_fields()),
		missing_own=tuple(_find_missing_own()),
	)


def read_customers() -> tuple[rules.Customer, ...]:
	if not frappe.get_meta("HD Customer").has_field("domain"):
		return ()
	rows = frappe.get_all(
		"HD Customer", filters={"domain": ("is", "set")}, fields=["name", "domain"], limit=AT_MOST
	)
	return tuple(rules.Customer(row.name, row.domain) for row in rows)


def is_on(doctype: str, fieldname: str) -> bool:
	"""Whether a switch of a settings page is on; a version without it counts as off."""
	if not frappe.get_meta(doctype).has_field(fieldname):
		return False
	return bool(cint(frappe.db.get_single_value(doctype, fieldname)))


def _find_missing_own() -> list[str]:
	"""Fields of ours without their record or without their column."""
	missing = []
	for doctype, fields in get_custom_fields().items():
		known = set(frappe.get_all("Custom Field", {"dt": doctype}, pluck="fieldname"))
		stored = set(frappe.db.get_table_columns(doctype))
		for field in fields:
			has_column = field["fieldtype"] in frappe.model.no_value_fields or field["fieldname"] in stored
			if field["fieldname"] not in known or not has_column:
				missing.append(f"{doctype}.{field['fieldname']}")
	return missing


def _list_published() -> list[frappe._dict]:
	fields = ["name", "department", *_TARGETS]
	return frappe.get_all("Municipal Service", filters={"status": ("in", LIVE)}, fields=fields, limit=AT_MOST)
