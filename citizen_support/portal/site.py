"""What every page of the portal knows of the city."""

import hashlib
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

import frappe
from frappe import _

from citizen_support.languages import say
from citizen_support.languages.rules import is_right_to_left
from citizen_support.portal.colors import make_theme
from citizen_support.portal.language import make_switch

SETTINGS = "Citizen Support Settings"
PUBLIC = Path(__file__).resolve().parents[1] / "public"


def get_site() -> dict:
	"""What a page knows of city and visitor."""
	return {**get_city(), "csrf_token": get_csrf_token(), "languages": make_switch()}


def get_city() -> dict:
	"""City, contact, colours, language and navigation."""
	settings = frappe.get_cached_doc(SETTINGS)
	language = (frappe.local.lang or "en").lower()
	return {
		"city_name": say(settings, "city_name"),
		"logo_url": settings.logo or None,
		"css_url": get_asset_url("css/portal.css"),
		"js_url": get_asset_url("js/portal.js"),
		"theme_css": Markup(make_theme(settings.accent_color)),
		"lang": language,
		"dir": "rtl" if is_right_to_left(language) else "ltr",
		"contact": get_contact(settings),
		"emergency_text": say(settings, "emergency_text") or None,
		"imprint_url": settings.imprint_url or None,
		"has_privacy": bool(settings.privacy_text),
		"has_accessibility": bool(settings.accessibility_text),
		"intro_title": say(settings, "intro_title"),
		"intro_text": say(settings, "intro_text"),
		"nav": get_navigation(),
	}


def get_contact(settings: object) -> dict:
	"""How to reach the city as a whole."""
	return {
		"phone": settings.contact_phone or None,
		"phone_href": make_phone_link(settings.contact_phone),
		"email": settings.contact_email or None,
		"address_lines": (settings.contact_address or "").splitlines(),
		"hours": say(settings, "contact_hours") or None,
	}


def get_navigation() -> list[dict]:
	path = frappe.local.request.path.rstrip("/") if getattr(frappe.local, "request", None) else ""
	entries = ((_("Services"), "/services"), (_("Find a request"), "/requests"))
	return [{"label": label, "url": url, "current": path.startswith(url)} for label, url in entries]


def get_csrf_token() -> str | None:
	"""Only someone logged in has one: Frappe checks it for them, and guests have no session to abuse."""
	if frappe.session.user == "Guest":
		return None
	return frappe.sessions.get_csrf_token()


def make_phone_link(phone: str | None) -> str | None:
	"""The `tel:` address of a phone number as it is written."""
	digits = "".join(char for char in phone or "" if char.isdigit())
	return f"tel:{'+' if (phone or '').strip().startswith('+') else ''}{digits}" if digits else None


@lru_cache(maxsize=8)
def get_asset_url(path: str) -> str:
	"""Address of a file in `public`, with its content's hash, so that browsers may keep it for good."""
	digest = hashlib.sha256((PUBLIC / path).read_bytes()).hexdigest()[:10]
	return f"/assets/citizen_support/{path}?v={digest}"
