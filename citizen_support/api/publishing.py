"""Endpoints for the life of a service. Each hands on to the room, which checks the permission."""

import frappe

from citizen_support import publishing


@frappe.whitelist(methods=["GET"])
def lint(service: str, status: str = "") -> list[dict]:
	"""What stands against a status of the service; without one, against that it has."""
	return publishing.examine_service(service, status)


@frappe.whitelist(methods=["POST"])
def set_status(service: str, status: str, confirmed: bool = False) -> dict:
	"""Take a service a step on in its life, unless a finding stands against it."""
	return publishing.set_status(service, status, confirmed)


@frappe.whitelist(methods=["GET"])
def get_history(service: str, before: int = 0) -> dict:
	"""The versions of a service, newest first, with what changed in words."""
	return publishing.get_history(service, before)


@frappe.whitelist(methods=["GET"])
def compare_version(service: str, number: int) -> list[dict]:
	"""What going back to a version would change, in words."""
	return publishing.compare_version(service, number)


@frappe.whitelist(methods=["POST"])
def go_back(service: str, number: int, confirmed: bool = False) -> dict:
	"""Give a service the content of an earlier version."""
	return publishing.go_back(service, number, confirmed)


@frappe.whitelist(methods=["GET"])
def get_pilot(service: str) -> dict:
	"""Links and report of a pilot."""
	return publishing.get_pilot(service)


@frappe.whitelist(methods=["POST"])
def make_new_key(service: str) -> dict:
	"""End all links to the pilot and its report, and make new ones."""
	publishing.make_new_key(service)
	return publishing.get_pilot(service)
