"""What a page says of the city, kept in a file: for the moments when there is no database to ask.

Written whenever the settings are saved and on every migrate. Two files, both without a word about anybody:
`private/citizen_support/site.json` for pages this app still makes itself, and `public/citizen-support/unavailable.html`
for the web server in front, when no worker answers at all (docs/operations.md).
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from markupsafe import Markup

import frappe

from citizen_support.host.errors import log_failure
from citizen_support.portal.colors import make_theme
from citizen_support.portal.site import get_asset_url, get_city

FACTS = ("private", "citizen_support", "site.json")
PAGE = ("public", "citizen-support", "unavailable.html")


def remember_site() -> None:
	"""Write both files; a city without them has plainer pages, so what fails here stops nothing."""
	from citizen_support.portal.faults import render_unavailable

	before = frappe.local.lang
	try:
		frappe.local.lang = frappe.db.get_default("lang") or "en"
		_write(FACTS, json.dumps(_get_lasting_facts(), default=str))
		_write(PAGE, render_unavailable())
	except Exception:
		log_failure("The page for outages could not be written")
	finally:
		frappe.local.lang = before


def remember_later(doc: object = None, method: str | None = None) -> None:
	"""Once the settings are stored for good."""
	frappe.db.after_commit.add(remember_site)


def forget_site() -> None:
	"""Take both files away, when the app goes."""
	for place in (FACTS, PAGE):
		Path(frappe.get_site_path(*place)).unlink(missing_ok=True)


def read_site() -> dict:
	"""What every page knows of the city, from the file; what a file of an older version lacks is left empty."""
	site = _make_bare_site()
	with suppress(OSError, ValueError):
		site |= json.loads(Path(frappe.get_site_path(*FACTS)).read_text(encoding="utf-8"))
	site["theme_css"] = Markup(site["theme_css"])
	return site


def _get_lasting_facts() -> dict:
	site = get_city()
	site["nav"] = [{**item, "current": False} for item in site["nav"]]
	return site


def _make_bare_site() -> dict:
	nothing = dict.fromkeys(
		("logo_url", "emergency_text", "imprint_url", "csrf_token", "intro_title", "intro_text")
	)
	return nothing | {
		"city_name": "",
		"css_url": get_asset_url("css/portal.css"),
		"js_url": get_asset_url("js/portal.js"),
		"theme_css": make_theme(None),
		"lang": "en",
		"dir": "ltr",
		"contact": dict.fromkeys(("phone", "phone_href", "email", "hours")) | {"address_lines": []},
		"has_privacy": False,
		"has_accessibility": False,
		"nav": [],
		"languages": [],
	}


def _write(place: tuple[str, ...], text: str) -> None:
	"""Replace a file as a whole, so that nobody ever reads half of one."""
	path = Path(frappe.get_site_path(*place))
	path.parent.mkdir(parents=True, exist_ok=True)
	draft = path.with_name(f"{path.name}.{os.getpid()}")
	draft.write_text(text, encoding="utf-8")
	draft.replace(path)
