"""The city's colour on the portal, and what can be read on it. Pure.

Contrast is that of WCAG 2.2, success criterion 1.4.3 (relative luminance after its definition in WCAG).
"""

import re

DEFAULT = "#1f5a7a"
WHITE, BLACK = "#ffffff", "#101418"
LIGHT_PAGE, DARK_PAGE = "#ffffff", "#14181d"
ENOUGH = 4.5


def make_theme(color: str | None) -> str:
	"""The style sheet's variables for this colour, light and dark; any other text than a colour gives the default."""
	accent = (color or "").strip().lower()
	if not re.fullmatch(r"#[0-9a-f]{6}", accent):
		accent = DEFAULT
	light = move_until_readable(accent, LIGHT_PAGE)
	dark = move_until_readable(accent, DARK_PAGE)
	return (
		f":root{{--cs-accent:{light};--cs-on-accent:{choose_text(light)};"
		f"--cs-accent-dark:{dark};--cs-on-accent-dark:{choose_text(dark)}}}"
	)


def choose_text(background: str) -> str:
	"""White or near black, whichever can be read better on the background."""
	return max((WHITE, BLACK), key=lambda text: find_contrast(text, background))


def move_until_readable(color: str, page: str) -> str:
	"""The colour, made darker or lighter until it can be read on the page."""
	toward = 0 if find_luminance(page) > 0.5 else 255
	parts = _split(color)
	for _step in range(40):
		if find_contrast(_join(parts), page) >= ENOUGH:
			break
		parts = [round(part + (toward - part) * 0.1) for part in parts]
	return _join(parts)


def find_contrast(first: str, second: str) -> float:
	"""Contrast ratio of two colours, 1 to 21."""
	light, dark = sorted((find_luminance(first), find_luminance(second)), reverse=True)
	return (light + 0.05) / (dark + 0.05)


def find_luminance(color: str) -> float:
	"""Relative luminance, 0 (black) to 1 (white)."""
	linear = [
		part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
		for part in (value / 255 for value in _split(color))
	]
	return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _split(color: str) -> list[int]:
	return [int(color[start : start + 2], 16) for start in (1, 3, 5)]


def _join(parts: list[int]) -> str:
	return "#" + "".join(f"{part:02x}" for part in parts)
