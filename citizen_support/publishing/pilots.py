"""Who is let into a pilot: by its link, by where they are, or by chance.

What a browser keeps is no key of the pilot but a seal that only this site can make of it: a new key, another area or
another service, and the seal opens nothing.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from hashlib import sha256

from werkzeug.wrappers import Request

from citizen_support import routing
from citizen_support.catalogue.rules import PILOT, PUBLISHED
from citizen_support.host.site_secret import get_secret
from citizen_support.publishing.rules import BY_AREA, BY_SHARE, is_in_share

# Lets in to one pilot, at its address alone.
SEAL_COOKIE = "cs_pilot"
# A random text, the same for all pilots by share; it is kept with no request and says nothing about anybody.
VISITOR_COOKIE = "cs_visitor"
_VISITOR = re.compile(r"[A-Za-z0-9_-]{22}")
KEY, LINK, AREA, REPORT = "key", "link", "area", "report"


def make_key() -> str:
	"""What a service stores for the keys of its pilot: a random text that all of them are made of.

	It opens nothing by itself, for it stands in the service's history of changes, which everybody in the desk may read.
	"""
	return secrets.token_urlsafe(24)


def make_visitor() -> str:
	"""A random text for a new browser, of 128 bits."""
	return secrets.token_urlsafe(16)


def may_use(service: Mapping, request: Request) -> bool:
	"""Whether this visit may see and use the service: everybody a published one, a pilot only those it is for.

	:param service: as `catalogue.get_service` gives it.
	"""
	if service["status"] == PUBLISHED:
		return True
	if service["status"] != PILOT:
		return False
	seal = request.cookies.get(SEAL_COOKIE) or ""
	if _is_same(seal, make_seal(service, LINK)):
		return True
	if service["pilot_access"] == BY_AREA:
		return _is_same(seal, make_seal(service, AREA))
	visitor = read_visitor(request)
	return service["pilot_access"] == BY_SHARE and bool(visitor) and is_chosen(service, visitor or "")


def may_ask_place(service: Mapping) -> bool:
	"""Whether visitors are asked where they are before they are let in."""
	return service["status"] == PILOT and service["pilot_access"] == BY_AREA


def is_key(service: Mapping, key: str) -> bool:
	"""Whether this is the key in the link of the pilot. The link lets in whatever else is chosen."""
	is_given = service["status"] == PILOT and bool(service["pilot_key"])
	return is_given and _is_same(key, make_seal(service, KEY))


def is_in_area(service: Mapping, place: str, position: tuple[float, float] | None) -> bool:
	"""Whether a place lies in the pilot's area.

	:param place: postcode or address as it was typed.
	:param position: latitude and longitude in degrees, if the visitor gave them.
	"""
	area = service["pilot_area"]
	return bool(area) and area in routing.find_named_areas([area], position, [place])


def is_chosen(service: Mapping, visitor: str) -> bool:
	"""Whether chance lets this visitor in."""
	code = service.get("code") or ""
	return is_in_share(visitor, code, int(service["pilot_share"] or 0))


def read_visitor(request: Request) -> str | None:
	"""The random text this browser keeps, if it is one of the kind we make."""
	visitor = request.cookies.get(VISITOR_COOKIE) or ""
	return visitor if _VISITOR.fullmatch(visitor) else None


def make_seal(service: Mapping, purpose: str) -> str:
	"""What lets in for one purpose, as long as key and area of the pilot stay what they are."""
	area = service.get("pilot_area") if purpose == AREA else ""
	text = "\n".join((purpose, service.get("code") or "", service.get("pilot_key") or "", area or ""))
	return hmac.new(get_secret("pilot"), text.encode(), sha256).hexdigest()[:40]


def is_report_key(service: Mapping, key: str) -> bool:
	"""Whether this key opens the report of the pilot."""
	return bool(service.get("pilot_key")) and _is_same(key, make_seal(service, REPORT))


def _is_same(given: str, wanted: str) -> bool:
	return hmac.compare_digest(given.encode(), wanted.encode())
