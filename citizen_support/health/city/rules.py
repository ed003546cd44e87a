"""What can be wrong with departments, services, holidays and people. Pure: plain facts in, findings out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from citizen_support.health.rules import ADVICE, SERIOUS, SETTINGS, Finding

HOLIDAYS_RUN_OUT = timedelta(days=180)
DEPARTMENT, SERVICE = "Municipal Department", "Municipal Service"


@dataclass(frozen=True)
class Department:
	"""A department, and why its team cannot take a request (None if it can).

	:ivar offered: how many services it answers that residents can use, pilots among them.
	:ivar has_contact: whether residents are given a phone number or an address for it.
	"""

	code: str
	title: str
	enabled: bool = True
	team_problem: str | None = None
	offered: int = 0
	has_contact: bool = True


@dataclass(frozen=True)
class Service:
	"""A service that residents can use, its department, and why its promise cannot be counted (None if it can).

	:ivar team_problems: why teams that its routing rules name cannot take a request.
	:ivar is_published: False for a pilot.
	"""

	code: str
	title: str
	department: Department
	promise_problem: str | None = None
	team_problems: tuple[str, ...] = ()
	is_published: bool = True


@dataclass(frozen=True)
class Offer:
	"""All departments, the one that gets what has nowhere else to go, and all services that residents can use."""

	front_desk: Department | None = None
	departments: tuple[Department, ...] = ()
	services: tuple[Service, ...] = ()


@dataclass(frozen=True)
class HolidayList:
	"""A list of holidays that promises count with; `last_day` is None if the list is gone."""

	name: str
	last_day: date | None


@dataclass(frozen=True)
class Holidays:
	"""The lists in use, and whether some department has neither a list of its own nor one of the city's."""

	today: date
	lists: tuple[HolidayList, ...] = ()
	is_lacking: bool = False


@dataclass(frozen=True)
class People:
	"""Who has the role that this page is for.

	:ivar managers: how many people with a log-in.
	:ivar without_helpdesk: those of them who may not read Helpdesk's teams or articles.
	"""

	managers: int = 1
	without_helpdesk: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statements:
	"""What the city tells about itself."""

	has_privacy: bool = True
	has_contact: bool = True


def find_front_desk(facts: Offer) -> Iterable[Finding]:
	desk = facts.front_desk
	if not desk:
		yield Finding("no front desk", SERIOUS, (), SETTINGS, SETTINGS)
	elif not desk.enabled:
		yield Finding("front desk off", SERIOUS, (desk.title,), DEPARTMENT, desk.code)
	elif desk.team_problem:
		yield Finding("front desk team", SERIOUS, (desk.title, desk.team_problem), DEPARTMENT, desk.code)


def find_teams(facts: Offer) -> Iterable[Finding]:
	for department in facts.departments:
		is_front_desk = facts.front_desk and department.code == facts.front_desk.code
		if department.enabled and department.team_problem and not is_front_desk:
			details = (department.title, department.team_problem, str(department.offered))
			yield Finding("department team", ADVICE, details, DEPARTMENT, department.code)


def find_contacts(facts: Offer) -> Iterable[Finding]:
	for department in facts.departments:
		if department.enabled and department.offered and not department.has_contact:
			details = (department.title, str(department.offered))
			yield Finding("no contact", ADVICE, details, DEPARTMENT, department.code)


def find_rule_teams(facts: Offer) -> Iterable[Finding]:
	for service in facts.services:
		if service.team_problems:
			details = (service.title, " ".join(service.team_problems))
			yield Finding("rule team", ADVICE, details, SERVICE, service.code)


def find_closed(facts: Offer) -> Iterable[Finding]:
	for service in facts.services:
		if not service.department.enabled:
			details = (service.title, service.department.title)
			yield Finding("service of closed department", ADVICE, details, SERVICE, service.code)


def find_promises(facts: Offer) -> Iterable[Finding]:
	for service in facts.services:
		if service.promise_problem:
			details = (service.title, service.promise_problem)
			yield Finding("service without promise", SERIOUS, details, SERVICE, service.code)


def find_catalogue(facts: Offer) -> Iterable[Finding]:
	if not any(service.is_published for service in facts.services):
		yield Finding("nothing published", ADVICE, (), SERVICE)


def find_holidays(facts: Holidays) -> Iterable[Finding]:
	if facts.is_lacking:
		yield Finding("no holidays", ADVICE, (), SETTINGS, SETTINGS)
	for row in facts.lists:
		if row.last_day is None:
			yield Finding("holidays gone", SERIOUS, (row.name,), SETTINGS, SETTINGS)
		elif row.last_day < facts.today + HOLIDAYS_RUN_OUT:
			details = (row.name, row.last_day.isoformat())
			yield Finding("holidays end", ADVICE, details, "HD Service Holiday List", row.name)


def find_managers(facts: People) -> Iterable[Finding]:
	if not facts.managers:
		yield Finding("no manager", SERIOUS, (), "User")
	if facts.without_helpdesk:
		yield Finding("manager without Helpdesk", ADVICE, (", ".join(facts.without_helpdesk),), "User")


def find_statements(facts: Statements) -> Iterable[Finding]:
	if not facts.has_privacy:
		yield Finding("no privacy statement", ADVICE, (), SETTINGS, SETTINGS)
	if not facts.has_contact:
		yield Finding("city without contact", ADVICE, (), SETTINGS, SETTINGS)
