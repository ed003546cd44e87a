"""The guide in the workspace: managers see it, and its steps are ticked off by what is there."""

import json
from collections.abc import Iterator

import pytest

import frappe
from frappe.desk.desktop import get_desktop_page
from frappe.handler import execute_cmd

from citizen_support.api import designer
from citizen_support.setup import onboarding
from citizen_support.setup.roles import COORDINATOR, MANAGER
from tests.site import factories as make

STEPS = sorted(onboarding.STEP_NAMES)
QUESTION = {"label": "How many are there?", "question_type": "Short text"}
UPDATE = "frappe.desk.desktop.update_onboarding_step"


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
	assert set(shown) == set(frappe.get_all("Onboarding Step", {"name": ("in", STEPS)}, pluck="title"))


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

	assert "Pilot your first service" in list_done()
	assert "Try a service" not in list_done()


def press(step: str, field: str = "is_complete") -> int:
	"""What the guide's widget sends; returns the status of the answer."""
	frappe.local.response = frappe._dict()
	frappe.local.request = frappe._dict(method="POST")
	frappe.form_dict.update({"name": step, "field": field, "value": 1})
	try:
		execute_cmd(UPDATE)
		return frappe.local.response.get("http_status_code") or 200
	finally:
		frappe.form_dict.clear()
		del frappe.local.request


def empty_city() -> None:
	"""As it is on the first day."""
	for doctype in ("HD Team Member", "Municipal Service", "Municipal Department"):
		frappe.db.delete(doctype)
	settings = {"city_name": "", "holiday_list": "", "holiday_country": "", "front_desk_department": ""}
	frappe.db.set_single_value("Citizen Support Settings", settings)


def test_pressing_the_button_of_a_step_does_not_tick_it_off() -> None:
	empty_city()
	frappe.set_user(make.make_user(MANAGER))

	answers = [press(step) for step in STEPS]

	assert answers == [409] * len(STEPS)
	assert list_done() == set()


def test_whoever_has_done_a_step_may_tick_it_off() -> None:
	make.make_service()
	frappe.db.set_value("Onboarding Step", {"name": ("in", STEPS)}, {"is_complete": 0})
	frappe.set_user(make.make_user(MANAGER))

	assert press("Make a department") == 200
	assert press("Pilot your first service") == 200
	assert list_done() == {"Make a department", "Pilot your first service"}


def test_a_step_can_be_skipped() -> None:
	empty_city()
	frappe.set_user(make.make_user(MANAGER))

	assert press("Make a team", "is_skipped") == 200
	assert frappe.db.get_value("Onboarding Step", "Make a team", ["is_skipped", "is_complete"]) == (1, 0)


def test_nobody_else_ticks_off_or_skips_steps_of_this_guide() -> None:
	frappe.set_user(make.make_user(COORDINATOR))

	with pytest.raises(frappe.PermissionError):
		press("Make a team", "is_skipped")


def test_steps_of_other_guides_are_ticked_off_as_frappe_does() -> None:
	name = make.make_name("Step")
	values = {"name": name, "title": name, "action": "Go to Page", "path": "a/b"}
	step = frappe.get_doc({"doctype": "Onboarding Step", **values}).insert()
	frappe.set_user(make.make_user(COORDINATOR))

	assert press(step.name) == 200
	assert frappe.db.get_value("Onboarding Step", step.name, "is_complete") == 1


def test_a_service_is_tried_when_a_trial_has_an_outcome() -> None:
	service = make.make_service(status="Draft", questions=[{**QUESTION, "required": 1}])
	draft = frappe.as_json(service.as_dict())

	designer.try_service(draft, "{}")
	assert "Try a service" not in list_done()

	designer.try_service(draft, json.dumps({"answers": {"1": "Two of them"}}))
	assert "Try a service" in list_done()


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
