"""Looking at the portal's pages as a resident does who speaks some language, from within the desk."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

import frappe
from frappe.utils import get_url

from citizen_support.host.translations import share_translations

_ORIGIN = re.compile(r"https?://[\w.\-:\[\]]+", re.ASCII)


@contextmanager
def as_visitor(path: str, language: str) -> Iterator[None]:
	"""Run a block as if a browser had asked for this address in this language.

	The pages read the request of the moment; the one that asks for the preview is another, with another form in it.
	"""
	request, before = getattr(frappe.local, "request", None), frappe.local.lang
	frappe.local.request = Request(EnvironBuilder(path=path, base_url=get_url()).get_environ())
	frappe.local.lang = language
	try:
		share_translations()
		yield
	finally:
		frappe.local.lang = before
		if request is None:
			del frappe.local.request
		else:
			frappe.local.request = request


def get_origin() -> str:
	"""Where the desk that asks comes from, as a Content Security Policy names it; nowhere if it is none."""
	request = getattr(frappe.local, "request", None)
	origin = (request.host_url if request else get_url()).rstrip("/")
	return origin if _ORIGIN.fullmatch(origin) else ""
