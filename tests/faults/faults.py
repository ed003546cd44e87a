"""What goes wrong: each fault breaks one thing of the city for some seconds, and puts it right again."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pymysql

from devtools.processes import find_children
from tests.faults.city import WORKERS, FaultCity

RESTARTED = frozenset((*WORKERS, "ticker", "web"))


@dataclass(frozen=True)
class Fault:
	"""A kind of fault: what it breaks (two faults never break the same thing at once), and how."""

	name: str
	target: str
	inject: Callable[[FaultCity, float, random.Random], None]


def kill_web_worker(city: FaultCity, seconds: float, chance: random.Random) -> None:
	"""One of the two web processes, as the kernel does when memory runs out; its master starts another."""
	children = find_children(city.processes.pid("web"))
	if children:
		with suppress(ProcessLookupError):
			os.kill(chance.choice(children), signal.SIGKILL)


def kill_web_server(city: FaultCity, seconds: float, chance: random.Random) -> None:
	"""The whole web server, requests under way and all."""
	city.processes.kill("web")
	time.sleep(seconds)
	city.city.start_web()


def kill_job_worker(city: FaultCity, seconds: float, chance: random.Random) -> None:
	"""A background worker in the middle of its job, which Redis goes on calling "started"."""
	name = chance.choice(WORKERS)
	city.processes.kill(name)
	time.sleep(seconds)
	city.city.start_worker(name)


def stop_cache(city: FaultCity, seconds: float, chance: random.Random) -> None:
	"""The cache's Redis is gone for a while and comes back empty."""
	city.processes.kill(city.cache.name)
	time.sleep(seconds)
	city.cache.start()


def stop_queue(city: FaultCity, seconds: float, chance: random.Random) -> None:
	"""The queue's Redis is gone for a while and comes back empty: no job survives. Workers end, and are restarted."""
	city.processes.kill(city.queue.name)
	time.sleep(seconds)
	city.queue.start()


def flush_cache(city: FaultCity, seconds: float, chance: random.Random) -> None:
	"""FLUSHALL of the cache."""
	city.cache.flush()


def flush_queue(city: FaultCity, seconds: float, chance: random.Random) -> None:
	"""FLUSHALL of the queue: every job that waits or runs is forgotten."""
	city.queue.flush()


def make_mail_fault(behaviour: str) -> Callable[[FaultCity, float, random.Random], None]:
	"""A mail server that behaves badly for a while (see devtools/mail_sink.py)."""

	def inject(city: FaultCity, seconds: float, chance: random.Random) -> None:
		city.behave(behaviour)
		time.sleep(seconds)
		city.behave("answer")

	return inject


def kill_database(city: FaultCity, seconds: float, chance: random.Random) -> None:
	"""MariaDB without a word; it recovers from its log when it starts."""
	city.processes.kill(city.database.name)
	time.sleep(seconds)
	city.database.start()


def restart_database(city: FaultCity, seconds: float, chance: random.Random) -> None:
	"""MariaDB shut down in good order, as an upgrade does it, and started again."""
	city.processes.end(city.database.name)
	time.sleep(seconds)
	city.database.start()


def hold_locks(city: FaultCity, seconds: float, chance: random.Random) -> None:
	"""A transaction that holds rows which every new ticket writes, perhaps for longer than anybody waits."""
	with suppress(pymysql.err.MySQLError):  # the database may be shot under it
		connection = connect(city)
		with connection, connection.cursor() as cursor:
			cursor.execute("SELECT * FROM `tabSeries` FOR UPDATE")
			cursor.execute("SELECT name FROM `tabAssignment Rule` FOR UPDATE")
			time.sleep(seconds * 2)


def connect(city: FaultCity) -> pymysql.connections.Connection:
	"""To the site's database, as the site."""
	name, password = city.facts["database"], city.facts["password"]
	return pymysql.connect(
		unix_socket=str(city.database.socket), user=name, password=password, database=name, charset="utf8mb4"
	)


FAULTS = (
	Fault("web process killed", "web", kill_web_worker),
	Fault("web server killed", "web", kill_web_server),
	Fault("worker killed", "worker", kill_job_worker),
	Fault("cache stopped", "cache", stop_cache),
	Fault("cache flushed", "cache", flush_cache),
	Fault("queue stopped", "queue", stop_queue),
	Fault("queue flushed", "queue", flush_queue),
	Fault("mail refused", "mail", make_mail_fault("refuse")),
	Fault("mail hangs", "mail", make_mail_fault("hang")),
	Fault("mail put off", "mail", make_mail_fault("defer")),
	Fault("database killed", "database", kill_database),
	Fault("database restarted", "database", restart_database),
	Fault("rows locked", "locks", hold_locks),
)


@contextmanager
def lock_held(lock: threading.Lock) -> Iterator[None]:
	"""Release a lock afterwards that has been acquired before."""
	try:
		yield
	finally:
		lock.release()


class Supervisor:
	"""Starts workers and ticker again when they have ended by themselves, as systemd or supervisord would."""

	def __init__(self, city: FaultCity) -> None:
		self.city = city
		self.restarts: Counter[str] = Counter()
		self._over = threading.Event()
		self._thread = threading.Thread(target=self._watch, daemon=True)

	def __enter__(self) -> "Supervisor":
		self._thread.start()
		return self

	def __exit__(self, *error: object) -> None:
		"""Watch no longer: servers that are being stopped must not be started again."""
		self._over.set()
		self._thread.join()

	def _watch(self) -> None:
		while not self._over.wait(0.5):
			for name in self.city.processes.dead():
				lock = self.city.locks["web" if name == "web" else "worker"]
				if name in RESTARTED and lock.acquire(blocking=False):
					with lock_held(lock):
						self._restart(name)

	def _restart(self, name: str) -> None:
		if name not in self.city.processes.dead():
			return
		self.restarts[name] += 1
		self.city.note(f"{name} had ended by itself")
		if name in WORKERS:
			self.city.city.start_worker(name)
		elif name == "ticker":
			self.city.city.start_ticker()
		else:
			self.city.city.start_web()
