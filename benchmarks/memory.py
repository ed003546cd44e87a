"""What a web worker takes of memory over thousands of requests, and what the largest pictures take for a moment."""

import argparse
import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks import forms
from benchmarks.figures import make_table, show_bytes, show_number
from benchmarks.grounds import FOLDER, Grounds
from benchmarks.ledger import Ledger
from benchmarks.load import Message, Reply, run_clients
from devtools.processes import find_children
from devtools.say import Problem, step

REQUESTS, REQUESTS_SHORT = 10_000, 500
STEPS = 10
# Of each ten requests; a form is read before it is sent.
FORM_PAGES, CATALOGUES, TRACKING_PAGES, SUBMISSIONS = 4, 2, 3, 1
CLIENTS = 2
SECONDS_AT_MOST = 3600
KILOBYTE = 1024
NOTES = """\
One worker that is never recycled, so that all requests meet the same process. Of ten requests four ask for the form
page, two for the catalogue, three for a tracking page, and one sends a form (ticket made at once). Private memory is
what the worker has for itself; the rest it shares with the process that started it (--preload)."""


def measure(grounds: Grounds, ledger: Ledger, given: argparse.Namespace) -> str:
	"""Everything, as Markdown."""
	site = grounds.make_city()
	grounds.inside(site, "city.set_filing", mode="At once")
	count = given.requests or (REQUESTS_SHORT if given.short else REQUESTS)
	grounds.serve(workers=1, recycling=False)
	worker = ledger.measure("worker", lambda: _follow_worker(grounds, site, count))
	pictures = ledger.measure("pictures", lambda: _measure_pictures(grounds, site))
	return "\n\n".join([_show_worker(worker), _show_pictures(pictures), NOTES])


def _follow_worker(grounds: Grounds, site: str, count: int) -> list[dict]:
	"""Memory of the worker after each part of the requests; the first line is after the warm-up."""
	share = count // STEPS
	step("Warming up")
	_send(grounds, site, _mix(grounds, site, 50))
	[pid] = find_children(grounds.processes.pid("web"))
	samples = [{"requests": 0, "rate": None, **read_memory(pid)}]
	for number in range(1, STEPS + 1):
		step(f"Requests up to {number * share:,} of {count:,}")
		rate = _send(grounds, site, _mix(grounds, site, share))
		samples.append({"requests": number * share, "rate": rate, **read_memory(pid)})
	if find_children(grounds.processes.pid("web")) != [pid]:
		raise Problem("The worker was replaced on the way; its memory says nothing.")
	return samples


def _mix(grounds: Grounds, site: str, count: int) -> Iterator[Message]:
	"""Messages in the order of one visit after the other."""
	tenths = count // 10
	submissions = forms.make_our_messages(forms.collect_forms(grounds.port, site, tenths * SUBMISSIONS))
	keys = itertools.cycle(grounds.inside(site, "city.get_keys") or [["0000-0000", ""]])
	for _number in range(tenths):
		yield from itertools.repeat(Message("GET", forms.FORM_PATH, {}), FORM_PAGES - SUBMISSIONS)
		yield from itertools.repeat(Message("GET", "/services", {}), CATALOGUES)
		for reference, key in itertools.islice(keys, TRACKING_PAGES):
			yield Message("GET", f"/requests/{reference}", {"Cookie": f"cs_key={key}"})
		yield from itertools.islice(submissions, SUBMISSIONS)


def _send(grounds: Grounds, site: str, messages: Iterator[Message]) -> float:
	outcome = run_clients(grounds.port, site, messages, _is_good, CLIENTS, SECONDS_AT_MOST)
	if outcome.errors:
		raise Problem(f"Requests failed: {dict(outcome.errors)}")
	return outcome.rate


def _is_good(reply: Reply) -> str | None:
	return "good" if reply.status in (200, 303, 403) else None


def read_memory(pid: int) -> dict[str, int]:
	"""What a process has in memory, and what of it is its own alone, in bytes."""
	rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
	found = {name: int(size) * KILOBYTE for name, size in re.findall(r"^(\w+):\s+(\d+) kB", rollup, re.M)}
	return {"rss": found["Rss"], "private": found["Private_Clean"] + found["Private_Dirty"]}


def _measure_pictures(grounds: Grounds, site: str) -> list[dict]:
	"""Each picture in a process of its own."""
	step("Cleaning the largest pictures")
	folder = FOLDER / "pictures"
	os.makedirs(folder, exist_ok=True)
	pictures = grounds.inside(site, "photos.write_largest", folder=str(folder))
	return [
		{**picture, **grounds.inside(site, "photos.measure_cleaning", path=picture["path"])}
		for picture in pictures
	]


def _show_worker(samples: list[dict]) -> str:
	first = samples[0]
	rows = [
		(
			f"{sample['requests']:,}",
			show_bytes(sample["rss"]),
			show_bytes(sample["private"]),
			show_bytes(_growth(sample, first)) if sample["requests"] else "",
			show_number(sample["rate"]),
		)
		for sample in samples
	]
	headings = ("Requests", "resident", "private", "private, growth per 1,000 since the start", "requests/s")
	half = samples[len(samples) // 2]
	late = f"Growth per 1,000 requests in the second half: {show_bytes(_growth(samples[-1], half))} private."
	return f"{make_table(headings, rows)}\n\n{late}"


def _growth(sample: dict, first: dict) -> float:
	"""Bytes for a thousand requests."""
	return (sample["private"] - first["private"]) / (sample["requests"] - first["requests"]) * 1000


def _show_pictures(pictures: list[dict]) -> str:
	rows = [
		(
			f"{picture['kind']}, {picture['megapixels']:.0f} megapixels",
			show_bytes(picture["bytes"]),
			show_bytes(picture["peak"]),
			show_bytes(picture["left"]),
			f"{picture['seconds']:.2f}",
			picture["refused"] or "taken",
		)
		for picture in pictures
	]
	headings = ("Picture", "file", "memory at the peak", "kept afterwards", "seconds", "")
	return make_table(headings, rows)
