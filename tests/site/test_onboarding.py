"""The guide in the workspace: managers see it, and its steps are ticked off by what is there."""

import json
from collections.abc import Iterator

import pytest

import frappe
from frappe.desk.desktop import get_desktop_page

from citizen_support.setup import onboarding
from citizen_support.setup.roles import COORDINATOR, MANAGER
from tests.site import factories as make

STEPS = [name for steps in onboarding.STEPS.values() for name in steps]


@pytest.fixture(autouse=True)
def new_guide(leave_no_trace: None) -> Iterator[None]:
	"""Nothing is done yet."""
	frappe.db.set_value("Onboarding Step", {"name": ("in", STEPS)}, {"is_complete": 0, "is_skipped": 0})
	frappe.db.set_value("Module Onboarding", onboarding.GUIDE, "is_complete", 0)
	frappe.db.set_single_value("System Settings", "enable_onboarding", 1)
	frappe.clear_document_cache("System Settings", "System Settings")
	yield


def list_done() -> set[str]:
	return set(frappe.get_all("Onboarding Step", {"name": ("in", STEPS), "is_complete": 1}, pluck="name"))


def list_shown() -> list[str]:
	page = {"name": "Citizen Support", "title": "Citizen Support", "public": 1}
	guides = get_desktop_page(json.dumps(page))["onboardings"]["items"]
	return [step["title"] for guide in guides for step in guide["items"]]


def test_a_manager_without_system_rights_sees_the_guide() -> None:
	frappe.set_user(make.make_user(MANAGER))

	shown = list_shown()

	assert shown[0] == "Name your city"
	assert shown[-1] == "Pilot your first service"
	assert set(shown) == set(STEPS)


def test_a_coordinator_does_not() -> None:
	frappe.set_user(make.make_user(COORDINATOR))

	assert list_shown() == []


def test_a_department_made_from_the_list_ticks_its_step_off() -> None:
	make.make_department()

	assert list_done() == {"Make a team", "Make a department"}


def test_a_draft_is_a_service_and_a_published_one_is_through() -> None:
	make.make_service(status="Draft")
	assert list_done() == {"Take services from a starter catalogue"}

	make.make_service()

	assert {"Try a service", "Pilot your first service"} < list_done()


def test_settings_tick_off_what_they_hold() -> None:
	settings = frappe.get_doc("Citizen Support Settings")
	settings.front_desk_department = None
	settings.city_name = settings.meta.get_field("city_name").default
	settings.flags.ignore_mandatory = True
	settings.save()
	assert not {"Name your city", "Choose the front desk"} & list_done()

	settings.update({"city_name": "City of Elsewhere", "front_desk_department": "front-desk"})
	settings.save()

	assert {"Name your city", "Choose the front desk"} <= list_done()


def test_what_was_there_before_is_ticked_off_at_the_next_migrate() -> None:
	onboarding.look_for_progress()

	assert list_done() == set(STEPS)


def test_a_finished_guide_costs_no_more_than_a_look() -> None:
	frappe.db.set_value("Module Onboarding", onboarding.GUIDE, "is_complete", 1)

	make.make_service(status="Draft")

	assert list_done() == set()


def test_the_steps_go_with_the_app() -> None:
	onboarding.remove_steps()

	assert not frappe.get_all("Onboarding Step", {"name": ("in", STEPS)})
