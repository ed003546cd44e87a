"""Whatever colour a city has, its portal can be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.portal.colors import (
	DARK_PAGE,
	DEFAULT,
	ENOUGH,
	LIGHT_PAGE,
	choose_text,
	find_contrast,
	make_theme,
	move_until_readable,
)

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
VARIABLE = re.compile(r"--cs-([a-z-]+):(#[0-9a-f]{6})")


def read_theme(color: str | None) -> dict[str, str]:
	return dict(VARIABLE.findall(make_theme(color)))


@given(color=COLORS)
def test_any_colour_can_be_read_on_both_pages(color: str) -> None:
	theme = read_theme(color)

	assert find_contrast(theme["accent"], LIGHT_PAGE) >= ENOUGH
	assert find_contrast(theme["accent-dark"], DARK_PAGE) >= ENOUGH


@given(color=COLORS)
def test_text_on_any_colour_can_be_read(color: str) -> None:
	theme = read_theme(color)

	assert find_contrast(theme["on-accent"], theme["accent"]) >= ENOUGH
	assert find_contrast(theme["on-accent-dark"], theme["accent-dark"]) >= ENOUGH


@pytest.mark.parametrize("color", ["#0b5c8a", "#000000"])
def test_a_colour_that_can_be_read_stays_as_it_is(color: str) -> None:
	assert move_until_readable(color, LIGHT_PAGE) == color


@pytest.mark.parametrize(
	"text",
	[None, "", "blue", "#abc", "#12345g", "#1f5a7a;}body{display:none", "</style><script>", "#1f5a7a\n"],
)
def test_anything_but_a_colour_gives_the_default(text: str | None) -> None:
	assert make_theme(text) == make_theme(DEFAULT)


@given(text=st.text(max_size=60))
def test_no_text_gets_into_the_style_sheet(text: str) -> None:
	assert re.fullmatch(r":root\{(--cs-[a-z-]+:#[0-9a-f]{6};?){4}\}", make_theme(text))


@pytest.mark.parametrize(
	("first", "second", "ratio"),
	[("#ffffff", "#000000", 21), ("#ffffff", "#ffffff", 1), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_that_of_wcag(first: str, second: str, ratio: float) -> None:
	assert find_contrast(first, second) == pytest.approx(ratio, abs=0.01)
	assert find_contrast(second, first) == find_contrast(first, second)


def test_the_better_of_white_and_black_is_chosen() -> None:
	assert choose_text("#000080") == "#ffffff"
	assert choose_text("#ffff00") != "#ffffff"
