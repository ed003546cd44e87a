"""The site tier: pytest in the bench's Python on a throw-away site, and what `bench run-tests` finds."""

from devtools import shell
from devtools.bench import APP, CHECKOUT, child_environment
from devtools.say import step
from devtools.testing.counts import Tally, from_unittest
from devtools.testing.pytest_run import run_pytest
from devtools.testing.throwaway import ThrowAwaySite


def run_site_tests(site: ThrowAwaySite, paths: list[str], options: list[str], filtered: bool) -> list[Tally]:
	"""tests/site; then the tests inside the package, if there are any and nothing was filtered."""
	site.ready("site")
	tallies = [run_pytest("site", site, paths, options, filtered)]
	if not filtered and _has_package_tests():
		tallies.append(_run_package_tests(site))
	return tallies


def _has_package_tests() -> bool:
	"""`bench run-tests` follows no links and passes over files directly in the package."""
	return any(file.parent != CHECKOUT / APP for file in (CHECKOUT / APP).rglob("test_*.py"))


def _run_package_tests(site: ThrowAwaySite) -> Tally:
	"""With CI set, because only then does Frappe end with an exit code that tells."""
	step("Tests inside the package")
	command = site.bench.frappe_command("run-tests", "--app", APP, site=site.name)
	done = shell.capture(command, cwd=site.bench.sites, env=child_environment(**site.environment, CI="1"))
	print(done.stdout, flush=True)
	return from_unittest("site: in the package", done.stdout, done.returncode)
