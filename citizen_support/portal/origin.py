"""Whether a form comes from our own pages, as far as the browser says (OWASP: verifying origin).

Guests have no token of Frappe's: their session is made anew for each request. Every browser of today sends `Origin`
with a form, and `Sec-Fetch-Site` over HTTPS; neither can be set by a page of somebody else's.
"""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

_FOREIGN = frozenset({"cross-site", "same-site"})


def is_own(headers: Mapping[str, str], scheme: str, host: str, known_hosts: Collection[str] = ()) -> bool:
	"""Judge the headers of a form.

	:param scheme: as the server sees it; behind a proxy that ends TLS it may be "http" for an https page.
	:param host: the request's `Host`.
	:param known_hosts: other names of the site, for a proxy that leaves out its own port or name.
	:returns: True as well if the browser says nothing at all, as very old ones and programs do.
	"""
	if headers.get("Sec-Fetch-Site", "").strip().lower() in _FOREIGN:
		return False
	said = headers.get("Origin")
	if said is None:
		said = headers.get("Referer")
	if said is None:
		return True
	return any(_is_at(said, scheme, own) for own in (host, *known_hosts))


def _is_at(said: str, scheme: str, own: str) -> bool:
	"""Whether an origin or address lies at a host: same name, same port, never less safe."""
	try:
		origin, mine = urlsplit(said.strip()), urlsplit(f"//{own}")
		ports = origin.port, mine.port
	except ValueError:
		return False
	if origin.scheme not in ("http", "https") or origin.username is not None or not origin.hostname:
		return False
	if scheme == "https" and origin.scheme != "https":
		return False
	default = 443 if origin.scheme == "https" else 80
	return origin.hostname == mine.hostname and (ports[0] or default) == (ports[1] or default)
