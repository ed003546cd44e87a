"""Links that open one request."""

import frappe
from frappe.utils import get_url
from frappe.utils.password import get_encryption_key

from citizen_support.tracking.rules import is_key, make_key


def make_link(reference: str, version: int) -> str:
	"""The full address of a request's page, with its key."""
	path = f"/requests/{reference}?key={get_key(reference, version)}"
	# Never from the request's Host header: whoever sends the form could choose where the link in the mail leads.
	return get_url(path, allow_header_override=False)


def get_key(reference: str, version: int) -> str:
	"""The tracking key; derived each time, stored nowhere."""
	return make_key(_get_secret(), reference, version)


def opens(reference: str, version: int, key: str | None) -> bool:
	"""Whether the key opens the request."""
	return is_key(_get_secret(), reference, version, key)


def _get_secret() -> str:
	"""The site's encryption key: in the site's configuration, not in its database."""
	return frappe.conf.encryption_key or get_encryption_key()
