"""The fault tier: pytest in the bench's Python, on servers of its own that it kills."""

from devtools.private_services import require_programs
from devtools.testing.counts import Tally
from devtools.testing.pytest_run import run_sized
from devtools.testing.throwaway import ThrowAwaySite


def run_fault_tests(
	site: ThrowAwaySite, paths: list[str], options: list[str], filtered: bool, is_long: bool
) -> list[Tally]:
	"""tests/faults, on a copy of the test site. What it needs and cannot find is a failure, never skipped."""
	require_programs()
	site.ready("site")
	return [run_sized("faults", site, paths, options, filtered, is_long)]
