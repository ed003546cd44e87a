"""The unit tier: pytest in a virtual environment of its own, without a bench, and the linter."""

import hashlib
import sys
from pathlib import Path

from devtools import shell
from devtools.bench import CHECKOUT, STATE, child_environment
from devtools.say import Problem, note, step
from devtools.testing.counts import Missing, Tally, from_junit

FOLDER = STATE / "unit-env"
PYPROJECT = CHECKOUT / "pyproject.toml"


def run_unit_tests(paths: list[str], options: list[str], filtered: bool) -> list[Tally]:
	"""tests/unit, and ruff as one more check."""
	python = unit_python()
	report = STATE / "unit.xml"
	report.unlink(missing_ok=True)
	step("Unit tests")
	command = [python, "-m", "pytest", f"--junitxml={report}", *options, *(paths or ["tests/unit"])]
	code = shell.show(command, cwd=CHECKOUT, env=child_environment())
	tallies = [from_junit("unit", report, code, filtered)]
	return tallies if filtered else [*tallies, *check_style()]


def check_style() -> list[Tally]:
	"""ruff's rules and its layout, each counted as a single check."""
	ruff = FOLDER / "bin" / "ruff"
	if not ruff.exists():
		return [Tally("unit: ruff", skipped=1, remark="ruff could not be installed")]
	step("Style")
	rules = shell.show([ruff, "check", "--quiet", "."], cwd=CHECKOUT)
	layout = shell.show([ruff, "format", "--check", "--quiet", "."], cwd=CHECKOUT)
	return [
		Tally("unit: ruff check", failed=1 if rules else 0, passed=0 if rules else 1),
		Tally(
			"unit: ruff format",
			failed=1 if layout else 0,
			passed=0 if layout else 1,
			remark=f"mend it with: {ruff.relative_to(CHECKOUT)} format" if layout else "",
		),
	]


def unit_python() -> Path:
	"""The virtual environment's Python, made anew when what the app needs has changed."""
	python, stamp = FOLDER / "bin" / "python", FOLDER / ".made-for"
	state = hashlib.sha256(PYPROJECT.read_bytes() + str(CHECKOUT).encode()).hexdigest()
	if python.exists() and stamp.exists() and stamp.read_text() == state:
		return python
	step("Making an environment for the unit tests")
	_make_environment()
	pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
	try:
		shell.run([*pip, "--editable", f"{CHECKOUT}[test]"], env=child_environment())
	except Problem as problem:
		raise Missing(f"the test packages could not be installed: {problem}") from problem
	if shell.capture([*pip, "--editable", f"{CHECKOUT}[lint]"], env=child_environment()).returncode:
		note("ruff could not be installed; the style is not checked")
	stamp.write_text(state)
	return python


def _make_environment() -> None:
	"""With venv, which Debian packs separately from Python."""
	command = [sys.executable, "-m", "venv", "--clear", str(FOLDER)]
	if shell.capture(command).returncode == 0:
		return
	if shell.has("apt-get") and shell.may_become_root():
		shell.install_debian_packages(["python3-venv"])
	shell.run(command, failure="Python cannot make virtual environments here: apt-get install python3-venv")
