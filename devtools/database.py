"""Administrator's access to the database server, which making and dropping a site needs."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from devtools import shell
from devtools.bench import Bench
from devtools.say import Problem

HOW_TO_LOG_IN = (
	"No way into the database server as administrator. Either run as root, or name a user who may make "
	"databases: DB_ROOT_USER=… DB_ROOT_PASSWORD=…"
)


@dataclass(frozen=True)
class Login:
	"""A database user who may make and drop databases and users."""

	user: str
	password: str

	@property
	def options(self) -> list[str]:
		"""As `bench new-site` and `bench drop-site` want it."""
		return ["--db-root-username", self.user, "--db-root-password", self.password]


@contextmanager
def administrator(bench: Bench) -> Iterator[Login]:
	"""A login for the time it is needed: one we were given, or one we make and take away again."""
	if login := _given_login(bench):
		yield login
		return
	client = _root_client(bench)
	login = Login(f"cs_setup_{os.getpid()}", secrets.token_hex(16))
	try:
		_sql(client, *_create(login))
		yield login
	finally:
		_sql(client, *_drop(login))


def _given_login(bench: Bench) -> Login | None:
	"""From the environment, or where bench itself keeps it."""
	if password := os.environ.get("DB_ROOT_PASSWORD"):
		return Login(os.environ.get("DB_ROOT_USER", "root"), password)
	config = bench.config
	if config.get("root_password"):
		return Login(config.get("root_login") or "root", config["root_password"])
	return None


def _root_client(bench: Bench) -> list[str]:
	"""The database client as root over the local socket, which needs no password on a fresh Debian."""
	program = next((name for name in ("mariadb", "mysql") if shell.has(name)), None)
	if not program or not bench.database.is_local:
		raise Problem(HOW_TO_LOG_IN)
	plain = [program, "--user=root", "--protocol=socket"]
	for client in (plain, ["sudo", "-n", *plain] if shell.has("sudo") else None):
		if client and shell.capture([*client, "--execute=SELECT 1"], timeout=20).returncode == 0:
			return client
	raise Problem(HOW_TO_LOG_IN)


def _create(login: Login) -> list[str]:
	"""By name and by address, because the server may or may not look names up."""
	return [
		f"CREATE OR REPLACE USER '{login.user}'@'{host}' IDENTIFIED BY '{login.password}';"
		f" GRANT ALL PRIVILEGES ON *.* TO '{login.user}'@'{host}' WITH GRANT OPTION;"
		for host in ("localhost", "127.0.0.1")
	]


def _drop(login: Login) -> list[str]:
	return [f"DROP USER IF EXISTS '{login.user}'@'{host}';" for host in ("localhost", "127.0.0.1")]


def _sql(client: list[str], *statements: str) -> None:
	"""Through standard input, so that no password shows in the list of processes."""
	done = shell.capture(client, stdin="\n".join(statements))
	if done.returncode:
		raise Problem(f"The database server refused: {done.stdout.strip()}")
