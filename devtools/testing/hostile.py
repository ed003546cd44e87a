"""The hostile tier: pytest in the bench's Python, against a site with web, worker and mail server."""

from devtools.testing.counts import Tally
from devtools.testing.pytest_run import run_sized
from devtools.testing.throwaway import ThrowAwaySite


def run_hostile_tests(
	site: ThrowAwaySite, paths: list[str], options: list[str], filtered: bool, is_long: bool
) -> list[Tally]:
	"""tests/hostile. The payloads that only a browser can judge are in the browser tier."""
	site.ready("hostile")
	return [run_sized("hostile", site, paths, options, filtered, is_long)]
