"""A catalogue of 500 services with 5,000 questions beside one of 45: each page of the portal, in turns; then the designer."""

import argparse
import itertools
from urllib.parse import quote

from benchmarks import designer
from benchmarks.figures import make_table, show_bytes, show_number, show_ratio, spread
from benchmarks.grounds import Grounds
from benchmarks.ledger import Ledger
from benchmarks.load import Message, is_page, run_clients
from devtools.say import step

SMALL, LARGE, LARGE_SHORT = 45, 500, 120
CLIENTS = 4
SECONDS_TO_WARM = 120
PAGES = (
	"catalogue",
	"category",
	"search",
	"nothing found",
	"form pages, all in turn",
	"form pages, made anew",
	"one form page",
)
NOTES = """\
Two sites on one bench and one web server, which take turns within each round; four clients that never pause, after each address
was visited once. The catalogue's first page and the form pages are kept whole for half a minute for all guests; *made anew*:
with a query, so that nothing is kept. Categories and searches are made anew each time. *Search*: 200 different words of the catalogue in turn, every second one mistyped.
*Nothing found*: words no service has, which is when the whole catalogue is shown. Statements and trips to Redis: one warm visit."""


def measure(grounds: Grounds, ledger: Ledger, given: argparse.Namespace) -> str:
	"""Everything, as Markdown."""
	large = LARGE_SHORT if given.short else LARGE
	sites = {SMALL: grounds.make_city("few"), large: grounds.make_city("many")}
	known = {}
	for size, site in sites.items():
		step(f"Publishing {size} services with {10 * size:,} questions in {site}")
		known[size] = grounds.inside(site, "shelves.prepare", services=size)
	grounds.serve()
	for page in PAGES:
		step(f"Visiting: {page}")
		for number in range(given.rounds):
			for size, site in sites.items():
				name = f"{page}/{size}/{number}"
				ledger.measure(
					name,
					lambda page=page, size=size, site=site: _visit(
						grounds, site, page, known[size], given.seconds
					),
				)
		for size, site in sites.items():
			ledger.measure(
				f"cost {page}/{size}",
				lambda page=page, size=size, site=site: _weigh(grounds, site, page, known[size]),
			)
	tried = designer.measure(grounds, ledger, given, sites[large])
	return "\n\n".join([_show(ledger, SMALL, large), NOTES, tried])


def _visit(grounds: Grounds, site: str, page: str, known: dict, seconds: float) -> dict:
	"""Requests a second and latencies, after each address was visited once: workers have read the catalogue by then."""
	paths = _list_paths(page, known)
	run_clients(grounds.port, site, map(_get, paths), is_page, CLIENTS, SECONDS_TO_WARM)
	return run_clients(
		grounds.port, site, map(_get, itertools.cycle(paths)), is_page, CLIENTS, seconds
	).as_dict()


def _weigh(grounds: Grounds, site: str, page: str, known: dict) -> dict:
	"""Bytes of a page, and what a warm visit of it asks of the servers."""
	return grounds.inside(site, "counts.count_page", path=_list_paths(page, known)[0])


def _list_paths(page: str, known: dict) -> list[str]:
	return {
		"catalogue": ["/services"],
		"category": [f"/services?category={category}" for category in known["categories"]],
		"search": [f"/services?q={quote(word)}" for word in known["words"]],
		"nothing found": [f"/services?q=zzqx{number}zz" for number in range(50)],
		"form pages, all in turn": [f"/services/{code}" for code in known["codes"]],
		"form pages, made anew": [f"/services/{code}?visit" for code in known["codes"]],
		"one form page": [f"/services/{known['codes'][0]}"],
	}[page]


def _get(path: str) -> Message:
	return Message("GET", path, {})


def _show(ledger: Ledger, small: int, large: int) -> str:
	rows = []
	for page in PAGES:
		few, many = (ledger.find(f"{page}/{size}") for size in (small, large))
		rates = [spread([one["rate"] for one in found]) for found in (few, many)]
		slow = [spread([one["p95"] for one in found]).middle for found in (few, many)]
		cost = [ledger.results[f"cost {page}/{size}"] for size in (small, large)]
		rows.append(
			(
				page,
				rates[0].show(),
				rates[1].show(),
				show_ratio(rates[1].middle, rates[0].middle),
				f"{show_number(slow[0])} / {show_number(slow[1])}",
				f"{cost[0]['statements']} / {cost[1]['statements']}",
				f"{cost[0]['redis']} / {cost[1]['redis']}",
				f"{show_bytes(cost[0]['bytes'])} / {show_bytes(cost[1]['bytes'])}",
				sum(sum(one["errors"].values()) for one in (*few, *many)),
			)
		)
	headings = (
		"Pages",
		f"requests/s, {small} services",
		f"{large} services",
		"ratio",
		"p95 ms",
		"statements",
		"Redis",
		"bytes",
		"errors",
	)
	return make_table(headings, rows)
