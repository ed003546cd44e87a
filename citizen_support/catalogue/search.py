"""Finding a service by a word, also when it is mistyped. Pure; matching by `rapidfuzz`."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

# How much a hit counts by where it stands.
WEIGHTS = {"title": 10.0, "synonyms": 9.0, "summary": 5.0, "description": 2.0}
LONGEST_QUERY = 100
MOST_WORDS = 8
_STOP_WORDS = frozenset(
	[
		"a",
		"an",
		"and",
		"the",
		"of",
		"for",
		"in",
		"on",
		"to",
		"my",
		"i",
		"is",
		"it",
		"at",
		"with",
		"or",
		"how",
		"do",
		"can",
		"what",
		"where",
		"want",
		"need",
		"get",
		"have",
		"please",
		"der",
		"die",
		"das",
		"und",
		"ein",
		"eine",
		"mein",
		"ich",
		"le",
		"la",
		"les",
		"un",
		"une",
		"de",
		"du",
		"des",
		"el",
		"los",
		"las",
		"una",
		"mi",
	]
)


def search(query: str, services: Iterable[Mapping], limit: int = 30) -> list[Mapping]:
	"""Services that fit the query, best first.

	:param services: with `title`, `synonyms` (a list), `summary` and `description` (plain text).
	"""
	words = split_query(query)
	if not words:
		return []
	scored = [(_score(words, service), service) for service in services]
	hits = [(score, service) for score, service in scored if score > 0]
	hits.sort(key=lambda hit: (-hit[0], hit[1]["title"]))
	return [service for _score_value, service in hits[:limit]]


def suggest(query: str, services: Iterable[Mapping]) -> str | None:
	"""A word of the catalogue that was probably meant, where the query holds a mistyped one."""
	words = split_query(query)
	vocabulary = {word for service in services for word in _vocabulary_of(service)}
	changed = False
	corrected = []
	for word in words:
		nearest = word if word in vocabulary else _nearest(word, vocabulary)
		changed = changed or (nearest is not None and nearest != word)
		corrected.append(nearest or word)
	return " ".join(corrected) if changed else None


def split_query(query: str) -> list[str]:
	"""The words of a query that carry meaning, folded; all its words if none does."""
	words = fold(query[:LONGEST_QUERY]).split()[:MOST_WORDS]
	return [word for word in words if word not in _STOP_WORDS] or words


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
	"""Lower case, without accents and punctuation."""
	plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
	kept = "".join(char for char in plain if not unicodedata.combining(char))
	return re.sub(r"[^\w]+", " ", kept).strip()


def _score(words: list[str], service: Mapping) -> float:
	"""Sum of the best hit of each word; a word without any hit halves the rest."""
	fields = {
		"title": fold(service["title"]),
		"synonyms": fold(" ".join(service["synonyms"])),
		"summary": fold(service.get("summary") or ""),
		"description": fold(service.get("description") or ""),
	}
	hits = [max(_hit(word, text) * WEIGHTS[name] for name, text in fields.items()) for word in words]
	found = [hit for hit in hits if hit]
	if not found:
		return 0
	bonus = 3.0 if " ".join(words) in fields["title"] or " ".join(words) in fields["synonyms"] else 0.0
	return sum(found) * 0.5 ** (len(hits) - len(found)) + bonus


def _hit(word: str, text: str) -> float:
	"""How well a word stands in a text: whole 1, as a beginning .8, mistyped .6, inside .4, else 0."""
	tokens = text.split()
	if word in tokens:
		return 1.0
	if len(word) >= 3 and any(token.startswith(word) for token in tokens):
		return 0.8
	if len(word) >= 4 and any(_is_typo(word, token) for token in tokens):
		return 0.6
	return 0.4 if len(word) >= 4 and word in text else 0.0


def _is_typo(word: str, token: str) -> bool:
	"""One slip in a word of four to seven letters, two in a longer one; or an ending left out."""
	allowed = 1 if len(word) < 8 else 2
	if abs(len(word) - len(token)) <= allowed:
		return OSA.distance(word, token, score_cutoff=allowed) <= allowed
	return len(token) >= 4 and word.startswith(token) and len(word) - len(token) <= 3


def _nearest(word: str, vocabulary: Iterable[str]) -> str | None:
	near = [token for token in vocabulary if len(word) >= 4 and _is_typo(word, token)]
	return max(near, key=lambda token: (fuzz.ratio(word, token), token), default=None)


def _vocabulary_of(service: Mapping) -> list[str]:
	return fold(" ".join([service["title"], *service["synonyms"]])).split()
