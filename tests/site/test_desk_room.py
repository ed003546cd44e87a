"""What the forms of the back office ask for: each endpoint does its thing, for those who may."""

from collections.abc import Callable

import pytest

import frappe
from frappe.utils import now_datetime

from citizen_support.api import desk
from citizen_support.setup.roles import COORDINATOR, MANAGER
from tests.site.factories import (
	get_submission,
	get_ticket,
	make_agent,
	make_category,
	make_department,
	make_holiday_list,
	make_name,
	make_request,
	make_service,
	make_user,
)

pytestmark = pytest.mark.usefixtures("transactions")
SETTINGS = "Citizen Support Settings"


def test_a_promise_is_described_in_words_while_its_numbers_are_chosen() -> None:
	department = make_department().name

	answer = desk.describe_promise(department, 2, "Working days", 10, "Working days")
	without_end = desk.describe_promise(department, 2, "Working hours")

	assert answer["problem"] is None and "done by" in answer["sentence"]
	assert "No date is promised for the end" in without_end["sentence"]


@pytest.mark.parametrize(
	"targets, words",
	[
		((0, "Working days"), "at least 1"),
		((5, "Working days", 2, "Working days"), "cannot come after the end"),
		((2, "Fortnights"), "working hours, working days or calendar days"),
		((10**9, "Working days"), "at most 2,000"),
	],
)
def test_a_promise_that_cannot_be_kept_is_told_why(targets: tuple, words: str) -> None:
	answer = desk.describe_promise(make_department().name, *targets)

	assert answer["sentence"] is None and words in answer["problem"]


def test_a_promise_needs_a_department() -> None:
	assert desk.describe_promise("nobody", 2, "Working days")["problem"] == (
		"Choose the department that answers."
	)


def test_a_submission_without_a_ticket_is_filed_again() -> None:
	reference = make_request()
	ticket = get_ticket(reference).name
	unfile(reference)

	answer = desk.file_again(reference)

	assert answer == {"ticket": str(get_ticket(reference).name), "failure": None}
	assert answer["ticket"] != str(ticket)
	assert get_submission(reference).state == "Filed"


def test_a_submission_that_fails_again_says_why() -> None:
	reference = make_request()
	unfile(reference)
	frappe.db.set_value("Service Submission", reference, "service", "gone")

	answer = desk.file_again(reference)

	assert answer["ticket"] is None and "gone" in answer["failure"]


def test_a_submission_with_a_ticket_is_not_filed_twice() -> None:
	reference = make_request()

	with pytest.raises(frappe.ValidationError, match="filed already"):
		desk.file_again(reference)


def unfile(reference: str) -> None:
	frappe.db.set_value("HD Ticket", {"cs_reference": reference}, "cs_reference", None)
	get_submission(reference).db_set({"ticket": None, "state": "Needs Attention"})


def test_a_citizens_requests_are_listed_newest_first() -> None:
	email = f"{make_name('ann')}@example.org"
	references = [make_request(contact={"name": "Ann Lee", "email": email}) for _time in range(2)]
	for minutes, reference in enumerate(reversed(references)):
		creation = now_datetime().replace(minute=minutes)
		frappe.db.set_value("HD Ticket", {"cs_reference": reference}, "creation", creation)
	make_request()
	citizen = frappe.db.get_value("Citizen", {"email": email})

	rows = desk.get_citizen_requests(citizen)

	assert [row["reference"] for row in rows] == references
	assert rows[0]["service"] and rows[0]["department"] and rows[0]["category"] == "Open"


def test_categories_come_level_by_level_with_what_residents_see_there() -> None:
	shelf = make_category(is_group=1)
	inner = make_category(parent_service_category=shelf)
	make_service(category=inner)
	make_service(category=inner, status="Draft")

	tops = {row["value"]: row for row in desk.get_category_nodes("Service Category", is_root=True)}
	below = desk.get_category_nodes("Service Category", shelf)

	assert tops[shelf]["expandable"] and inner not in tops
	assert [(row["value"], row["services"]) for row in below] == [(inner, 1)]


def test_the_original_words_of_a_notice_are_given() -> None:
	words = desk.get_original_notice("Confirmation", "en")

	assert words["subject"] and words["opening"]
	with pytest.raises(frappe.ValidationError, match="Choose the message"):
		desk.get_original_notice("Nothing", "en")


def test_a_notice_is_shown_for_a_made_up_request_and_nothing_is_stored() -> None:
	counts = [frappe.db.count(doctype) for doctype in ("HD Ticket", "Email Queue", "Service Submission")]

	mail = desk.preview_notice("Confirmation", "en", "Got it: {service}", "Dear neighbour")

	assert "Dear neighbour" in mail["html"] and "Dear neighbour" in mail["text"]
	assert "key=" not in mail["html"] + mail["text"]
	assert counts == [
		frappe.db.count(doctype) for doctype in ("HD Ticket", "Email Queue", "Service Submission")
	]


def test_the_button_fills_the_list_of_holidays() -> None:
	values = {
		"holiday_country": "DE",
		"holiday_subdivision": None,
		"holidays_filled_to": 0,
		"holiday_list": make_holiday_list(),
	}
	frappe.db.set_single_value(SETTINGS, values)
	frappe.clear_document_cache(SETTINGS, SETTINGS)

	assert desk.fill_holidays_now() > 20
	assert desk.fill_holidays_now() == 0


def test_countries_and_their_regions_are_offered_by_name() -> None:
	countries = {row["value"]: row["label"] for row in desk.get_holiday_countries()}
	regions = {row["value"] for row in desk.get_holiday_regions("de")}

	assert countries["DE"] == "Germany (DE)"
	assert {"BE", "BY"} <= regions
	assert desk.get_holiday_regions("XX") == []


@pytest.mark.parametrize(
	"call",
	[
		lambda: desk.describe_promise("streets", 1, "Working days"),
		lambda: desk.get_category_nodes("Service Category", is_root=True),
		lambda: desk.get_original_notice("Confirmation", "en"),
		lambda: desk.preview_notice("Confirmation", "en", "a", "b"),
		lambda: desk.get_holiday_countries(),
		lambda: desk.get_holiday_regions("DE"),
		lambda: desk.fill_holidays_now(),
		lambda: desk.get_health(),
	],
	ids=["promise", "categories", "original", "preview", "countries", "regions", "fill", "health"],
)
@pytest.mark.parametrize("visitor", ["Guest", "a customer"])
def test_nobody_from_outside_is_answered(
	monkeypatch: pytest.MonkeyPatch, call: Callable[[], object], visitor: str
) -> None:
	monkeypatch.setitem(frappe.local.flags, "in_test", False)
	frappe.set_user(visitor if visitor == "Guest" else make_user(user_type="Website User"))

	with pytest.raises(frappe.PermissionError):
		call()


@pytest.mark.parametrize("role", ["Agent", COORDINATOR])
def test_who_only_works_here_neither_files_again_nor_previews_nor_fills(role: str) -> None:
	reference, user = make_request(), make_agent() if role == "Agent" else make_user(role)
	frappe.set_user(user)

	for call in (
		lambda: desk.file_again(reference),
		lambda: desk.preview_notice("Confirmation", "en", "a", "b"),
		desk.fill_holidays_now,
	):
		with pytest.raises(frappe.PermissionError):
			call()


def test_the_manager_may_ask_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setitem(frappe.local.flags, "in_test", False)
	reference = make_request()
	citizen = get_submission(reference).citizen
	frappe.set_user(make_user(MANAGER))

	assert desk.describe_promise("streets", 1, "Working days")["sentence"]
	assert desk.get_category_nodes("Service Category", is_root=True)
	assert desk.preview_notice("Confirmation", "en", "a", "b")["subject"]
	assert desk.get_holiday_countries() and isinstance(desk.get_health(), list)
	assert isinstance(desk.get_citizen_requests(citizen), list)
