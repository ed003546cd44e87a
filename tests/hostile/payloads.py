"""The payloads of payloads.json, and what in a page would come alive without a browser to try it."""

import json
import re
from pathlib import Path

from bs4 import BeautifulSoup, Tag

_FILE = Path(__file__).with_name("payloads.json")
_FIRST = 1000
# What every payload calls, or asks for, if it runs.
_OURS = re.compile(r"hit\W*\d|hostile\.example|victim-")
_ADDRESSES = (
	"href",
	"src",
	"srcset",
	"action",
	"formaction",
	"data",
	"poster",
	"background",
	"xlink:href",
	"content",
)
# A path of the site's own, whatever its query holds: the print view links the record's name to its PDF.
_OWN_PATH = "/api/"
_RUN_BY_THEMSELVES = ("script", "iframe", "object", "embed", "base", "meta", "style", "link")
_SCHEMES = re.compile(r"^[\s\x00-\x20]*(javascript|vbscript|data:text)", re.IGNORECASE)


def list_payloads() -> list[str]:
	"""Every payload with a number of its own, as `tests/browser/support/hits.mjs` numbers them."""
	texts = [text for kind in json.loads(_FILE.read_text()).values() for text in kind]
	return [text.replace("§", str(_FIRST + number)) for number, text in enumerate(texts, start=1)]


def bundle(length: int) -> list[str]:
	"""As few texts as hold all payloads, none longer than `length` characters; what is longer by itself is left out."""
	texts: list[str] = []
	for payload in list_payloads():
		if len(payload) > length:
			continue
		if texts and len(texts[-1]) + 1 + len(payload) <= length:
			texts[-1] += f" {payload}"
		else:
			texts.append(payload)
	return texts


def find_live_markup(html: str) -> list[str]:
	"""Elements of a payload's that a browser would run or load: each as it stands in the page."""
	page = BeautifulSoup(html, "html.parser")
	return [str(element)[:300] for element in page.find_all(True) if _is_live(element)]


def _is_live(element: Tag) -> bool:
	if element.name in _RUN_BY_THEMSELVES and _OURS.search(element.string or ""):
		return True
	for name, value in element.attrs.items():
		text = " ".join(value) if isinstance(value, list) else str(value)
		if not _OURS.search(text):
			continue
		if name.startswith("on") or name in ("style", "srcdoc") or _SCHEMES.match(text):
			return True
		if name in _ADDRESSES and "hostile.example" in text and not text.startswith(_OWN_PATH):
			return True
	return False
