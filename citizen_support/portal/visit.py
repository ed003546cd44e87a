"""What is known of the visit under way."""

from urllib.parse import urlsplit

import frappe

from citizen_support.portal.origin import is_own


def is_same_origin() -> bool:
	"""Whether the form that was sent comes from one of our own pages."""
	request = frappe.local.request
	return is_own(request.headers, request.scheme, request.host, get_known_hosts())


def is_encrypted() -> bool:
	"""Whether the visitor comes over TLS. A proxy in another container may end it without the server's notice: then the
	site's own address in the configuration says so."""
	said = str(frappe.conf.get("host_name") or "")
	return frappe.local.request.scheme == "https" or said.startswith("https://")


def get_known_hosts() -> list[str]:
	"""Hosts the site's own configuration names: behind some proxies `Host` is an inner name."""
	named = str(frappe.conf.get("host_name") or "")
	return [urlsplit(named if "//" in named else f"//{named}").netloc] if named else []
