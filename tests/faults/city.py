"""A city of its own on servers of its own, so that every one of them can be killed."""

import json
import os
import shutil
import tempfile
import threading
from contextlib import ExitStack
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from urllib.request import Request, urlopen

from devtools import shell, site_copy, sites
from devtools.bench import CHECKOUT, STATE, Bench, child_environment
from devtools.ports import free_port
from devtools.private_services import PrivateDatabase, PrivateRedis, require_programs
from devtools.processes import Processes
from devtools.say import step
from devtools.servers import City

SITE = "cs-test-faults.localhost"
TARGETS = ("web", "worker", "cache", "queue", "mail", "database", "locks")
WORKERS = ("worker-1", "worker-2")
# The scheduler's minute, in seconds: nobody waits for whole minutes here.
MINUTE = 5


class FaultCity:
	"""MariaDB, two Redis, mail server, web server, two workers and a ticker, for a copy of a test site."""

	def __init__(self, bench: Bench, source: str) -> None:
		"""`source` is the site that is copied; it is only read."""
		self.bench, self.source = bench, source
		name = f"cs-faults-{sha256(str(CHECKOUT).encode()).hexdigest()[:8]}"
		self.folder = Path(tempfile.gettempdir()) / name
		self.processes = Processes(STATE / "faults")
		self.facts: dict = {}
		self.events = self.processes.folder / "events.log"
		# Who breaks or restarts something holds its lock, so that nobody else does at the same time.
		self.locks = {target: threading.Lock() for target in TARGETS}
		# Set when a run is broken off: nobody sends or breaks anything any more.
		self.over = threading.Event()
		self._undo = ExitStack()

	def start(self) -> None:
		"""Make everything and come back when the site answers. What an earlier run has left is removed first."""
		require_programs()
		self.processes.stop()
		shutil.rmtree(self.folder, ignore_errors=True)
		self.folder.mkdir(mode=0o700)
		self.events.unlink(missing_ok=True)
		self._undo.callback(self._remove_files)
		self._undo.callback(self.processes.stop)
		self._start_services()
		step(f"Copying {self.source} into a database server of its own")
		site_copy.copy_site(self.bench, self.source, SITE, self.database, self.cache, self.queue)
		os.environ.update(site_copy.get_environment(self.database, self.cache, self.queue))
		sites.migrate_if_changed(self.bench, SITE)
		self._start_city()

	def stop(self) -> None:
		"""End every server and remove all they have stored; their logs are kept until the next run."""
		self._undo.close()

	@property
	def address(self) -> str:
		"""Where the site answers."""
		return self.city.address

	def note(self, event: str) -> None:
		"""Write down what happens when, for whoever has to find out why: .run/faults/events.log."""
		with self.events.open("a") as file:
			file.write(f"{datetime.now():%H:%M:%S.%f} {event}\n")

	def set_filing(self, filing: str) -> None:
		"""Choose when tickets are made."""
		self._run_fault_city(f"--filing={filing}")

	def behave(self, behaviour: str) -> None:
		"""Tell the mail server how to behave (see devtools/mail_sink.py)."""
		request = Request(f"{self.city.mails_address}/behaviour", data=behaviour.encode(), method="PUT")
		urlopen(request, timeout=10).close()

	def _start_services(self) -> None:
		step("Starting a MariaDB and two Redis of our own")
		ports = [free_port(start) for start in (33100, 33400, 33700)]
		self.database = PrivateDatabase(self.processes, self.folder, ports[0])
		self.cache = PrivateRedis(self.processes, self.folder, ports[1], "redis-cache")
		self.queue = PrivateRedis(self.processes, self.folder, ports[2], "redis-queue")
		self.database.make()
		for service in (self.database, self.cache, self.queue):
			service.start()

	def _start_city(self) -> None:
		ports = [free_port(start) for start in (8400, 1425, 8425)]
		hurry = {"CS_SECONDS_BETWEEN_MINUTES": str(MINUTE)}
		self.city = City(self.bench, SITE, self.processes, *ports, web_threads=1, extra_env=hurry)
		shutil.rmtree(self.city.mails_folder, ignore_errors=True)
		sites.set_config(self.bench, SITE, host_name=self.city.address, scheduler_interval=60)
		self._run_fault_city(f"--smtp-port={self.city.smtp_port}")
		step("Starting its servers")
		self.city.start_mail_server()
		self.city.start_web()
		for worker in WORKERS:
			self.city.start_worker(worker)
		self.city.start_ticker()
		self.city.wait_until_it_answers()

	def _run_fault_city(self, *options: str) -> None:
		command = [self.bench.python, "-m", "devtools.fault_city", *options]
		env = child_environment(PYTHONPATH=str(CHECKOUT), CS_SITE=SITE)
		output = shell.run(command, cwd=self.bench.sites, env=env, failure="The city could not be prepared.")
		self.facts = json.loads(output.strip().splitlines()[-1])

	def _remove_files(self) -> None:
		site_copy.remove_copy(self.bench, SITE)
		shutil.rmtree(self.folder, ignore_errors=True)
