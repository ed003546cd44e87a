"""A service is found by a word, also when it is mistyped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.catalogue.search import LONGEST_QUERY, MOST_WORDS, Index, fold, split_query


def make_service(title: str, *synonyms: str, summary: str = "", description: str = "") -> dict:
	return {"title": title, "synonyms": list(synonyms), "summary": summary, "description": description}


POTHOLE = make_service(
	"Pothole",
	"hole in road",
	"crater",
	summary="Tell us about a hole in a street.",
	description="Asphalt breaks.",
)
LIGHT = make_service("Street light is out", "lamp", "streetlight", summary="A lamp that is dark or flickers.")
BIN = make_service("Missed bin", "garbage", "trash", summary="Your bin was not emptied.")
CAFE = make_service("Straßencafé", "outdoor tables", summary="Tables on the sidewalk.")
SERVICES = [BIN, CAFE, LIGHT, POTHOLE]
INDEX = Index(SERVICES)


def find_titles(query: str) -> list[str]:
	return [service["title"] for service in INDEX.search(query)]


@pytest.mark.parametrize(
	("query", "title"),
	[
		("pothole", "Pothole"),
		("POTHOLE!", "Pothole"),
		("potholes", "Pothole"),
		("poth", "Pothole"),
		("pothoel", "Pothole"),
		("ptohole", "Pothole"),
		("crater", "Pothole"),
		("hole in the road", "Pothole"),
		("streetlight", "Street light is out"),
		("streetlihgt", "Street light is out"),
		("street lamp", "Street light is out"),
		("garbaeg", "Missed bin"),
		("my trash was not picked up", "Missed bin"),
		("strassencafe", "Straßencafé"),
		("STRASSENCAFÉ", "Straßencafé"),
		("asphalt", "Pothole"),
	],
)
def test_the_meant_service_comes_first(query: str, title: str) -> None:
	assert find_titles(query)[0] == title


@pytest.mark.parametrize("query", ["", "   ", "?!", "zebra", "xqzw"])
def test_a_query_that_fits_nothing_finds_nothing(query: str) -> None:
	assert find_titles(query) == []


def test_a_title_counts_more_than_a_mention() -> None:
	assert find_titles("bin")[0] == "Missed bin"
	assert find_titles("hole")[0] == "Pothole"


def test_words_without_meaning_do_not_count() -> None:
	assert split_query("How do I get the pothole, please?") == ["pothole"]


def test_a_query_of_such_words_alone_is_taken_at_its_word() -> None:
	assert split_query("what is it") == ["what", "is", "it"]


def test_only_the_beginning_of_an_endless_query_counts() -> None:
	words = split_query("ab " * 10_000)

	assert len(words) == MOST_WORDS
	assert split_query("x" * 10_000) == ["x" * LONGEST_QUERY]


def test_short_words_are_not_guessed_at() -> None:
	assert find_titles("bun") == []


def test_no_more_than_the_asked_number_is_given() -> None:
	many = [make_service(f"Pothole {number}") for number in range(40)]

	assert len(Index(many).search("pothole", limit=7)) == 7


def test_equal_hits_are_in_the_order_of_their_titles() -> None:
	services = [make_service("Tree B"), make_service("Tree A")]

	assert [service["title"] for service in Index(services).search("tree")] == ["Tree A", "Tree B"]


@pytest.mark.parametrize(("query", "meant"), [("pothoel", "pothole"), ("garbge now", "garbage now")])
def test_a_mistyped_word_gets_a_suggestion(query: str, meant: str) -> None:
	assert INDEX.suggest(query) == meant


@pytest.mark.parametrize("query", ["pothole", "", "xqzw", "bni"])
def test_a_word_that_is_right_or_far_off_gets_none(query: str) -> None:
	assert INDEX.suggest(query) is None


@pytest.mark.parametrize(
	"query",
	[
		"' OR 1=1 --",
		"%",
		"_%_",
		"\\",
		"(((((",
		"[x-",
		".*",
		"<script>alert(1)</script>",
		"{{ 7*7 }}",
		"\x00",
		"a" * 99,
	],
)
def test_tricks_are_just_words(query: str) -> None:
	assert find_titles(query) == []


@given(query=st.text(max_size=120))
def test_no_query_makes_the_search_fail(query: str) -> None:
	words = {word for service in SERVICES for text in _list_names(service) for word in fold(text).split()}

	found, meant = INDEX.search(query), INDEX.suggest(query)

	assert all(service in SERVICES for service in found)
	assert len(found) == len({service["title"] for service in found})
	assert meant is None or (meant != fold(query) and set(meant.split()) & words)


def _list_names(service: dict) -> list[str]:
	return [service["title"], *service["synonyms"], service["summary"], service["description"]]


@given(text=st.text(max_size=80))
def test_folding_twice_changes_nothing_more(text: str) -> None:
	assert fold(fold(text)) == fold(text)
