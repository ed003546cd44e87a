"""A site that lives as long as one test run."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from devtools import linking, services, sites
from devtools.bench import Bench, Server
from devtools.processes import is_ours, started_at
from devtools.say import note, step
from devtools.testing.counts import Missing

ADMIN_PASSWORD = "admin"
# The tests' jobs wait in a Redis database of their own: a worker that runs for another site of the bench,
# perhaps with older code, does not get hold of them, and they are gone afterwards.
REDIS_DATABASE = 9


@contextmanager
def one_at_a_time(bench: Bench) -> Iterator[None]:
	"""Two runs in one bench would relink the app under each other's feet."""
	with (bench.path / "config" / "citizen-support-test.lock").open("w") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			step("Another test run is using this bench; waiting for it to end")
			fcntl.flock(lock, fcntl.LOCK_EX)
		yield


class ThrowAwaySite:
	"""Made when first asked for, shared by the tiers, dropped at the end; or kept for the next run."""

	def __init__(self, bench: Bench, keep: bool) -> None:
		self.bench = bench
		self.keep = keep
		self.name = ""

	@property
	def environment(self) -> dict[str, str]:
		"""What every process of a test run gets to know."""
		return {
			"CS_BENCH": str(self.bench.path),
			"CS_SITE": self.name,
			"CS_ADMIN_PASSWORD": ADMIN_PASSWORD,
			"FRAPPE_REDIS_QUEUE": self._queue_address(),
		}

	def ready(self, tier: str) -> str:
		"""The site's name. Kept sites are one a tier, so that the browser's data is not in the others' way."""
		if self.keep:
			self.name = f"cs-test-{tier}.localhost"
			self._ensure_kept()
		elif not self.name:
			self._make()
		return self.name

	def _make(self) -> None:
		"""The name is only remembered once the site is there: a site that failed removes itself."""
		self._prepare_bench()
		_drop_leftovers(self.bench)
		name = f"cs-test-{secrets.token_hex(4)}.localhost"
		owner = _owner_file(self.bench, name)
		owner.write_text(json.dumps({"pid": os.getpid(), "started": started_at(os.getpid())}))
		try:
			sites.make_site(self.bench, name, ADMIN_PASSWORD)
		except BaseException:
			owner.unlink()
			raise
		self.name = name
		sites.set_config(self.bench, name, allow_tests=1)

	def remove(self) -> None:
		"""Leave the bench as it was found, apart from the link to this checkout."""
		if not self.name:
			return
		with suppress(OSError):
			services.empty_redis_database(self.bench.redis("queue"), REDIS_DATABASE)
		if self.keep:
			note("the test site is kept for the next run with --keep-site")
			return
		step(f"Dropping site {self.name}")
		sites.drop_site(self.bench, self.name)
		_owner_file(self.bench, self.name).unlink(missing_ok=True)

	def _prepare_bench(self) -> None:
		services.start_services(self.bench)
		_forget_old_jobs(self.bench.redis("queue"))
		linking.link_app(self.bench, "test")

	def _ensure_kept(self) -> None:
		self._prepare_bench()
		if sites.exists(self.bench, self.name) and not sites.installed_apps(self.bench, self.name):
			sites.drop_site(self.bench, self.name)
		sites.ensure_site(self.bench, self.name, ADMIN_PASSWORD)
		sites.set_config(self.bench, self.name, allow_tests=1)

	def _queue_address(self) -> str:
		url = urlsplit(self.bench.config.get("redis_queue") or "redis://127.0.0.1:11311")
		return url._replace(path=f"/{REDIS_DATABASE}").geturl()


@cache
def _forget_old_jobs(queue: Server) -> None:
	"""Once a run, before its first site. A job of a site that was dropped under it ends the worker that meets it:
	RQ's tidying up at a worker's start asks Frappe for the site, which says that there is none."""
	services.empty_redis_database(queue, REDIS_DATABASE)


def require_app() -> None:
	"""As `linking.require_app`, for a tier: without an app there is nothing to install."""
	try:
		linking.require_app()
	except Exception as problem:
		raise Missing(str(problem)) from problem


def _owner_file(bench: Bench, site: str) -> Path:
	"""Outside the site, because it has to be there before the site is."""
	return bench.path / "config" / f"{site}.owner"


def _drop_leftovers(bench: Bench) -> None:
	"""Sites of runs that were killed before they could tidy up."""
	for file in (bench.path / "config").glob("cs-test-*.owner"):
		if not is_ours(json.loads(file.read_text())):
			site = file.name.removesuffix(".owner")
			note(f"dropping {site}, left over from a run that was broken off")
			sites.drop_site(bench, site)
			file.unlink(missing_ok=True)
