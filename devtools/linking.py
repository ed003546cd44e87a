"""Putting this checkout into a bench: the link, the package with what it depends on, the line in apps.txt."""

import hashlib
import shutil
from pathlib import Path

from devtools import shell
from devtools.bench import APP, CHECKOUT, Bench, child_environment
from devtools.say import Problem, step

PYPROJECT = CHECKOUT / "pyproject.toml"


def link_app(bench: Bench, extra: str) -> None:
	"""Make the bench use this checkout; `extra` names the optional dependencies needed for what comes.

	Safe to repeat, and quick when there is nothing to do.
	"""
	require_app()
	_link_folder(bench)
	if not _is_installed(bench, extra):
		_install(bench, extra)
	_list_app(bench)
	_link_assets(bench)


def require_app() -> None:
	"""A checkout without hooks.py is no app yet, and Frappe would fail in a less clear way."""
	if not (CHECKOUT / APP / "hooks.py").exists():
		raise Problem(f"{CHECKOUT / APP} has no hooks.py, so there is no app to install.")


def _link_folder(bench: Bench) -> None:
	"""apps/citizen_support -> this checkout. A link of another clone is replaced, a real folder never."""
	place = bench.path / "apps" / APP
	if place.exists() and place.resolve() == CHECKOUT:
		return
	if place.is_symlink():
		step(f"Linking the app into {bench.path}, instead of {place.readlink()}")
		place.unlink()
	elif place.exists():
		raise Problem(
			f"{place} is another copy of the app. Run its own bin/demo and bin/test, or move it away first."
		)
	else:
		step(f"Linking the app into {bench.path}")
	place.symlink_to(CHECKOUT)


def _stamp(bench: Bench, extra: str) -> Path:
	return bench.path / "env" / f".{APP}-{extra}"


def _fingerprint() -> str:
	"""Changes when the app is elsewhere or needs other packages."""
	return hashlib.sha256(str(CHECKOUT).encode() + PYPROJECT.read_bytes()).hexdigest()


def _is_installed(bench: Bench, extra: str) -> bool:
	"""Whether the bench's Python finds the app here, with the packages it names now."""
	stamp = _stamp(bench, extra)
	if not stamp.exists() or stamp.read_text() != _fingerprint():
		return False
	look = f"import importlib.util as u; print(u.find_spec({APP!r}).origin)"
	found = shell.capture([bench.python, "-c", look], cwd=bench.sites, env=child_environment())
	return found.returncode == 0 and Path(found.stdout.strip()).resolve().is_relative_to(CHECKOUT)


def _install(bench: Bench, extra: str) -> None:
	"""Into the bench's own Python, as an editable package, with pip or with the uv that newer benches use."""
	step(f"Installing the app and its packages into {bench.python.parent.parent}")
	target = f"{CHECKOUT}[{extra}]"
	pip = [str(bench.python), "-m", "pip"]
	if shell.capture([*pip, "--version"]).returncode == 0:
		command = [*pip, "install", "--quiet", "--editable", target]
	elif shell.has("uv"):
		command = ["uv", "pip", "install", "--quiet", "--python", str(bench.python), "--editable", target]
	else:
		raise Problem(f"Neither pip in {bench.python.parent} nor uv is there to install packages with.")
	shell.run(
		command,
		cwd=bench.path,
		env=child_environment(),
		failure="The app's packages could not be installed.",
	)
	_stamp(bench, extra).write_text(_fingerprint())


def _list_app(bench: Bench) -> None:
	"""apps.txt is where Frappe looks; a file without a last line end must not swallow our line."""
	if APP not in bench.apps:
		(bench.sites / "apps.txt").write_text("\n".join([*bench.apps, APP]) + "\n")


def _link_assets(bench: Bench) -> None:
	"""What `bench build` would link: our stylesheet and script are served as they stand in the checkout."""
	public = CHECKOUT / APP / "public"
	place = bench.sites / "assets" / APP
	if not public.is_dir() or (place.exists() and place.resolve() == public):
		return
	place.parent.mkdir(exist_ok=True)
	if place.is_symlink():
		place.unlink()
	elif place.exists():
		shutil.rmtree(place)  # a copy made by `bench build --hard-link`
	place.symlink_to(public)
