"""Who counts as one client and one recipient; when something is too much; what a form's key proves."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.limits.rules import (
	BOUNDS,
	RANDOM_BYTES,
	UNKNOWN,
	Limits,
	Window,
	count_as,
	count_megabytes,
	find_client,
	find_wait,
	is_unnamed,
	make_form_key,
	read_client,
	read_form_key_time,
	read_limits,
)

SECRET = b"s" * 32
RANDOM = bytes(range(RANDOM_BYTES))
NOW = 1_800_000_000.5


@pytest.mark.parametrize(
	("written", "client"),
	[
		("203.0.113.7", "203.0.113.7"),
		(" 203.0.113.7 ", "203.0.113.7"),
		("203.0.113.7:4711", "203.0.113.7"),
		('"[2001:db8:1:2:3:4:5:6]:443"', "2001:db8:1:2::/64"),
		("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
		("2001:0DB8:0001:0002::ffff", "2001:db8:1:2::/64"),
		("fe80::1%eth0", "fe80::/64"),
		("::ffff:203.0.113.7", "203.0.113.7"),
		("::ffff:cb00:7107", "203.0.113.7"),
		("::1", "::/64"),
		("", UNKNOWN),
		(None, UNKNOWN),
		("unknown", UNKNOWN),
		("203.0.113.777", UNKNOWN),
		("0x7f000001", UNKNOWN),
		("_hidden", UNKNOWN),
		("1" * 5000, UNKNOWN),
		("'; DROP TABLE", UNKNOWN),
	],
)
def test_an_address_has_one_form(written: str | None, client: str) -> None:
	assert read_client(written) == client


@pytest.mark.parametrize(
	("forwarded", "proxies", "client"),
	[
		("203.0.113.7", 1, "203.0.113.7"),
		("6.6.6.6, 203.0.113.7", 1, "203.0.113.7"),
		("6.6.6.6,7.7.7.7,203.0.113.7", 1, "203.0.113.7"),
		("6.6.6.6, 203.0.113.7, 10.0.0.2", 2, "203.0.113.7"),
		("203.0.113.7, 10.0.0.2", 2, "203.0.113.7"),
		("10.0.0.2", 2, "10.0.0.2"),
		("6.6.6.6", 0, "198.51.100.1"),
		("", 1, "198.51.100.1"),
		(None, 1, "198.51.100.1"),
		("6.6.6.6, nonsense", 1, UNKNOWN),
		("6.6.6.6,", 1, UNKNOWN),
	],
)
def test_only_what_our_own_proxies_wrote_is_believed(
	forwarded: str | None, proxies: int, client: str
) -> None:
	assert find_client(forwarded, "198.51.100.1", proxies) == client


@given(st.lists(st.text(max_size=30), max_size=10))
def test_nothing_a_client_writes_changes_who_it_is(made_up: list[str]) -> None:
	assert find_client(",".join([*made_up, "203.0.113.7"]), None, 1) == "203.0.113.7"


@given(st.text(max_size=100))
def test_any_text_is_read_as_some_client(text: str) -> None:
	assert read_client(text)


@pytest.mark.parametrize(
	"written",
	["ann@example.org", "ANN@Example.org", "ann+1@example.org", "ann+a+b@example.org", " ann@example.org "],
)
def test_one_mailbox_counts_as_one(written: str) -> None:
	assert count_as(written) == "ann@example.org"


def test_dots_mean_nothing_to_gmail_alone() -> None:
	assert count_as("a.n.n+x@googlemail.com") == "ann@gmail.com"
	assert count_as("a.nn@example.org") == "a.nn@example.org"


def test_one_number_counts_as_one() -> None:
	assert count_as("+1 (202) 555-0143") == count_as("+12025550143")


def test_there_is_room_until_the_most_and_again_when_the_oldest_has_left_the_window() -> None:
	windows = [Window(60, 3)]

	assert find_wait([0, 10], windows, 1, 20) == 0
	assert find_wait([0, 10, 15], windows, 1, 20) == 40
	assert find_wait([0, 10, 15], windows, 1, 60) == 0


def test_the_narrowest_window_decides() -> None:
	assert find_wait([0, 1], [Window(10, 2), Window(100, 2)], 1, 5) == 95


def test_zero_is_no_limit() -> None:
	assert find_wait(range(1000), [Window(10, 0)], 1, 5) == 0


def test_several_at_once_need_room_together() -> None:
	assert find_wait([0, 1, 2], [Window(60, 4)], 2, 10) == 50
	assert find_wait([], [Window(60, 4)], 5, 10) == 60


@given(
	st.lists(st.floats(0, 40), max_size=80),
	st.integers(1, 6),
	st.integers(1, 120),
)
def test_no_stretch_of_time_ever_holds_more_than_the_most(gaps: list[float], most: int, seconds: int) -> None:
	now, taken = 0.0, []
	for gap in gaps:
		now += gap
		if not find_wait(taken, [Window(seconds, most)], 1, now):
			taken.append(now)

	assert all(sum(start <= at < start + seconds for at in taken) <= most for start in taken)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.integers(1, 5))
def test_who_waits_as_long_as_told_gets_in(times: list[float], most: int) -> None:
	wait = find_wait(times, [Window(60, most)], 1, 100)

	assert not find_wait(times, [Window(60, most)], 1, 100 + wait + 0.001)


def test_a_forms_key_tells_when_its_page_was_made() -> None:
	key = make_form_key(SECRET, NOW, RANDOM)

	assert read_form_key_time(SECRET, key) == NOW
	assert re.fullmatch(r"[A-Za-z0-9_-]{20,64}", key)


def test_a_forms_key_depends_on_nothing_but_secret_time_and_random() -> None:
	assert make_form_key(SECRET, NOW, RANDOM) == make_form_key(SECRET, NOW, RANDOM)
	assert make_form_key(SECRET, NOW, RANDOM) != make_form_key(SECRET, NOW, RANDOM[::-1])


@pytest.mark.parametrize("position", range(0, 48, 5))
def test_a_key_with_one_wrong_character_is_not_ours(position: int) -> None:
	key = make_form_key(SECRET, NOW, RANDOM)
	other = "B" if key[position] == "A" else "A"

	assert read_form_key_time(SECRET, key[:position] + other + key[position + 1 :]) is None


@pytest.mark.parametrize("key", ["", "x" * 20, "x" * 48, "x" * 64, "-" * 33, "ключ" * 12])
def test_a_made_up_key_is_not_ours(key: str) -> None:
	assert read_form_key_time(SECRET, key) is None


def test_another_sites_key_is_not_ours() -> None:
	assert read_form_key_time(b"t" * 32, make_form_key(SECRET, NOW, RANDOM)) is None


def test_what_is_not_set_has_its_default_and_zero_is_zero() -> None:
	limits = read_limits(
		{"mails_per_hour": None, "links_per_hour": "", "least_seconds": 0, "sms_per_day": "7"}
	)

	assert (limits.mails_per_hour, limits.links_per_hour) == (Limits.mails_per_hour, Limits.links_per_hour)
	assert (limits.least_seconds, limits.sms_per_day) == (0, 7)


def test_the_defaults_are_within_their_bounds() -> None:
	assert all(least <= getattr(Limits(), name) <= most for name, (least, most) in BOUNDS.items())


def test_a_third_person_is_not_flooded_unless_a_city_says_so() -> None:
	limits = Limits()

	assert (limits.mails_per_hour, limits.mails_per_day, limits.sms_per_day) == (3, 10, 3)
	assert limits.wrong_keys <= 20 and BOUNDS["wrong_keys"] == (1, 20)


@pytest.mark.parametrize(("size", "megabytes"), [(0, 1), (1, 1), (1048576, 1), (1048577, 2)])
def test_megabytes_are_counted_upwards(size: int, megabytes: int) -> None:
	assert count_megabytes(size) == megabytes


@pytest.mark.parametrize(
	("forwarded", "proxies", "unnamed"),
	[
		(None, 0, False),
		("8.8.8.8", 0, False),
		(None, 1, True),
		("", 1, True),
		(" , ", 1, True),
		("8.8.8.8", 1, False),
		("8.8.8.8", 2, True),
		("made up, 8.8.8.8, 10.0.0.9", 2, False),
	],
)
def test_proxies_that_name_nobody_are_seen(forwarded: str | None, proxies: int, unnamed: bool) -> None:
	assert is_unnamed(forwarded, proxies) is unnamed
