"""Reading what the city has set up."""

from collections import Counter, defaultdict

import frappe
from frappe import _
from frappe.utils import getdate, nowdate
from frappe.utils.user import get_users_with_role

from citizen_support import promise
from citizen_support.catalogue.rules import LIVE, PUBLISHED
from citizen_support.health.city import rules
from citizen_support.health.rules import CITY, SETTINGS, Check
from citizen_support.host.holidays import get_last_day
from citizen_support.host.teams import find_team_problems

# Enough for any city; each query stops here.
AT_MOST = 500
MANAGER = "Citizen Support Manager"
MANAGERS_ASKED = 50
# Chosen on departments, rules and services.
NEEDED_BY_MANAGERS = ("HD Team", "HD Article")
_DEPARTMENT_FIELDS = ["name", "department_name", "enabled", "team", "phone", "email"]
_TARGETS = ["response_target", "response_unit", "resolution_target", "resolution_unit"]


def list_checks() -> tuple[Check, ...]:
	"""What is looked at, in order."""
	return (
		Check(
			_("departments and services"),
			CITY,
			read_offer,
			(
				rules.find_front_desk,
				rules.find_teams,
				rules.find_contacts,
				rules.find_rule_teams,
				rules.find_promises,
				rules.find_closed,
				rules.find_catalogue,
			),
		),
		Check(_("holidays"), CITY, read_holidays, (rules.find_holidays,)),
		Check(_("people"), CITY, read_people, (rules.find_managers,)),
		Check(_("statements"), CITY, read_statements, (rules.find_statements,)),
	)


def read_offer() -> rules.Offer:
	"""Departments, what they offer, and the teams that both name."""
	services = _list_live()
	rows = frappe.get_all(rules.DEPARTMENT, fields=_DEPARTMENT_FIELDS, limit=AT_MOST)
	rule_teams = _list_rule_teams([row.name for row in services])
	problems = find_team_problems([*(row.team for row in rows), *set().union(*rule_teams.values())])
	departments = _make_departments(rows, problems, Counter(row.department for row in services))
	return rules.Offer(
		front_desk=departments.get(frappe.get_cached_doc(SETTINGS).front_desk_department),
		departments=tuple(departments.values()),
		services=tuple(
			rules.Service(
				row.name,
				row.title,
				departments[row.department],
				promise.find_service_problem(row, row.department),
				tuple(problems[team] for team in sorted(rule_teams[row.name]) if problems[team]),
				row.status == PUBLISHED,
			)
			for row in services
			if row.department in departments
		),
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
	managers = sorted(user for user in get_users_with_role(MANAGER) if user != "Administrator")
	without = tuple(
		user
		for user in managers[:MANAGERS_ASKED]
		if not all(frappe.has_permission(doctype, "read", user=user) for doctype in NEEDED_BY_MANAGERS)
	)
	return rules.People(len(managers), without)


def read_statements() -> rules.Statements:
	settings = frappe.get_cached_doc(SETTINGS)
	text = frappe.utils.strip_html(settings.privacy_text or "").strip()
	return rules.Statements(bool(text), bool(settings.contact_phone or settings.contact_email))


def _make_departments(
	rows: list[frappe._dict], problems: dict[str | None, str | None], offered: Counter
) -> dict[str, rules.Department]:
	settings = frappe.get_cached_doc(SETTINGS)
	of_city = bool(settings.contact_phone or settings.contact_email)
	return {
		row.name: rules.Department(
			code=row.name,
			title=row.department_name,
			enabled=bool(row.enabled),
			team_problem=problems[row.team] if row.enabled else None,
			offered=offered[row.name],
			has_contact=bool(row.phone or row.email or of_city),
		)
		for row in rows
	}


def _list_live() -> list[frappe._dict]:
	"""Services that residents can use, pilots among them."""
	fields = ["name", "title", "department", "status", *_TARGETS]
	return frappe.get_all(rules.SERVICE, filters={"status": ("in", LIVE)}, fields=fields, limit=AT_MOST)


def _list_rule_teams(services: list[str]) -> dict[str, set[str]]:
	"""Teams that the rules of these services name, by service."""
	found = defaultdict(set)
	filters = {"parenttype": rules.SERVICE, "parent": ("in", services), "team": ("is", "set")}
	for row in frappe.get_all("Service Routing Rule", filters, ["parent", "team"]) if services else ():
		found[row.parent].add(row.team)
	return found


def _list_own_holidays() -> list[str]:
	filters = {"enabled": 1, "holiday_list": ("is", "set")}
	return frappe.get_all(
		rules.DEPARTMENT, filters=filters, pluck="holiday_list", distinct=True, limit=AT_MOST
	)
