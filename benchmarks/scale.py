"""The same questions with no, with 200,000 and with a million requests: what has to stay flat, and whether it does."""

import argparse
import itertools
from collections.abc import Callable, Iterator

from benchmarks import forms
from benchmarks.figures import FLAT_WITHIN, NOTHING, is_flat, make_table, show_number
from benchmarks.grounds import Grounds
from benchmarks.ledger import Ledger
from benchmarks.load import Judge, Message, is_page, run_clients
from devtools.say import note, step

SIZES, SIZES_SHORT = (0, 200_000, 1_000_000), (0, 2_000, 10_000)
AT_A_TIME = 25_000
VISITS, VISITS_SHORT = 200, 30
# Below this a difference is the clock's, not the table's.
FLOOR_MS = 2.0
NOTES = f"""\
Milliseconds, p50 / p95. In process: the function alone, on an open connection, warm. Over HTTP: one visitor, each
time another request, through the web server. *Flat*: the p50 at every size is at most {FLAT_WITHIN:.0%}, or
{FLOOR_MS:.0f} ms, above that of the smallest. Seeded requests have a submission, a ticket and an event each; a fourth
have a message, four share a resident. What the city's five years would have left in Email Queue is not there: mails
that were sent are removed by Frappe."""


def measure(grounds: Grounds, ledger: Ledger, given: argparse.Namespace) -> str:
	"""Everything, as Markdown."""
	site = grounds.make_city("scale")
	sizes = _read_sizes(given)
	grounds.inside(site, "seed.prepare")
	grounds.inside(site, "city.set_filing", mode="At once")
	grounds.start_worker()
	grounds.serve()
	seeded = grounds.inside(site, "seed.count_seeded")
	for size in sizes:
		if seeded > size and not ledger.has(f"inside/{size}"):
			note(
				f"{site} holds {seeded:,} requests already; {size:,} is left out (start without --keep-site)"
			)
			continue
		if seeded < size:
			seeded = _seed(grounds, site, seeded, size)
		ledger.measure(f"inside/{size}", lambda: _ask_inside(grounds, site))
		ledger.measure(f"http/{size}", lambda: _visit(grounds, site, VISITS_SHORT if given.short else VISITS))
	done = [size for size in sizes if ledger.has(f"http/{size}")]
	return "\n\n".join([_show(ledger, done), _show_plans(ledger, done), NOTES])


def _read_sizes(given: argparse.Namespace) -> tuple[int, ...]:
	if given.sizes:
		return tuple(sorted(int(size) for size in given.sizes.split(",")))
	return SIZES_SHORT if given.short else SIZES


def _seed(grounds: Grounds, site: str, seeded: int, size: int) -> int:
	"""Write what is missing, part by part, so that it can be broken off and gone on with."""
	step(f"Writing requests up to {size:,}")
	while seeded < size:
		last = min(seeded + AT_A_TIME, size)
		grounds.inside(site, "seed.write", first=seeded + 1, last=last)
		seeded = last
		if seeded % (4 * AT_A_TIME) == 0 or seeded == size:
			step(f"{seeded:,} of {size:,}")
	grounds.inside(site, "seed.finish")
	return seeded


def _ask_inside(grounds: Grounds, site: str) -> dict:
	step("Asking in process")
	return grounds.inside(site, "lists.run")


def _visit(grounds: Grounds, site: str, visits: int) -> dict:
	"""Each page by one visitor after the other; the first few visits are not counted."""
	step("Visiting over HTTP")
	found = {}
	for name, (make, judge) in _make_visits(grounds, site, visits).items():
		run_clients(grounds.port, site, itertools.islice(make(), 10), judge, 1, 60)
		outcome = run_clients(grounds.port, site, itertools.islice(make(), visits), judge, 1, 120)
		found[name] = outcome.as_dict()
	return found


def _make_visits(
	grounds: Grounds, site: str, visits: int
) -> dict[str, tuple[Callable[[], Iterator[Message]], Judge]]:
	known = itertools.cycle(grounds.inside(site, "lists.get_requests_to_open", count=visits))

	def track() -> Iterator[Message]:
		for reference, key, _email in known:
			yield Message("GET", f"/requests/{reference}", {"Cookie": f"cs_key={key}"})

	def find() -> Iterator[Message]:
		for reference, _key, email in known:
			fields = {"reference": reference, "contact": email, "website": ""}
			yield forms.make_plain_message("/requests", fields)

	def send() -> Iterator[Message]:
		return forms.make_our_messages(forms.collect_forms(grounds.port, site, visits))

	def get(path: str) -> Callable[[], Iterator[Message]]:
		return lambda: itertools.repeat(Message("GET", path, {}))

	return {
		"tracking page": (track, is_page),
		"find a request": (find, is_page),
		"catalogue": (get("/services"), is_page),
		"form page": (get(forms.FORM_PATH), is_page),
		"submit, ticket at once": (send, forms.judge_ours),
	}


def _show(ledger: Ledger, sizes: list[int]) -> str:
	rows = []
	for where, label in (("inside", "in process"), ("http", "over HTTP")):
		found = [ledger.results[f"{where}/{size}"] for size in sizes]
		rows += [_make_row(f"{name} ({label})", [result[name] for result in found]) for name in found[-1]]
	return make_table(("Milliseconds", *(f"{size:,} requests" for size in sizes), "flat"), rows)


def _make_row(name: str, results: list[dict]) -> list[str]:
	cells = [f"{show_number(result['p50'])} / {show_number(result['p95'])}" for result in results]
	middles = [result["p50"] for result in results if result["p50"] is not None]
	errors = sum(sum(result.get("errors", {}).values()) for result in results)
	flat = "yes" if is_flat(middles, floor=FLOOR_MS) else f"no, {middles[-1] / middles[0]:.1f} x"
	return [name, *cells, f"{errors} errors" if errors else flat if len(middles) > 1 else NOTHING]


def _show_plans(ledger: Ledger, sizes: list[int]) -> str:
	"""Queries that read or sort many rows at the largest size."""
	cases = ledger.results[f"inside/{sizes[-1]}"]
	lines = [
		f"- {name}: {plan['rows']:,} rows, key {plan['key'] or 'none'}, {plan['extra']}: `{plan['query']}`"
		for name, case in cases.items()
		for plan in case["without_index"]
	]
	heading = f"Queries that read many rows without an index, or sort them, at {sizes[-1]:,} requests:"
	return "\n".join([heading, "", *lines] if lines else [heading, "", "none."])
