"""HTML that staff wrote, made safe to show to everyone."""

from functools import lru_cache

import bleach
from markupsafe import Markup

TAGS = frozenset("p br ul ol li strong b em i a h1 h2 h3 h4 blockquote table thead tbody tr th td".split())
ATTRIBUTES = {"a": ["href"]}
PROTOCOLS = frozenset(["http", "https", "mailto", "tel"])
_HEADINGS = ("h1", "h2", "h3")


@lru_cache(maxsize=512)
def make_safe(html: str | None, highest: int = 3) -> Markup | None:
	"""Only text, lists, tables, emphasis and links; None if nothing is left to read.

	:param highest: level of the highest heading that may stand there (2 or 3): headings of the page stand above it.
	"""
	cleaned = bleach.clean(html or "", tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True)
	shown = f"h{highest}"
	for given in _HEADINGS[: highest - 1]:
		cleaned = cleaned.replace(f"<{given}>", f"<{shown}>").replace(f"</{given}>", f"</{shown}>")
	if not bleach.clean(cleaned, tags=[], strip=True).strip():
		return None
	return Markup(cleaned)
