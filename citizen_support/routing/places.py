"""Postcodes, names of streets and districts, and areas that have both and a shape. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from citizen_support.routing.geometry import Position, Shape, contains

_RANGE = re.compile(r"^\s*([0-9]{2,10})\s*-\s*([0-9]{2,10})\s*$")
_TOKEN = re.compile(r"[0-9A-Za-z]+")


@dataclass(frozen=True)
class Area:
	"""A part of the city, known by its shape on the map, its postcodes, and the names people give for it."""

	code: str
	name: str
	postcodes: tuple[str, ...] = ()
	names: tuple[str, ...] = ()
	shape: Shape | None = None


def lies_in(area: Area, position: Position | None, places: Iterable[str]) -> bool:
	"""Whether a place is in the area.

	A position on the map decides, where the area has a shape; else the words do.

	:param places: the places as they were typed.
	"""
	if position and area.shape:
		return contains(area.shape, position)
	return any(
		any(matches_postcode(pattern, place) for pattern in area.postcodes)
		or any(contains_words(name, place) for name in area.names)
		for place in places
	)


def matches_postcode(pattern: str, text: str) -> bool:
	"""Whether a postcode in `text` fits `pattern`: exact (1015), with a star (101*) or a range (1010-1019)."""
	tokens = _postcode_tokens(text)
	wanted = _squeeze(pattern)
	if bounds := _RANGE.match(pattern):
		low, high = bounds.groups()
		return any(_lies_within(token, low, high) for token in tokens)
	if wanted.endswith("*"):
		return len(wanted) > 1 and any(token.startswith(wanted[:-1]) for token in tokens)
	return wanted in tokens


def contains_words(words: str, text: str) -> bool:
	"""Whether `text` names `words` as whole words, whatever the case."""
	parts = words.split()
	pattern = r"(?<!\w)" + r"\s+".join(re.escape(part) for part in parts) + r"(?!\w)"
	return bool(parts) and re.search(pattern, text, re.IGNORECASE) is not None


def covers_postcode(pattern: str, other: str) -> bool:
	"""Whether every postcode that fits the pattern `other` fits `pattern` too; not told of a star within a range."""
	wanted, inner = _squeeze(pattern), _squeeze(other)
	if wanted == inner:
		return True
	span = _RANGE.match(inner)
	ends = span.groups() if span else (inner.rstrip("*"),)
	if wanted.endswith("*"):
		return len(wanted) > 1 and all(end.startswith(wanted[:-1]) for end in ends)
	bounds = _RANGE.match(wanted)
	return (
		bool(bounds) and not inner.endswith("*") and all(_lies_within(end, *bounds.groups()) for end in ends)
	)


def covers_words(words: str, other: str) -> bool:
	"""Whether every text that names `other` names `words` too."""
	return contains_words(words, other)


def find_bad_postcode(patterns: Sequence[str]) -> str | None:
	"""The first pattern that no postcode can ever fit."""
	return next((pattern for pattern in patterns if not _can_fit(pattern)), None)


def _can_fit(pattern: str) -> bool:
	if bounds := _RANGE.match(pattern):
		low, high = bounds.groups()
		return len(low) == len(high) and int(low) <= int(high)
	wanted = _squeeze(pattern)
	return bool(re.fullmatch(r"[0-9A-Za-z]+\*?", wanted))


def _squeeze(pattern: str) -> str:
	"""A pattern without blanks, in capitals."""
	return re.sub(r"\s+", "", pattern).upper()


def _lies_within(token: str, low: str, high: str) -> bool:
	"""Whether a postcode lies in a range; one of another length does not."""
	return token.isdigit() and len(token) == len(low) and int(low) <= int(token) <= int(high)


def _postcode_tokens(text: str) -> set[str]:
	"""Words of the text, and neighbouring pairs joined, since some countries write "1015 AB" or "SW1A 1AA"."""
	words = [word.upper() for word in _TOKEN.findall(text)]
	pairs = {first + second for first, second in pairwise(words)}
	return set(words) | pairs
