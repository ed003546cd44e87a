"""Reading the machines and services below the site."""

from datetime import datetime, timezone

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, now_datetime
from frappe.utils.scheduler import is_scheduler_inactive

from citizen_support.health.rules import SERVER, Check
from citizen_support.health.server import rules
from citizen_support.host import machine

EVERY_MINUTE = "citizen_support.intake.filing.sweep"
VARIABLES = ("innodb_flush_log_at_trx_commit", "innodb_buffer_pool_size")


def list_checks() -> tuple[Check, ...]:
	"""What is looked at, in order; the first ones say why the others may fail."""
	return (
		Check(_("database"), SERVER, read_database, (rules.find_database,), needs_database=False),
		Check(_("Redis"), SERVER, read_redises, (rules.find_redis,), needs_database=False),
		Check(_("workers"), SERVER, read_work, (rules.find_workers,), needs_database=False),
		Check(_("disk and files"), SERVER, read_storage, (rules.find_storage,), needs_database=False),
		Check(_("backups"), SERVER, read_backups, (rules.find_backups,), needs_database=False),
		Check(_("scheduler"), SERVER, read_schedule, (rules.find_schedule,)),
		Check(_("time zone"), SERVER, read_time_zone, (rules.find_time_zone,)),
		Check(_("logs"), SERVER, read_logs, (rules.find_logs,)),
	)


def read_database() -> rules.Database:
	if not machine.is_database_reachable():
		return rules.Database(is_reachable=False)
	variables = machine.read_variables(*VARIABLES)
	charset, size, odd_tables = machine.read_tables()
	return rules.Database(
		charset=charset,
		odd_tables=tuple(odd_tables),
		flushes_each_commit=variables.get(VARIABLES[0], "1") == "1",
		pool_bytes=cint(variables.get(VARIABLES[1])) or rules.GIGABYTE,
		data_bytes=size,
	)


def read_redises() -> rules.Redises:
	return rules.Redises(_read_redis("redis_cache"), _read_redis("redis_queue"))


def read_work() -> rules.Work | None:
	answer = machine.read_workers()
	if answer is None:
		return None
	workers, waiting = answer
	now = datetime.now(timezone.utc).replace(tzinfo=None)
	return rules.Work(now, tuple(rules.Worker(*worker) for worker in workers), waiting)


def read_storage() -> rules.Storage:
	total, free, is_writable = machine.read_disk()
	return rules.Storage(total, free, is_writable, tuple(machine.list_missing_assets()))


def read_backups() -> rules.Backups:
	return rules.Backups(machine.find_backup_age("database"), machine.find_backup_age("files"))


def read_schedule() -> rules.Schedule:
	ran_at = frappe.db.get_value("Scheduled Job Type", {"method": EVERY_MINUTE}, "last_execution")
	return rules.Schedule(
		now=now_datetime(),
		is_on=not is_scheduler_inactive(verbose=False),
		last_run=get_datetime(ran_at) if ran_at else None,
		in_maintenance=bool(cint(frappe.conf.maintenance_mode)),
	)


def read_time_zone() -> str | None:
	return frappe.db.get_single_value("System Settings", "time_zone")


def read_logs() -> rules.Logs:
	# A doctype that is missing in the Log Settings is added every night, with Frappe's own number of days.
	filters = {"parent": "Log Settings", "ref_doctype": "Email Queue"}
	return rules.Logs(
		mail_days=cint(frappe.db.get_value("Logs To Clear", filters, "days")),
		errors=frappe.db.count("Error Log"),
	)


def _read_redis(key: str) -> rules.Redis:
	info = machine.read_redis(key)
	if info is None:
		return rules.Redis(is_reachable=False)
	return rules.Redis(
		policy=info.get("maxmemory_policy", "noeviction"),
		limit=cint(info.get("maxmemory")),
		evicted=cint(info.get("evicted_keys")),
	)
