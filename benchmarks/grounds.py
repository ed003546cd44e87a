"""The sites and servers a benchmark runs on: its own, with a queue of their own, stopped and dropped at the end."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from devtools import database, linking, services, shell, sites
from devtools.bench import CHECKOUT, HOST_APPS, STATE, Bench, child_environment
from devtools.ports import answers, free_port, wait_until
from devtools.processes import Processes
from devtools.say import Problem, note, step

FOLDER = STATE / "benchmark"
ADMIN_PASSWORD = "admin"
# The jobs of a benchmark wait in a Redis database of their own: no other worker gets hold of them, and none of
# other sites' jobs disturb the measurement.
QUEUE_DATABASE = 10
RESULT = "RESULT "
WANTED_PORT = 8300
SECONDS_TO_START = 90
# What `bench setup` writes into a new bench's configuration.
RECYCLING = ("--max-requests=5000", "--max-requests-jitter=500")


@contextmanager
def open_grounds(bench: Bench, keep: bool) -> Iterator["Grounds"]:
	"""Grounds for one benchmark at a time; whatever happens, what was started is stopped."""
	FOLDER.mkdir(parents=True, exist_ok=True)
	with (bench.path / "config" / "citizen-support-benchmark.lock").open("w") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError as error:
			raise Problem("Another benchmark is running on this bench.") from error
		services.start_services(bench)
		linking.link_app(bench, "demo")
		grounds = Grounds(bench, keep)
		try:
			yield grounds
		finally:
			grounds.leave()


class Grounds:
	"""A bench with the benchmark's sites and the processes that serve them.

	:ivar keep: leave the sites for the next run, which then starts at once.
	"""

	def __init__(self, bench: Bench, keep: bool) -> None:
		self.bench = bench
		self.keep = keep
		self.sites: list[str] = []
		self.port = 0
		self.processes = Processes(FOLDER)
		self.processes.stop()

	@property
	def environment(self) -> dict[str, str]:
		"""For every process of the benchmark that runs in the bench's Python."""
		url = urlsplit(self.bench.config.get("redis_queue") or "redis://127.0.0.1:11311")
		queue = url._replace(path=f"/{QUEUE_DATABASE}").geturl()
		return child_environment(PYTHONPATH=str(CHECKOUT), PYTHONUNBUFFERED="1", FRAPPE_REDIS_QUEUE=queue)

	def make_city(self, kind: str = "ours") -> str:
		"""A site with the app and the starter city; its name."""
		name = f"cs-bench-{kind}.localhost"
		self.sites.append(name)
		self._drop_half_made(name)
		sites.ensure_site(self.bench, name, ADMIN_PASSWORD)
		self._configure(name)
		step(f"Loading the starter city into {name}")
		self.inside(name, "city.prepare")
		return name

	def make_stock(self) -> str:
		"""A site with Helpdesk as it comes, without the app, and a Web Form for tickets; its name."""
		name = "cs-bench-stock.localhost"
		self.sites.append(name)
		self._drop_half_made(name)
		if not sites.exists(self.bench, name):
			step(f"Making site {name}, without the app (about a minute)")
			installs = [word for app in HOST_APPS[1:] for word in ("--install-app", app)]
			with database.administrator(self.bench) as login:
				password = ("--admin-password", ADMIN_PASSWORD)
				self.bench.frappe("new-site", name, *password, *login.options, *installs)
		self._configure(name)
		self.inside(name, "stock.prepare")
		return name

	def _drop_half_made(self, name: str) -> None:
		"""A run that was killed while it made a site leaves one that nothing can be done with."""
		if sites.exists(self.bench, name) and "helpdesk" not in sites.installed_apps(self.bench, name):
			sites.drop_site(self.bench, name)

	def _configure(self, name: str) -> None:
		"""As in production, but without a scheduler: nothing runs beside what is measured."""
		address = f"http://{name}"
		sites.set_config(self.bench, name, developer_mode=0, pause_scheduler=1, host_name=address)

	def inside(self, site: str, function: str, **arguments: Any) -> Any:
		"""Call a function of `benchmarks/inside` in a site; what it returns, as JSON allows.

		:param function: module and name, such as `city.prepare`.
		"""
		command = self.inside_command(site, function, **arguments)
		output = shell.run(
			command, cwd=self.bench.sites, env=self.environment, failure=f"{function} failed in {site}."
		)
		return read_result(output)

	def inside_command(self, site: str, function: str, **arguments: Any) -> list[str]:
		"""The same as a list of words, for who wants to start it himself."""
		return [str(self.bench.python), "-m", "benchmarks.inside", site, function, json.dumps(arguments)]

	def serve(self, workers: int = 2, recycling: bool = True) -> None:
		"""The bench's web server as `bench setup supervisor` writes it down, on a free port, for all sites.

		:param recycling: end a worker after some thousand requests, as the bench does.
		"""
		self.port = free_port(WANTED_PORT)
		options = [f"--bind=127.0.0.1:{self.port}", f"--workers={workers}", "--timeout=120", "--preload"]
		options += ["--graceful-timeout=30", "--log-level=warning", *(RECYCLING if recycling else ())]
		command = [self.bench.python, "-m", "gunicorn", *options, "frappe.app:application"]
		self.processes.start("web", command, self.bench.sites, self.environment)
		self.wait_until_it_answers()

	def start_worker(self, name: str = "worker") -> None:
		"""One background worker for all queues."""
		worker = self.bench.frappe_command("worker", "--quiet")
		self.processes.start(name, worker, self.bench.sites, self.environment)

	def wait_until_it_answers(self) -> None:
		"""The first answer takes a few seconds: Frappe is imported and the caches are filled."""

		def ready() -> bool:
			self.processes.require_alive()
			ping = f"http://127.0.0.1:{self.port}/api/method/ping"
			return all(answers(ping, host=site) for site in self.sites)

		if not wait_until(ready, SECONDS_TO_START):
			raise Problem(f"The sites do not answer; see {self.processes.log('web')}")

	def leave(self) -> None:
		"""Stop what was started; drop the sites unless they are to be kept."""
		self.processes.stop()
		with suppress(OSError):
			services.empty_redis_database(self.bench.redis("queue"), QUEUE_DATABASE)
		for name in self.sites:
			if self.keep:
				note(f"{name} is kept for the next run with --keep-site")
			else:
				step(f"Dropping {name}")
				sites.drop_site(self.bench, name)


def read_result(output: str) -> Any:
	"""What `benchmarks.inside` printed last, after whatever else was printed."""
	lines = [line for line in output.splitlines() if line.startswith(RESULT)]
	if not lines:
		raise Problem(f"No result from inside the site:\n{output[-2000:]}")
	return json.loads(lines[-1].removeprefix(RESULT))
