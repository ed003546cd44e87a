"""Figures: percentiles, medians with their spread, tables. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NOTHING = "–"
# Within this a figure counts as unchanged: repeated runs on the same machine differ by as much.
FLAT_WITHIN = 0.20


@dataclass(frozen=True)
class Spread:
	"""Several measurements of the same thing: the middle one, the lowest and the highest."""

	middle: float
	low: float
	high: float

	def show(self, decimals: int = 1) -> str:
		"""As it stands in a table: `61.2 (58.0–63.9)`; a single measurement has no spread."""
		middle = show_number(self.middle, decimals)
		if self.low == self.high:
			return middle
		return f"{middle} ({show_number(self.low, decimals)}–{show_number(self.high, decimals)})"


def percentile(values: Sequence[float], share: float) -> float:
	"""The smallest value that at least `share` (0 to 1) of the values do not exceed (nearest rank).

	:raises ValueError: for no values, or a share outside 0 to 1.
	"""
	if not values or not 0 <= share <= 1:
		raise ValueError(f"no percentile {share} of {len(values)} values")
	ordered = sorted(values)
	rank = -int(-share * len(ordered) // 1)  # rounded up
	return ordered[max(rank, 1) - 1]


def median(values: Sequence[float]) -> float:
	"""The middle value; of an even number of values the mean of the two in the middle."""
	if not values:
		raise ValueError("no median of nothing")
	ordered = sorted(values)
	half = len(ordered) // 2
	return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def spread(values: Sequence[float]) -> Spread:
	"""Median, lowest and highest."""
	return Spread(median(values), min(values), max(values))


def show_number(value: float | None, decimals: int = 1) -> str:
	"""A number as people read it: `1,234`, `12.3`; large ones without decimals."""
	if value is None:
		return NOTHING
	return f"{value:,.0f}" if abs(value) >= 1000 or not decimals else f"{value:,.{decimals}f}"


def show_bytes(count: float) -> str:
	"""Bytes as people read them, in units of 1024."""
	for unit in ("B", "KB", "MB"):
		if abs(count) < 1024:
			return f"{show_number(count, 0 if unit == 'B' else 1)} {unit}"
		count /= 1024
	return f"{show_number(count)} GB"


def show_ratio(value: float, base: float) -> str:
	"""How many times the base a value is; nothing where there is no base."""
	return f"{value / base:.1f} x" if base else NOTHING


def is_flat(values: Iterable[float], within: float = FLAT_WITHIN, floor: float = 0.0) -> bool:
	"""Whether figures that should not grow with the data do not.

	:param values: the figure at each size, smallest size first.
	:param floor: differences up to this much count as none, so that noise of small figures does not alarm.
	"""
	first, *others = values
	return all(other - first <= max(first * within, floor) for other in others)


def make_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
	"""A Markdown table, padded so that it reads well in a terminal too. All but the first column stand right."""
	cells = [[str(cell) for cell in row] for row in rows]
	widths = [max(len(row[column]) for row in (list(headings), *cells)) for column in range(len(headings))]
	lines = [_make_line(headings, widths), _make_rule(widths)]
	return "\n".join([*lines, *(_make_line(row, widths) for row in cells)])


def _make_line(row: Sequence[str], widths: Sequence[int]) -> str:
	first, *others = zip(row, widths, strict=True)
	padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
	return f"| {' | '.join(padded)} |"


def _make_rule(widths: Sequence[int]) -> str:
	first, *others = widths
	return f"| {' | '.join(['-' * first, *('-' * (width - 1) + ':' for width in others)])} |"
