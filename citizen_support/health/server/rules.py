"""What can be wrong with the machines and services below the site. Pure: plain facts in, findings out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from citizen_support.health.rules import ADVICE, SERIOUS, Finding

SYSTEM = "System Settings"
SCHEDULER_IS_LATE = timedelta(minutes=15)
# RQ's workers report every seven minutes at the latest (`default_worker_ttl`), then they count as dead.
WORKER_IS_SILENT = timedelta(minutes=8)
BACKUP_IS_OLD = timedelta(days=2)
MANY_WAITING_JOBS = 500
# Queues of the app's jobs: the sweep and mail, a fresh link, the nightly ones.
QUEUES = ("default", "short", "long")
GIGABYTE = 1024**3
LEAST_FREE_BYTES, LEAST_FREE_SHARE, LITTLE_FREE_SHARE = GIGABYTE, 0.05, 0.15
MOST_MAIL_DAYS = 90
MANY_ERRORS = 10_000


@dataclass(frozen=True)
class Database:
	"""What MariaDB says of itself; sizes in bytes. All sound by default."""

	is_reachable: bool = True
	charset: str = "utf8mb4"
	odd_tables: tuple[str, ...] = ()
	flushes_each_commit: bool = True
	pool_bytes: int = GIGABYTE
	data_bytes: int = 0


@dataclass(frozen=True)
class Redis:
	"""One of the bench's Redis servers; `limit` is its memory in bytes (0: none)."""

	is_reachable: bool = True
	policy: str = "noeviction"
	limit: int = 0
	evicted: int = 0


@dataclass(frozen=True)
class Redises:
	"""Cache and queue."""

	cache: Redis = field(default_factory=lambda: Redis(policy="allkeys-lru", limit=GIGABYTE))
	queue: Redis = field(default_factory=Redis)


@dataclass(frozen=True)
class Worker:
	"""A process that takes jobs: the queues it listens to, and when it last reported (UTC, naive)."""

	queues: tuple[str, ...]
	reported_at: datetime


@dataclass(frozen=True)
class Work:
	"""Workers and what waits for them; None if the queue cannot be asked."""

	now: datetime
	workers: tuple[Worker, ...] = ()
	waiting: int = 0


@dataclass(frozen=True)
class Schedule:
	"""Whether jobs are started, and when the minute's job last ran (site's time zone, naive; None: never)."""

	now: datetime
	is_on: bool = True
	last_run: datetime | None = None
	in_maintenance: bool = False


@dataclass(frozen=True)
class Storage:
	"""The disk of the site's folder; sizes in bytes."""

	total: int = 100 * GIGABYTE
	free: int = 50 * GIGABYTE
	is_writable: bool = True
	missing_assets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Backups:
	"""How old the newest backups are; None if there is none."""

	database: timedelta | None = timedelta(0)
	files: timedelta | None = timedelta(0)


@dataclass(frozen=True)
class Logs:
	"""What piles up: for how many days sent mails stay in the queue, and the length of the Error Log."""

	mail_days: int = 30
	errors: int = 0


def find_database(facts: Database) -> Iterable[Finding]:
	if not facts.is_reachable:
		yield Finding("no database", SERIOUS)
		return
	if facts.charset != "utf8mb4" or facts.odd_tables:
		details = (", ".join(facts.odd_tables[:5]) or facts.charset,)
		yield Finding("not utf8mb4", SERIOUS, details)
	if not facts.flushes_each_commit:
		yield Finding("commits not flushed", SERIOUS)
	if facts.data_bytes > 2 * facts.pool_bytes:
		details = (_megabytes(facts.pool_bytes), _megabytes(facts.data_bytes))
		yield Finding("small buffer pool", ADVICE, details)


def find_redis(facts: Redises) -> Iterable[Finding]:
	if not facts.cache.is_reachable:
		yield Finding("no cache", SERIOUS)
	elif facts.cache.evicted:
		yield Finding("cache evicts", ADVICE, (str(facts.cache.evicted),))
	elif facts.cache.limit and facts.cache.policy == "noeviction":
		yield Finding("cache cannot forget", ADVICE)
	if not facts.queue.is_reachable:
		yield Finding("no queue", SERIOUS)
	elif facts.queue.limit and facts.queue.policy != "noeviction":
		yield Finding("queue evicts", SERIOUS, (facts.queue.policy,))


def find_workers(facts: Work | None) -> Iterable[Finding]:
	if not facts:
		return
	alive = [worker for worker in facts.workers if facts.now - worker.reported_at < WORKER_IS_SILENT]
	listened = {queue for worker in alive for queue in worker.queues}
	if not alive:
		yield Finding("no workers", SERIOUS)
	elif deaf := [queue for queue in QUEUES if queue not in listened]:
		yield Finding("queue without worker", SERIOUS, (", ".join(deaf),))
	if facts.waiting > MANY_WAITING_JOBS:
		yield Finding("many jobs wait", ADVICE, (str(facts.waiting),))


def find_schedule(facts: Schedule) -> Iterable[Finding]:
	if facts.in_maintenance:
		yield Finding("maintenance mode", SERIOUS)
	elif not facts.is_on:
		yield Finding("scheduler off", SERIOUS)
	elif not facts.last_run or facts.now - facts.last_run > SCHEDULER_IS_LATE:
		yield Finding("scheduler late", SERIOUS)


def find_time_zone(time_zone: str | None) -> Iterable[Finding]:
	if not time_zone:
		yield Finding("no time zone", SERIOUS, (), SYSTEM, SYSTEM)


def find_storage(facts: Storage) -> Iterable[Finding]:
	share = facts.free / facts.total if facts.total else 1
	if facts.free < LEAST_FREE_BYTES or share < LEAST_FREE_SHARE:
		yield Finding("disk full", SERIOUS, (_megabytes(facts.free),))
	elif share < LITTLE_FREE_SHARE:
		yield Finding("disk nearly full", ADVICE, (_megabytes(facts.free), str(round(share * 100))))
	if not facts.is_writable:
		yield Finding("folder not writable", SERIOUS)
	if facts.missing_assets:
		yield Finding("assets missing", SERIOUS, (", ".join(facts.missing_assets),))


def find_backups(facts: Backups) -> Iterable[Finding]:
	if facts.database is None:
		yield Finding("no backup", ADVICE)
	elif facts.database > BACKUP_IS_OLD:
		yield Finding("old backup", ADVICE, (str(facts.database.days),))
	elif facts.files is None or facts.files > BACKUP_IS_OLD:
		yield Finding("backup without files", ADVICE)


def find_logs(facts: Logs) -> Iterable[Finding]:
	if facts.mail_days > MOST_MAIL_DAYS:
		yield Finding("mails kept long", ADVICE, (str(facts.mail_days),), "Log Settings", "Log Settings")
	if facts.errors > MANY_ERRORS:
		yield Finding("long error log", ADVICE, (str(facts.errors),), "Error Log")


def _megabytes(number: int) -> str:
	return f"{number // 1024**2:,}"
