"""HTML of messages, made safe to show to the resident. Pure.

Anybody can mail a message as large and as odd as they like, so the work must grow with its length alone. The sanitiser for
texts of staff (`catalogue.sanitize`) takes eight seconds for a megabyte of short paragraphs; this takes one, and only ever
writes what it knows: names of tags from a list, checked addresses, and escaped text.
"""

import re
from html import escape

from lxml import etree
from markupsafe import Markup

from citizen_support.catalogue.sanitize import TAGS

# Mail programs mark so what was said before and only stands in the mail once more.
_LEFT_OUT = frozenset({"blockquote", "head", "script", "style", "title"})
_QUOTE_CLASS = "gmail_quote"
# Headings of the page stand above those of a message.
_NAMES = {tag: "h3" if tag in ("h1", "h2") else tag for tag in TAGS}
_BEGINS = {tag: f"<{name}>" for tag, name in _NAMES.items()}
_ENDS = {tag: f"</{name}>" for tag, name in _NAMES.items() if tag != "br"}
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)
# The parser stops there, but gateways put their notes behind it.
_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)


def make_safe_message(html: str) -> Markup:
	"""Only text, lists, tables, emphasis and links, without a mail's quoted tail; empty if nothing is left to read."""
	parser = etree.HTMLParser(
		encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
	)
	try:
		root = etree.fromstring(_END.sub("", html).encode("utf-8", "replace"), parser)
	except etree.XMLSyntaxError:
		root = None
	if root is None:
		return Markup("")
	pieces = _write(root)
	return (
		Markup("".join(pieces)) if any(piece[0] != "<" and piece.strip() for piece in pieces) else Markup("")
	)


def _write(root: etree._Element) -> list[str]:
	"""Pieces of HTML, tags and texts apart; every tag that is opened is closed."""
	pieces, left_out = [], None
	for event, element in etree.iterwalk(root, events=("start", "end")):
		is_start = event == "start"
		if left_out is None and is_start and _is_left_out(element):
			left_out = element
		if left_out is None:
			pieces.append(_begin(element) if is_start else _ENDS.get(element.tag, ""))
			pieces.append(escape((element.text if is_start else None) or ""))
		if element is left_out and not is_start:
			left_out = None
		if left_out is None and not is_start:
			pieces.append(escape(element.tail or ""))
	return [piece for piece in pieces if piece]


def _is_left_out(element: etree._Element) -> bool:
	return (
		element.tag in _LEFT_OUT
		or element.get("data-type") == "quote"
		or _QUOTE_CLASS in (element.get("class") or "").split()
	)


def _begin(element: etree._Element) -> str:
	if element.tag == "a" and _ADDRESS.match(address := (element.get("href") or "").strip()):
		return f'<a href="{escape(address)}">'
	return _BEGINS.get(element.tag, "")
