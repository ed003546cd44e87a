"""The guide for a manager's first ten minutes: its steps are done when what they ask for is there, however it came there.

Frappe ticks a step off as soon as its button is pressed, whether or not anything came of it, and only then: a department
that is made from the list, or imported, counts for nothing. So our steps are ticked off by what is saved (`note_progress`),
and a press of the button is believed only if that is there (`update_step`). Frappe's records: Module Onboarding
"Citizen Support" and its Onboarding Steps, in the module's folder.
"""

from collections.abc import Callable, Iterator

import frappe
from frappe.desk import desktop
from frappe.model.document import Document

from citizen_support.setup.roles import MANAGER

GUIDE = "Citizen Support"
STEP = "Onboarding Step"
SETTINGS = "Citizen Support Settings"
LIVE = ("Pilot", "Published")
TRY, PILOT = "Try a service", "Pilot your first service"
# So many records are looked at, the last changed first.
MOST_RECORDS = 20
NOT_YET = 409  # the desk's widget ticks a step off whenever the answer is no error


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
		PILOT: _is_live,
	},
}
# No record says that a service was tried: the trial itself does (`note_trial`).
STEP_NAMES = frozenset({TRY, *(name for steps in STEPS.values() for name in steps)})


def note_progress(doc: Document, method: str | None = None) -> None:
	"""Tick off what a saved record completes. Runs after each saving, and costs one look once all is done."""
	steps = STEPS.get(doc.doctype, {})
	if not steps or _is_done():
		return
	complete([name for name, is_complete in steps.items() if is_complete(doc)])


def note_trial() -> None:
	"""Tick off that a service was tried, when a made-up request has come to an outcome."""
	if frappe.db.get_value(STEP, TRY, "is_complete") == 0:
		complete([TRY])


def update_step(name: str, field: str, value: int | str) -> None:
	"""What a guide's widget asks for: tick a step off, or skip it. One of ours is only ticked off if it is done.

	Steps of other guides are left to Frappe, which asks no permission (`frappe.desk.desktop.update_onboarding_step`).

	:raises frappe.PermissionError: if a step of ours is asked for by somebody whose guide it is not.
	"""
	if name in STEP_NAMES:
		if not {MANAGER, "System Manager"} & set(frappe.get_roles()):
			raise frappe.PermissionError
		if field == "is_complete" and not _is_step_done(name):
			frappe.local.response["http_status_code"] = NOT_YET
			return
	desktop.update_onboarding_step(name, field, value)


def _is_step_done(name: str) -> bool:
	if frappe.db.get_value(STEP, name, "is_complete"):
		return True
	if name == PILOT:
		return _is_anything_live()
	for doctype, steps in STEPS.items():
		if name in steps:
			return any(steps[name](doc) for doc in _list_records(doctype))
	return False


def _is_anything_live() -> bool:
	return bool(frappe.db.exists("Municipal Service", {"status": ("in", LIVE)}))


def _list_records(doctype: str) -> Iterator[Document]:
	"""What may complete a step: the settings, or the records that were changed last."""
	if frappe.get_meta(doctype).issingle:
		yield frappe.get_doc(doctype)
		return
	for name in frappe.get_all(doctype, pluck="name", order_by="modified desc", limit=MOST_RECORDS):
		yield frappe.get_doc(doctype, name)


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
		for doc in _list_records(doctype):
			note_progress(doc)
	if _is_anything_live():
		# Whoever let residents at a service before there was a guide needs not be told to try one.
		complete([TRY, PILOT])


def remove_steps() -> None:
	"""Take the steps away with the app: they name no module, by which Frappe would find them."""
	frappe.db.delete(STEP, {"name": ("in", list(STEP_NAMES))})


def _is_done() -> bool:
	"""Whether the guide is not there or has come to its end."""
	return frappe.db.get_value("Module Onboarding", GUIDE, "is_complete") in (None, 1)
