"""The settings check on a real site: each setting is broken, found, mended, and found no more."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

import frappe
from frappe.utils import add_to_date, now_datetime
from frappe.utils.password import set_encrypted_password

from benchmarks.inside.meter import count_here
from citizen_support import commands, health, limits
from citizen_support.desk.findings import get_findings
from citizen_support.health import alerts, service
from citizen_support.health.city import facts as city
from citizen_support.health.delivery import facts as delivery
from citizen_support.health.helpdesk import facts as helpdesk
from citizen_support.health.rules import SERIOUS, Finding, make_check
from citizen_support.health.security import facts as security
from citizen_support.health.server import facts as server
from citizen_support.host import machine
from citizen_support.setup.roles import COORDINATOR, MANAGER
from tests.site.factories import (
	get_submission,
	make_agent,
	make_department,
	make_holiday_list,
	make_name,
	make_request,
	make_service,
	make_team,
	make_user,
)

SETTINGS = "Citizen Support Settings"
NOWHERE = "redis://127.0.0.1:1"


def look(read: Callable[[], object]) -> list[Finding]:
	"""What the check that reads with this function finds now."""
	forget()
	(check,) = [check for check in service.list_checks() if check.read is read]
	return make_check(check)


def list_problems(read: Callable[[], object]) -> set[str]:
	return {finding.problem for finding in look(read)}


def forget() -> None:
	"""Statements that go round the documents leave old copies of them in the cache."""
	frappe.local.document_cache = {}
	frappe.cache.delete_keys("document_cache::")
	frappe.cache.delete_key("defaults")
	frappe.local.cache = {}
	frappe.db.value_cache.clear()


@dataclass(frozen=True)
class Switch:
	"""A field of a settings page, its broken and its sound value, and what is said of the broken one."""

	problem: str
	read: Callable[[], object]
	doctype: str
	field: str
	broken: object
	sound: object

	def set(self, value: object) -> None:
		frappe.db.set_single_value(self.doctype, self.field, value)


SWITCHES = [
	Switch("no front desk", city.read_offer, SETTINGS, "front_desk_department", None, "front-desk"),
	Switch(
		"no privacy statement", city.read_statements, SETTINGS, "privacy_text", "<p> </p>", "<p>We keep…</p>"
	),
	Switch("guest tickets", helpdesk.read_switches, "HD Settings", "allow_anyone_to_create_tickets", 1, 0),
	Switch("acknowledged twice", helpdesk.read_switches, "HD Settings", "send_acknowledgement_email", 1, 0),
	Switch("tracebacks shown", security.read_switches, "System Settings", "allow_error_traceback", 1, 0),
	Switch("guest uploads", security.read_switches, "System Settings", "allow_guests_to_upload_files", 1, 0),
	Switch("sign-up", security.read_switches, "Website Settings", "disable_signup", 0, 1),
	Switch("no time zone", server.read_time_zone, "System Settings", "time_zone", "", "America/Los_Angeles"),
	Switch("scheduler off", server.read_schedule, "System Settings", "enable_scheduler", 0, 1),
]


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.problem)
def test_a_dangerous_setting_is_found_until_it_is_mended(switch: Switch) -> None:
	switch.set(switch.broken)
	found = list_problems(switch.read)
	switch.set(switch.sound)

	assert switch.problem in found
	assert switch.problem not in list_problems(switch.read)


@pytest.mark.parametrize(
	"problem, read, key, broken, sound",
	[
		("developer switch", security.read_switches, "developer_mode", 1, 0),
		("developer switch", security.read_switches, "allow_tests", 1, 0),
		("server scripts", security.read_switches, "server_script_enabled", 1, 0),
		("addresses logged", security.read_switches, "enable_frappe_logger", 1, 0),
		("calls from everywhere", security.read_switches, "allow_cors", "*", "https://city.example"),
		("no host name", security.read_address, "host_name", None, "https://help.city.example"),
		(
			"no TLS",
			security.read_address,
			"host_name",
			"http://help.city.example",
			"https://help.city.example",
		),
		("no encryption key", security.read_address, "encryption_key", "", "0123"),
		("mails muted", delivery.read_mail, "mute_emails", 1, 0),
		("maintenance mode", server.read_schedule, "maintenance_mode", 1, 0),
	],
)
def test_a_dangerous_line_of_the_configuration_is_found(
	monkeypatch: pytest.MonkeyPatch,
	problem: str,
	read: Callable[[], object],
	key: str,
	broken: object,
	sound: object,
) -> None:
	for switch in ("developer_mode", "allow_tests", "ignore_csrf"):
		monkeypatch.setitem(frappe.local.conf, switch, 0)
	monkeypatch.setitem(frappe.local.conf, key, broken)
	found = list_problems(read)
	monkeypatch.setitem(frappe.local.conf, key, sound)

	assert problem in found
	assert problem not in list_problems(read)


def test_a_published_service_that_nobody_can_answer_in_time_is_found() -> None:
	department = make_department(phone=None, email=None)
	make_service(department=department.name)
	frappe.db.set_single_value(SETTINGS, {"contact_phone": None, "contact_email": None})
	frappe.db.delete("Department Opening Hours", {"parent": department.name})
	frappe.db.delete("HD Team Member", {"parent": department.team})

	found = {(one.problem, one.name) for one in look(city.read_offer)}

	assert {("no contact", department.name), ("department team", department.name)} <= found
	assert "service without promise" in {problem for problem, _name in found}


def test_a_pilot_is_looked_at_like_a_published_service() -> None:
	department = make_department()
	service = make_service(department=department.name)
	service.db_set("status", "Pilot")
	frappe.db.delete("Department Opening Hours", {"parent": department.name})

	assert ("service without promise", service.name) in {
		(one.problem, one.name) for one in look(city.read_offer)
	}


def test_a_rule_whose_team_cannot_work_is_found() -> None:
	team = make_team()
	rule = {"match_on": "Channel", "match_values": "Phone", "department": "streets", "team": team}
	service = make_service(routing_rules=[rule])
	assert "rule team" not in list_problems(city.read_offer)

	frappe.db.set_value("HD Team", team, "disabled", 1)

	found = {one.name: one for one in look(city.read_offer) if one.problem == "rule team"}
	assert list(found) == [service.name]
	assert "switched off" in found[service.name].details[1]


def test_the_offer_is_read_in_few_statements() -> None:
	for _number in range(3):
		make_service(department=make_department().name)
	city.read_offer()

	assert count_here(city.read_offer).statements <= 6


def test_a_team_whose_name_breaks_its_rule_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
	# Frappe refuses such a rule by now; a team may be older than that.
	monkeypatch.setattr("frappe.model.document.Document._validate_code_fields", lambda self: None)
	name = f"O'Brien {make_name()}"
	department = make_department(team=make_team())
	frappe.rename_doc("HD Team", department.team, name, force=True)

	(finding,) = [one for one in look(city.read_offer) if one.name == department.name]

	assert finding.problem == "department team"
	assert "apostrophe" in finding.details[1]


def test_a_list_of_holidays_that_ends_soon_is_found() -> None:
	name = make_holiday_list(to_date=add_to_date(now_datetime(), days=30).date())
	make_department(holiday_list=name)

	assert ("holidays end", name) in {(one.problem, one.name) for one in look(city.read_holidays)}
	frappe.db.set_value("HD Service Holiday List", name, "to_date", "2099-12-31")
	assert name not in {one.name for one in look(city.read_holidays)}


def test_somebody_has_to_be_the_manager() -> None:
	frappe.db.delete("Has Role", {"role": MANAGER, "parenttype": "User"})
	assert list_problems(city.read_people) == {"no manager"}

	manager = make_user(MANAGER)
	(finding,) = look(city.read_people)
	assert (finding.problem, finding.details) == ("manager without Helpdesk", (manager,))

	frappe.get_doc("User", manager).add_roles("Agent Manager")
	assert list_problems(city.read_people) == {"manager without Helpdesk"}

	frappe.get_doc("User", manager).add_roles("Agent")
	assert list_problems(city.read_people) == set()


def test_requests_without_a_ticket_are_found(transactions: object) -> None:
	before = delivery.read_submissions()
	reference = make_request()
	late = now_datetime() - timedelta(minutes=6)
	get_submission(reference).db_set({"state": "Received", "ticket": None, "received_at": late})
	assert "waiting submissions" in list_problems(delivery.read_submissions)

	get_submission(reference).db_set({"state": "Needs Attention"})
	assert delivery.read_submissions().stuck == before.stuck + 1
	assert "stuck submissions" in list_problems(delivery.read_submissions)


def test_mail_accounts_that_cannot_do_their_work_are_found() -> None:
	frappe.db.delete("Email Account")
	assert list_problems(delivery.read_accounts) == {"no outgoing mail", "no incoming mail"}

	account = make_account(
		enable_outgoing=0, default_outgoing=1, enable_incoming=1, append_to="Communication"
	)
	set_encrypted_password("Email Account", account, "secret", "password")
	assert list_problems(delivery.read_accounts) == {"outgoing mail off", "incoming mail elsewhere"}

	frappe.db.set_value("Email Account", account, {"enable_outgoing": 1, "append_to": "HD Ticket"})
	assert list_problems(delivery.read_accounts) == set()


def test_an_account_whose_password_was_lost_with_the_key_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
	frappe.db.delete("Email Account")
	account = make_account(enable_outgoing=1, default_outgoing=1, enable_incoming=1, append_to="HD Ticket")
	assert list_problems(delivery.read_accounts) == {"outgoing mail off"}

	set_encrypted_password("Email Account", account, "secret", "password")
	assert list_problems(delivery.read_accounts) == set()

	monkeypatch.setitem(frappe.local.conf, "encryption_key", Fernet.generate_key().decode())
	assert list_problems(delivery.read_accounts) == {"outgoing mail off"}
	assert frappe.local.message_log == []


def test_an_account_that_puts_mail_on_tickets_by_its_folder_is_sound() -> None:
	account = make_account(enable_incoming=1, append_to=None)
	frappe.db.set_value("Email Account", {"name": ("!=", account)}, "enable_incoming", 0)
	assert "incoming mail elsewhere" in list_problems(delivery.read_accounts)

	folder = {"doctype": "IMAP Folder", "parent": account, "parenttype": "Email Account"}
	frappe.get_doc(
		{**folder, "parentfield": "imap_folder", "folder_name": "INBOX", "append_to": "HD Ticket"}
	).db_insert()
	assert "incoming mail elsewhere" not in list_problems(delivery.read_accounts)


def make_account(**values: object) -> str:
	account = frappe.new_doc("Email Account")
	account.update({"email_account_name": make_name("account"), "email_id": "desk@city.example", **values})
	account.name = account.email_account_name
	account.db_insert()
	return account.name


@pytest.mark.parametrize(
	"problem, status, minutes, is_found",
	[
		("stuck mails", "Sending", 31, True),
		("stuck mails", "Sending", 29, False),
		("late mails", "Not Sent", 31, True),
		("late mails", "Not Sent", 29, False),
		("late mails", "Sent", 31, False),
	],
)
def test_mails_that_do_not_move_are_found(problem: str, status: str, minutes: int, is_found: bool) -> None:
	frappe.db.delete("Email Queue")
	queued = make_queued(status=status)
	frappe.db.set_value(
		"Email Queue",
		queued,
		"modified",
		now_datetime() - timedelta(minutes=minutes),
		update_modified=False,
	)

	assert (problem in list_problems(delivery.read_mail)) is is_found


def test_a_mail_for_later_is_not_late() -> None:
	frappe.db.delete("Email Queue")
	queued = make_queued(status="Not Sent", send_after=add_to_date(now_datetime(), hours=5))
	frappe.db.set_value(
		"Email Queue", queued, "modified", add_to_date(now_datetime(), hours=-2), update_modified=False
	)

	assert list_problems(delivery.read_mail) == set()


def test_our_own_failed_notices_are_found_and_others_are_not() -> None:
	frappe.db.delete("Email Queue")
	make_queued(status="Error", reference_doctype="HD Ticket", message="Subject: newsletter\n\nHi")
	assert list_problems(delivery.read_mail) == set()

	ours = "X-Auto-Generated: citizen-support-confirmation\n\nHi"
	make_queued(status="Error", reference_doctype="HD Ticket", message=ours)
	assert list_problems(delivery.read_mail) == {"failed mails"}


def test_mail_that_somebody_suspended_is_found() -> None:
	frappe.db.set_default("suspend_email_queue", 1)
	assert "mails suspended" in list_problems(delivery.read_mail)

	frappe.db.set_default("suspend_email_queue", 0)
	assert "mails suspended" not in list_problems(delivery.read_mail)


def make_queued(**values: object) -> str:
	queued = frappe.new_doc("Email Queue")
	queued.update({"sender": "desk@city.example", "message": "Subject: x\n\nHi", **values})
	queued.name = make_name("mail")
	queued.db_insert()
	return queued.name


@pytest.mark.parametrize(
	"state, minutes, problems",
	[
		("Waiting", 31, {"waiting notices"}),
		("Waiting", 29, set()),
		("Failed", 1, {"notices given up"}),
		("Sent", 99, set()),
	],
)
def test_messages_that_reach_nobody_are_found(state: str, minutes: int, problems: set[str]) -> None:
	frappe.db.delete("Resident Notice")
	notice = frappe.new_doc("Resident Notice")
	since = now_datetime() - timedelta(minutes=minutes)
	notice.update({"name": make_name("notice"), "state": state, "waiting_since": since, "creation": since})
	notice.db_insert()

	assert list_problems(delivery.read_notices) == problems


def test_a_page_that_failed_is_found() -> None:
	frappe.db.delete("Error Log")
	assert list_problems(delivery.read_errors) == set()

	frappe.log_error(title="Portal page failed: GET /services", message="x")
	assert list_problems(delivery.read_errors) == {"portal errors"}


def test_an_agreement_of_ours_that_somebody_touched_is_found(transactions: object) -> None:
	request = make_request(make_service(response_target=7))
	ticket = frappe.get_doc("HD Ticket", {"cs_reference": request})
	assert look(helpdesk.read_agreements) == []

	for changes, problem in (
		({"enabled": 0}, "agreement off"),
		({"enabled": 1, "condition": "True"}, "agreement changed"),
	):
		frappe.db.set_value("HD Service Level Agreement", ticket.sla, changes)
		found = {(one.problem, one.name) for one in look(helpdesk.read_agreements)}
		assert found == {(problem, ticket.sla)}


@pytest.mark.parametrize("field", ["response_time", "resolution_time"])
def test_an_agreement_whose_times_were_changed_is_found(transactions: object, field: str) -> None:
	request = make_request(make_service(response_target=7))
	agreement = frappe.db.get_value("HD Ticket", {"cs_reference": request}, "sla")
	row = {"parent": agreement, "priority": "Medium"}
	before = frappe.db.get_value("HD Service Level Priority", row, field)

	frappe.db.set_value("HD Service Level Priority", row, field, before + 60)

	assert [one.problem for one in look(helpdesk.read_agreements)] == ["agreement changed"]


def test_every_agreement_the_starter_city_makes_is_sound(transactions: object) -> None:
	from citizen_support import promise

	for service_name in frappe.get_all("Municipal Service", {"status": "Published"}, pluck="name"):
		doc = frappe.get_doc("Municipal Service", service_name)
		promise.ensure_agreement(doc.as_dict(), doc.department)

	assert look(helpdesk.read_agreements) == []


def test_no_default_agreement_and_two_of_them_are_found() -> None:
	default = frappe.db.get_value("HD Service Level Agreement", {"default_sla": 1})
	frappe.db.set_value("HD Service Level Agreement", default, "enabled", 0)
	assert "no default agreement" in list_problems(helpdesk.read_agreements)

	frappe.db.set_value("HD Service Level Agreement", default, "enabled", 1)
	other = frappe.copy_doc(frappe.get_doc("HD Service Level Agreement", default))
	other.name = other.service_level = make_name("agreement")
	other.db_insert()
	assert "several default agreements" in list_problems(helpdesk.read_agreements)


def test_a_field_of_ours_that_somebody_took_away_is_found() -> None:
	assert list_problems(helpdesk.read_host) == set()
	frappe.db.delete("Custom Field", {"dt": "HD Ticket", "fieldname": "cs_told"})

	(finding,) = look(helpdesk.read_host)

	assert (finding.problem, finding.details) == ("own fields missing", ("HD Ticket.cs_told",))


def test_a_helpdesk_of_tomorrow_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
	import helpdesk as host

	monkeypatch.setattr(host, "__version__", "2.0.0")

	assert [(one.problem, one.details) for one in look(helpdesk.read_host)] == [
		("helpdesk not tested", ("2.0.0",))
	]


def test_an_old_frappe_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(frappe, "__version__", "15.106.0")
	assert list_problems(security.read_version) == {"frappe hole for everyone"}

	monkeypatch.setattr(frappe, "__version__", "15.107.0")
	assert list_problems(security.read_version) == set()


def test_a_customer_with_everybodys_domain_is_found() -> None:
	customer = frappe.new_doc("HD Customer")
	customer.update({"customer_name": make_name("customer"), "domain": "gmail.com"})
	customer.insert(ignore_permissions=True)

	assert ("public customer domain", customer.name) in {
		(one.problem, one.name) for one in look(helpdesk.read_customers)
	}


def test_residents_data_that_everybody_may_read_is_found() -> None:
	frappe.get_doc(
		{"doctype": "Custom DocPerm", "parent": "Citizen", "role": "Guest", "read": 1, "permlevel": 0}
	).insert()

	assert {one.details for one in look(security.read_switches) if one.problem == "guests read"} == {
		("Citizen",)
	}


def test_what_a_site_has_from_the_start_lets_nobody_read() -> None:
	assert "guests read" not in list_problems(security.read_switches)


def test_the_first_password_everybody_tries_is_found() -> None:
	from frappe.utils.password import update_password

	update_password("Administrator", "admin")
	assert "easy password" in list_problems(security.read_switches)

	update_password("Administrator", make_name("password"))
	assert "easy password" not in list_problems(security.read_switches)


@pytest.mark.parametrize(
	"scheme, headers, proxies, problems",
	[
		("http", {}, 1, {"proxy silent", "scheme not told"}),
		("http", {"X-Forwarded-For": "8.8.8.8"}, 0, {"proxy not counted", "scheme not told"}),
		("http", {"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Proto": "https"}, 1, {"scheme not told"}),
		("https", {"X-Forwarded-For": "10.0.0.9"}, 1, {"everybody alike"}),
		("https", {"X-Forwarded-For": "8.8.8.8"}, 1, set()),
		("https", {"X-Forwarded-For": "8.8.8.8, 10.0.0.9"}, 2, set()),
	],
)
def test_the_page_says_how_it_sees_who_looks_at_it(
	monkeypatch: pytest.MonkeyPatch, scheme: str, headers: dict[str, str], proxies: int, problems: set[str]
) -> None:
	frappe.db.set_single_value(SETTINGS, "trusted_proxies", proxies)
	monkeypatch.setitem(frappe.local.conf, "host_name", "https://help.city.example")
	environ = EnvironBuilder(
		base_url=f"{scheme}://help.city.example", headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"}
	).get_environ()
	forget()
	frappe.local.request = Request(environ)

	assert list_problems(security.read_visit) == problems


def test_the_command_line_knows_of_proxies_what_was_counted() -> None:
	frappe.cache.delete_keys("citizen_support:limits")
	frappe.db.set_single_value(SETTINGS, "trusted_proxies", 1)
	forget()
	for headers in [{}] * 10 + [{"X-Forwarded-For": "8.8.8.8"}] * 10:
		frappe.local.request = Request(EnvironBuilder(headers=headers).get_environ())
		limits.get_client()
		limits.get_client()
	del frappe.local.request

	assert look(security.read_visit) == []
	assert [(one.problem, one.details) for one in look(security.read_unnamed)] == [
		("visitors unnamed", ("10",))
	]


def test_a_page_that_no_proxy_names_tells_it_once() -> None:
	frappe.db.set_single_value(SETTINGS, "trusted_proxies", 1)
	forget()
	frappe.local.request = Request(EnvironBuilder().get_environ())
	for _number in range(10):
		frappe.local.request.counted_unnamed = False
		limits.get_client()

	assert "proxy silent" in list_problems(security.read_visit)
	assert look(security.read_unnamed) == []


def test_both_redis_are_found_when_they_are_away(monkeypatch: pytest.MonkeyPatch) -> None:
	assert list_problems(server.read_redises) == set()
	monkeypatch.setitem(frappe.local.conf, "redis_cache", NOWHERE)
	monkeypatch.setitem(frappe.local.conf, "redis_queue", NOWHERE)

	assert list_problems(server.read_redises) == {"no cache", "no queue"}
	assert list_problems(server.read_work) == set()


def test_a_worker_is_seen_by_its_queues_and_its_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
	queues = [machine.generate_qname(name) for name in ("default", "short", "long")]
	seen = SimpleNamespace(last_heartbeat=None, queue_names=lambda: queues)
	monkeypatch.setattr(machine.Worker, "all", lambda connection: [seen])
	assert "no workers" in list_problems(server.read_work)

	seen.last_heartbeat = server.datetime.now(server.timezone.utc)
	assert not list_problems(server.read_work) & {"no workers", "queue without worker"}
	seen.queue_names = lambda: ["another-bench:default"]
	assert "no workers" in list_problems(server.read_work)


def test_the_database_is_measured() -> None:
	facts = server.read_database()

	assert (facts.is_reachable, facts.charset, facts.odd_tables) == (True, "utf8mb4", ())
	assert facts.pool_bytes > 1024**2 and facts.data_bytes > 1024**2


def test_a_database_that_does_not_answer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(machine, "is_database_reachable", lambda: False)

	assert list_problems(server.read_database) == {"no database"}


def test_backups_are_found_by_their_age(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(machine, "get_site_path", lambda *parts: str(tmp_path.joinpath(*parts)))
	assert list_problems(server.read_backups) == {"no backup"}

	folder = tmp_path / "private" / "backups"
	folder.mkdir(parents=True)
	(folder / "20261116_020000-city-database.sql.gz").touch()
	assert list_problems(server.read_backups) == {"backup without files"}
	(folder / "20261116_020000-city-private-files.tar").touch()
	assert list_problems(server.read_backups) == set()
	for path in folder.iterdir():
		os.utime(path, (0, path.stat().st_mtime - 3 * 86400))
	assert list_problems(server.read_backups) == {"old backup"}


def test_a_real_backup_is_recognised_by_its_name() -> None:
	from frappe.utils.backups import BackupGenerator

	maker = BackupGenerator(db_name="x", user="x", password="x")
	maker.set_backup_file_name()
	names = [Path(maker.backup_path_db), Path(maker.backup_path_private_files)]

	for kind, name in zip(("database", "files"), names, strict=True):
		assert any(name.match(pattern) for pattern in machine._BACKUPS[kind]), name


def test_assets_that_were_not_built_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	assert list_problems(server.read_storage) <= {"disk nearly full"}
	monkeypatch.setattr(machine, "get_bench_path", lambda: str(tmp_path))

	assert "assets missing" in list_problems(server.read_storage)


def test_logs_that_are_kept_long_are_found() -> None:
	frappe.db.delete("Logs To Clear")
	log_settings = frappe.get_doc("Log Settings")
	log_settings.append("logs_to_clear", {"ref_doctype": "Email Queue", "days": 400})
	log_settings.save()

	assert "mails kept long" in list_problems(server.read_logs)


def test_a_scheduler_that_has_stopped_is_found() -> None:
	frappe.db.set_single_value("System Settings", "enable_scheduler", 1)
	job = frappe.db.get_value("Scheduled Job Type", {"method": server.EVERY_MINUTE})
	frappe.db.set_value("Scheduled Job Type", job, "last_execution", now_datetime() - timedelta(minutes=16))
	assert list_problems(server.read_schedule) == {"scheduler late"}

	frappe.db.set_value("Scheduled Job Type", job, "last_execution", now_datetime())
	assert list_problems(server.read_schedule) == set()


def test_every_finding_of_the_site_can_be_explained_and_named() -> None:
	findings = get_findings()

	assert findings
	assert all(one["sentence"] and one["remedy"] and one["area_title"] for one in findings)
	assert not [one for one in findings if one["problem"] == "not checked"]


def test_the_manager_and_it_see_it_and_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setitem(frappe.local.flags, "in_test", False)  # `frappe.only_for` lets tests through
	for user in (make_user(MANAGER), make_user("System Manager")):
		frappe.set_user(user)
		assert isinstance(get_findings(), list)
	for user in (make_user(COORDINATOR), make_agent(), make_user("Agent Manager"), "Guest"):
		frappe.set_user(user)
		with pytest.raises(frappe.PermissionError):
			get_findings()


def test_a_weak_password_of_administrator_is_told_to_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(health, "examine", lambda: [Finding("easy password", SERIOUS, area="security")])

	frappe.set_user(make_user(MANAGER))
	assert get_findings() == []
	frappe.set_user(make_user("System Manager"))
	assert [one["problem"] for one in get_findings()] == ["easy password"]


def test_a_link_is_given_only_to_who_may_follow_it(monkeypatch: pytest.MonkeyPatch) -> None:
	finding = Finding("no outgoing mail", SERIOUS, (), "Email Account", area="delivery")
	monkeypatch.setattr(health, "examine", lambda: [finding])

	frappe.set_user(make_user(MANAGER))
	assert get_findings()[0]["link"] is None
	frappe.set_user(make_user("System Manager"))
	assert get_findings()[0]["link"] == "/app/email-account"


def test_managers_are_told_of_what_is_newly_serious_once(monkeypatch: pytest.MonkeyPatch) -> None:
	manager = make_user(MANAGER)
	frappe.db.set_global(alerts.TOLD, "[]")
	found = [Finding("no front desk", SERIOUS, (), SETTINGS, SETTINGS)]
	monkeypatch.setattr(alerts, "examine", lambda: list(found))

	told = [alerts.tell_new_findings(), alerts.tell_new_findings()]
	found.append(Finding("mails muted", SERIOUS, area="delivery"))
	told.append(alerts.tell_new_findings())
	found.pop()
	alerts.tell_new_findings()
	found.append(Finding("mails muted", SERIOUS, area="delivery"))
	frappe.cache.delete_keys("citizen_support:concern")
	told.append(alerts.tell_new_findings())

	assert told == [1, 0, 1, 1]
	subjects = frappe.get_all("Notification Log", {"for_user": manager}, pluck="subject", order_by="creation")
	assert ["front desk" in subjects[0], "muted" in subjects[1], len(subjects)] == [True, True, 3]


def run_doctor(*options: str, **environment: str) -> subprocess.CompletedProcess:
	"""The command as bench runs it, in a process of its own."""
	call = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", os.environ["CS_SITE"]]
	return subprocess.run(
		[*call, "citizen-support", "doctor", *options],
		cwd=Path(os.environ["CS_BENCH"]) / "sites",
		env={**os.environ, **environment},
		capture_output=True,
		text=True,
		timeout=120,
	)


def test_the_command_lists_findings_for_people_and_for_programs() -> None:
	people, programs = run_doctor(), run_doctor("--json")

	answer = json.loads(programs.stdout)
	assert answer["site"] == os.environ["CS_SITE"]
	assert {"problem", "severity", "area", "sentence", "remedy", "mender"} <= set(answer["findings"][0])
	assert all(one["sentence"] in people.stdout for one in answer["findings"])
	serious = any(one["severity"] == SERIOUS for one in answer["findings"])
	assert people.returncode == programs.returncode == int(serious)
	assert "Traceback" not in people.stderr + programs.stderr


@pytest.mark.parametrize(
	"environment, problems",
	[
		({"FRAPPE_REDIS_CACHE": NOWHERE, "FRAPPE_REDIS_QUEUE": NOWHERE}, {"no cache", "no queue"}),
		({"FRAPPE_DB_PORT": "1", "FRAPPE_DB_HOST": "127.0.0.1"}, {"no database"}),
	],
)
def test_the_command_says_which_service_is_down(environment: dict[str, str], problems: set[str]) -> None:
	answer = run_doctor("--json", **environment)

	assert problems <= {one["problem"] for one in json.loads(answer.stdout)["findings"]}
	assert answer.returncode == 1
	assert "Traceback" not in answer.stderr


def test_the_command_ends_well_when_nothing_is_serious(monkeypatch: pytest.MonkeyPatch) -> None:
	advice = {"severity": "Advice", "sentence": "A.", "remedy": "B.", "area_title": "Server"}
	results = []
	for findings in ([], [advice], [{**advice, "severity": "Serious"}]):
		monkeypatch.setattr(commands, "read_findings", lambda _site, found=findings: found)
		context = {"sites": ["a.example"], "profile": False}
		results.append(CliRunner().invoke(commands.citizen_support, ["doctor"], obj=context))

	assert [result.exit_code for result in results] == [0, 0, 1]
	assert "nothing to fix" in results[0].output
