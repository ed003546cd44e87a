"""Where the time of a page and of a form goes."""

import argparse

from benchmarks.grounds import Grounds
from benchmarks.ledger import Ledger

REPEATS = 200
REPEATS_SHORT = 20


def measure(grounds: Grounds, ledger: Ledger, given: argparse.Namespace) -> str:
	"""cProfile's lists, as text."""
	site = grounds.make_city()
	repeats = REPEATS_SHORT if given.short else REPEATS
	parts = []
	# The requests first: one of them is then looked at.
	for case in (
		"form page",
		"catalogue",
		"submit, ticket at once",
		"submit",
		"submit with a photo",
		"tracking page",
	):
		text = ledger.measure(
			f"profile/{case}",
			lambda case=case: grounds.inside(site, "profiles.run", case=case, repeats=repeats),
		)
		if text:
			parts.append(f"### {case}, {repeats} times\n\n```text\n{text}\n```")
	return "\n\n".join(parts)
