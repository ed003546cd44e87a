"""A copy of a site whose database is in another server: the same city, to be mistreated."""

import json
import shutil
from pathlib import Path

from devtools import shell
from devtools.bench import Bench
from devtools.ports import LOOPBACK
from devtools.private_services import PrivateDatabase, PrivateRedis, find_program
from devtools.say import Problem
from devtools.sites import set_config

LEFT_OUT = shutil.ignore_patterns("backups", "logs", "locks", "citizen_support_uploads")


def copy_site(
	bench: Bench, source: str, name: str, database: PrivateDatabase, cache: PrivateRedis, queue: PrivateRedis
) -> None:
	"""Make `name` a copy of `source`, in the given database server and with the given Redis.

	The copy's site_config.json says where its servers are; processes that are to use its Redis need
	`get_environment` too, because Frappe's workers connect before they know of any site.
	"""
	remove_copy(bench, name)
	shutil.copytree(bench.sites / source, bench.sites / name, ignore=LEFT_OUT)
	for folder in ("logs", "locks"):
		(bench.sites / name / folder).mkdir(exist_ok=True)
	config = json.loads((bench.sites / source / "site_config.json").read_text())
	dump = database.folder / "site.sql"
	dump_database(bench, config, dump)
	restore_database(database, config, dump)
	dump.unlink()
	set_config(
		bench,
		name,
		db_host=LOOPBACK,
		db_port=database.port,
		db_socket="",
		redis_cache=cache.address,
		redis_queue=queue.address,
		host_name=None,
	)


def remove_copy(bench: Bench, name: str) -> None:
	"""Remove a copy's files; its database goes with its server."""
	shutil.rmtree(bench.sites / name, ignore_errors=True)


def get_environment(database: PrivateDatabase, cache: PrivateRedis, queue: PrivateRedis) -> dict[str, str]:
	"""What outranks every configuration file of Frappe's (`frappe.get_site_config`)."""
	return {
		"FRAPPE_DB_HOST": LOOPBACK,
		"FRAPPE_DB_PORT": str(database.port),
		"FRAPPE_REDIS_CACHE": cache.address,
		"FRAPPE_REDIS_QUEUE": queue.address,
	}


def dump_database(bench: Bench, config: dict, file: Path) -> None:
	"""Write a site's database into a file, as the site's own user, without holding anybody up."""
	server = bench.database
	options = file.with_suffix(".cnf")
	options.touch(mode=0o600)
	options.write_text(f"[client]\nuser={config['db_name']}\npassword={config['db_password']}\n")
	place = [
		f"--host={config.get('db_host') or server.host}",
		f"--port={config.get('db_port') or server.port}",
	]
	command = [find_program("mariadb-dump"), f"--defaults-file={options}", *place]
	command += [
		"--single-transaction",
		"--quick",
		"--no-tablespaces",
		f"--result-file={file}",
		config["db_name"],
	]
	try:
		shell.run(command, failure="The site's database could not be copied.")
	finally:
		options.unlink()


def restore_database(database: PrivateDatabase, config: dict, file: Path) -> None:
	"""Read a dump into a server under the same name, with a user of the same name and password."""
	name, password = config["db_name"], config["db_password"]
	if not f"{name}{password}".replace("_", "").isalnum():
		raise Problem("The site's database name or password has characters nobody would expect there.")
	users = " ".join(
		f"CREATE OR REPLACE USER '{name}'@'{host}' IDENTIFIED BY '{password}';"
		f" GRANT ALL PRIVILEGES ON `{name}`.* TO '{name}'@'{host}';"
		for host in ("localhost", LOOPBACK)
	)
	database.execute(f"CREATE DATABASE `{name}`; {users}\nUSE `{name}`;\nSOURCE {file}\n")
