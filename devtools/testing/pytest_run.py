"""Running pytest in the bench's Python, against a site."""

from devtools import shell
from devtools.bench import CHECKOUT, STATE, child_environment
from devtools.say import step
from devtools.testing.counts import Tally, from_junit
from devtools.testing.throwaway import ThrowAwaySite


def run_pytest(
	tier: str, site: ThrowAwaySite, paths: list[str], options: list[str], filtered: bool, **environment: str
) -> Tally:
	"""Run tests/<tier>, or only these paths, on a site that is ready.

	:param environment: what the tests need to know beside the site.
	"""
	report = STATE / f"{tier}.xml"
	report.unlink(missing_ok=True)
	step(f"{tier.capitalize()} tests on {site.name}")
	command = [
		site.bench.python,
		"-m",
		"pytest",
		f"--junitxml={report}",
		*options,
		*(paths or [f"tests/{tier}"]),
	]
	env = child_environment(**site.environment, **environment)
	return from_junit(tier, report, shell.show(command, cwd=CHECKOUT, env=env), filtered)


def run_sized(
	tier: str, site: ThrowAwaySite, paths: list[str], options: list[str], filtered: bool, is_long: bool
) -> Tally:
	"""As `run_pytest`, for a tier that has a short and a long form: CS_<TIER>_LONG says which."""
	more = {f"CS_{tier.upper()}_LONG": "1"} if is_long else {}
	tally = run_pytest(tier, site, paths, options, filtered, **more)
	tally.remark = tally.remark or ("" if is_long else f"short form; all of it: bin/test {tier} --long")
	return tally
