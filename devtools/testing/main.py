"""`bin/test`: the tiers one after the other, and one honest summary."""

import argparse
import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from devtools import bench_maker
from devtools.bench import STATE, Bench, find_bench, why_no_bench
from devtools.say import Problem, loud, step
from devtools.testing.browser import run_browser_tests
from devtools.testing.counts import Missing, Tally, failure
from devtools.testing.faults import run_fault_tests
from devtools.testing.hostile import run_hostile_tests
from devtools.testing.site import run_site_tests
from devtools.testing.throwaway import ThrowAwaySite, one_at_a_time, require_app
from devtools.testing.unit import run_unit_tests

TIERS = ("unit", "site", "faults", "hostile", "browser")
USAGE = """bin/test [unit] [site] [faults] [hostile] [browser] [-k WORDS] [--keep-site] [path ...] [options for pytest]

  bin/test                              everything
  bin/test unit                         only what needs no bench
  bin/test site -k routing --keep-site  one subject, and keep the site for the next time
  bin/test tests/site/test_intake.py -x
  bin/test faults --long                1,000 requests under faults instead of some dozens
  bin/test hostile --long               every attack by itself and in full"""


@dataclass
class Wanted:
	"""What was asked for on the command line."""

	tiers: list[str]
	paths: dict[str, list[str]]
	pattern: str
	keep_site: bool
	make_bench: bool
	is_long: bool
	pytest_options: list[str]

	@property
	def filtered(self) -> bool:
		"""Whether only some tests were asked for, so that a tier without any is no mistake."""
		return bool(self.pattern or any(self.paths.values()))


@dataclass
class Results:
	"""Everything that will be in the summary."""

	tallies: list[Tally] = field(default_factory=list)
	skipped_tiers: dict[str, str] = field(default_factory=dict)
	has_bench: bool = False

	def run(self, tier: str, function: Callable[[], list[Tally]]) -> None:
		"""Run a tier: what the machine lacks skips it, anything else that stops it is a failure."""
		try:
			self.tallies += function()
		except Missing as missing:
			self.skipped_tiers[tier] = str(missing)
		except Problem as problem:
			loud(str(problem))
			self.tallies.append(failure(tier, "could not begin, see above"))

	def exit_code(self) -> int:
		"""0 only if something ran, nothing failed, and in CI nothing was left out that a bench could run."""
		failed = sum(tally.failed for tally in self.tallies)
		ran = sum(tally.total for tally in self.tallies)
		left_out = bool(self.skipped_tiers) and self.has_bench and os.environ.get("CI") == "true"
		return 1 if failed or not ran or left_out else 0


def main(arguments: list[str]) -> int:
	"""Run what was asked for; the exit code is for machines, the last lines are for people."""
	wanted = _parse(arguments)
	STATE.mkdir(exist_ok=True)
	signal.signal(signal.SIGTERM, _interrupt)
	results = Results()
	try:
		if "unit" in wanted.tiers:
			unit = partial(run_unit_tests, wanted.paths["unit"], _options(wanted), wanted.filtered)
			results.run("unit", unit)
		_run_bench_tiers(wanted, results)
	except KeyboardInterrupt:
		print("\nStopped before the end.", flush=True)
		return 130
	_summary(results)
	return results.exit_code()


def _parse(arguments: list[str]) -> Wanted:
	"""Tiers, paths and our own options; whatever is left is for pytest."""
	parser = argparse.ArgumentParser(usage=USAGE, description=__doc__)
	parser.add_argument("-k", dest="pattern", default="", help="only tests whose names match")
	parser.add_argument("--keep-site", action="store_true", help="keep the test site, and use it next time")
	parser.add_argument("--make-bench", action="store_true", help="make a bench first if there is none")
	parser.add_argument(
		"--long", action="store_true", help="the fault and hostile tests in full, which takes a while"
	)
	given, rest = parser.parse_known_args(arguments)
	tiers = [word for word in rest if word in TIERS]
	paths = {tier: [word for word in rest if word.startswith(f"tests/{tier}")] for tier in TIERS}
	tiers += [tier for tier in TIERS if paths[tier]]
	taken = {*TIERS, *(path for some in paths.values() for path in some)}
	return Wanted(
		tiers=[tier for tier in TIERS if tier in tiers] or list(TIERS),
		paths=paths,
		pattern=given.pattern,
		keep_site=given.keep_site,
		make_bench=given.make_bench,
		is_long=given.long,
		pytest_options=[word for word in rest if word not in taken],
	)


def _options(wanted: Wanted) -> list[str]:
	return [*(["-k", wanted.pattern] if wanted.pattern else []), *wanted.pytest_options]


def _interrupt(signum: int, frame: object) -> None:
	"""Being told to end is the same as Ctrl-C: the site is dropped, the servers are stopped."""
	raise KeyboardInterrupt


def _run_bench_tiers(wanted: Wanted, results: Results) -> None:
	"""The tiers that need a bench share one site."""
	tiers = [tier for tier in wanted.tiers if tier != "unit"]
	if not tiers:
		return
	try:
		bench = _bench(wanted.make_bench)
		results.has_bench = True
		require_app()
	except Missing as missing:
		results.skipped_tiers |= dict.fromkeys(tiers, str(missing))
		return
	with ExitStack() as stack:
		stack.enter_context(one_at_a_time(bench))
		site = ThrowAwaySite(bench, wanted.keep_site)
		stack.callback(site.remove)
		options, filtered = _options(wanted), wanted.filtered
		functions = {
			"site": partial(run_site_tests, site, wanted.paths["site"], options, filtered),
			"faults": partial(
				run_fault_tests, site, wanted.paths["faults"], options, filtered, wanted.is_long
			),
			"hostile": partial(
				run_hostile_tests, site, wanted.paths["hostile"], options, filtered, wanted.is_long
			),
			"browser": partial(run_browser_tests, site, wanted.paths["browser"], wanted.pattern),
		}
		for tier in tiers:
			results.run(tier, functions[tier])


def _bench(make_one: bool) -> Bench:
	"""The bench, made if that was asked for and is possible."""
	if bench := find_bench():
		step(f"Bench: {bench.path} (Frappe {bench.version('frappe')}, Helpdesk {bench.version('helpdesk')})")
		return bench
	if not make_one:
		raise Missing(why_no_bench())
	try:
		return bench_maker.make_bench()
	except Problem as problem:
		loud(str(problem))
		raise Missing(f"{why_no_bench()}, and none can be made here") from problem


def _summary(results: Results) -> None:
	"""A line a tier, a line about what was skipped and why, and the sum as the very last line."""
	print("\nSummary", flush=True)
	for tally in results.tallies:
		print(tally.line())
	reasons = [f"{tier}: {reason.splitlines()[0]}" for tier, reason in results.skipped_tiers.items()]
	print(f"\n!! SKIPPED TIERS: {'; '.join(reasons)}" if reasons else "\nNo tier was skipped.")
	passed, failed, skipped = (
		sum(getattr(tally, count) for tally in results.tallies) for count in ("passed", "failed", "skipped")
	)
	print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
