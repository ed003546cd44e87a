"""Making a bench where there is none, with the `bench` program, from the upstream release branches."""

import json
import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from devtools import services, shell
from devtools.bench import STATE, Bench, candidates, child_environment, is_bench
from devtools.say import Problem, note, step

PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 10))
OLDEST_NODE = 18
PROGRAMS = {  # program: Debian package
	"git": "git",
	"redis-server": "redis-server",
	"mariadbd": "mariadb-server",
	"mariadb": "mariadb-client",
	"node": "nodejs",
	"npm": "npm",
	"gcc": "build-essential",
}


@dataclass(frozen=True)
class Source:
	"""Where an app of the host comes from. An empty branch is the repository's own default."""

	app: str
	branch: str

	@property
	def url(self) -> str:
		"""Upstream, or the clone or mirror named by FRAPPE_SOURCE, TELEPHONY_SOURCE, HELPDESK_SOURCE."""
		upstream = f"https://github.com/frappe/{self.app}.git"
		return os.environ.get(f"{self.app.upper()}_SOURCE", upstream)


SOURCES = (Source("frappe", "version-15"), Source("telephony", ""), Source("helpdesk", "main"))


def make_bench() -> Bench:
	"""A bench at $BENCH_DIR or ~/frappe-bench. May be repeated after it broke off: it goes on from there."""
	path = candidates()[-1]
	step(f"There is no bench, so one is made at {path}. This takes 10 to 20 minutes, once.")
	_install_missing_programs(["git"])
	_require_sources()
	_install_missing_programs(list(PROGRAMS))
	_require_node()
	bench_program = _bench_program()
	_make_folder(path, bench_program)
	bench = Bench(path)
	services.start_services(bench)
	for source in SOURCES[1:]:
		if not (path / "apps" / source.app).is_dir():
			_get_app(bench, source, bench_program)
	if not is_bench(path):
		raise Problem(f"{path} did not become a complete bench; the messages above say why.")
	return bench


def _require_sources() -> None:
	"""Find out in seconds, not after installing half a system, that the sources cannot be reached."""
	env = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
	for source in SOURCES:
		done = shell.capture(["git", "ls-remote", source.url, source.branch or "HEAD"], env=env, timeout=30)
		if done.returncode or not done.stdout.strip():
			raise Problem(
				f"A bench cannot be made here: {source.url} cannot be reached. Connect to the network, or name "
				f"a clone with {source.app.upper()}_SOURCE=/path, or point BENCH_DIR to a bench that exists."
			)


def _install_missing_programs(programs: list[str]) -> None:
	"""What bench needs and does not bring, including the parts of Python that Debian packs separately."""
	path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
	missing = [PROGRAMS[name] for name in programs if not shutil.which(name, path=path)]
	if len(programs) > 1:
		missing += _missing_parts_of_python()
	if missing:
		shell.install_debian_packages(missing)


def _missing_parts_of_python() -> list[str]:
	"""Debian's Python comes without its headers and without venv."""
	if not sys.executable.startswith("/usr/bin/"):
		return []
	headers = Path(sysconfig.get_path("include")) / "Python.h"
	venv = shell.capture([sys.executable, "-c", "import ensurepip"]).returncode == 0
	return [*([] if headers.exists() else ["python3-dev"]), *([] if venv else ["python3-venv"])]


def _require_node() -> None:
	"""Frappe's build fails late and unclearly with an old Node."""
	version = shell.run(["node", "--version"]).strip().lstrip("v")
	if int(version.split(".")[0]) < OLDEST_NODE:
		raise Problem(f"Node {version} is too old: Frappe needs {OLDEST_NODE} or later.")
	if not shell.has("yarn"):
		step("Installing yarn")
		install = ["npm", "install", "--global", "--no-fund", "--no-audit", "yarn@1"]
		shell.run(shell.as_root(install) if shell.may_become_root() else install)


def _bench_program() -> str:
	"""The `bench` on the PATH, or one in a virtual environment of our own."""
	if found := shutil.which("bench"):
		return found
	folder = STATE / "bench-cli"
	program = folder / "bin" / "bench"
	if not program.exists():
		step("Installing the bench program")
		shell.run([sys.executable, "-m", "venv", folder])
		shell.run([folder / "bin" / "pip", "install", "--quiet", "frappe-bench"])
	return str(program)


def _environment(bench_program: str) -> dict[str, str]:
	"""bench calls uv and itself by name, so its folder has to be on the PATH."""
	path = f"{Path(bench_program).parent}:{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
	return child_environment(PATH=path)


def _python() -> str:
	"""A Python that Frappe 15 supports."""
	if sys.version_info[:2] in PYTHONS:
		return sys.executable
	for major, minor in PYTHONS:
		if found := shutil.which(f"python{major}.{minor}"):
			return found
	raise Problem("Frappe 15 needs Python 3.10 to 3.13, and none of them is here.")


def _make_folder(path: Path, bench_program: str) -> None:
	"""The bench itself, with Frappe. A folder that broke off half-way is no bench and stands in the way."""
	if (path / "apps" / "frappe").is_dir() and (path / "env" / "bin" / "python").exists():
		return
	if path.exists() and any(path.iterdir()):
		raise Problem(f"{path} exists and is no bench. Move it away, or set BENCH_DIR to another place.")
	frappe = SOURCES[0]
	command = [bench_program, "init", "--no-backups", "--python", _python()]
	command += ["--frappe-path", frappe.url, "--frappe-branch", frappe.branch, str(path)]
	path.parent.mkdir(parents=True, exist_ok=True)
	start_in = STATE / "bench-init"
	_let_root_use_bench(start_in)
	if shell.show(command, cwd=start_in, env=_environment(bench_program)):
		raise Problem("`bench init` failed; the messages above say why.")
	_let_root_use_bench(path)


def _let_root_use_bench(folder: Path) -> None:
	"""In a container there is often only root, and bench refuses root unless the folder says he is its user."""
	config = folder / "sites" / "common_site_config.json"
	config.parent.mkdir(parents=True, exist_ok=True)
	if os.geteuid() == 0:
		values = json.loads(config.read_text()) if config.exists() else {}
		config.write_text(json.dumps({**values, "frappe_user": "root"}, indent=1, sort_keys=True))


def _get_app(bench: Bench, source: Source, bench_program: str) -> None:
	"""Fetch, install and build one app of the host."""
	step(f"Getting {source.app}")
	branch = ["--branch", source.branch] if source.branch else []
	command = [bench_program, "get-app", *branch, source.url]
	if shell.show(command, cwd=bench.path, env=_environment(bench_program)):
		note("the folder is removed, so that the next try starts afresh")
		shutil.rmtree(bench.path / "apps" / source.app, ignore_errors=True)
		raise Problem(f"`bench get-app {source.app}` failed; the messages above say why.")
