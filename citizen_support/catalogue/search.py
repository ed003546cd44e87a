"""Finding a service by a word, also when it is mistyped. Pure; matching by `rapidfuzz`."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process
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


class Index:
	"""Services made ready to be searched: each word of them once, with the services it stands in.

	A search compares the query with each different word instead of with each word of each service, so that ten times the
	services cost little more. Make it once and keep it.
	"""

	def __init__(self, services: Iterable[Mapping]) -> None:
		self.services = list(services)
		self._names = [
			(fold(service["title"]), fold(" ".join(service["synonyms"]))) for service in self.services
		]
		self._weights: dict[str, dict[int, float]] = {}
		for number, service in enumerate(self.services):
			self._add(number, service)
		self._words = list(self._weights)
		self._vocabulary = list(
			dict.fromkeys(word for names in self._names for text in names for word in text.split())
		)
		self._known = frozenset(self._vocabulary)

	def search(self, query: str, limit: int = 30) -> list[Mapping]:
		"""Services that fit the query, best first."""
		words = split_query(query)
		found: dict[int, list[float]] = {}
		for word in words:
			for number, hit in self._find_hits(word).items():
				found.setdefault(number, []).append(hit)
		scored = [(self._score(words, number, hits), self.services[number]) for number, hits in found.items()]
		scored.sort(key=lambda hit: (-hit[0], hit[1]["title"]))
		return [service for _score, service in scored[:limit]]

	def suggest(self, query: str) -> str | None:
		"""A word of the catalogue that was probably meant, where the query holds a mistyped one."""
		words = split_query(query)
		corrected = [word if word in self._known else self._find_nearest(word) or word for word in words]
		return " ".join(corrected) if corrected != words else None

	def _add(self, number: int, service: Mapping) -> None:
		title, synonyms = self._names[number]
		texts = {
			"title": title,
			"synonyms": synonyms,
			"summary": fold(service.get("summary") or ""),
			"description": fold(service.get("description") or ""),
		}
		for field, text in texts.items():
			for word in text.split():
				weights = self._weights.setdefault(word, {})
				weights[number] = max(weights.get(number, 0.0), WEIGHTS[field])

	def _find_hits(self, word: str) -> dict[int, float]:
		"""How well a word of the query stands in each service it stands in."""
		hits: dict[int, float] = {}
		for token, quality in _compare(word, self._words, self._weights).items():
			for number, weight in self._weights[token].items():
				hits[number] = max(hits.get(number, 0.0), quality * weight)
		return hits

	def _score(self, words: list[str], number: int, hits: list[float]) -> float:
		"""Sum of the best hit of each word; a word without any hit halves the rest."""
		phrase = " ".join(words)
		bonus = 3.0 if any(phrase in name for name in self._names[number]) else 0.0
		return sum(hits) * 0.5 ** (len(words) - len(hits)) + bonus

	def _find_nearest(self, word: str) -> str | None:
		near = _find_typos(word, self._vocabulary, self._known) if len(word) >= 4 else set()
		return max(near, key=lambda token: (fuzz.ratio(word, token), token), default=None)


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


def _compare(word: str, tokens: Sequence[str], known: Container[str]) -> dict[str, float]:
	"""The tokens a word fits, and how well: whole 1, as a beginning .8, mistyped .6, inside .4."""
	found: dict[str, float] = {}
	if len(word) >= 4:
		found = {token: 0.4 for token in tokens if word in token}
		found |= dict.fromkeys(_find_typos(word, tokens, known), 0.6)
	if len(word) >= 3:
		found |= {token: 0.8 for token in tokens if token.startswith(word)}
	if word in known:
		found[word] = 1.0
	return found


def _find_typos(word: str, tokens: Sequence[str], known: Container[str]) -> set[str]:
	"""One slip in a word of four to seven letters, two in a longer one; or an ending left out."""
	allowed = 1 if len(word) < 8 else 2
	near = process.extract(word, tokens, scorer=OSA.distance, score_cutoff=allowed, limit=None)
	shorter = (word[:-letters] for letters in (1, 2, 3))
	return {token for token, _distance, _place in near} | {
		token for token in shorter if len(token) >= 4 and token in known
	}
