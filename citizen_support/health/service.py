"""Reading the facts that tell whether the city can serve."""

from datetime import timedelta

import frappe
from frappe.utils import cint, get_datetime, now_datetime
from frappe.utils.scheduler import is_scheduler_inactive

from citizen_support.health.rules import (
	SETTINGS,
	Department,
	Facts,
	Finding,
	HolidayList,
	Service,
	find_findings,
)
from citizen_support.host.agreements import has_default_agreement
from citizen_support.host.holidays import get_last_day
from citizen_support.host.mail import AUTO_GENERATED, has_outgoing_account
from citizen_support.host.teams import find_team_problem

# Enough for any city; each query stops here.
AT_MOST = 200
MAILS_LOOKED_AT_DAYS = 30
EVERY_MINUTE = "citizen_support.intake.filing.sweep"


def examine() -> list[Finding]:
	"""Everything a manager should mend, the serious first."""
	return find_findings(read_facts())


def read_facts() -> Facts:
	"""The facts, as they are now."""
	settings = frappe.get_cached_doc(SETTINGS)
	departments = _read_departments()
	return Facts(
		now=now_datetime(),
		front_desk=departments.get(settings.front_desk_department),
		departments=tuple(departments.values()),
		services=_read_services(departments),
		holiday_lists=_read_holiday_lists(settings.holiday_list),
		lacks_holidays=not settings.holiday_list and _is_without_holidays(),
		has_outgoing_mail=has_outgoing_account(),
		has_default_agreement=has_default_agreement(),
		has_encryption_key=bool(frappe.conf.encryption_key),
		has_host_name=bool(frappe.conf.host_name or frappe.conf.hostname),
		has_time_zone=bool(frappe.db.get_single_value("System Settings", "time_zone")),
		guests_may_make_tickets=_is_on("HD Settings", "allow_anyone_to_create_tickets"),
		guests_may_upload=_is_on("System Settings", "allow_guests_to_upload_files"),
		is_scheduler_on=not is_scheduler_inactive(verbose=False),
		last_run=_read_last_run(),
		stuck_submissions=frappe.db.count("Service Submission", {"state": "Needs Attention"}),
		failed_mails=_count_failed_mails(),
		customer_domains=_read_customer_domains(),
	)


def _read_departments() -> dict[str, Department]:
	rows = frappe.get_all(
		"Municipal Department", fields=["name", "department_name", "enabled", "team"], limit=AT_MOST
	)
	return {
		row.name: Department(
			row.name,
			row.department_name,
			bool(row.enabled),
			find_team_problem(row.team) if row.enabled else None,
		)
		for row in rows
	}


def _read_services(departments: dict[str, Department]) -> tuple[Service, ...]:
	"""Published services of departments that are switched off; the others need not be looked at."""
	closed = [code for code, department in departments.items() if not department.enabled]
	if not closed:
		return ()
	rows = frappe.get_all(
		"Municipal Service",
		filters={"status": "Published", "department": ("in", closed)},
		fields=["name", "title", "department"],
		limit=AT_MOST,
	)
	return tuple(Service(row.name, row.title, departments[row.department]) for row in rows)


def _read_holiday_lists(of_city: str | None) -> tuple[HolidayList, ...]:
	own = frappe.get_all(
		"Municipal Department",
		filters={"enabled": 1, "holiday_list": ("is", "set")},
		pluck="holiday_list",
		distinct=True,
		limit=AT_MOST,
	)
	names = dict.fromkeys(filter(None, (of_city, *own)))
	return tuple(HolidayList(name, get_last_day(name)) for name in names)


def _is_without_holidays() -> bool:
	return bool(frappe.db.exists("Municipal Department", {"enabled": 1, "holiday_list": ("is", "not set")}))


def _is_on(doctype: str, fieldname: str) -> bool:
	"""Whether a switch of a settings page is on; a version without it counts as off."""
	if not frappe.get_meta(doctype).has_field(fieldname):
		return False
	return bool(cint(frappe.db.get_single_value(doctype, fieldname)))


def _read_last_run() -> object:
	ran_at = frappe.db.get_value("Scheduled Job Type", {"method": EVERY_MINUTE}, "last_execution")
	return get_datetime(ran_at) if ran_at else None


def _count_failed_mails() -> int:
	"""Our own notices that ended in an error; only failed rows are searched, and only recent ones."""
	filters = {
		"status": ("in", ("Error", "Partially Errored")),
		"reference_doctype": "HD Ticket",
		"creation": (">", now_datetime() - timedelta(days=MAILS_LOOKED_AT_DAYS)),
		"message": ("like", f"%{AUTO_GENERATED}: citizen-support-%"),
	}
	return len(frappe.get_all("Email Queue", filters=filters, pluck="name", limit=AT_MOST))


def _read_customer_domains() -> tuple[tuple[str, str], ...]:
	if not frappe.get_meta("HD Customer").has_field("domain"):
		return ()
	rows = frappe.get_all(
		"HD Customer", filters={"domain": ("is", "set")}, fields=["name", "domain"], limit=AT_MOST
	)
	return tuple((row.name, row.domain) for row in rows)
