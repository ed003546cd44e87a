"""Pilots on the portal: what this visit may see of them, and what its browser is given to keep."""

from collections.abc import Mapping

from werkzeug.wrappers import Request, Response

import frappe

from citizen_support import publishing
from citizen_support.catalogue import get_pilots
from citizen_support.catalogue.rules import PILOT
from citizen_support.portal import responses
from citizen_support.publishing.rules import BY_SHARE

KEY_ARGUMENT = "pilot"
SEAL_SECONDS = 30 * 86400
VISITOR_SECONDS = 180 * 86400
CATALOGUE = "/services"


def is_pilot(service: Mapping) -> bool:
	"""Whether not everybody may use the service."""
	return service["status"] == PILOT


def is_open(service: Mapping) -> bool:
	"""Whether this visit gets anything else at the service's address than at one that does not exist."""
	request = frappe.local.request
	key = request.args.get(KEY_ARGUMENT)
	return (
		publishing.may_use(service, request)
		or publishing.may_ask_place(service)
		or bool(key and publishing.is_key(service, key))
	)


def list_services() -> list[dict]:
	"""Pilots by share that this visitor is in."""
	shared = [service for service in get_pilots() if service["pilot_access"] == BY_SHARE]
	if not shared:
		return []
	visitor = get_visitor(frappe.local.request)
	return [service for service in shared if publishing.is_chosen(service, visitor)]


def get_variant() -> str | None:
	"""Names the catalogue as this visitor sees it; None while everybody sees the same."""
	if not any(service["pilot_access"] == BY_SHARE for service in get_pilots()):
		return None
	return ":" + ",".join(sorted(service["code"] for service in list_services()))


def get_visitor(request: Request) -> str:
	"""The random text by which chance decides: what the browser keeps, or a new one from this visit on."""
	known = publishing.read_visitor(request) or getattr(request, "cs_new_visitor", None)
	if not known:
		known = request.cs_new_visitor = publishing.make_visitor()
	return known


def mark(response: Response) -> Response:
	"""Say of a page of the catalogue whose it is, and let a new browser keep what decided that."""
	response.variant = get_variant()
	return remember_visitor(response)


def remember_visitor(response: Response) -> Response:
	"""Give the browser its random text, if it has been given a new one in this visit."""
	new = getattr(frappe.local.request, "cs_new_visitor", None)
	if not new:
		return response
	return responses.set_cookie(response, publishing.VISITOR_COOKIE, new, CATALOGUE, VISITOR_SECONDS)


def let_in(service: Mapping, purpose: str) -> Response:
	"""Send the browser to the pilot's clean address, with what lets it in there and nowhere else."""
	address = f"{CATALOGUE}/{service['code']}"
	seal = publishing.make_seal(service, purpose)
	return responses.set_cookie(
		responses.redirect(address), publishing.SEAL_COOKIE, seal, address, SEAL_SECONDS
	)
