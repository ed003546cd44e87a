"""What stands below Frappe: MariaDB, both Redis, workers, disk and backups.

Nothing here waits for long: a server that does not answer within `TIMEOUT_SECONDS` counts as away.
"""

import os
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path

import redis
from rq import Queue, Worker

import frappe
from frappe.utils import get_bench_path, get_site_path
from frappe.utils.background_jobs import generate_qname, get_bench_id

TIMEOUT_SECONDS = 3
_QUEUES = ("short", "default", "long")
ASSETS = ("css/portal.css", "js/portal.js")
_BACKUPS = {"database": ("*-database.sql*", "*-database-enc.sql*"), "files": ("*-private-files*",)}


def is_database_reachable() -> bool:
	"""Whether the site's database answers."""
	try:
		frappe.db.sql("select 1")
	except Exception:
		return False
	return True


def read_variables(*names: str) -> dict[str, str]:
	"""Variables of the database server."""
	rows = frappe.db.sql("show global variables where variable_name in %s", (names,))
	return {name.lower(): value for name, value in rows}


def read_tables() -> tuple[str, int, list[str]]:
	"""The database's own character set, its size in bytes, and tables in another character set than utf8mb4."""
	name = frappe.conf.db_name
	charset = frappe.db.sql(
		"select default_character_set_name from information_schema.schemata where schema_name = %s", name
	)[0][0]
	size = frappe.db.sql(
		"select sum(data_length + index_length) from information_schema.tables where table_schema = %s", name
	)[0][0]
	odd = frappe.db.sql(
		"""select table_name from information_schema.tables where table_schema = %s
		and table_collation is not null and table_collation not like 'utf8mb4%%' order by table_name limit 20""",
		name,
	)
	return charset, int(size or 0), [row[0] for row in odd]


def read_redis(key: str) -> dict | None:
	"""What the Redis under this key of the configuration says of itself; None if it does not answer."""
	try:
		return _connect(key).info()
	except redis.exceptions.RedisError:
		return None


def read_workers() -> tuple[list[tuple[tuple[str, ...], datetime]], int] | None:
	"""Queues and last report (UTC, naive) of each worker of this bench, and how many jobs wait; None without Redis."""
	try:
		connection = _connect("redis_queue")
		workers = [
			(queues, worker.last_heartbeat.replace(tzinfo=None))
			for worker in Worker.all(connection=connection)
			if worker.last_heartbeat and (queues := _list_queues(worker))
		]
		waiting = sum(Queue(generate_qname(name), connection=connection).count for name in _QUEUES)
	except redis.exceptions.RedisError:
		return None
	return workers, waiting


def read_disk() -> tuple[int, int, bool]:
	"""Bytes in all and bytes left where the site keeps its files, and whether it can write there."""
	folder = get_site_path("private")
	usage = shutil.disk_usage(folder)
	return usage.total, usage.free, os.access(Path(folder, "files"), os.W_OK)


def list_missing_assets() -> list[str]:
	"""Files of the portal that the web server would not find."""
	folder = Path(get_bench_path(), "sites", "assets", "citizen_support")
	return [name for name in ASSETS if not (folder / name).exists()]


def find_backup_age(kind: str) -> timedelta | None:
	"""Age of the newest backup of "database" or "files" in the site's own folder; None if there is none."""
	folder = Path(get_site_path("private", "backups"))
	written = [path.stat().st_mtime for pattern in _BACKUPS[kind] for path in folder.glob(pattern)]
	return timedelta(seconds=max(0.0, time.time() - max(written))) if written else None


def _connect(key: str) -> redis.Redis:
	"""A connection of our own: Frappe's waits as long as the other side likes."""
	options = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
	if key == "redis_queue" and frappe.conf.use_rq_auth:
		options["username"] = frappe.conf.rq_username or get_bench_id()
		options["password"] = frappe.conf.rq_password
	return redis.Redis.from_url(frappe.conf.get(key) or "", **options)


def _list_queues(worker: Worker) -> tuple[str, ...]:
	"""Queues of this bench a worker listens to, by Frappe's short names."""
	names = {generate_qname(name): name for name in _QUEUES}
	return tuple(names[queue] for queue in worker.queue_names() if queue in names)
