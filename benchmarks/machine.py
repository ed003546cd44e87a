"""The conditions of a measurement: machine, versions, load. A figure without them says nothing."""

import os
import platform
import re
from datetime import datetime, timezone
from pathlib import Path

from benchmarks.figures import make_table, show_bytes
from benchmarks.grounds import Grounds
from devtools import shell
from devtools.bench import APP, CHECKOUT


def describe(grounds: Grounds, load_before: str, site: str) -> str:
	"""A table of everything somebody needs to compare with another machine."""
	bench, database = grounds.bench, grounds.inside(site, "facts.read_database")
	rows = [
		("Date", f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC"),
		("Machine", f"{os.cpu_count()} cores ({_read_cpu()}), {_read_memory()}"),
		("System", f"{platform.system()} {platform.release()}"),
		("Load of the last minute", f"{load_before} before, {read_load()} after"),
		("App", f"{bench.version(APP)}{_read_commit()}"),
		("Frappe, Helpdesk", f"{bench.version('frappe')}, {bench.version('helpdesk')}"),
		("Python", shell.run([bench.python, "--version"]).strip().removeprefix("Python ")),
		("Database", f"{database['version']}, buffer pool {show_bytes(database['buffer_pool'])}"),
		("On commit", f"innodb_flush_log_at_trx_commit = {database['flush']}"),
		("Redis", database["redis"]),
		("Web server", f"gunicorn {database['gunicorn']}, sync workers, --preload, no proxy in front"),
	]
	return make_table(("Conditions", ""), rows)


def read_load() -> str:
	"""The load average of the last minute."""
	return f"{os.getloadavg()[0]:.2f}"


def _read_cpu() -> str:
	info = Path("/proc/cpuinfo")
	found = re.search(r"^model name\s*:\s*(.+)$", info.read_text(), re.MULTILINE) if info.exists() else None
	return found.group(1) if found else platform.machine()


def _read_memory() -> str:
	pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
	return f"{show_bytes(pages * size)} memory"


def _read_commit() -> str:
	"""Which state of the source, and whether it was changed since."""
	head = shell.capture(["git", "rev-parse", "--short", "HEAD"], cwd=CHECKOUT)
	if head.returncode:
		return ""
	changed = shell.capture(["git", "status", "--porcelain", "--untracked-files=no"], cwd=CHECKOUT)
	return f", commit {head.stdout.strip()}{', with changes' if changed.stdout.strip() else ''}"
