"""Endpoints for moving a catalogue. Each hands on to the transfer room, which checks the permission."""

import frappe

from citizen_support import transfer


@frappe.whitelist(methods=["POST"])
def check_import(name: str) -> str:
	"""Look what an import would do; nothing of it is written."""
	return transfer.check(name)


@frappe.whitelist(methods=["POST"])
def import_now(name: str) -> str:
	"""Import what was looked at, all of it or nothing."""
	return transfer.import_now(name)


@frappe.whitelist(methods=["GET"])
def get_import(name: str) -> dict:
	"""What an import would do or has done, for its form."""
	return transfer.summarise(name)


@frappe.whitelist(methods=["POST"])  # a list of names may be longer than an address
def download_catalogue(sections: str = "") -> None:
	"""Parts of the catalogue as a file; all of it if none is named (names with commas between them)."""
	_send(transfer.export_catalogue([name for name in sections.split(",") if name]), "catalogue.yaml")


@frappe.whitelist(methods=["POST"])
def download_records(doctype: str, names: str, with_needs: int = 1) -> None:
	"""These records (names one a line) as a file, services with all they need."""
	chosen = names.splitlines()
	title = f"{chosen[0]}.yaml" if len(chosen) == 1 else "catalogue.yaml"
	_send(transfer.export_records(doctype, chosen, bool(with_needs)), title)


@frappe.whitelist(methods=["POST"])
def download_list(doctype: str) -> None:
	"""A plain list as a table for a spreadsheet."""
	_send(transfer.export_list(doctype), f"{frappe.scrub(doctype)}.csv")


@frappe.whitelist(methods=["GET"])
def list_starters() -> list[dict]:
	"""The starter catalogues and their services."""
	return transfer.list_starters()


@frappe.whitelist(methods=["POST"])
def start_service(starter: str, service: str, department: str = "", category: str = "") -> str:
	"""Make a draft of a starter's service; returns its code."""
	return transfer.start_service(starter, service, department, category)


def _send(text: str, file_name: str) -> None:
	frappe.response.filename = file_name
	frappe.response.filecontent = text.encode("utf-8")
	frappe.response.type = "download"
