"""MariaDB and the bench's two Redis: started only when they are not running, and left running."""

import shutil
import socket
from pathlib import Path

from devtools import shell
from devtools.bench import Bench, Server
from devtools.ports import is_open, wait_until
from devtools.say import Problem, step


def start_services(bench: Bench) -> None:
	"""Everything a site needs to be read: database and Redis, in that order."""
	start_database(bench)
	for kind in ("cache", "queue"):
		start_redis(bench, kind)


def start_database(bench: Bench) -> None:
	"""MariaDB as the system would start it: systemd, the old service script, or the server itself."""
	server = bench.database
	if is_open(server.port, server.host):
		return
	if not server.is_local:
		raise Problem(f"The database server {server.host}:{server.port} does not answer.")
	step("Starting MariaDB")
	for command in _ways_to_start_mariadb():
		if shell.capture(command).returncode == 0 and _is_up(server):
			return
	if not _start_mariadbd_safe() or not _is_up(server):
		raise Problem(
			f"MariaDB does not answer at port {server.port} and could not be started. "
			"Start it yourself (`service mariadb start`), or install it: apt-get install mariadb-server"
		)


def _is_up(server: Server) -> bool:
	return wait_until(lambda: is_open(server.port, server.host), 60)


def _ways_to_start_mariadb() -> list[list[str]]:
	"""The orderly ways that exist on this system, each as a command for root."""
	ways = []
	if Path("/run/systemd/system").is_dir() and shell.has("systemctl"):
		ways.append(["systemctl", "start", "mariadb"])
	if Path("/etc/init.d/mariadb").exists() and shell.has("service"):
		ways.append(["service", "mariadb", "start"])
	return [shell.as_root(way) for way in ways] if shell.may_become_root() else []


def _start_mariadbd_safe() -> bool:
	"""The last way, for containers without any service manager."""
	program = shutil.which("mariadbd-safe") or shutil.which("mysqld_safe")
	if not program or not shell.may_become_root():
		return False
	shell.start_detached(shell.as_root([program]), log=Path("/dev/null"))
	return True


def start_redis(bench: Bench, kind: str) -> None:
	"""One of the bench's own Redis, from the configuration bench wrote for it."""
	server = bench.redis(kind)
	if is_open(server.port, server.host):
		return
	config = bench.path / "config" / f"redis_{kind}.conf"
	if not server.is_local or not config.exists():
		raise Problem(
			f"Redis ({kind}) does not answer at {server.host}:{server.port}, and {config} is missing."
		)
	if not shell.has("redis-server"):
		raise Problem("redis-server is missing: apt-get install redis-server")
	step(f"Starting Redis ({kind})")
	log = bench.path / "logs" / f"redis_{kind}.log"
	shell.run(["redis-server", config, "--daemonize", "yes", "--logfile", log], cwd=bench.path)
	if not wait_until(lambda: is_open(server.port, server.host), 20):
		raise Problem(f"Redis ({kind}) did not come up at port {server.port}; see {log}")


def empty_redis_database(server: Server, number: int) -> None:
	"""Throw away one numbered database of a Redis, spoken to directly: there may be no client program."""
	with socket.create_connection((server.host, server.port), timeout=5) as connection:
		connection.sendall(f"SELECT {number}\r\nFLUSHDB\r\nQUIT\r\n".encode())
		while connection.recv(1024):
			pass
