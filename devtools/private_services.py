"""A MariaDB and a Redis of one's own, in a folder of their own: to be killed without harm to anybody else."""

import getpass
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from devtools import shell
from devtools.ports import LOOPBACK, is_open, wait_until
from devtools.processes import Processes
from devtools.say import Problem

# Servers stand outside an ordinary user's PATH on Debian.
SEARCHED = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/usr/libexec"))
PROGRAMS = {
	"mariadbd": "mariadb-server",
	"mariadb-install-db": "mariadb-server",
	"mariadb": "mariadb-client",
	"mariadb-dump": "mariadb-client",
	"redis-server": "redis-server",
}
SECONDS_TO_START = 60
# As in production, but that a wait for a lock is given up after seconds instead of 50, which no test run can wait for.
DATABASE_OPTIONS = (
	f"--bind-address={LOOPBACK}",
	"--character-set-server=utf8mb4",
	"--collation-server=utf8mb4_unicode_ci",
	"--skip-character-set-client-handshake",
	"--skip-name-resolve",
	"--innodb-flush-log-at-trx-commit=1",
	"--innodb-buffer-pool-size=256M",
	"--innodb-lock-wait-timeout=5",
)


def require_programs() -> None:
	"""Everything that is needed here, or a Problem that says what to install."""
	missing = {package for name, package in PROGRAMS.items() if not shutil.which(name, path=SEARCHED)}
	if missing:
		raise Problem(f"Programs are missing: apt-get install {' '.join(sorted(missing))}")


def find_program(name: str) -> str:
	"""A program's path; the Problem of `require_programs` if it is not here."""
	found = shutil.which(name, path=SEARCHED)
	if not found:
		require_programs()
	return str(found)


@dataclass
class PrivateDatabase:
	"""A MariaDB on a port and a socket of its own. Its root needs no password, and only over the socket."""

	processes: Processes
	folder: Path
	port: int
	name: str = "mariadbd"

	@property
	def socket(self) -> Path:
		"""In a folder nobody else may enter."""
		return self.folder / "mariadb.sock"

	def make(self) -> None:
		"""An empty server, not yet started."""
		shell.run(
			[
				find_program("mariadb-install-db"),
				"--no-defaults",
				f"--user={getpass.getuser()}",
				f"--datadir={self.folder / 'database'}",
				"--auth-root-authentication-method=socket",
				f"--auth-root-socket-user={getpass.getuser()}",
				"--skip-test-db",
			],
			failure="MariaDB could not make a new, empty database server.",
		)

	def start(self) -> None:
		"""Start it and come back when it answers, after whatever it has to recover."""
		command = [
			find_program("mariadbd"),
			"--no-defaults",
			f"--user={getpass.getuser()}",
			f"--datadir={self.folder / 'database'}",
			f"--socket={self.socket}",
			f"--pid-file={self.folder / 'mariadb.pid'}",
			f"--port={self.port}",
			*DATABASE_OPTIONS,
		]
		self.processes.start(self.name, command, self.folder)
		if not wait_until(self.answers, SECONDS_TO_START):
			raise Problem(f"The private MariaDB did not come up; see {self.processes.log(self.name)}")

	def answers(self) -> bool:
		"""Whether it takes statements."""
		return shell.capture([*self.client, "--execute=SELECT 1"], timeout=10).returncode == 0

	@property
	def client(self) -> list[str]:
		"""The command-line client as root."""
		return [
			find_program("mariadb"),
			"--no-defaults",
			f"--socket={self.socket}",
			f"--user={getpass.getuser()}",
		]

	def execute(self, statements: str) -> None:
		"""Run statements as root."""
		done = shell.capture(self.client, stdin=statements)
		if done.returncode:
			raise Problem(f"The private MariaDB refused: {done.stdout.strip()[-500:]}")


@dataclass
class PrivateRedis:
	"""A Redis that keeps nothing on disk: after a restart it is empty."""

	processes: Processes
	folder: Path
	port: int
	name: str

	@property
	def address(self) -> str:
		"""As Frappe's configuration wants it."""
		return f"redis://{LOOPBACK}:{self.port}"

	def start(self) -> None:
		"""Start it and come back when it answers."""
		options = {"port": str(self.port), "bind": LOOPBACK, "save": "", "appendonly": "no"}
		words = [word for name, value in options.items() for word in (f"--{name}", value)]
		self.processes.start(self.name, [find_program("redis-server"), *words], self.folder)
		if not wait_until(self.answers, SECONDS_TO_START):
			raise Problem(f"A private Redis did not come up; see {self.processes.log(self.name)}")

	def answers(self) -> bool:
		"""Whether it takes connections."""
		return is_open(self.port)

	def flush(self) -> None:
		"""Throw everything in it away."""
		with socket.create_connection((LOOPBACK, self.port), timeout=5) as connection:
			connection.sendall(b"FLUSHALL\r\nQUIT\r\n")
			while connection.recv(1024):
				pass
