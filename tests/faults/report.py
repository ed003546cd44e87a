"""The table a run prints, and the reasons below it when something is wrong."""

from collections import Counter
from collections.abc import Iterable

from tests.faults.checker import LATE_AFTER, Verdict, get_percentiles

EXAMPLES = 10


def make_table(
	title: str, verdict: Verdict, done: Counter[str], restarts: Counter[str], seconds: dict
) -> str:
	"""A few lines a person can read, and paste into a document.

	:param done: how often each fault came.
	:param restarts: servers that ended by themselves and were started again, by name.
	:param seconds: how long what took, by name.
	"""
	half, most = get_percentiles(verdict.seconds_to_file)
	rows = {
		"sent / accepted": f"{verdict.sent} / {verdict.accepted}",
		"photos / replies": f"{verdict.photos} / {verdict.replies}",
		"lost": str(len(verdict.lost)),
		"doubled": str(len(verdict.doubled)),
		f"late (> {LATE_AFTER:.0f} s after all was well)": str(len(verdict.late)),
		"confirmations by address: 1 / 0 / more": " / ".join(
			str(verdict.mails[key]) for key in ("1", "0", "more")
		),
		"seconds to file, p50 / p95": f"{half:.1f} / {most:.1f}",
		"met by clients": _list(verdict.errors),
		"faults": _list(done),
		"ended by themselves": _list(restarts),
		"seconds": ", ".join(f"{name} {length:.0f}" for name, length in seconds.items()),
	}
	wide = max(map(len, rows))
	lines = [f"{title}", "-" * len(title), *(f"{name:{wide}}  {value}" for name, value in rows.items())]
	return "\n".join(lines)


def make_reasons(faults: Iterable[str], unfinished: list[str]) -> str:
	"""What is wrong, and what the site says of what still waits; not more than anybody reads."""
	faults = list(faults)
	lines = [f"{len(faults)} must not be:", *faults[:EXAMPLES]]
	lines += [f"{len(unfinished)} still wait in the site:", *unfinished[:EXAMPLES]] if unfinished else []
	return "\n".join(lines)


def _list(counter: Counter[str]) -> str:
	return ", ".join(f"{name} {count}" for name, count in sorted(counter.items())) or "nothing"
