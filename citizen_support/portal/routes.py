"""Which address shows which page."""

import re
from collections.abc import Callable

from citizen_support.portal.pages import catalogue, find, request, service, statements

ROUTES: tuple[tuple[re.Pattern, Callable], ...] = (
	(re.compile(r"^services$"), catalogue.show),
	(re.compile(r"^services/(?P<code>[^/]{1,140})$"), service.show_or_submit),
	(re.compile(r"^requests$"), find.show_or_send),
	(re.compile(r"^requests/(?P<reference>[^/]{1,40})$"), request.show_or_reply),
	(re.compile(r"^requests/(?P<reference>[^/]{1,40})/files/(?P<name>[^/]{1,140})$"), request.show_file),
	(re.compile(r"^(?P<name>privacy|accessibility)$"), statements.show),
	# Nothing else below our addresses goes to Frappe's own 404 page, which remembers whole addresses, keys and all.
	(re.compile(r"^(?:services|requests)(?:/.*)?$", re.IGNORECASE | re.DOTALL), catalogue.show_nothing),
)


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
