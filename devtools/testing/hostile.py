"""The hostile tier: pytest in the bench's Python, against a site with web, worker and mail server."""

from devtools import shell
from devtools.bench import CHECKOUT, STATE, child_environment
from devtools.say import step
from devtools.testing.counts import Tally, from_junit
from devtools.testing.throwaway import ThrowAwaySite

SHORT_FORM = "short form; all of it: bin/test hostile --long"


def run_hostile_tests(
	site: ThrowAwaySite, paths: list[str], options: list[str], filtered: bool, is_long: bool
) -> list[Tally]:
	"""tests/hostile. The payloads that only a browser can judge are in the browser tier."""
	site.ready("hostile")
	report = STATE / "hostile.xml"
	report.unlink(missing_ok=True)
	step(f"Hostile tests on {site.name}")
	command = [
		site.bench.python,
		"-m",
		"pytest",
		f"--junitxml={report}",
		*options,
		*(paths or ["tests/hostile"]),
	]
	more = {"CS_HOSTILE_LONG": "1"} if is_long else {}
	code = shell.show(command, cwd=CHECKOUT, env=child_environment(**site.environment, **more))
	tally = from_junit("hostile", report, code, filtered)
	tally.remark = tally.remark or ("" if is_long else SHORT_FORM)
	return [tally]
