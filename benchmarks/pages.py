"""Pages as fast as they come: wrk where there is one, our own clients elsewhere."""

import itertools
import re
from pathlib import Path

from benchmarks.grounds import FOLDER
from benchmarks.load import Message, is_page, run_clients
from devtools import shell
from devtools.say import Problem

HOW_TO_GET_WRK = (
	"wrk is missing (apt-get install wrk); Python's own client is used and takes more of the cores"
)
CLIENTS = 4
# wrk prints no 95th percentile by itself; latencies are in microseconds there.
REPORT = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("FIGURES %d %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def has_wrk() -> bool:
	"""Whether the load can come from wrk."""
	return shell.has("wrk")


def measure_page(port: int, host: str, path: str, seconds: float, headers: dict[str, str]) -> dict:
	"""Requests a second and latencies (milliseconds) of one address, with four clients that never pause."""
	if has_wrk():
		return _measure_with_wrk(port, host, path, seconds, headers)
	messages = itertools.repeat(Message("GET", path, headers))
	return run_clients(port, host, messages, is_page, CLIENTS, seconds).as_dict()


def _measure_with_wrk(port: int, host: str, path: str, seconds: float, headers: dict[str, str]) -> dict:
	options = [f"-c{CLIENTS}", "-t1", f"-d{max(round(seconds), 1)}s", "--timeout=60s", f"-s{_write_report()}"]
	for name, value in {**headers, "Host": host}.items():
		options += ["-H", f"{name}: {value}"]
	output = shell.run(["wrk", *options, f"http://127.0.0.1:{port}{path}"], failure="wrk failed.")
	return read_wrk(output)


def read_wrk(output: str) -> dict:
	"""The figures our report wrote into wrk's output."""
	found = re.search(r"^FIGURES (.+)$", output, re.MULTILINE)
	if not found:
		raise Problem(f"wrk said nothing we can read:\n{output[-500:]}")
	requests, duration, p50, p95, p99, errors = map(int, found.group(1).split())
	good = requests - errors
	return {
		"rate": good / (duration / 1e6),
		"count": good,
		"p50": p50 / 1000,
		"p95": p95 / 1000,
		"p99": p99 / 1000,
		"errors": {"wrk": errors} if errors else {},
		"seconds": duration / 1e6,
	}


def _write_report() -> Path:
	script = FOLDER / "wrk.lua"
	script.write_text(REPORT)
	return script
