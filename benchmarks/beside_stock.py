"""This app beside a stock Web Form for HD Ticket: one bench, one web server, the arms in turns."""

import argparse
from collections import Counter

from benchmarks import forms, pages
from benchmarks.figures import (
	NOTHING,
	make_table,
	median,
	show_bytes,
	show_number,
	show_ratio,
	spread,
)
from benchmarks.grounds import Grounds
from benchmarks.ledger import Ledger
from benchmarks.submissions import AT_ONCE, BACKGROUND, Sender, measure_arrivals, measure_burst
from devtools.say import note, step

STOCK_FORM = "report"
CLIENTS = (1, 4, 16)
ARRIVALS_A_SECOND = 10
# Without it each visit is counted as one whose proxy does not say who comes, which takes two trips to Redis.
BEHIND_A_PROXY = {"X-Forwarded-For": "203.0.113.7"}
STOCK, OURS, LATER = "stock Web Form", "app, ticket at once", "app, ticket in background"
NOTES = """\
Closed loop: every client sends its next message as soon as it has its answer. Figures are the median of the rounds,
with the lowest and the highest. Only answers that took the form in count, and the database was counted afterwards.
Each form comes from a resident and a network address of its own. Our forms' keys are read before the time is taken
(reading the page is the visitor's other request); a stock form needs none. One background worker runs throughout,
except where two are named.
The limits for one visitor are in force, the ceilings of the whole site are widened. The stock
site has Helpdesk's guest switch on (without it guests get 403) and Frappe's switch for guests' uploads; both make it
unfit for the internet. The stock form uploads its photo in a request of its own before it is sent: its time is both."""


def measure(grounds: Grounds, ledger: Ledger, given: argparse.Namespace) -> str:
	"""Everything, as Markdown."""
	ours, stock = grounds.make_city(), grounds.make_stock()
	grounds.start_worker()
	grounds.serve()
	_warm_up(grounds, ours, stock)
	parts = [
		_measure_counts(grounds, ledger, ours, stock),
		_measure_pages(grounds, ledger, given, ours, stock),
		*(_measure_forms(grounds, ledger, given, ours, stock, photo) for photo in (False, True)),
		_measure_arrivals(grounds, ledger, given, ours),
		NOTES,
	]
	return "\n\n".join(parts)


def _warm_up(grounds: Grounds, ours: str, stock: str) -> None:
	"""The first requests fill caches; nobody's figures should have to pay for them."""
	step("Warming up")
	for filing in (AT_ONCE, BACKGROUND):
		sender = Sender(grounds, ours, filing)
		if sender.is_possible:
			measure_burst(sender, 1, 1)
	measure_burst(Sender(grounds, stock), 1, 1)
	for site, path in ((ours, "/services"), (ours, forms.FORM_PATH), (stock, f"/{STOCK_FORM}/new")):
		pages.measure_page(grounds.port, site, path, 2, {})


def _measure_counts(grounds: Grounds, ledger: Ledger, ours: str, stock: str) -> str:
	"""Statements, Redis calls and bytes: the same in every run, so once is enough."""
	step("Counting statements")
	stock_rows = ledger.measure(
		"counts/stock", lambda: grounds.inside(stock, "counts.count_stock", form=STOCK_FORM)
	)
	our_rows = ledger.measure("counts/ours", lambda: grounds.inside(ours, "counts.count_ours"))
	headings = ("One request, warm", "status", "statements", "SELECT", "writes", "Redis", "bytes", "gzip")
	names = ("status", "statements", "selects", "writes", "redis")
	rows = [
		(
			f"{arm}: {row['name']}",
			*(row[name] for name in names),
			*map(_show_size, (row["bytes"], row["gzip"])),
		)
		for arm, found in (("stock", stock_rows), ("app", our_rows))
		for row in found
	]
	return make_table(headings, rows)


def _show_size(count: int) -> str:
	return show_bytes(count) if count else NOTHING


def _measure_pages(grounds: Grounds, ledger: Ledger, given: argparse.Namespace, ours: str, stock: str) -> str:
	if not pages.has_wrk():
		note(pages.HOW_TO_GET_WRK)
	reference, key = grounds.inside(ours, "city.get_keys", limit=1)[0]
	cases = (
		("stock: Web Form page", stock, f"/{STOCK_FORM}/new", {}),
		("app: form page", ours, forms.FORM_PATH, {}),
		("app: catalogue", ours, "/services", {}),
		("app: tracking page", ours, f"/requests/{reference}", {"Cookie": f"cs_key={key}", **BEHIND_A_PROXY}),
		("/api/method/ping", ours, "/api/method/ping", {}),
	)
	for number in range(given.rounds):
		step(f"Pages, round {number + 1} of {given.rounds}")
		for label, site, path, headers in cases:
			ledger.measure(
				f"pages/{label}/{number}",
				lambda site=site, path=path, headers=headers: pages.measure_page(
					grounds.port, site, path, given.seconds, headers
				),
			)
	return _show_pages(ledger, [case[0] for case in cases])


def _show_pages(ledger: Ledger, labels: list[str]) -> str:
	found = {label: ledger.find(f"pages/{label}") for label in labels}
	rate = {label: median([result["rate"] for result in results]) for label, results in found.items()}
	rows = [
		(
			label,
			spread([result["rate"] for result in results]).show(),
			*(spread([result[name] for result in results]).show() for name in ("p50", "p95", "p99")),
			show_ratio(rate[label], rate[labels[0]]),
			show_ratio(rate[label], rate[labels[-1]]),
			_show_errors(results),
		)
		for label, results in found.items()
	]
	headings = (
		f"Pages, {pages.CLIENTS} clients, 2 workers",
		"requests/s",
		"p50 ms",
		"p95 ms",
		"p99 ms",
		"to stock",
		"to ping",
		"errors",
	)
	return make_table(headings, rows)


def _measure_forms(
	grounds: Grounds, ledger: Ledger, given: argparse.Namespace, ours: str, stock: str, photo: bool
) -> str:
	arms = {STOCK: Sender(grounds, stock), OURS: Sender(grounds, ours, AT_ONCE)}
	later = Sender(grounds, ours, BACKGROUND)
	if later.is_possible:
		arms[LATER] = later
	what = "photo" if photo else "text"
	for number in range(given.rounds):
		for clients in CLIENTS:
			step(f"Forms ({what}), {clients} clients, round {number + 1} of {given.rounds}")
			for label, sender in arms.items():
				ledger.measure(
					f"forms/{what}/{clients}/{label}/{number}",
					lambda sender=sender, clients=clients: measure_burst(
						sender, clients, given.seconds, photo
					),
				)
	return _show_forms(ledger, what, list(arms))


def _show_forms(ledger: Ledger, what: str, labels: list[str]) -> str:
	rows = []
	for clients in CLIENTS:
		found = {label: ledger.find(f"forms/{what}/{clients}/{label}") for label in labels}
		base = median([result["rate"] for result in found[STOCK]])
		for label, results in found.items():
			rates = [result["rate"] for result in results]
			rows.append(
				(
					f"{clients} clients: {label}" if clients > 1 else f"1 client: {label}",
					spread(rates).show(),
					show_ratio(median(rates), base),
					*(_show_times(results, name) for name in ("p50", "p95", "p99")),
					_show_times(results, "drain"),
					sum(result["stored"] for result in results),
					_show_errors(results),
				)
			)
	kind = "with a 3 MB photo (12 megapixels)" if what == "photo" else "text only"
	headings = (
		f"Forms, {kind}, 2 workers",
		"accepted/s",
		"to stock",
		"p50 ms",
		"p95 ms",
		"p99 ms",
		"all filed after s",
		"stored",
		"errors",
	)
	return make_table(headings, rows)


def _show_times(results: list[dict], name: str) -> str:
	values = [result[name] for result in results if result[name] is not None]
	return spread(values).show() if values else NOTHING


def _show_errors(results: list[dict]) -> str:
	"""How often what was answered instead; 0 when all went well."""
	errors: Counter[str] = Counter()
	for result in results:
		errors.update(result["errors"])
	return ", ".join(f"{count} x {error}" for error, count in errors.most_common()) or "0"


def _measure_arrivals(grounds: Grounds, ledger: Ledger, given: argparse.Namespace, ours: str) -> str:
	rows = []
	seconds = 10 if given.short else 60
	for filing, workers in ((AT_ONCE, 1), (BACKGROUND, 1), (BACKGROUND, 2)):
		sender = Sender(grounds, ours, filing)
		if not sender.is_possible:
			continue
		step(f"{ARRIVALS_A_SECOND} forms a second, {filing.lower()}, {workers} background worker(s)")
		if workers > 1:
			grounds.start_worker("worker-2")
		result = ledger.measure(
			f"arrivals/{filing}, {workers}/0",
			lambda sender=sender: measure_arrivals(sender, ARRIVALS_A_SECOND, seconds),
		)
		rows.append(
			(
				filing,
				workers,
				result["count"],
				_show_errors([result]),
				*(show_number(result[name]) for name in ("p50", "p95", "p99")),
				*(show_number(result.get(name)) for name in ("lag_p50", "lag_p95")),
				show_number(result["drain"]),
			)
		)
	headings = (
		f"{ARRIVALS_A_SECOND} forms/s arriving (open loop)",
		"background workers",
		"accepted",
		"errors",
		"p50 ms",
		"p95 ms",
		"p99 ms",
		"ticket after, p50 s",
		"p95 s",
		"all filed after s",
	)
	return make_table(headings, rows)
