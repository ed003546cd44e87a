"""Each finding: a broken fact gives it, a sound one gives none, and each has a sentence and a remedy."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest

from citizen_support.health.city import rules as city
from citizen_support.health.delivery import rules as delivery
from citizen_support.health.helpdesk import rules as helpdesk
from citizen_support.health.rules import (
	ADVICE,
	AREAS,
	NOT_CHECKED,
	SERIOUS,
	SEVERITIES,
	Check,
	Finder,
	Finding,
	find_new,
	make_check,
	sort_findings,
)
from citizen_support.health.security import rules as security
from citizen_support.health.server import rules as server
from tests.support.sources import APP, ROOT

NOW = datetime(2026, 11, 16, 9, 0)
ALL_QUEUES = ("default", "short", "long")
ROADS = city.Department("roads", "Roads", offered=3)
CLOSED = city.Department("parks", "Parks", enabled=False)
IDLE = city.Department("parks", "Parks", team_problem="No members.", offered=2)
SILENT = city.Department("parks", "Parks", offered=1, has_contact=False)


@dataclass(frozen=True)
class Case:
	"""What a finder makes of a sound and of a broken fact."""

	problem: str
	severity: str
	find: Finder
	sound: object
	broken: object

	def __str__(self) -> str:
		return self.problem


def make_services(**changes: object) -> city.Offer:
	service = city.Service(**{"code": "pothole", "title": "Pothole", "department": ROADS, **changes})
	return city.Offer(ROADS, (ROADS,), (service,))


def make_holidays(last_day: date | None, **changes: object) -> city.Holidays:
	return city.Holidays(NOW.date(), (city.HolidayList("City", last_day),), **changes)


def make_workers(*queues: str, silent_for: timedelta = timedelta(minutes=1), waiting: int = 0) -> server.Work:
	return server.Work(NOW, (server.Worker(queues, NOW - silent_for),), waiting)


def make_redis(**changes: object) -> server.Redis:
	return server.Redis(**{"policy": "allkeys-lru", "limit": server.GIGABYTE, **changes})


def make_visit(**changes: object) -> security.Visit:
	sound = {"peer": "127.0.0.1", "forwarded": ("198.51.100.7",), "seen_as": "8.8.8.8"}
	return security.Visit(**{**sound, **changes})


def make_schedule(**changes: object) -> server.Schedule:
	return server.Schedule(**{"now": NOW, "last_run": NOW - timedelta(minutes=1), **changes})


def hours(number: float) -> timedelta:
	return timedelta(hours=number)


NEXT_YEAR = date(2027, 12, 31)
OPEN = city.Offer(ROADS, (ROADS,))
PUBLIC = security.Switches("https://help.city.example")
CITY = [
	Case("no front desk", SERIOUS, city.find_front_desk, OPEN, city.Offer(None, (ROADS,))),
	Case("front desk off", SERIOUS, city.find_front_desk, OPEN, city.Offer(CLOSED)),
	Case("front desk team", SERIOUS, city.find_front_desk, OPEN, city.Offer(IDLE)),
	Case("department team", ADVICE, city.find_teams, OPEN, city.Offer(ROADS, (ROADS, IDLE))),
	Case("no contact", ADVICE, city.find_contacts, OPEN, city.Offer(ROADS, (ROADS, SILENT))),
	Case(
		"service of closed department",
		ADVICE,
		city.find_closed,
		make_services(),
		make_services(department=CLOSED),
	),
	Case(
		"service without promise",
		SERIOUS,
		city.find_promises,
		make_services(),
		make_services(promise_problem="The department has no opening hours."),
	),
	Case("nothing published", ADVICE, city.find_catalogue, make_services(), city.Offer(ROADS, (ROADS,))),
	Case(
		"nothing published", ADVICE, city.find_catalogue, make_services(), make_services(is_published=False)
	),
	Case(
		"rule team",
		ADVICE,
		city.find_rule_teams,
		make_services(),
		make_services(team_problems=("The team “Night” has no members.",)),
	),
	Case(
		"manager without Helpdesk",
		ADVICE,
		city.find_managers,
		city.People(1),
		city.People(2, ("ann@city.example",)),
	),
	Case(
		"no holidays",
		ADVICE,
		city.find_holidays,
		make_holidays(NEXT_YEAR),
		make_holidays(NEXT_YEAR, is_lacking=True),
	),
	Case("holidays gone", SERIOUS, city.find_holidays, make_holidays(NEXT_YEAR), make_holidays(None)),
	Case(
		"holidays end",
		ADVICE,
		city.find_holidays,
		make_holidays(date(2027, 5, 15)),
		make_holidays(date(2027, 5, 14)),
	),
	Case("no manager", SERIOUS, city.find_managers, city.People(1), city.People(0)),
	Case(
		"no privacy statement",
		ADVICE,
		city.find_statements,
		city.Statements(),
		city.Statements(has_privacy=False),
	),
	Case(
		"city without contact",
		ADVICE,
		city.find_statements,
		city.Statements(),
		city.Statements(has_contact=False),
	),
]
DELIVERY = [
	Case(
		"stuck submissions",
		SERIOUS,
		delivery.find_submissions,
		delivery.Submissions(),
		delivery.Submissions(stuck=2),
	),
	Case(
		"waiting submissions",
		ADVICE,
		delivery.find_submissions,
		delivery.Submissions(waiting=1, longest_wait=timedelta(minutes=5)),
		delivery.Submissions(waiting=1, longest_wait=timedelta(minutes=5, seconds=1)),
	),
	Case(
		"waiting submissions",
		SERIOUS,
		delivery.find_submissions,
		delivery.Submissions(),
		delivery.Submissions(waiting=4, longest_wait=hours(1.1)),
	),
	Case(
		"no outgoing mail",
		SERIOUS,
		delivery.find_accounts,
		delivery.Accounts(),
		delivery.Accounts(has_outgoing=False),
	),
	Case(
		"outgoing mail off",
		SERIOUS,
		delivery.find_accounts,
		delivery.Accounts(),
		delivery.Accounts(has_outgoing=False, outgoing_off=("City",)),
	),
	Case(
		"no incoming mail",
		ADVICE,
		delivery.find_accounts,
		delivery.Accounts(),
		delivery.Accounts(has_incoming=False, appends=False),
	),
	Case(
		"incoming mail elsewhere",
		ADVICE,
		delivery.find_accounts,
		delivery.Accounts(),
		delivery.Accounts(appends=False),
	),
	Case("mails muted", SERIOUS, delivery.find_mail, delivery.Mail(), delivery.Mail(is_muted=True)),
	Case("mails suspended", SERIOUS, delivery.find_mail, delivery.Mail(), delivery.Mail(is_suspended=True)),
	Case("failed mails", SERIOUS, delivery.find_mail, delivery.Mail(), delivery.Mail(failed=1)),
	Case("stuck mails", ADVICE, delivery.find_mail, delivery.Mail(), delivery.Mail(sending=1)),
	Case("late mails", SERIOUS, delivery.find_mail, delivery.Mail(), delivery.Mail(late=1)),
	Case("portal errors", ADVICE, delivery.find_errors, delivery.Errors(), delivery.Errors(1)),
	Case("portal errors", SERIOUS, delivery.find_errors, delivery.Errors(), delivery.Errors(20)),
	Case(
		"waiting notices",
		SERIOUS,
		delivery.find_notices,
		delivery.Notices(3, hours(0.5)),
		delivery.Notices(3, hours(0.6)),
	),
	Case(
		"notices given up",
		SERIOUS,
		delivery.find_notices,
		delivery.Notices(),
		delivery.Notices(given_up=1),
	),
	Case(
		"no SMS gateway",
		SERIOUS,
		delivery.find_text_messages,
		delivery.TextMessages(is_on=False, has_gateway=False),
		delivery.TextMessages(is_on=True, has_gateway=False),
	),
]
HELPDESK = [
	Case(
		"guest tickets",
		SERIOUS,
		helpdesk.find_switches,
		helpdesk.Switches(),
		helpdesk.Switches(guests_may_make_tickets=True),
	),
	Case(
		"acknowledged twice",
		ADVICE,
		helpdesk.find_switches,
		helpdesk.Switches(),
		helpdesk.Switches(acknowledges=True),
	),
	Case(
		"no default agreement",
		SERIOUS,
		helpdesk.find_defaults,
		helpdesk.Agreements(),
		helpdesk.Agreements(defaults=()),
	),
	Case(
		"several default agreements",
		ADVICE,
		helpdesk.find_defaults,
		helpdesk.Agreements(),
		helpdesk.Agreements(defaults=("One", "Two")),
	),
	Case(
		"agreement off",
		SERIOUS,
		helpdesk.find_flawed,
		helpdesk.Agreements(),
		helpdesk.Agreements(flawed=(("Ours", helpdesk.OFF),)),
	),
	Case(
		"agreement changed",
		SERIOUS,
		helpdesk.find_flawed,
		helpdesk.Agreements(),
		helpdesk.Agreements(flawed=(("Ours", helpdesk.CHANGED),)),
	),
	Case(
		"helpdesk too old",
		SERIOUS,
		helpdesk.find_host,
		helpdesk.Host(),
		helpdesk.Host(missing=("HD Ticket.key",)),
	),
	Case(
		"helpdesk not tested",
		ADVICE,
		helpdesk.find_host,
		helpdesk.Host(),
		helpdesk.Host("2.0.0", is_tested=False),
	),
	Case(
		"own fields missing",
		SERIOUS,
		helpdesk.find_host,
		helpdesk.Host(),
		helpdesk.Host(missing_own=("HD Ticket.cs_told",)),
	),
	Case(
		"public customer domain",
		ADVICE,
		helpdesk.find_customers,
		(helpdesk.Customer("Harbour", "harbour.example"),),
		(helpdesk.Customer("Ann", " GMail.com "),),
	),
]
SECURITY = [
	Case("frappe hole for everyone", SERIOUS, security.find_fixes, "15.107.0", "15.106.9"),
	Case("frappe hole", SERIOUS, security.find_fixes, "16.17.4", "16.17.3"),
	Case(
		"developer switch",
		SERIOUS,
		security.find_developer_switches,
		PUBLIC,
		security.Switches(PUBLIC.host, on_for_developers=("developer_mode",)),
	),
	Case(
		"developer switch",
		ADVICE,
		security.find_developer_switches,
		PUBLIC,
		security.Switches("http://city.localhost:8000", on_for_developers=("allow_tests",)),
	),
	Case(
		"server scripts",
		ADVICE,
		security.find_developer_switches,
		PUBLIC,
		security.Switches(runs_server_scripts=True),
	),
	Case(
		"calls from everywhere",
		SERIOUS,
		security.find_developer_switches,
		PUBLIC,
		security.Switches(cors_everyone=True),
	),
	Case(
		"easy password",
		SERIOUS,
		security.find_developer_switches,
		PUBLIC,
		security.Switches(PUBLIC.host, has_easy_password=True),
	),
	Case(
		"addresses logged",
		SERIOUS,
		security.find_developer_switches,
		PUBLIC,
		security.Switches(PUBLIC.host, logs_addresses=True),
	),
	Case(
		"tracebacks shown",
		ADVICE,
		security.find_guest_switches,
		PUBLIC,
		security.Switches(shows_tracebacks=True),
	),
	Case(
		"guest uploads",
		SERIOUS,
		security.find_guest_switches,
		PUBLIC,
		security.Switches(guests_may_upload=True),
	),
	Case("sign-up", ADVICE, security.find_guest_switches, PUBLIC, security.Switches(anyone_may_sign_up=True)),
	Case(
		"guests read",
		SERIOUS,
		security.find_guest_switches,
		PUBLIC,
		security.Switches(guests_read=("Contact",)),
	),
	Case("no host name", SERIOUS, security.find_address, security.Address(), security.Address("")),
	Case(
		"no TLS",
		SERIOUS,
		security.find_address,
		security.Address("http://city.localhost:8000"),
		security.Address("http://help.city.example"),
	),
	Case(
		"no encryption key",
		SERIOUS,
		security.find_address,
		security.Address(),
		security.Address(has_encryption_key=False),
	),
	Case("proxy silent", SERIOUS, security.find_proxy, make_visit(), make_visit(forwarded=())),
	Case(
		"proxy not counted",
		SERIOUS,
		security.find_proxy,
		make_visit(trusted_proxies=0, forwarded=()),
		make_visit(trusted_proxies=0, seen_as="127.0.0.1"),
	),
	Case("everybody alike", ADVICE, security.find_proxy, make_visit(), make_visit(seen_as="10.0.0.1")),
	Case("visitors unnamed", SERIOUS, security.find_unnamed, 9, 10),
	Case("site limit reached", ADVICE, security.find_refusals, {"client": 9}, {"site": 1}),
	Case("keys guessed", ADVICE, security.find_refusals, {"guess": 99}, {"guess": 100}),
	Case("scheme not told", ADVICE, security.find_proxy, make_visit(), make_visit(is_secure=False)),
]
SERVER = [
	Case("no database", SERIOUS, server.find_database, server.Database(), server.Database(False)),
	Case("not utf8mb4", SERIOUS, server.find_database, server.Database(), server.Database(charset="latin1")),
	Case(
		"not utf8mb4",
		SERIOUS,
		server.find_database,
		server.Database(),
		server.Database(odd_tables=("tabHD Ticket",)),
	),
	Case(
		"commits not flushed",
		SERIOUS,
		server.find_database,
		server.Database(),
		server.Database(flushes_each_commit=False),
	),
	Case(
		"small buffer pool",
		ADVICE,
		server.find_database,
		server.Database(data_bytes=2 * server.GIGABYTE),
		server.Database(data_bytes=2 * server.GIGABYTE + 1),
	),
	Case(
		"no cache",
		SERIOUS,
		server.find_redis,
		server.Redises(),
		server.Redises(cache=make_redis(is_reachable=False)),
	),
	Case(
		"cache evicts",
		ADVICE,
		server.find_redis,
		server.Redises(),
		server.Redises(cache=make_redis(evicted=9)),
	),
	Case(
		"cache cannot forget",
		ADVICE,
		server.find_redis,
		server.Redises(cache=make_redis(policy="noeviction", limit=0)),
		server.Redises(cache=make_redis(policy="noeviction")),
	),
	Case(
		"no queue",
		SERIOUS,
		server.find_redis,
		server.Redises(),
		server.Redises(queue=make_redis(is_reachable=False)),
	),
	Case(
		"queue evicts",
		SERIOUS,
		server.find_redis,
		server.Redises(queue=make_redis(limit=0)),
		server.Redises(queue=make_redis()),
	),
	Case("no workers", SERIOUS, server.find_workers, make_workers(*ALL_QUEUES), server.Work(NOW)),
	Case(
		"no workers",
		SERIOUS,
		server.find_workers,
		make_workers(*ALL_QUEUES, silent_for=timedelta(minutes=7)),
		make_workers(*ALL_QUEUES, silent_for=timedelta(minutes=8)),
	),
	Case(
		"queue without worker",
		SERIOUS,
		server.find_workers,
		make_workers(*ALL_QUEUES),
		make_workers("default", "short"),
	),
	Case(
		"many jobs wait",
		ADVICE,
		server.find_workers,
		make_workers(*ALL_QUEUES, waiting=500),
		make_workers(*ALL_QUEUES, waiting=501),
	),
	Case(
		"maintenance mode",
		SERIOUS,
		server.find_schedule,
		make_schedule(),
		make_schedule(in_maintenance=True, is_on=False),
	),
	Case("scheduler off", SERIOUS, server.find_schedule, make_schedule(), make_schedule(is_on=False)),
	Case("scheduler late", SERIOUS, server.find_schedule, make_schedule(), make_schedule(last_run=None)),
	Case(
		"scheduler late",
		SERIOUS,
		server.find_schedule,
		make_schedule(last_run=NOW - hours(0.25)),
		make_schedule(last_run=NOW - hours(0.26)),
	),
	Case("no time zone", SERIOUS, server.find_time_zone, "Europe/Lisbon", None),
	Case(
		"disk full", SERIOUS, server.find_storage, server.Storage(), server.Storage(free=server.GIGABYTE - 1)
	),
	Case(
		"disk nearly full",
		ADVICE,
		server.find_storage,
		server.Storage(free=15 * server.GIGABYTE),
		server.Storage(free=14 * server.GIGABYTE),
	),
	Case(
		"folder not writable",
		SERIOUS,
		server.find_storage,
		server.Storage(),
		server.Storage(is_writable=False),
	),
	Case(
		"assets missing",
		SERIOUS,
		server.find_storage,
		server.Storage(),
		server.Storage(missing_assets=("css/portal.css",)),
	),
	Case("no backup", ADVICE, server.find_backups, server.Backups(), server.Backups(None, None)),
	Case("old backup", ADVICE, server.find_backups, server.Backups(hours(48)), server.Backups(hours(49))),
	Case("backup without files", ADVICE, server.find_backups, server.Backups(), server.Backups(files=None)),
	Case("mails kept long", ADVICE, server.find_logs, server.Logs(90), server.Logs(91)),
	Case("long error log", ADVICE, server.find_logs, server.Logs(errors=10_000), server.Logs(errors=10_001)),
]
CASES = [*CITY, *DELIVERY, *HELPDESK, *SECURITY, *SERVER]
each_case = pytest.mark.parametrize("case", CASES, ids=str)


@each_case
def test_a_broken_fact_is_found(case: Case) -> None:
	findings = list(case.find(case.broken))

	assert [(one.problem, one.severity) for one in findings] == [(case.problem, case.severity)]


@each_case
def test_a_sound_fact_is_not(case: Case) -> None:
	assert list(case.find(case.sound)) == []


def read_problems() -> set[str]:
	"""Short names of every finding that the rules can make, from their source."""
	return {
		value.value
		for path in sorted((APP / "health").glob("*/rules.py"))
		for node in ast.walk(ast.parse(path.read_text()))
		if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding"
		for value in ast.walk(node.args[0])
		if isinstance(value, ast.Constant)
	} | {"agreement off", "agreement changed", "frappe hole", "frappe hole for everyone"}


def read_words() -> dict[str, tuple[str, str, str]]:
	"""Who mends, sentence and remedy of each problem, from the source: translating needs Frappe."""
	words = {}
	for path in sorted((APP / "health").rglob("words.py")):
		for node in ast.walk(ast.parse(path.read_text())):
			if isinstance(node, ast.Dict):
				words |= dict(_read_rows(node))
	return words


def _read_rows(node: ast.Dict) -> Iterable[tuple[str, tuple[str, str, str]]]:
	for key, value in zip(node.keys, node.values, strict=True):
		if isinstance(key, ast.Constant | ast.Name) and isinstance(value, ast.Tuple):
			mender, sentence, remedy = value.elts
			name = key.value if isinstance(key, ast.Constant) else NOT_CHECKED
			yield name, (mender.id, sentence.args[0].value, remedy.args[0].value)


def test_every_finding_is_tried_here() -> None:
	assert {case.problem for case in CASES} == read_problems()


def test_every_finding_has_a_sentence_and_a_remedy_and_no_sentence_is_left_over() -> None:
	words = read_words()

	assert set(words) == read_problems() | {NOT_CHECKED}
	assert all(
		mender in ("MANAGER", "IT") and len(sentence) > 20 and len(remedy) > 10
		for mender, sentence, remedy in words.values()
	)


@each_case
def test_the_sentences_find_every_detail_they_ask_for(case: Case) -> None:
	(finding,) = case.find(case.broken)
	_mender, sentence, remedy = read_words()[case.problem]

	asked = {int(field) for text in (sentence, remedy) for _, field, *_ in Formatter().parse(text) if field}
	assert asked <= set(range(len(finding.details)))
	assert set(range(len(finding.details))) == asked, "a detail nobody is told"


def test_a_front_desk_that_cannot_work_is_told_once() -> None:
	facts = city.Offer(IDLE, (IDLE,))

	assert [one.problem for find in (city.find_front_desk, city.find_teams) for one in find(facts)] == [
		"front desk team"
	]


def test_a_department_that_takes_no_requests_needs_no_team() -> None:
	off = city.Department("parks", "Parks", enabled=False, team_problem="No members.")

	assert list(city.find_teams(city.Offer(ROADS, (off,)))) == []


def test_an_old_frappe_is_told_its_holes_by_kind_and_the_version_that_closes_all() -> None:
	findings = {one.problem: one.details for one in security.find_fixes("16.5.0")}

	assert findings["frappe hole for everyone"] == ("16.5.0", "CVE-2026-44208", "16.17.0")
	assert findings["frappe hole"][2] == "16.17.4"
	assert findings["frappe hole"][1].count("CVE-") == 4


@pytest.mark.parametrize("version", ["15.107.0", "15.110.2", "16.17.4", "17.0.0-dev", "develop"])
def test_of_versions_with_every_fix_or_without_a_word_nothing_is_claimed(version: str) -> None:
	assert list(security.find_fixes(version)) == []


@pytest.mark.parametrize(
	"version, numbers", [("15.9.1", (15, 9, 1)), ("16.0.0-beta.2", (16, 0, 0)), ("15.107", (15, 107, 0))]
)
def test_versions_are_numbers_not_words(version: str, numbers: tuple[int, ...]) -> None:
	assert security.read_version(version) == numbers


@pytest.mark.parametrize(
	"host", ["https://help.city.example", "help.city.example:8443", "http://8.8.8.8", "HELP.CITY.EXAMPLE."]
)
def test_addresses_of_the_internet_are_public(host: str) -> None:
	assert security.is_public(host)


@pytest.mark.parametrize(
	"host",
	["", "city.localhost", "http://localhost:8000", "desk.lan", "10.1.2.3", "http://[::1]:8000", "city.test"],
)
def test_addresses_at_hand_are_not(host: str) -> None:
	assert not security.is_public(host)


def test_a_browser_without_a_proxy_sees_nothing_wrong_where_none_is_counted() -> None:
	visit = security.Visit("198.51.100.7", (), "8.8.4.4", trusted_proxies=0)

	assert list(security.find_proxy(visit)) == []
	assert list(security.find_proxy(None)) == []


def test_without_a_queue_nothing_is_said_of_workers() -> None:
	assert list(server.find_workers(None)) == []


def test_the_serious_come_first_and_then_area_by_area() -> None:
	made = [Finding("a", ADVICE, area="city"), Finding("b", SERIOUS, area="server")]
	made += [Finding("c", SERIOUS, area="delivery"), Finding("d", ADVICE, area="security")]

	assert [one.problem for one in sort_findings(made)] == ["c", "b", "a", "d"]
	assert SEVERITIES[0] == SERIOUS and AREAS[0] == "city"


def fail(_facts: object = None) -> list[Finding]:
	raise KeyError("ann@example.org")


def test_a_check_that_fails_is_a_finding_and_quotes_nothing() -> None:
	(finding,) = make_check(Check("the weather", "server", fail, ()))

	assert (finding.problem, finding.severity, finding.area) == (NOT_CHECKED, ADVICE, "server")
	assert finding.details == ("the weather", "KeyError")


def test_a_finder_that_fails_leaves_the_others_their_say() -> None:
	check = Check("people", "city", lambda: city.People(0), (fail, city.find_managers))

	assert [one.problem for one in make_check(check)] == [NOT_CHECKED, "no manager"]


def test_only_what_is_serious_and_was_not_told_is_new() -> None:
	old, new = Finding("a", SERIOUS, ("1",), "User", "x"), Finding("a", SERIOUS, (), "User", "y")
	told = [list(Finding("a", SERIOUS, ("2",), "User", "x").identity)]

	assert find_new([old, new, Finding("b", ADVICE)], told) == [new]


def test_rules_of_health_stand_where_the_architecture_looks_for_them() -> None:
	assert {path.parent.name for path in Path(ROOT / "citizen_support/health").glob("*/rules.py")} == set(
		AREAS
	)
