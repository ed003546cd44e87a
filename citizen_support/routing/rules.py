"""Which routing rule of a service applies: first match wins. Plain data in, plain data out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

ANSWER = "Answer"
POSTCODE = "Postcode"
AREA = "Area"
CHANNEL = "Channel"

_RANGE = re.compile(r"^\s*([0-9]{2,10})\s*-\s*([0-9]{2,10})\s*$")
_TOKEN = re.compile(r"[0-9A-Za-z]+")


@dataclass(frozen=True)
class Rule:
	"""One routing rule: where requests go of which `match_on` is one of `values`."""

	match_on: str
	values: tuple[str, ...]
	department: str
	question_key: str | None = None
	team: str | None = None
	priority: str | None = None
	note: str | None = None


@dataclass(frozen=True)
class Facts:
	"""What rules may look at: answers by question key, every place text of the request, the channel."""

	answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
	places: Sequence[str] = ()
	channel: str = "Portal"


@dataclass(frozen=True)
class Match:
	"""A rule that applies, its position (1 = first) and the value that made it apply."""

	rule: Rule
	position: int
	value: str


def find_match(rules: Iterable[Rule], facts: Facts) -> Match | None:
	"""The first rule that applies to the facts."""
	for position, rule in enumerate(rules, start=1):
		value = match_value(rule, facts)
		if value is not None:
			return Match(rule, position, value)
	return None


def match_value(rule: Rule, facts: Facts) -> str | None:
	"""The value of the rule that the facts fulfil, or None."""
	matcher = _MATCHERS.get(rule.match_on)
	if not matcher:
		return None
	return next((value for value in rule.values if value.strip() and matcher(rule, value, facts)), None)


def matches_postcode(pattern: str, text: str) -> bool:
	"""Whether a postcode in `text` fits `pattern`: exact (1015), with a star (101*) or a range (1010-1019)."""
	tokens = _postcode_tokens(text)
	wanted = re.sub(r"\s+", "", pattern).upper()
	if bounds := _RANGE.match(pattern):
		low, high = bounds.groups()
		return any(
			token.isdigit() and len(token) == len(low) and int(low) <= int(token) <= int(high)
			for token in tokens
		)
	if wanted.endswith("*"):
		return len(wanted) > 1 and any(token.startswith(wanted[:-1]) for token in tokens)
	return wanted in tokens


def contains_words(words: str, text: str) -> bool:
	"""Whether `text` names `words` as whole words, whatever the case."""
	parts = words.split()
	pattern = r"(?<!\w)" + r"\s+".join(re.escape(part) for part in parts) + r"(?!\w)"
	return bool(parts) and re.search(pattern, text, re.IGNORECASE) is not None


def _postcode_tokens(text: str) -> set[str]:
	"""Words of the text, and neighbouring pairs joined, since some countries write "1015 AB" or "SW1A 1AA"."""
	words = [word.upper() for word in _TOKEN.findall(text)]
	pairs = {first + second for first, second in pairwise(words)}
	return set(words) | pairs


def _matches_answer(rule: Rule, value: str, facts: Facts) -> bool:
	answers = facts.answers.get(rule.question_key or "", ())
	return any(answer.strip().casefold() == value.strip().casefold() for answer in answers)


def _matches_postcode(rule: Rule, value: str, facts: Facts) -> bool:
	return any(matches_postcode(value, place) for place in facts.places)


def _matches_area(rule: Rule, value: str, facts: Facts) -> bool:
	return any(contains_words(value, place) for place in facts.places)


def _matches_channel(rule: Rule, value: str, facts: Facts) -> bool:
	return facts.channel.casefold() == value.strip().casefold()


_MATCHERS = {
	ANSWER: _matches_answer,
	POSTCODE: _matches_postcode,
	AREA: _matches_area,
	CHANNEL: _matches_channel,
}
