"""Residents' plain text on its way into the host's HTML."""

import json
import re
from collections.abc import Sequence

from markupsafe import escape

# Frappe reads `embed="path"` in a finished mail as "attach this file of the server" and undoes escaping before it
# looks (frappe/email/email_body.py, replace_filename_with_cid). An invisible joiner breaks the word for good,
# also where an agent's reply quotes it.
_EMBED = re.compile(r"embed(?=\s*[=&])", re.IGNORECASE)
# Helpdesk sends an agent's reply through Markdown: a quoted `![x](address)` would become a picture from elsewhere.
_LINK = re.compile(r"\](?=[(\[:])")
# Frappe puts the styles of a mail into its elements, and for that reads every address that a <link> or an "@import"
# names: of any server, or a file of its own (frappe/email/email_body.py, inline_style_in_html). Its sanitiser lets both
# through.
_STYLE = re.compile(r"<style\b", re.IGNORECASE | re.ASCII)
_STYLE_END = re.compile(r"</style\b[^>]*>?", re.IGNORECASE | re.ASCII)
_STYLED = re.compile(r"<(?:style|link)", re.IGNORECASE | re.ASCII)
# A spreadsheet works out what begins so, also in what Frappe exports (openpyxl stores "=…" as a formula).
_FORMULA = re.compile(r"^[=+\-@＝＋－＠]")
# What a parser would read as an angle bracket or as another sign: Helpdesk's search undoes one level of escaping and
# shows what comes of it as HTML.
_ENTITY = re.compile(r"&(?=#|\w+;|lt|gt|amp)", re.IGNORECASE)
_LESS = re.compile(r"&(?:lt|#0*60|#x0*3c)(?!\d);?", re.IGNORECASE)
_GREATER = re.compile(r"&(?:gt|#0*62|#x0*3e)(?!\d);?", re.IGNORECASE)
_LOOKALIKES = str.maketrans({"<": "‹", ">": "›"})
WORD_JOINER = "\u2060"


def defuse(text: str) -> str:
	"""Text that no mail will take for an instruction to attach a file, or for a link or picture in Markdown."""
	return _LINK.sub(f"]{WORD_JOINER}", defuse_references(text))


def defuse_references(text: str) -> str:
	"""Text or HTML that no mail will take for an instruction to attach a file."""
	return _EMBED.sub(lambda found: found.group()[:3] + WORD_JOINER + found.group()[3:], text)


def make_title(text: str) -> str:
	"""A resident's words as a one-line title: for subjects and names, which hosts put into HTML here and there.

	Helpdesk's search shows titles unescaped (`SearchAgent.vue`), and Frappe stores markup that looks like JSON as
	it is, so angle brackets become their look-alikes, and what reads as an escaped one is broken. An exported title must not begin as a formula does, so an
	invisible joiner goes before it. What was typed stands untouched in the submission.
	"""
	title = _ENTITY.sub(f"&{WORD_JOINER}", defuse(" ".join(text.split()))).translate(_LOOKALIKES)
	return f"{WORD_JOINER}{title}" if _FORMULA.match(title) else title


def make_note(text: str) -> str:
	"""The same for text of several lines that stands in a field of a host's record."""
	return "\n".join(make_title(line) for line in text.splitlines())


def make_harmless(html: str) -> str:
	"""A message of whatever origin, as a resident's mail or a customer's reply, so that it cannot harm an agent.

	Frappe's own sanitiser passes by anything that reads as JSON (`frappe/utils/html_utils.py`), so that is escaped.
	Helpdesk's search turns messages into text and shows that unescaped, so escaped angle brackets become look-alikes.

	:param html: HTML that Frappe's sanitiser has seen.
	"""
	try:
		json.loads(html)
	except ValueError:
		text = drop_styles(html)
	else:
		text = str(escape(html))
	return defuse_references(_GREATER.sub("›", _LESS.sub("‹", text)))


def drop_styles(html: str) -> str:
	"""HTML without style sheets, its own or others'.

	What is left of one without an end is made a `<col>`, which shows nothing. Leaving that out as well could make a new
	one of what stands around it.
	"""
	kept, at = [], 0
	while (begin := _STYLE.search(html, at)) and (end := _STYLE_END.search(html, begin.end())):
		kept.append(html[at : begin.start()])
		at = end.end()
	return _STYLED.sub("<col", "".join([*kept, html[at:]]))


def make_message_html(parts: Sequence[str | tuple[str, str]]) -> str:
	"""Plain paragraphs as HTML: everything escaped, line breaks kept.

	:param parts: paragraphs; a pair is a heading with the text below it.
	"""
	return "".join(_make_part(part) for part in parts)


def _make_part(part: str | tuple[str, str]) -> str:
	if isinstance(part, str):
		return f"<p>{_make_lines(part)}</p>" if part.strip() else ""
	heading, text = part
	return f"<p><strong>{_make_lines(heading)}</strong><br>{_make_lines(text)}</p>"


def _make_lines(text: str) -> str:
	# Look-alikes here too: Helpdesk's search turns messages back into text and shows that unescaped.
	return "<br>".join(str(escape(line)) for line in defuse(text).translate(_LOOKALIKES).splitlines())
