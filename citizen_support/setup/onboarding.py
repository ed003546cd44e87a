"""The guide for a manager's first ten minutes: its steps are done when what they ask for is there, however it came there.

Frappe ticks a step off when its own button was used. A manager who makes the department from the list, or imports it,
has done the step as well. Frappe's records: Module Onboarding "Citizen Support" and its Onboarding Steps, in the module's
folder.
"""

from collections.abc import Callable

import frappe
from frappe.model.document import Document

GUIDE = "Citizen Support"
STEP = "Onboarding Step"
SETTINGS = "Citizen Support Settings"
LIVE = ("Pilot", "Published")


def _is_city_named(settings: Document) -> bool:
	return bool(settings.city_name) and settings.city_name != settings.meta.get_field("city_name").default


def _is_live(service: Document) -> bool:
	return service.status in LIVE


# By doctype: which steps a saved record of it completes, and when.
STEPS: dict[str, dict[str, Callable[[Document], bool]]] = {
	SETTINGS: {
		"Name your city": _is_city_named,
		"Choose the public holidays": lambda settings: bool(
			settings.holiday_list or settings.holiday_country
		),
		"Choose the front desk": lambda settings: bool(settings.front_desk_department),
	},
	"HD Team": {"Make a team": lambda team: bool(team.get("users"))},
	"Municipal Department": {
		"Make a department": lambda department: bool(department.team and department.opening_hours)
	},
	"Municipal Service": {
		"Take services from a starter catalogue": lambda service: True,
		# Whoever has it before residents has tried it.
		"Try a service": _is_live,
		"Pilot your first service": _is_live,
	},
}


def note_progress(doc: Document, method: str | None = None) -> None:
	"""Tick off what a saved record completes. Runs after each saving, and costs one look once all is done."""
	steps = STEPS.get(doc.doctype, {})
	if not steps or _is_done():
		return
	complete([name for name, is_complete in steps.items() if is_complete(doc)])


def complete(names: list[str]) -> None:
	"""Tick off steps that are still open; a step a site has taken away is no matter."""
	if names:
		# A step that looks changed would not be brought up to date with the app.
		open_ones = {"name": ("in", names), "is_complete": 0}
		frappe.db.set_value(STEP, open_ones, "is_complete", 1, update_modified=False)


def show_guides() -> None:
	"""Let Frappe show guides in the desk. Its own set-up does so; a site that was made without it has them switched off."""
	frappe.db.set_single_value("System Settings", "enable_onboarding", 1)


def look_for_progress() -> None:
	"""Tick off what was there before the guide was: when the app is installed anew or brought up to date."""
	if _is_done():
		return
	for doctype in STEPS:
		if frappe.get_meta(doctype).issingle:
			note_progress(frappe.get_doc(doctype))
			continue
		for name in frappe.get_all(doctype, pluck="name", limit=20):
			note_progress(frappe.get_doc(doctype, name))
	if frappe.db.exists("Municipal Service", {"status": ("in", LIVE)}):
		complete(["Try a service", "Pilot your first service"])


def remove_steps() -> None:
	"""Take the steps away with the app: they name no module, by which Frappe would find them."""
	frappe.db.delete(STEP, {"name": ("in", [name for steps in STEPS.values() for name in steps])})


def _is_done() -> bool:
	"""Whether the guide is not there or has come to its end."""
	return frappe.db.get_value("Module Onboarding", GUIDE, "is_complete") in (None, 1)
