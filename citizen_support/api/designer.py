"""Endpoints of the designer. POST, as a whole unsaved service comes along; nothing is stored."""

import frappe

from citizen_support import designer


@frappe.whitelist(methods=["POST"])
def preview_service(service: str, part: str = "form", language: str = "") -> dict:
	"""A page of an unsaved service as residents will see it."""
	return designer.preview(service, part, language)


@frappe.whitelist(methods=["POST"])
def try_service(service: str, trial: str = "{}") -> dict:
	"""Where a made-up request for an unsaved service would go, and what it would be promised."""
	return designer.try_out(service, trial)
