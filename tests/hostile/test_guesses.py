"""Guessing references and keys from everywhere: nothing is learned, and whoever holds the key gets in."""

import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from werkzeug.test import Client, TestResponse

import frappe
import frappe.app

from citizen_support.tracking import get_key
from citizen_support.tracking.rules import ALPHABET, check_character, make_reference
from devtools.servers import City
from tests.hostile.conftest import Size
from tests.hostile.visitors import Visitor, make_client, read_reference
from tests.site.over_http import in_a_thread

CLIENTS = 1000
MOST_WRONG_KEYS = 20
REFUSED = 403
MOST_APART = 0.005  # seconds between the means
MOST_WELCH = 4.0
WARM_UP = 40
# Of each answer's headers: what may differ from one moment to the next.
OF_THE_MOMENT = frozenset({"date", "set-cookie"})


@dataclass(frozen=True)
class Guess:
	"""What a guesser sees."""

	status: int
	length: int
	headers: tuple
	seconds: float


@pytest.fixture
def request_made(city: City) -> Iterator[str]:
	"""A request that exists; its reference."""
	visitor = Visitor(city.address, "203.0.113.9")
	form = visitor.fill("/services/pothole")
	form.files = []
	form.set("q.place", f"Elm Street {secrets.token_hex(4)}")
	reference = read_reference(visitor.send(form))
	frappe.db.rollback()
	yield reference


@pytest.fixture
def ask(site: str, monkeypatch: pytest.MonkeyPatch) -> object:
	"""Frappe's whole application without a network between, so that what is timed is only its work."""
	monkeypatch.setattr(frappe.app, "_site", site)
	return get


def get(path: str, client: str) -> TestResponse:
	return Client(frappe.app.application).get(path, headers={"X-Forwarded-For": client})


def look(path: str, client: str) -> Guess:
	began = time.perf_counter()
	response = get(path, client)
	seconds = time.perf_counter() - began
	headers = tuple(
		sorted((name.lower(), value) for name, value in response.headers if name.lower() not in OF_THE_MOMENT)
	)
	return Guess(response.status_code, len(response.get_data()), headers, seconds)


def test_guessed_keys_tell_nothing(
	city: City, size: Size, request_made: str, ask: object, record_property: Callable[[str, str], None]
) -> None:
	unknown = make_reference()
	references = [request_made, unknown]

	def guess() -> dict[str, list[Guess]]:
		seen: dict[str, list[Guess]] = {reference: [] for reference in references}
		for number in range(size.guesses // 2):
			# In turn and in changing order, so that what else the machine does falls on both alike.
			for reference in random.sample(references, 2):
				path = f"/requests/{reference}?key={secrets.token_urlsafe(20)}"
				seen[reference].append(look(path, make_client(number % CLIENTS)))
		return seen

	seen = in_a_thread(guess)

	known, other = seen[request_made], seen[unknown]
	assert {guess.status for guess in known + other} == {REFUSED}
	assert {hide(guess.headers, request_made) for guess in known} == {
		hide(guess.headers, unknown) for guess in other
	}
	assert {guess.length for guess in known} == {guess.length for guess in other}
	seconds = [[guess.seconds for guess in guesses] for guesses in (known, other)]
	require_same_time(*seconds, record_property)
	require_locked(request_made)


def hide(headers: tuple, reference: str) -> str:
	return str(headers).replace(reference, "REFERENCE")


def require_same_time(one: list[float], other: list[float], record: Callable[[str, str], None]) -> None:
	"""Means that nobody can tell apart over a network, or a difference that is no more than chance.

	The slowest hundredth is the machine's doing, not the answer's.
	"""
	one, other = trim(one), trim(other)
	apart = abs(statistics.mean(one) - statistics.mean(other))
	spread = (statistics.variance(one) / len(one) + statistics.variance(other) / len(other)) ** 0.5
	told = f"means {statistics.mean(one) * 1000:.2f} and {statistics.mean(other) * 1000:.2f} ms, t = {apart / spread:.2f}"
	record("means", told)
	assert apart < MOST_APART, told
	assert apart / spread < MOST_WELCH or apart < MOST_APART / 10, told


def trim(seconds: list[float]) -> list[float]:
	kept = sorted(seconds[WARM_UP:])
	return kept[: -max(len(kept) // 100, 1)]


def require_locked(reference: str) -> None:
	"""The right key opens nothing to whoever took part in the guessing, and still opens to its resident."""
	address = f"/requests/{reference}?key={get_key(reference, 1)}"
	assert in_a_thread(lambda: look(address, make_client(1))).status == REFUSED
	assert in_a_thread(lambda: look(address, "203.0.113.77")).status == 303


def test_a_reference_is_locked_soon(city: City, request_made: str, ask: object) -> None:
	address = f"/requests/{request_made}?key={get_key(request_made, 1)}"

	def guess() -> int | None:
		for number in range(MOST_WRONG_KEYS + 1):
			look(f"/requests/{request_made}?key={secrets.token_urlsafe(20)}", make_client(5000 + number))
			if look(address, make_client(5000 + number)).status == REFUSED:
				return number + 1
		return None

	wrong_tries = in_a_thread(guess)

	assert wrong_tries is not None and wrong_tries <= MOST_WRONG_KEYS


def test_references_one_after_the_other_disclose_none(
	city: City, size: Size, request_made: str, ask: object
) -> None:
	def enumerate_references() -> dict[str, Guess]:
		start = "".join(request_made.split("-"))[:6]
		bodies = [f"{start}{char}" for char in ALPHABET] + [
			make_reference().replace("-", "")[:7] for _ in range(size.references - len(ALPHABET))
		]
		seen = {}
		for number, body in enumerate(bodies):
			reference = f"{body[:4]}-{body[4:]}{check_character(body)}"
			seen[reference] = look(f"/requests/{reference}", make_client(number))
		return seen

	seen = in_a_thread(enumerate_references)

	assert request_made in seen
	assert (
		len(
			{
				(guess.status, guess.length, hide(guess.headers, reference))
				for reference, guess in seen.items()
			}
		)
		== 1
	)


@pytest.mark.parametrize("path", ["files/1", "files/../../x"])
def test_files_are_not_there_without_a_key(city: City, request_made: str, path: str) -> None:
	known, unknown = (
		Visitor(city.address).get(f"/requests/{reference}/{path}")
		for reference in (request_made, make_reference())
	)

	assert (known.status_code, len(known.content)) == (unknown.status_code, len(unknown.content))
