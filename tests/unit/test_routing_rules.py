"""The first routing rule that applies decides."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.routing.places import Area, lies_in
from citizen_support.routing.rules import (
	ANSWER,
	AREA,
	CHANNEL,
	POSTCODE,
	Facts,
	Rule,
	contains_words,
	find_match,
	match_value,
	matches_postcode,
)

FACTS = Facts(
	answers={"kind": ("Street light",), "details": ("Dark", "Flickers")},
	places=["12 Oak Street, 1015 AB Old Town"],
	channel="Portal",
)


def make_rule(match_on: str, *values: str, department: str = "parks", key: str | None = None) -> Rule:
	return Rule(match_on=match_on, values=values, department=department, question_key=key)


def test_the_first_of_several_rules_that_apply_decides() -> None:
	rules = [
		make_rule(CHANNEL, "Phone"),
		make_rule(AREA, "Old Town", department="north"),
		make_rule(CHANNEL, "Portal", department="web"),
	]

	match = find_match(rules, FACTS)

	assert (match.rule.department, match.position, match.value) == ("north", 2, "Old Town")


def test_without_a_rule_that_applies_there_is_no_match() -> None:
	assert find_match([make_rule(CHANNEL, "Phone")], FACTS) is None


@pytest.mark.parametrize(
	("key", "value", "applies"),
	[
		("kind", "Street light", True),
		("kind", "  STREET LIGHT ", True),
		("kind", "Street", False),
		("details", "Flickers", True),
		("unknown", "Street light", False),
		(None, "Street light", False),
	],
)
def test_a_rule_by_answer_wants_the_whole_answer_whatever_the_case(
	key: str | None, value: str, applies: bool
) -> None:
	assert (match_value(make_rule(ANSWER, value, key=key), FACTS) is not None) is applies


@pytest.mark.parametrize(
	("pattern", "text", "fits"),
	[
		("1015", "Main Street 5, 1015 Town", True),
		("1015", "Main Street 5, 10155 Town", False),
		("1015", "1015", True),
		("1015 AB", "12 Oak Street, 1015 AB Town", True),
		("1015AB", "12 Oak Street, 1015 ab Town", True),
		("1015 AB", "12 Oak Street, 1015AB", True),
		("1015 AB", "12 Oak Street, 1015 AC", False),
		("sw1a 1aa", "10 Downing Street, SW1A 1AA", True),
		("101*", "5 Elm Road, 1019", True),
		("101*", "5 Elm Road, 1020", False),
		("SW1*", "10 Downing Street, sw1a 1aa", True),
		("*", "anything 1015", False),
		("1010-1019", "5 Elm Road, 1010", True),
		("1010-1019", "5 Elm Road, 1019", True),
		("1010 - 1019", "5 Elm Road, 1015", True),
		("1010-1019", "5 Elm Road, 1020", False),
		("1010-1019", "5 Elm Road, 10150", False),
		("1019-1010", "5 Elm Road, 1015", False),
		("1015", "", False),
	],
)
def test_postcodes_fit_exactly_by_their_beginning_or_in_a_range(pattern: str, text: str, fits: bool) -> None:
	assert matches_postcode(pattern, text) is fits


@pytest.mark.parametrize(
	("pattern", "text"),
	[
		("1100", "Quellenstraße 10/12, 1100 Wien"),
		("1100", "Quellenstraße 10/12/3, A-1100 Wien"),
		("A1100", "Quellenstraße 10, A-1100 Wien"),
		("11351", "Sveavägen 44, 113 51 Stockholm"),
		("113*", "Sveavägen 44, SE-113 51 Stockholm"),
		("11300-11399", "Sveavägen 44, 113 51 Stockholm"),
		("11000", "Vodičkova 681/14, 110 00 Praha 1"),
		("81102", "Hlavné námestie 1, 811 02 Bratislava"),
		("10563", "Ermou 5, 105\u00a063 Athina"),
		("110001", "Sansad Marg, New Delhi 110 001"),
		("1015 AB", "Keizersgracht 324, 1015 AB Amsterdam"),
		("SW1A 1AA", "Buckingham Palace, London SW1A 1AA"),
		("M1*", "1 Piccadilly, Manchester m1 1rg"),
		("EC1A1BB", "Flat 3, 12 Long Lane, EC1A  1BB"),
		("K1A 0B1", "111 Wellington St, Ottawa ON K1A 0B1"),
		("K1A0B1", "111 Wellington St, Ottawa ON k1a-0b1"),
		("D02 AF30", "2 Kildare Street, Dublin 2, D02 AF30"),
		("VLT 1117", "Pjazza San Gorg, Valletta VLT 1117"),
		("LV1010", "Brivibas iela 36, Riga, LV-1010"),
		("00950", "ul. Długa 3/5, 00-950 Warszawa"),
		("00*", "ul. Długa 3/5, 00\u2013950 Warszawa"),
		("1000205", "Rua Augusta 24, 1000-205 Lisboa"),
		("1000", "Rua Augusta 24, 1000-205 Lisboa"),
		("123456789", "5 Elm Road, Schenectady NY 12345-6789"),
		("12345", "5 Elm Road, Schenectady NY 12345-6789"),
		("01310100", "Av. Paulista 1000, 01310-100 São Paulo"),
		("1000001", "〒100-0001東京都千代田区1-1"),
		("75008", "55 Rue du Faubourg Saint-Honoré, 75008 Paris"),
		("8001", "Bahnhofstrasse 10/12, CH-8001 Zürich"),
	],
)
def test_a_postcode_is_found_as_its_country_writes_it(pattern: str, text: str) -> None:
	assert matches_postcode(pattern, text)


@pytest.mark.parametrize(
	("pattern", "text"),
	[
		("1010-1019", "Quellenstraße 10/12, 1100 Wien"),
		("1012", "Quellenstraße 10 / 12, 1100 Wien"),
		("101*", "Quellenstraße 10/12, 1100 Wien"),
		("1210", "Quellengasse 12/10, 1100 Wien"),
		("1012", "Quellenstraße 10-12, 1100 Wien"),
		("1012", "Quellenstraße 10 12, 1100 Wien"),
		("1012", "Quellenstraße 10, 12. Stock"),
		("1203", "Quellenstraße 1/2/03, 1100 Wien"),
		("1012*", "Bahnhofstrasse 10, 1200 Genf"),
		("11351", "Storgatan 113/51, 41101 Göteborg"),
		("11351", "Storgatan 113, 51 trappor"),
		("11351", "Gate 113\n51 Elm Road"),
		("68114", "Vodičkova 681/14, 110 00 Praha 1"),
		("10245", "102-45 Jamaica Avenue, Queens NY 11418"),
		("B12", "Block B 12, High Street, B4 7DA"),
		("B1*", "Block B-12, High Street, B4 7DA"),
		("ST10", "Oak St 10, Stoke, ST4 1AA"),
		("E1*", "Grüne Straße 10, 1100 Wien"),
		("1015AB", "Keizersgracht 1015, AB-Haus"),
	],
)
def test_house_and_door_make_no_postcode(pattern: str, text: str) -> None:
	area = Area("area", "Area", postcodes=(pattern,))

	assert not matches_postcode(pattern, text)
	assert not lies_in(area, None, [text])


STREETS = ["Quellenstraße", "Lange Gasse", "Hauptstr.", "ul. Długa", "Oak Street", "St", "Náměstí Míru"]
BETWEEN = ["/", " / ", "-", " - ", " ", ", ", "//", ", Top ", " Tür ", ". Stock ", "a/", "\n"]
NUMBERS = st.one_of(st.integers(1, 9999).map(str), st.integers(1, 99).map(lambda number: f"{number:02}"))


@given(
	st.sampled_from(STREETS),
	st.lists(st.tuples(NUMBERS, st.sampled_from(BETWEEN)), min_size=1, max_size=3),
	st.integers(1000, 9999),
	st.data(),
)
def test_a_place_of_four_figures_is_in_no_postcode_that_is_not_written_there(
	street: str, numbers: list[tuple[str, str]], postcode: int, data: st.DataObject
) -> None:
	house = "".join(f"{number}{between}" for number, between in numbers)
	text = f"{street} {house}, {postcode} Town"
	figures = "".join(re.findall("[0-9]", text))
	# Every four figures in a row, and any others.
	pattern = data.draw(
		st.one_of(
			st.integers(0, len(figures) - 4).map(lambda start: figures[start : start + 4]),
			st.integers(1000, 9999).map(str),
		)
	)

	assert matches_postcode(pattern, text) is (pattern in re.findall("[0-9A-Za-z]+", text))


@pytest.mark.parametrize(
	("words", "text", "found"),
	[
		("Old Town", "Market 3, old   town", True),
		("Oak", "Oakland Road 4", False),
		("Town", "Old-Town", True),
		("Ä-Viertel", "Straße 1, ä-viertel", True),
		("St. Mary", "near St. Mary, gate 2", True),
		(".*", "anything", False),
		("", "anything", False),
	],
)
def test_an_area_is_named_by_whole_words(words: str, text: str, found: bool) -> None:
	assert contains_words(words, text) is found


def test_a_channel_matches_whatever_its_case() -> None:
	assert match_value(make_rule(CHANNEL, " portal "), FACTS) == " portal "


@pytest.mark.parametrize("kind", ["", "answer", "Moon phase", "__class__"])
def test_a_rule_of_an_unknown_kind_never_applies(kind: str) -> None:
	assert match_value(make_rule(kind, "Portal", "Old Town", "Street light", key="kind"), FACTS) is None


def test_an_empty_value_never_applies() -> None:
	facts = Facts(answers={"kind": ("",)}, places=[""], channel="")

	assert all(
		match_value(make_rule(kind, "", " ", key="kind"), facts) is None
		for kind in (ANSWER, POSTCODE, AREA, CHANNEL)
	)


RULES = st.builds(
	Rule,
	match_on=st.sampled_from([ANSWER, POSTCODE, AREA, CHANNEL, "Unknown"]),
	values=st.lists(st.sampled_from(["Portal", "Old Town", "1015", "1*", "Street light", "no"])).map(tuple),
	department=st.sampled_from(["a", "b", "c"]),
	question_key=st.sampled_from([None, "kind", "details"]),
)
NEVER = Rule(match_on=CHANNEL, values=("Pigeon",), department="x")


@given(rules=st.lists(RULES, max_size=8), place=st.integers(0, 8))
def test_a_rule_that_never_applies_changes_nothing(rules: list[Rule], place: int) -> None:
	before = find_match(rules, FACTS)

	after = find_match([*rules[:place], NEVER, *rules[place:]], FACTS)

	assert (after and (after.rule, after.value)) == (before and (before.rule, before.value))


@given(rules=st.lists(RULES, max_size=8))
def test_the_match_is_the_first_rule_with_a_value_that_applies(rules: list[Rule]) -> None:
	match = find_match(rules, FACTS)

	applying = [position for position, rule in enumerate(rules, 1) if match_value(rule, FACTS) is not None]
	assert (match.position if match else None) == (applying[0] if applying else None)


@given(text=st.text(max_size=60), pattern=st.text(max_size=20))
def test_no_pattern_and_no_text_makes_matching_fail(text: str, pattern: str) -> None:
	assert matches_postcode(pattern, text) in (True, False)
	assert contains_words(pattern, text) in (True, False)
