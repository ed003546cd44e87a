"""The browser tier: Node's test runner drives Chromium against a site with web, worker and mail server."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager

from devtools import shell
from devtools.bench import CHECKOUT, STATE, child_environment
from devtools.demo import fill_city
from devtools.processes import Processes
from devtools.say import Problem, step
from devtools.servers import City, find_chromium, pick_ports
from devtools.testing.counts import Missing, Tally, failure, from_tap
from devtools.testing.throwaway import ThrowAwaySite

FOLDER = CHECKOUT / "tests" / "browser"
OLDEST_NODE = 18
NODE_WITH_TEST_TIMEOUT = (20, 11)
# What is made in one city and moved to another, or begins with nothing, needs another one.
NEED_A_SECOND_CITY = ("onboarding.test.mjs", "stray_cats.test.mjs")
# Every payload through every sink takes more minutes than all else together.
TAKES_LONG = "payloads.test.mjs"
SECONDS_FOR_ONE_TEST = 300
SECONDS_WHEN_ASKED_FOR = 1800
SECONDS_FOR_ALL = 45 * 60


def run_browser_tests(site: ThrowAwaySite, paths: list[str], pattern: str) -> list[Tally]:
	"""tests/browser/*.test.mjs against the starter city."""
	require_node()
	chromium = require_chromium()
	install_node_packages()
	site.ready("browser")
	processes = Processes(STATE / "test-servers")
	processes.stop()
	city = City(site.bench, site.name, processes, *pick_ports(8100, 1125, 8125), extra_env=site.environment)
	try:
		people = fill_city(city, starter=True)
		# One browser plays all residents, faster than they could type.
		site.bench.execute(site.name, "citizen_support.setup.demo.lift_limits")
		site.bench.execute(site.name, "citizen_support.setup.demo.offer_languages", languages=["de", "ar"])
		city.start()
		with _second_city(site, city, paths) as second:
			tally = _run_node(city, people, chromium, paths, pattern, second)
			return [tally, *_count_dead(processes)]
	finally:
		processes.stop()


def _count_dead(processes: Processes) -> list[Tally]:
	"""A server that ended by itself is a failure of its own: tests that waited for it say only that they waited."""
	return [
		failure(f"browser: {name}", f"ended by itself; see {processes.log(name)}")
		for name in processes.dead()
	]


@contextmanager
def _second_city(site: ThrowAwaySite, first: City, paths: list[str]) -> Iterator[dict[str, str]]:
	"""Another site with nothing in it but its people, beside the first; what a test needs to know of it."""
	if paths and not any(path.endswith(NEED_A_SECOND_CITY) for path in paths):
		yield {}
		return
	other = ThrowAwaySite(site.bench, site.keep)
	processes = Processes(STATE / "test-servers-second")
	processes.stop()
	try:
		other.ready("second")
		port = pick_ports(8150)[0]
		city = City(
			site.bench,
			other.name,
			processes,
			port,
			first.smtp_port,
			first.mails_port,
			extra_env=other.environment,
		)
		fill_city(city, starter=False)
		site.bench.execute(other.name, "citizen_support.setup.demo.lift_limits")
		city.start_web()
		city.wait_until_it_answers()
		yield {"CS_SECOND_ADDRESS": city.address}
	finally:
		processes.stop()
		other.remove()


def _run_node(
	city: City, people: list[dict], chromium: str, paths: list[str], pattern: str, second: dict[str, str]
) -> Tally:
	"""What a test needs to know about the city is in its environment; see tests/browser/support/city.mjs."""
	report = STATE / "browser.tap"
	report.unlink(missing_ok=True)
	env = child_environment(
		**city.extra_env,
		**second,
		CS_ADDRESS=city.address,
		CS_MAILS=city.mails_address,
		CS_PEOPLE=json.dumps(people),
		CS_SHOTS=str(STATE / "shots"),
		CHROMIUM=chromium,
	)
	reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"]
	reporters += ["--test-reporter=tap", f"--test-reporter-destination={report}"]
	options = [
		*reporters,
		*_time_limit(bool(paths)),
		*([f"--test-name-pattern={pattern}"] if pattern else []),
	]
	files = [str(CHECKOUT / path) for path in paths] or [
		str(file) for file in sorted(FOLDER.glob("*.test.mjs")) if file.name != TAKES_LONG
	]
	if not files:
		return Tally("browser", failed=1, remark="ran no test: there is no tests/browser/*.test.mjs")
	step(f"Browser tests on {city.address}")
	code = shell.show(["node", "--test", *options, *files], cwd=FOLDER, env=env, limit=SECONDS_FOR_ALL)
	tally = from_tap("browser", report, code, filtered=bool(pattern))
	tally.remark = tally.remark or (
		"" if paths else f"not run, as it takes long: bin/test tests/browser/{TAKES_LONG}"
	)
	return tally


def _time_limit(is_asked_for: bool) -> list[str]:
	"""A test that hangs fails by itself, where Node knows how; one that was asked for by name may take its time."""
	seconds = SECONDS_WHEN_ASKED_FOR if is_asked_for else SECONDS_FOR_ONE_TEST
	return [f"--test-timeout={seconds * 1000}"] if _node_version() >= NODE_WITH_TEST_TIMEOUT else []


def _node_version() -> tuple[int, int]:
	major, minor, *_ = shell.run(["node", "--version"]).strip().lstrip("v").split(".")
	return int(major), int(minor)


def require_node() -> None:
	"""Node with its own test runner."""
	if not (shell.has("node") and shell.has("npm")):
		_install("Node", ["nodejs", "npm"])
	if _node_version()[0] < OLDEST_NODE:
		raise Missing(f"Node {_node_version()[0]} is too old: {OLDEST_NODE} or later is needed")


def require_chromium() -> str:
	"""The system's browser; none is downloaded."""
	if not find_chromium():
		_install("Chromium", ["chromium"])
	found = find_chromium()
	if not found:
		raise Missing("there is no Chromium; name one with CHROMIUM=/path")
	return found


def _install(what: str, packages: list[str]) -> None:
	try:
		shell.install_debian_packages(packages)
	except Problem as problem:
		raise Missing(f"{what} is not installed: {problem}") from problem


def install_node_packages() -> None:
	"""What package.json names, once for each state of it."""
	stamp = FOLDER / "node_modules" / ".made-for"
	state = hashlib.sha256((FOLDER / "package.json").read_bytes()).hexdigest()
	if stamp.exists() and stamp.read_text() == state:
		return
	step("Installing the browser tests' Node packages")
	try:
		shell.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"], cwd=FOLDER)
	except Problem as problem:
		raise Missing(f"the Node packages could not be installed: {problem}") from problem
	stamp.parent.mkdir(exist_ok=True)
	stamp.write_text(state)
