"""Starter catalogues: files a city can begin with, or take a single service from."""

from dataclasses import replace
from pathlib import Path

import frappe
from frappe import _

from citizen_support.transfer.batch import CATALOGUE, Batch, choose, move_to
from citizen_support.transfer.catalogue_file import read_catalogue
from citizen_support.transfer.export import check_permission
from citizen_support.transfer.run import CONFLICT, find_local, play
from citizen_support.transfer.schema import get_kinds

FOLDER = Path(__file__).resolve().parents[1] / "setup" / "catalogues"


def list_starters() -> list[dict]:
	"""The starter catalogues, each with its services."""
	check_permission()
	return [
		{
			"name": path.stem,
			"title": name_starter(path.stem),
			"services": [
				{key: service.get(key) or "" for key in ("code", "title", "summary")}
				for service in read_starter(path.stem).sections.get("services", [])
			],
		}
		for path in sorted(FOLDER.glob("*.yaml"))
	]


def name_starter(name: str) -> str:
	"""A starter catalogue, in words."""
	return {
		"municipality": _("City or municipality"),
		"parks": _("Parks and recreation"),
		"school-district": _("School district"),
	}.get(name, name)


def read_starter(name: str) -> Batch:
	"""The records of a starter catalogue.

	:raises frappe.ValidationError: if there is none of that name.
	"""
	path = next((path for path in FOLDER.glob("*.yaml") if path.stem == name), None)
	if not path:
		frappe.throw(_("There is no starter catalogue “{0}”. Please choose one from the list.").format(name))
	return Batch(CATALOGUE, read_catalogue(path.read_text(encoding="utf-8")))


def start_service(starter: str, service: str, department: str = "", category: str = "") -> str:
	"""Make a draft of a starter's service, with what it needs that is not here yet; returns its code.

	What is here already stays as it is.

	:param department: code of the department that answers; without one, the starter's own is made.
	:param category: the same for its category.
	:raises frappe.ValidationError: if there is a service of this code already.
	"""
	check_permission()
	batch = choose(read_starter(starter), [("services", service)])
	if not batch.sections.get("services"):
		frappe.throw(_("There is no service “{0}” in this starter catalogue.").format(service))
	if frappe.db.exists("Municipal Service", service):
		frappe.throw(
			_("There is a service with the code “{0}” here already. Please open that one.").format(service)
		)
	outcome = play(leave_known(move_to(batch, department, category)), write=True)
	if not outcome.written:
		sentences = [
			sentence for step in outcome.steps if step.action == CONFLICT for sentence in step.sentences
		]
		frappe.throw(sentences, title=_("The service could not be made"), as_list=True)
	return service


def leave_known(batch: Batch) -> Batch:
	"""Only records that are not here yet."""
	sections = {
		section: [row for row in records if not find_local(get_kinds()[section], row)]
		for section, records in batch.sections.items()
	}
	return replace(batch, sections=sections)
