"""`bin/benchmark`: one measurement, its table on the terminal and in a file."""

import argparse
import signal
from collections.abc import Callable

from benchmarks import beside_stock, catalogue, memory, profiling, replay, scale
from benchmarks.grounds import FOLDER, Grounds, open_grounds
from benchmarks.ledger import Ledger
from benchmarks.machine import describe, read_load
from devtools.bench import require_bench
from devtools.say import Problem, loud, step

USAGE = """bin/benchmark beside-stock|scale|memory|profile|replay|catalogue [--short] [--keep-site] [--resume] [--rounds N]

  bin/benchmark beside-stock   pages and forms, of the app and of a stock Web Form in turns
  bin/benchmark scale          with no, 200,000 and 1,000,000 requests
  bin/benchmark memory         of a web worker over 10,000 requests, and of the largest pictures
  bin/benchmark profile        where the time of a page and of a form goes
  bin/benchmark replay         a draft tried on 50,000 past requests
  bin/benchmark catalogue      pages of 500 services beside those of 45, and the designer's preview"""
Measure = Callable[[Grounds, Ledger, argparse.Namespace], str]
MEASURES: dict[str, Measure] = {
	"beside-stock": beside_stock.measure,
	"scale": scale.measure,
	"memory": memory.measure,
	"profile": profiling.measure,
	"replay": replay.measure,
	"catalogue": catalogue.measure,
}


def main(arguments: list[str]) -> int:
	"""Measure what was asked for; the exit code is 0 when it came to an end."""
	given = _parse(arguments)
	signal.signal(signal.SIGTERM, _interrupt)
	try:
		bench = require_bench()
		with open_grounds(bench, given.keep_site) as grounds:
			_run(grounds, given)
		return 0
	except Problem as problem:
		loud(str(problem))
		return 1
	except KeyboardInterrupt:
		step("Stopped. What was measured is kept; go on with --resume.")
		return 130


def _parse(arguments: list[str]) -> argparse.Namespace:
	options = argparse.ArgumentParser(prog="bin/benchmark", usage=USAGE, description=__doc__)
	options.add_argument("what", choices=MEASURES)
	options.add_argument(
		"--short", action="store_true", help="try it out: a minute or two, figures mean little"
	)
	options.add_argument("--keep-site", action="store_true", help="keep the sites, and use them next time")
	options.add_argument(
		"--resume", action="store_true", help="keep what a run that was broken off has measured"
	)
	options.add_argument("--rounds", type=int, help="rounds of each measurement (5; with --short 1)")
	options.add_argument("--seconds", type=float, help="length of one round (10; with --short 3)")
	options.add_argument("--sizes", help="for scale: numbers of requests, such as 0,200000,1000000")
	options.add_argument(
		"--requests", type=int, help="for memory: how many requests (10,000; with --short 500)"
	)
	given = options.parse_args(arguments)
	given.rounds = given.rounds or (1 if given.short else 5)
	given.seconds = given.seconds or (3.0 if given.short else 10.0)
	return given


def _interrupt(signum: int, frame: object) -> None:
	"""Being told to end is the same as Ctrl-C: the servers are stopped, the sites dropped."""
	raise KeyboardInterrupt


def _run(grounds: Grounds, given: argparse.Namespace) -> None:
	load_before = read_load()
	name = f"{given.what}{'-short' if given.short else ''}"
	ledger = Ledger(FOLDER / f"{name}.json", given.resume)
	result = MEASURES[given.what](grounds, ledger, given)
	remarks = [
		"A short run, only to try it out." if given.short else "",
		"Put together from several parts (`--resume`); the conditions are those of the last."
		if given.resume
		else "",
	]
	conditions = describe(grounds, load_before, grounds.sites[0])
	report = "\n\n".join(filter(None, (conditions, *remarks, result))) + "\n"
	(FOLDER / f"{name}.md").write_text(report)
	print(f"\n{report}", flush=True)
	step(f"Written to {FOLDER / f'{name}.md'}")
