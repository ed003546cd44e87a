"""The bench the app is developed, shown and tested in: where it is, what it says about itself, its Python."""

import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from devtools import shell
from devtools.ports import LOOPBACK
from devtools.say import Problem

APP = "citizen_support"
CHECKOUT = Path(__file__).resolve().parent.parent
STATE = CHECKOUT / ".run"
HOST_APPS = ("frappe", "telephony", "helpdesk")


def child_environment(**more: str) -> dict[str, str]:
	"""Our environment for programs of the bench.

	Without CI, because Frappe's workers take it for "this is a unit test" and then hold mails back.
	"""
	env = {key: value for key, value in os.environ.items() if key not in ("CI", "PYTHONPATH", "VIRTUAL_ENV")}
	return {**env, **more}


@dataclass(frozen=True)
class Server:
	"""Where one of the bench's servers listens."""

	host: str
	port: int

	@property
	def is_local(self) -> bool:
		"""Whether it is on this machine, so that we may start it."""
		return self.host in ("localhost", LOOPBACK, "::1", "")


@dataclass(frozen=True)
class Bench:
	"""A bench folder; everything else is read from it when asked for."""

	path: Path

	@property
	def sites(self) -> Path:
		"""The folder Frappe's commands run in."""
		return self.path / "sites"

	@property
	def python(self) -> Path:
		"""The Python that has Frappe."""
		return self.path / "env" / "bin" / "python"

	@property
	def apps(self) -> list[str]:
		"""The apps the bench knows, in order."""
		listing = self.sites / "apps.txt"
		return listing.read_text().split() if listing.exists() else []

	@property
	def config(self) -> dict[str, Any]:
		"""common_site_config.json, or nothing."""
		file = self.sites / "common_site_config.json"
		return json.loads(file.read_text()) if file.exists() else {}

	def redis(self, kind: str) -> Server:
		"""Where the `cache` or `queue` Redis listens."""
		default = {"cache": "redis://127.0.0.1:13311", "queue": "redis://127.0.0.1:11311"}[kind]
		url = urlsplit(self.config.get(f"redis_{kind}") or default)
		return Server(url.hostname or LOOPBACK, url.port or 6379)

	@property
	def database(self) -> Server:
		"""Where the database server listens."""
		config = self.config
		return Server(config.get("db_host") or LOOPBACK, int(config.get("db_port") or 3306))

	def frappe(self, *arguments: str, site: str = "", failure: str = "", **env: str) -> str:
		"""A Frappe command, run by the bench's own Python: what `bench` would do, without needing `bench`."""
		return shell.run(
			self.frappe_command(*arguments, site=site),
			cwd=self.sites,
			env=child_environment(**env),
			failure=failure or f"`bench {arguments[0]}` failed.",
		)

	def frappe_command(self, *arguments: str, site: str = "") -> list[str]:
		"""The same as a list of words, for who wants to start it himself."""
		site_option = ["--site", site] if site else []
		return [str(self.python), "-m", "frappe.utils.bench_helper", "frappe", *site_option, *arguments]

	def execute(self, site: str, function: str, **kwargs: Any) -> Any:
		"""Call a function inside a site and give back what it returned."""
		options = ["--kwargs", repr(kwargs)] if kwargs else []
		output = self.frappe("execute", function, *options, site=site, failure=f"{function} failed.")
		return _last_json(output)

	def version(self, app: str) -> str:
		"""An app's version, read from its source so that nothing has to be imported."""
		init = (self.path / "apps" / app / app / "__init__.py").read_text()
		found = re.search(r"__version__\s*=\s*[\"']([^\"']+)", init)
		return found.group(1) if found else "unknown"


def _last_json(output: str) -> Any:
	"""`bench execute` prints the returned list or dict last, after whatever the function printed itself."""
	for line in reversed(output.strip().splitlines()):
		if line.startswith(("[", "{")):
			return json.loads(line)
	return None


def is_bench(path: Path) -> bool:
	"""Whether a folder is a bench with Helpdesk in it."""
	return (
		all((path / "apps" / app).is_dir() for app in ("frappe", "helpdesk"))
		and (path / "env" / "bin" / "python").exists()
	)


def candidates() -> list[Path]:
	"""Where a bench is looked for, best first. $BENCH_DIR is taken at its word: with it, nowhere else."""
	if wanted := os.environ.get("BENCH_DIR"):
		return [Path(wanted).expanduser().resolve()]
	called_from = Path(sys.argv[0]).absolute().parent.parent  # may be a link inside a bench
	standing_in = [place.parent.parent for place in (called_from, CHECKOUT) if place.parent.name == "apps"]
	return [*standing_in, Path.home() / "frappe-bench"]


def find_bench() -> Bench | None:
	"""The first bench there is."""
	return next((Bench(path) for path in candidates() if is_bench(path)), None)


def why_no_bench() -> str:
	"""One sentence for a person who expected a bench to be found."""
	places = ", ".join(str(path) for path in candidates())
	return f"no bench with Frappe and Helpdesk at {places}"


def require_bench() -> Bench:
	"""The bench, or a Problem that says where we looked."""
	bench = find_bench()
	if not bench:
		raise Problem(f"There is {why_no_bench()}. Set BENCH_DIR to your bench's folder.")
	return bench
