"""Residents' plain text on its way into the host's HTML."""

import re

from markupsafe import escape

# Frappe reads `embed="path"` in a finished mail as "attach this file of the server" and undoes escaping before it
# looks (frappe/email/email_body.py, replace_filename_with_cid). An invisible joiner breaks the word for good,
# also where an agent's reply quotes it.
_EMBED = re.compile(r"embed(?=\s*(?:=|&#0*61;|&#x0*3d;|&equals;))", re.IGNORECASE)
WORD_JOINER = "\u2060"


def defuse(text: str) -> str:
	"""Text that no mail will take for an instruction to attach a file."""
	return _EMBED.sub(lambda found: found.group()[:3] + WORD_JOINER + found.group()[3:], text)


def make_message_html(paragraphs: list[str]) -> str:
	"""Plain paragraphs as HTML: everything escaped, line breaks kept."""
	return "".join(
		"<p>" + "<br>".join(str(escape(line)) for line in defuse(paragraph).splitlines()) + "</p>"
		for paragraph in paragraphs
		if paragraph.strip()
	)
