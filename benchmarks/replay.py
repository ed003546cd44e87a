"""A draft tried on 50,000 past requests: how long until its result stands, how soon it stops when told to."""

import argparse

from benchmarks.figures import make_table, show_bytes, show_number, spread
from benchmarks.grounds import Grounds
from benchmarks.ledger import Ledger
from devtools.say import step

REQUESTS, REQUESTS_SHORT = 50_000, 3_000
AT_A_TIME = 25_000
SECONDS_AT_MOST = 60
CANCEL_AFTER = 1.0
NOTES = """\
One service with all these requests in five years, eight kinds of answers, from four places; nearly all answered and done, a
fourth with a wait for the resident. The draft has seven rules, one of each kind (an area of 200 corners among them), and
shorter targets; nobody has saved it. *In a worker*: from the button until the result stands, through the queue. *Told*: how
often the bar moved, and the longest time it stood still. *Cancelled*: from the button until the worker is free. Statements,
Helpdesk's calculations of a date and memory are counted in a run of its own."""


def measure(grounds: Grounds, ledger: Ledger, given: argparse.Namespace) -> str:
	"""Everything, as Markdown."""
	site = grounds.make_city("replay")
	wanted = REQUESTS_SHORT if given.short else REQUESTS
	_seed(grounds, site, wanted)
	grounds.start_worker()
	grounds.inside(site, "past.wait_for_worker")
	step(f"Trying a draft on {wanted:,} requests")
	for number in range(min(given.rounds, 3)):
		ledger.measure(f"worker/{number}", lambda: grounds.inside(site, "past.run_in_worker"))
	cancelled = ledger.measure(
		"cancelled",
		lambda: grounds.inside(site, "past.cancel_in_worker", after=0 if given.short else CANCEL_AFTER),
	)
	here = ledger.measure("here", lambda: grounds.inside(site, "past.run_here"))
	shown = ledger.measure("shown", lambda: grounds.inside(site, "past.show"))
	return "\n\n".join([_show(ledger.find("worker"), cancelled, here, shown), NOTES])


def _seed(grounds: Grounds, site: str, wanted: int) -> None:
	seeded = grounds.inside(site, "seed.count_seeded")
	if not seeded:
		grounds.inside(site, "city.set_filing", mode="At once")
		grounds.inside(site, "past.prepare")
	step(f"Writing requests up to {wanted:,}")
	while seeded < wanted:
		last = min(seeded + AT_A_TIME, wanted)
		grounds.inside(site, "seed.write", first=seeded + 1, last=last)
		seeded = last
	grounds.inside(site, "past.finish")


def _show(rounds: list[dict], cancelled: dict, here: dict, shown: dict) -> str:
	seconds = spread([one["seconds"] for one in rounds])
	requests = rounds[0]["requests"]
	silence = max(one["longest_silence"] or 0 for one in rounds)
	rows = [
		("requests tried", f"{requests:,}"),
		("would have gone elsewhere", f"{rounds[0]['moved']:,}"),
		(f"seconds in a worker (at most {SECONDS_AT_MOST})", seconds.show()),
		("requests a second", show_number(requests / seconds.middle, 0)),
		("told how far it is", f"{rounds[0]['told']} times, {show_number(silence)} s apart at most"),
		("seconds until a cancelled one ends", show_number(cancelled["seconds"])),
		("tried by then", f"{cancelled['done']:,} of {cancelled['total']:,}"),
		("statements", f"{here['statements']:,}"),
		("rows written", f"{here['writes']:,}"),
		("Helpdesk's calculations of a date", f"{here['calculations']:,}"),
		("memory on top", show_bytes(here["memory"])),
		("stored result", show_bytes(here["result"])),
		("milliseconds to show it", show_number(shown["p50"])),
	]
	return make_table(("Trial on past requests", ""), rows)
