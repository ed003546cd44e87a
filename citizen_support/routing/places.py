"""Postcodes, names of streets and districts, and areas that have both and a shape. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from citizen_support.routing.geometry import Position, Shape, contains

_RANGE = re.compile(r"^\s*([0-9]{2,10})\s*-\s*([0-9]{2,10})\s*$")
_TOKEN = re.compile(r"[0-9A-Z]+")
# Postcodes that are written in two words, as the first and the second look. Nothing else is put together: a house and a door
# ("10/12"), a number and its letter ("12 A") or a street and a number ("St 10") would make postcodes nobody wrote.
_WITH_BLANK = (
	("[0-9]{3}", "[0-9]{2,3}"),  # Sweden, Czechia, Slovakia, Greece: 113 51; India: 110 001
	("[0-9]{4}", "[A-Z]{2}"),  # Netherlands: 1015 AB
	("[A-Z]{1,2}[0-9][0-9A-Z]?", "[0-9][A-Z]{2}"),  # United Kingdom: SW1A 1AA
	("[A-Z][0-9][A-Z]", "[0-9][A-Z][0-9]"),  # Canada: K1A 0B1
	("[A-Z][0-9][0-9W]", "[0-9A-Z]{4}"),  # Ireland: D02 AF30
	("[A-Z]{2,3}", "[0-9]{4}"),  # Malta: VLT 1117; Brunei: BT 2328
)
_WITH_HYPHEN = (
	("[0-9]{2}", "[0-9]{3}"),  # Poland: 00-950
	("[0-9]{4}", "[0-9]{3}"),  # Portugal: 1000-205
	("[0-9]{5}", "[0-9]{3,4}"),  # Brazil: 01310-100; United States: 12345-6789
	("[0-9]{3}", "[0-9]{4}"),  # Japan: 100-0001
	("[A-Z]{1,3}", "[0-9]{4,5}"),  # Latvia: LV-1010; elsewhere a country before it: A-1010
	("[A-Z][0-9][A-Z]", "[0-9][A-Z][0-9]"),  # Canada, as some write it: K1A-0B1
)
_TWO_WORDS = re.compile(
	"|".join(
		first + between + second
		for shapes, between in ((_WITH_BLANK, r"[^\S\n\r]+"), (_WITH_HYPHEN, r"[-\u2010\u2011\u2013]"))
		for first, second in shapes
	)
)


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
	"""Words of the text, and neighbouring ones joined where they make a postcode ("1015 AB", "00-950")."""
	text = text.upper()
	words = list(_TOKEN.finditer(text))
	pairs = {
		first[0] + second[0]
		for first, second in pairwise(words)
		if _TWO_WORDS.fullmatch(text, first.start(), second.end())
	}
	return {word[0] for word in words} | pairs
