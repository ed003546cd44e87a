"""References one can read aloud, and keys one cannot guess."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.tracking.rules import (
	ALPHABET,
	check_character,
	is_key,
	make_key,
	make_reference,
	read_reference,
)

BODIES = st.text(ALPHABET, min_size=7, max_size=7)
SECRET = "a site's secret"
REFERENCE = "K7QM-2F4X"


def write(body: str) -> str:
	return f"{body[:4]}-{body[4:]}{check_character(body)}"


def test_a_new_reference_has_the_form_and_reads_as_itself() -> None:
	references = [make_reference() for _ in range(200)]

	assert all(re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", text) for text in references)
	assert all(read_reference(text) == text for text in references)


def test_references_do_not_repeat_in_practice() -> None:
	assert len({make_reference() for _ in range(500)}) == 500


@given(body=BODIES)
def test_each_single_wrong_character_is_noticed(body: str) -> None:
	reference = write(body)

	for place, right in enumerate(reference):
		if right == "-":
			continue
		for wrong in ALPHABET.replace(right, ""):
			assert read_reference(reference[:place] + wrong + reference[place + 1 :]) is None


@given(body=BODIES, spaces=st.sampled_from(["", " ", "  ", "\t"]))
def test_spaces_hyphens_and_case_do_not_matter(body: str, spaces: str) -> None:
	reference = write(body)

	typed = spaces + spaces.join(reference.replace("-", "").lower()) + spaces

	assert read_reference(typed) == reference


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
	reference = write("0101010")

	assert read_reference(reference.replace("0", "O").replace("1", "l")) == reference
	assert read_reference(reference.replace("0", "o").replace("1", "I")) == reference


@pytest.mark.parametrize(
	"text", ["", " ", "K7QM", REFERENCE + "0", "U" * 8, "%00", "a" * 41, "../../../etc", "ßßßß-ßßßß"]
)
def test_other_texts_are_no_reference(text: str) -> None:
	assert read_reference(text) is None


@pytest.mark.parametrize("value", [None, 5, b"K7QM-2F4X", ["K7QM-2F4X"]])
def test_other_types_are_no_reference(value: object) -> None:
	assert read_reference(value) is None


@given(text=st.text(max_size=60))
def test_what_is_read_is_always_in_the_one_written_form(text: str) -> None:
	read = read_reference(text)

	assert read is None or write(read.replace("-", "")[:7]) == read


def test_a_key_opens_its_own_reference_and_version() -> None:
	assert is_key(SECRET, REFERENCE, 1, make_key(SECRET, REFERENCE, 1))


@pytest.mark.parametrize(
	("secret", "reference", "version"),
	[("another secret", REFERENCE, 1), (SECRET, "K7QM-2F4Y", 1), (SECRET, REFERENCE, 2)],
)
def test_a_key_opens_nothing_else(secret: str, reference: str, version: int) -> None:
	assert not is_key(secret, reference, version, make_key(SECRET, REFERENCE, 1))


def test_a_key_has_at_least_128_bit_and_fits_into_an_address() -> None:
	key = make_key(SECRET, REFERENCE, 1)

	assert len(key) * 6 >= 128
	assert set(key) <= set(string.ascii_letters + string.digits + "-_")


@pytest.mark.parametrize("given_key", [None, "", "x", "ä" * 50, "\ud800", "a" * 101, 17, b"bytes", ["list"]])
def test_anything_but_the_key_opens_nothing_and_breaks_nothing(given_key: object) -> None:
	assert not is_key(SECRET, REFERENCE, 1, given_key)
