"""A page for a frame that may do nothing: everything it needs is in it, and nothing else may load or run. Pure.

The frame has no origin of its own (`sandbox`), so nothing in it reaches the desk around it. Of scripts only ours run,
known by their digests: what somebody types into a draft is never one of them.
"""

import base64
import hashlib
from collections.abc import Sequence

from markupsafe import Markup, escape

SAFE_TAG = "</"


def make_frame(html: str, replaced: Sequence[str], css: str, scripts: Sequence[str], origin: str) -> str:
	"""A whole page of the portal, made to stand alone.

	:param html: the page as the portal's templates give it.
	:param replaced: tags of its head that load style and script from the server.
	:param css: the style that stands in for them.
	:param scripts: our own scripts, which run at its end.
	:param origin: where pictures of the city may come from, `https://` and host.
	:raises ValueError: if the page is not one of ours, or a script could not stand in a page.
	"""
	if html.count("<head>") != 1 or any(html.count(tag) != 1 for tag in replaced):
		raise ValueError("Not a page of the portal")
	if any(SAFE_TAG in script for script in scripts) or SAFE_TAG in css:
		raise ValueError("Script or style would end too early")
	for tag in replaced:
		html = html.replace(tag, "")
	policy = f'<meta http-equiv="Content-Security-Policy" content="{escape(make_policy(scripts, origin))}">'
	# A link leads to a new window, which the sandbox does not open: the preview stays where it is.
	head = f'<head>{policy}<base target="_blank"><style>{css}</style>'
	run = "".join(f"<script>{script}</script>" for script in scripts)
	return html.replace("<head>", head, 1).replace("</body>", f"{run}</body>", 1)


def make_policy(scripts: Sequence[str], origin: str) -> str:
	"""The Content Security Policy of the frame."""
	allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts) or "'none'"
	return (
		f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: {origin}; "
		"form-action 'none'; base-uri 'none'"
	)


def make_style_tag(url: str) -> str:
	"""The tag of the portal's base template that loads the stylesheet."""
	return str(Markup('<link rel="stylesheet" href="{}">').format(url))


def make_script_tag(url: str) -> str:
	"""The tag of the portal's base template that loads the script."""
	return str(Markup('<script src="{}" defer blocking="render"></script>').format(url))


def _digest(text: str) -> str:
	return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
