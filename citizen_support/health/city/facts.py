"""Reading what the city has set up."""

from collections import Counter

import frappe
from frappe import _
from frappe.utils import getdate, nowdate
from frappe.utils.user import get_users_with_role

from citizen_support import promise
from citizen_support.health.city import rules
from citizen_support.health.rules import CITY, SETTINGS, Check
from citizen_support.host.holidays import get_last_day
from citizen_support.host.teams import find_team_problem

# Enough for any city; each query stops here.
AT_MOST = 500
MANAGER = "Citizen Support Manager"
_TARGETS = ["response_target", "response_unit", "resolution_target", "resolution_unit"]


def list_checks() -> tuple[Check, ...]:
	"""What is looked at, in order."""
	return (
		Check(
			_("departments"),
			CITY,
			read_departments,
			(rules.find_front_desk, rules.find_teams, rules.find_contacts),
		),
		Check(
			_("services"), CITY, read_services, (rules.find_promises, rules.find_closed, rules.find_catalogue)
		),
		Check(_("holidays"), CITY, read_holidays, (rules.find_holidays,)),
		Check(_("people"), CITY, read_people, (rules.find_managers,)),
		Check(_("statements"), CITY, read_statements, (rules.find_statements,)),
	)


def read_departments() -> rules.Departments:
	departments = _read_departments()
	front_desk = frappe.get_cached_doc(SETTINGS).front_desk_department
	return rules.Departments(departments.get(front_desk), tuple(departments.values()))


def read_services() -> tuple[rules.Service, ...]:
	departments = _read_departments()
	return tuple(
		rules.Service(
			row.name,
			row.title,
			departments[row.department],
			promise.find_service_problem(row, row.department),
		)
		for row in _list_published(["title", "department", *_TARGETS])
		if row.department in departments
	)


def read_holidays() -> rules.Holidays:
	of_city = frappe.get_cached_doc(SETTINGS).holiday_list
	names = dict.fromkeys(filter(None, (of_city, *_list_own_holidays())))
	is_lacking = not of_city and frappe.db.exists(
		rules.DEPARTMENT, {"enabled": 1, "holiday_list": ("is", "not set")}
	)
	lists = tuple(rules.HolidayList(name, get_last_day(name)) for name in names)
	return rules.Holidays(getdate(nowdate()), lists, bool(is_lacking))


def read_people() -> rules.People:
	# Administrator has every role, and is nobody.
	return rules.People(len([user for user in get_users_with_role(MANAGER) if user != "Administrator"]))


def read_statements() -> rules.Statements:
	settings = frappe.get_cached_doc(SETTINGS)
	text = frappe.utils.strip_html(settings.privacy_text or "").strip()
	return rules.Statements(bool(text), bool(settings.contact_phone or settings.contact_email))


def _read_departments() -> dict[str, rules.Department]:
	settings = frappe.get_cached_doc(SETTINGS)
	of_city = bool(settings.contact_phone or settings.contact_email)
	published = Counter(row.department for row in _list_published(["department"]))
	fields = ["name", "department_name", "enabled", "team", "phone", "email"]
	return {
		row.name: rules.Department(
			code=row.name,
			title=row.department_name,
			enabled=bool(row.enabled),
			team_problem=find_team_problem(row.team) if row.enabled else None,
			published=published[row.name],
			has_contact=bool(row.phone or row.email or of_city),
		)
		for row in frappe.get_all(rules.DEPARTMENT, fields=fields, limit=AT_MOST)
	}


def _list_published(fields: list[str]) -> list[frappe._dict]:
	filters = {"status": "Published"}
	return frappe.get_all(rules.SERVICE, filters=filters, fields=["name", *fields], limit=AT_MOST)


def _list_own_holidays() -> list[str]:
	filters = {"enabled": 1, "holiday_list": ("is", "set")}
	return frappe.get_all(
		rules.DEPARTMENT, filters=filters, pluck="holiday_list", distinct=True, limit=AT_MOST
	)
