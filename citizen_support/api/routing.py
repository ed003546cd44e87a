"""Endpoints of routing in the desk. Each hands on to the desk room, which checks the permission."""

import frappe

from citizen_support.desk import areas, reasons, residents, routing_words


@frappe.whitelist(methods=["POST"])
def describe_rules(service: str) -> list[dict]:
	"""The rules of a service as it stands in its form, in words. POST, as it may be long; nothing is stored."""
	return routing_words.describe_rules(service)


@frappe.whitelist(methods=["GET"])
def explain_request(reference: str) -> dict:
	"""What each rule of its service made of a request that came in."""
	return reasons.explain_request(reference)


@frappe.whitelist(methods=["POST"])
def read_areas(content: str, name_property: str = "") -> dict:
	"""What a GeoJSON file holds. POST, as it may be long; nothing is stored."""
	return areas.read_areas(content, name_property)


@frappe.whitelist(methods=["POST"])
def import_areas(content: str, name_property: str = "", replace: bool = False) -> dict:
	"""Make Service Areas of a GeoJSON file."""
	return areas.import_areas(content, name_property, replace)


@frappe.whitelist(methods=["POST"])
def set_citizen_kind(citizen: str, kind: str) -> None:
	"""Say whether a Citizen is a person, a business, an association or an authority."""
	residents.set_kind(citizen, kind)
