"""Secrets of the app, each for one purpose, all from the one secret that the site has."""

import hashlib
import hmac

import frappe
from frappe.utils.password import get_encryption_key


def ensure_secret() -> None:
	"""Make the site's encryption key if it has none.

	Frappe makes one when it is first asked for. Two processes that ask at the same moment make one each, and whatever the
	slower one's file replaces is void: the links of a new site's first requests would open nothing.
	"""
	get_encryption_key()


def get_secret(purpose: str) -> bytes:
	"""A secret of 32 bytes for one purpose, the same in every process of the site.

	It comes of the site's encryption key, which is in the site's configuration, not in its database; what leaks of one
	purpose says nothing about another.
	"""
	key = frappe.conf.encryption_key or get_encryption_key()
	return hmac.new(key.encode(), f"citizen_support:{purpose}".encode(), hashlib.sha256).digest()
