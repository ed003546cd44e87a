"""The fault tier: pytest in the bench's Python, on servers of its own that it kills."""

from devtools import shell
from devtools.bench import CHECKOUT, STATE, child_environment
from devtools.private_services import require_programs
from devtools.say import step
from devtools.testing.counts import Tally, from_junit
from devtools.testing.throwaway import ThrowAwaySite

SHORT_FORM = "short form; all of it: bin/test faults --long"


def run_fault_tests(
	site: ThrowAwaySite, paths: list[str], options: list[str], filtered: bool, is_long: bool
) -> list[Tally]:
	"""tests/faults, on a copy of the test site. What it needs and cannot find is a failure, never skipped."""
	require_programs()
	site.ready("site")
	report = STATE / "faults.xml"
	report.unlink(missing_ok=True)
	step(f"Fault tests on a copy of {site.name}")
	command = [
		site.bench.python,
		"-m",
		"pytest",
		f"--junitxml={report}",
		*options,
		*(paths or ["tests/faults"]),
	]
	more = {"CS_FAULTS_LONG": "1"} if is_long else {}
	code = shell.show(command, cwd=CHECKOUT, env=child_environment(**site.environment, **more))
	tally = from_junit("faults", report, code, filtered)
	tally.remark = tally.remark or ("" if is_long else SHORT_FORM)
	return [tally]
