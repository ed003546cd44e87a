"""Which address shows which page."""

import re
from collections.abc import Callable

from citizen_support.catalogue import get_service
from citizen_support.portal import pilots
from citizen_support.portal.pages import (
	catalogue,
	feedback,
	find,
	health,
	pilot,
	request,
	service,
	statements,
)

# A city may have pages of its own at the last two, as long as it has not written the statement in the settings.
WHOLLY_OURS = frozenset({"services", "requests", "citizen-support"})
OUR_FOLDERS = WHOLLY_OURS | {"privacy", "accessibility"}
HEALTH = "citizen-support/health"
PAGE_METHODS = frozenset({"GET", "HEAD", "POST"})

ROUTES: tuple[tuple[re.Pattern, Callable], ...] = (
	(re.compile(r"^services$"), catalogue.show),
	(re.compile(r"^services/(?P<code>[^/]{1,140})$"), service.show_or_submit),
	(re.compile(r"^requests$"), find.show_or_send),
	(re.compile(r"^requests/(?P<reference>[^/]{1,40})$"), request.show_or_reply),
	(re.compile(r"^requests/(?P<reference>[^/]{1,40})/feedback$"), feedback.show_or_give),
	(re.compile(r"^requests/(?P<reference>[^/]{1,40})/files/(?P<name>[^/]{1,140})$"), request.show_file),
	(re.compile(r"^(?P<name>privacy|accessibility)$"), statements.show),
	(re.compile(rf"^{HEALTH}$"), health.show),
	(re.compile(r"^citizen-support/pilots/(?P<code>[^/]{1,140})$"), pilot.show_report),
	# Nothing else below our addresses goes to Frappe's own 404 page, which remembers whole addresses, keys and all.
	(
		re.compile(r"^(?:services|requests|citizen-support)(?:/.*)?$", re.IGNORECASE | re.DOTALL),
		catalogue.show_nothing,
	),
)


# All other pages are for reading: a form sent there is refused.
TAKE_FORMS = frozenset(
	{
		catalogue.show_nothing,
		feedback.show_or_give,
		find.show_or_send,
		request.show_or_reply,
		service.show_or_submit,
	}
)


def is_wholly_ours(path: str) -> bool:
	"""Whether nobody but this app answers here."""
	return path.partition("/")[0] in WHOLLY_OURS


def is_ours(path: str) -> bool:
	"""Whether a path lies below one of our addresses; asked for every request of the site, so it costs nothing."""
	return path.partition("/")[0] in OUR_FOLDERS


def is_surely_ours(path: str) -> bool:
	"""Whether one of our pages answers here, and no redirect or page of the site's own is wanted instead."""
	found = find_page(path)
	if not found or found[0] is catalogue.show_nothing:
		return False
	handler, arguments = found
	if handler is not service.show_or_submit:
		return True
	known = get_service(arguments["code"])
	return known is not None and pilots.is_open(known)


def is_same_for_all(path: str) -> bool:
	"""Whether the page says the same to every guest."""
	found = find_page(path)
	if found and found[0] is service.show_or_submit:
		known = get_service(found[1]["code"])
		return known is not None and not pilots.is_pilot(known)
	return bool(found) and found[0] in (catalogue.show, find.show_or_send, statements.show)


def find_page(path: str) -> tuple[Callable, dict[str, str]] | None:
	"""The page at a path and the arguments in it.

	A statement the city has not written is not ours: another page of the site may have that address.
	"""
	for pattern, handler in ROUTES:
		if match := pattern.match(path.strip("/")):
			arguments = match.groupdict()
			if handler is statements.show and not statements.is_written(**arguments):
				return None
			return handler, arguments
	return None
