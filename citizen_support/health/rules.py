"""What can be wrong with a city's set-up. Pure: plain facts in, findings out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

SERIOUS, ADVICE = "Serious", "Advice"
SEVERITIES = (SERIOUS, ADVICE)
HOLIDAYS_RUN_OUT = timedelta(days=180)
SCHEDULER_IS_LATE = timedelta(minutes=15)
SETTINGS = "Citizen Support Settings"
# An HD Customer with such a domain lumps strangers together.
PUBLIC_MAIL_DOMAINS = frozenset(
	"aol.com gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com hotmail.com icloud.com live.com mail.com "
	"mail.ru me.com msn.com orange.fr outlook.com proton.me protonmail.com t-online.de web.de yahoo.com "
	"yahoo.fr yandex.ru zoho.com".split()
)


@dataclass(frozen=True)
class Department:
	"""A department, and why its team cannot take a request (None if it can)."""

	code: str
	title: str
	enabled: bool = True
	team_problem: str | None = None


@dataclass(frozen=True)
class Service:
	"""A published service and the department that answers it."""

	code: str
	title: str
	department: Department


@dataclass(frozen=True)
class HolidayList:
	"""A list of holidays that promises count with; `last_day` is None if the list is gone."""

	name: str
	last_day: date | None


@dataclass(frozen=True)
class Facts:
	"""Everything the findings look at.

	:ivar lacks_holidays: whether some department has neither a list of its own nor one of the city's.
	:ivar last_run: when the minute's job last ran (site's time zone, naive); None if it never did.
	"""

	now: datetime
	front_desk: Department | None = None
	departments: tuple[Department, ...] = ()
	services: tuple[Service, ...] = ()
	holiday_lists: tuple[HolidayList, ...] = ()
	lacks_holidays: bool = False
	has_outgoing_mail: bool = True
	has_default_agreement: bool = True
	has_encryption_key: bool = True
	has_time_zone: bool = True
	has_host_name: bool = True
	guests_may_make_tickets: bool = False
	guests_may_upload: bool = False
	is_scheduler_on: bool = True
	last_run: datetime | None = None
	stuck_submissions: int = 0
	failed_mails: int = 0
	customer_domains: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Finding:
	"""What is wrong: a short name, how bad it is, what its sentence needs, and the record to mend."""

	problem: str
	severity: str
	details: tuple[str, ...] = ()
	doctype: str | None = None
	name: str | None = None


def find_findings(facts: Facts) -> list[Finding]:
	"""Everything that is wrong, the serious first."""
	findings = [finding for find in FINDERS for finding in find(facts)]
	return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def find_front_desk(facts: Facts) -> Iterable[Finding]:
	desk = facts.front_desk
	if not desk:
		yield Finding("no front desk", SERIOUS, (), SETTINGS, SETTINGS)
	elif not desk.enabled:
		yield Finding("front desk off", SERIOUS, (desk.title,), "Municipal Department", desk.code)
	elif desk.team_problem:
		details = (desk.title, desk.team_problem)
		yield Finding("front desk team", SERIOUS, details, "Municipal Department", desk.code)


def find_departments(facts: Facts) -> Iterable[Finding]:
	for department in facts.departments:
		is_front_desk = facts.front_desk and department.code == facts.front_desk.code
		if department.enabled and department.team_problem and not is_front_desk:
			details = (department.title, department.team_problem)
			yield Finding("department team", ADVICE, details, "Municipal Department", department.code)


def find_services(facts: Facts) -> Iterable[Finding]:
	for service in facts.services:
		if not service.department.enabled:
			details = (service.title, service.department.title)
			yield Finding("service of closed department", ADVICE, details, "Municipal Service", service.code)


def find_mail(facts: Facts) -> Iterable[Finding]:
	if not facts.has_outgoing_mail:
		yield Finding("no outgoing mail", SERIOUS, (), "Email Account")


def find_guest_tickets(facts: Facts) -> Iterable[Finding]:
	if facts.guests_may_make_tickets:
		yield Finding("guest tickets", SERIOUS, (), "HD Settings", "HD Settings")


def find_guest_uploads(facts: Facts) -> Iterable[Finding]:
	if facts.guests_may_upload:
		yield Finding("guest uploads", ADVICE, (), "System Settings", "System Settings")


def find_default_agreement(facts: Facts) -> Iterable[Finding]:
	if not facts.has_default_agreement:
		yield Finding("no default agreement", SERIOUS, (), "HD Service Level Agreement")


def find_holidays(facts: Facts) -> Iterable[Finding]:
	if facts.lacks_holidays:
		yield Finding("no holidays", ADVICE, (), SETTINGS, SETTINGS)
	for row in facts.holiday_lists:
		if row.last_day is None:
			yield Finding("holidays gone", SERIOUS, (row.name,), SETTINGS, SETTINGS)
		elif row.last_day < facts.now.date() + HOLIDAYS_RUN_OUT:
			details = (row.name, row.last_day.isoformat())
			yield Finding("holidays end", ADVICE, details, "HD Service Holiday List", row.name)


def find_time_zone(facts: Facts) -> Iterable[Finding]:
	if not facts.has_time_zone:
		yield Finding("no time zone", SERIOUS, (), "System Settings", "System Settings")


def find_host_name(facts: Facts) -> Iterable[Finding]:
	if not facts.has_host_name:
		yield Finding("no host name", SERIOUS)


def find_scheduler(facts: Facts) -> Iterable[Finding]:
	if not facts.is_scheduler_on:
		yield Finding("scheduler off", SERIOUS)
	elif not facts.last_run or facts.now - facts.last_run > SCHEDULER_IS_LATE:
		yield Finding("scheduler late", SERIOUS)


def find_submissions(facts: Facts) -> Iterable[Finding]:
	if facts.stuck_submissions:
		yield Finding("stuck submissions", SERIOUS, (str(facts.stuck_submissions),), "Service Submission")


def find_failed_mails(facts: Facts) -> Iterable[Finding]:
	if facts.failed_mails:
		yield Finding("failed mails", SERIOUS, (str(facts.failed_mails),), "Email Queue")


def find_customer_domains(facts: Facts) -> Iterable[Finding]:
	for name, domain in facts.customer_domains:
		if domain.strip().lower() in PUBLIC_MAIL_DOMAINS:
			yield Finding("public customer domain", ADVICE, (name, domain), "HD Customer", name)


def find_encryption_key(facts: Facts) -> Iterable[Finding]:
	if not facts.has_encryption_key:
		yield Finding("no encryption key", SERIOUS)


FINDERS: tuple[Callable[[Facts], Iterable[Finding]], ...] = (
	find_front_desk,
	find_submissions,
	find_mail,
	find_failed_mails,
	find_scheduler,
	find_default_agreement,
	find_time_zone,
	find_host_name,
	find_encryption_key,
	find_guest_tickets,
	find_guest_uploads,
	find_customer_domains,
	find_departments,
	find_services,
	find_holidays,
)
