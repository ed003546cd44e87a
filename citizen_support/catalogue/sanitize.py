"""HTML that staff wrote, made safe to show to everyone."""

from functools import lru_cache

import bleach
from markupsafe import Markup

TAGS = frozenset("p br ul ol li strong b em i a h1 h2 h3 h4 blockquote table thead tbody tr th td".split())
ATTRIBUTES = {"a": ["href"]}
PROTOCOLS = frozenset(["http", "https", "mailto", "tel"])
_HEADINGS = {"h1": "h3", "h2": "h3"}


@lru_cache(maxsize=512)
def make_safe(html: str | None) -> Markup | None:
	"""Only text, lists, tables, emphasis and links; None if nothing is left to read.

	First and second level headings become third level ones, as the page's own stand above them.
	"""
	cleaned = bleach.clean(html or "", tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True)
	for given, shown in _HEADINGS.items():
		cleaned = cleaned.replace(f"<{given}>", f"<{shown}>").replace(f"</{given}>", f"</{shown}>")
	if not bleach.clean(cleaned, tags=[], strip=True).strip():
		return None
	return Markup(cleaned)
