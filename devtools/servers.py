"""A site as a resident meets it: web, worker, ticker, mail server, and what the desk needs to stay live."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from devtools import shell
from devtools.bench import CHECKOUT, Bench, child_environment
from devtools.ports import answers, free_port, is_free, wait_until
from devtools.processes import Processes
from devtools.say import Problem, note, step
from devtools.sites import set_config


@dataclass
class City:
	"""One site with its servers and the ports they listen on."""

	bench: Bench
	site: str
	processes: Processes
	web_port: int
	smtp_port: int
	mails_port: int
	host: str = "127.0.0.1"
	web_threads: int = 4
	extra_env: dict[str, str] = field(default_factory=dict)

	@property
	def address(self) -> str:
		"""Where a browser finds the site."""
		return f"http://{self.host}:{self.web_port}"

	@property
	def mails_address(self) -> str:
		"""Where a browser finds the mails the site has sent."""
		return f"http://127.0.0.1:{self.mails_port}"

	@property
	def mails_folder(self) -> Path:
		"""Where the mails are kept, a file each."""
		return self.processes.folder / "mails"

	@property
	def environment(self) -> dict[str, str]:
		"""For the servers that run in the bench's Python but stand in this checkout."""
		own = {"PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1", "CS_SITE": self.site}
		return child_environment(**{**self.extra_env, **own})

	def start(self, with_realtime: bool = False) -> None:
		"""Start everything and come back when the site answers."""
		step(f"Starting the servers of {self.site}")
		set_config(self.bench, self.site, host_name=self.address, scheduler_interval=60)
		self.start_mail_server()
		self.start_web()
		self.start_worker()
		# As in production, where a queue of mails holds up nobody who waits for a trial or an import.
		self.start_worker("long-worker", "long")
		self.start_ticker()
		if with_realtime:
			self._start_realtime()
		self.wait_until_it_answers()

	def start_mail_server(self) -> None:
		"""A real SMTP server that keeps every mail instead of passing it on."""
		self._start_module(
			"mail_sink",
			f"--smtp-port={self.smtp_port}",
			f"--web-port={self.mails_port}",
			f"--folder={self.mails_folder}",
		)

	def start_worker(self, name: str = "worker", queue: str = "") -> None:
		"""One process that does the background jobs of that queue, or of all."""
		options = [f"--queue={queue}"] if queue else []
		worker = self.bench.frappe_command("worker", "--quiet", *options)
		self.processes.start(name, worker, self.bench.sites, self.environment)

	def start_ticker(self) -> None:
		"""What puts the jobs that are due into the queues."""
		self._start_module("ticker")

	def _start_module(self, name: str, *arguments: str) -> None:
		command = [self.bench.python, "-m", f"devtools.{name}", *arguments]
		self.processes.start(name, command, self.bench.sites, self.environment)

	def start_web(self) -> None:
		"""Gunicorn as in production, on the loopback only: the log-ins of a demo are no secret."""
		kind = "gthread" if self.web_threads > 1 else "sync"
		options = ["--workers=2", f"--threads={self.web_threads}", f"--worker-class={kind}", "--timeout=120"]
		options += ["--graceful-timeout=3", "--log-level=warning", f"--bind=127.0.0.1:{self.web_port}"]
		command = [self.bench.python, "-m", "gunicorn", *options, "devtools.web:application"]
		self.processes.start("web", command, self.bench.sites, self.environment)

	def _start_realtime(self) -> None:
		"""Lets the desk show changes without a reload; everything works without it, only later."""
		port = int(self.bench.config.get("socketio_port") or 9000)
		program = self.bench.path / "apps" / "frappe" / "socketio.js"
		library = program.parent / "node_modules" / "socket.io"
		if not (shell.has("node") and program.exists() and library.is_dir()):
			note("no live updates in the desk: Node or Frappe's Node packages are missing")
		elif not is_free(port):
			note(f"no live updates in the desk: port {port} is taken")
		else:
			self.processes.start("realtime", ["node", program], self.bench.path, self.environment)

	def wait_until_it_answers(self) -> None:
		"""The first answer takes a few seconds: Frappe is imported and the caches are filled."""
		ping = f"http://127.0.0.1:{self.web_port}/api/method/ping"

		def ready() -> bool:
			self.processes.require_alive()
			return answers(ping) and answers(self.mails_address)

		if not wait_until(ready, 90):
			raise Problem(f"The site does not answer at {ping}; see {self.processes.log('web')}")


def pick_ports(web: int, smtp: int = 1025, mails: int = 8025) -> tuple[int, int, int]:
	"""The wanted ports, or free ones near them, told when they differ."""
	chosen = []
	for name, wanted in (("the site", web), ("incoming mail", smtp), ("the mail page", mails)):
		port = free_port(wanted)
		while port in chosen:
			port = free_port(port + 1)
		if port != wanted:
			note(f"port {wanted} is taken, so {name} is at {port}")
		chosen.append(port)
	return chosen[0], chosen[1], chosen[2]


def find_chromium() -> str | None:
	"""A browser on this machine, or $CHROMIUM."""
	names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
	found = [os.environ.get("CHROMIUM"), *(f"/usr/bin/{name}" for name in names)]
	return next((path for path in found if path and Path(path).exists()), None)
