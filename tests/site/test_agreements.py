"""What Helpdesk holds a request to is what its resident was promised."""

from datetime import timedelta

import pytest

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate, now_datetime, nowdate

from citizen_support.catalogue import read_service
from citizen_support.host.agreements import find_agreement
from citizen_support.intake import file_submission
from citizen_support.intake.service import Incoming, store_submission
from citizen_support.promise import read_promise
from tests.site.factories import (
	WEEK,
	get_submission,
	get_ticket,
	make_department,
	make_holiday_list,
	make_hours,
	make_name,
	make_request,
	make_service,
)
from tests.site.mails import list_kinds
from tests.site.transactions import PretendedTransactions

pytestmark = pytest.mark.usefixtures("transactions")

HOURS, DAYS, CALENDAR = "Working hours", "Working days", "Calendar days"
PROMISES = [
	((4, HOURS), (40, HOURS)),
	((4, HOURS), (10, DAYS)),
	((4, HOURS), (30, CALENDAR)),
	((2, DAYS), (10, DAYS)),
	((2, DAYS), (30, CALENDAR)),
	((2, CALENDAR), (14, CALENDAR)),
	((2, CALENDAR), (60, HOURS)),
	((2, DAYS), (0, DAYS)),
	((4, HOURS), (0, DAYS)),
]
each_promise = pytest.mark.parametrize(("response", "resolution"), PROMISES, ids=str)


def make_targets(response: tuple[int, str], resolution: tuple[int, str]) -> dict:
	return {
		"response_target": response[0],
		"response_unit": response[1],
		"resolution_target": resolution[0],
		"resolution_unit": resolution[1],
	}


def make_promised_service(
	response: tuple[int, str] = (2, DAYS), resolution: tuple[int, str] = (10, DAYS), **overrides: object
) -> Document:
	return make_service(**make_targets(response, resolution), **overrides)


def get_dates(reference: str) -> tuple:
	promised = read_promise(get_ticket(reference).as_dict())
	return promised.response_by, promised.resolution_by


@each_promise
def test_the_tickets_dates_are_exactly_those_of_the_submission(response: tuple, resolution: tuple) -> None:
	reference = make_request(make_promised_service(response, resolution))

	submission = get_submission(reference)
	assert get_dates(reference) == (submission.response_by, submission.resolution_by)


@each_promise
def test_the_dates_stay_whenever_the_ticket_is_saved_again(response: tuple, resolution: tuple) -> None:
	reference = make_request(make_promised_service(response, resolution))
	promised = get_dates(reference)

	for number in range(2):
		ticket = get_ticket(reference)
		ticket.subject = f"Changed {number}"
		ticket.save()

	assert get_dates(reference) == promised


def test_equal_combinations_share_one_agreement() -> None:
	department = make_department(opening_hours=make_hours("07:11:00", "12:00:00"))
	before = frappe.db.count("HD Service Level Agreement")

	services = [
		make_promised_service((3, HOURS), (30, HOURS), department=department.name) for _number in range(3)
	]

	agreements = {get_ticket(make_request(service)).sla for service in services}
	assert len(agreements) == 1
	assert frappe.db.count("HD Service Level Agreement") == before + 1


def test_an_answer_counted_otherwise_than_the_end_has_a_second_agreement_that_no_ticket_gets() -> None:
	department = make_department(opening_hours=make_hours("07:13:00", "12:00:00"))

	reference = make_request(make_promised_service((3, HOURS), (9, DAYS), department=department.name))

	ticket = get_ticket(reference)
	answer_clock = find_agreement(f"{ticket.cs_agreement}-answer")
	assert ticket.sla == find_agreement(ticket.cs_agreement) != answer_clock
	assert frappe.db.get_value("HD Service Level Agreement", answer_clock, "enabled") == 0


def test_without_a_promised_end_an_answer_fulfils_the_agreement() -> None:
	reference = make_request(make_promised_service((2, DAYS), (0, DAYS)))
	ticket = get_ticket(reference)

	ticket.first_responded_on = now_datetime()
	ticket.save()

	assert ticket.agreement_status == "Fulfilled"
	assert get_dates(reference)[1] is None


def test_a_request_filed_later_still_counts_from_its_receipt() -> None:
	service = make_promised_service()
	incoming = Incoming(read_service(service), [], {}, [], make_name("form-key-filed-later"), "en")
	reference = store_submission(incoming)
	received_at = now_datetime().replace(microsecond=0) - timedelta(days=9)
	frappe.db.set_value("Service Submission", reference, "received_at", received_at)

	file_submission(reference)

	assert get_ticket(reference).service_level_agreement_creation == received_at.replace(second=0)


@pytest.mark.parametrize(
	"rule", [{}, {"response_target": 6, "response_unit": HOURS}], ids=["service", "rule"]
)
def test_new_hours_of_a_department_that_only_rules_reach_make_agreements_at_once(rule: dict) -> None:
	department = make_department()
	make_promised_service(
		(5, HOURS),
		(50, HOURS),
		routing_rules=[{"match_on": "Area", "match_values": "Elm", "department": department.name, **rule}],
	)
	before = set(frappe.get_all("HD Service Level Agreement", pluck="name"))

	department.opening_hours[0].start_time = "07:17:00"
	department.save()

	assert len(set(frappe.get_all("HD Service Level Agreement", pluck="name")) - before) == 1


def test_new_opening_hours_hold_for_new_requests_and_leave_running_ones_alone() -> None:
	department = make_department()
	service = make_promised_service((4, HOURS), (40, HOURS), department=department.name)
	running = make_request(service)
	promised = get_dates(running)

	department.set("opening_hours", make_hours("10:00:00", "11:00:00", WEEK[:2]))
	department.save()
	get_ticket(running).save()

	assert get_dates(running) == promised
	assert get_dates(make_request(service)) > promised


def test_changed_targets_hold_for_new_requests_and_leave_running_ones_alone() -> None:
	service = make_promised_service()
	running = make_request(service)
	promised = get_dates(running)

	service.update(make_targets((5, DAYS), (30, DAYS)))
	service.save()
	get_ticket(running).save()

	assert get_dates(running) == promised
	assert get_dates(make_request(service)) > promised


@pytest.mark.parametrize(
	("response", "resolution"),
	[
		((2, DAYS), (10, DAYS)),
		((40, HOURS), (60, HOURS)),
		((40, HOURS), (10, DAYS)),
		((2, DAYS), (90, CALENDAR)),
	],
	ids=str,
)
def test_a_new_holiday_moves_open_requests_and_tells_each_resident_once(
	resident: str, response: tuple, resolution: tuple
) -> None:
	holidays = make_holiday_list()
	department = make_department(holiday_list=holidays)
	service = make_promised_service(response, resolution, department=department.name)
	reference = make_request(service, contact={"email": resident})
	promised = get_dates(reference)

	add_holidays_for_a_week(holidays)

	assert get_dates(reference) > promised
	assert list_kinds(resident) == ["confirmation", "update"]


def add_holidays_for_a_week(holidays: str) -> None:
	doc = frappe.get_doc("HD Service Holiday List", holidays)
	for number in range(1, 8):
		doc.append(
			"holidays", {"holiday_date": add_days(getdate(nowdate()), number), "description": "Strike"}
		)
	doc.save()


def test_a_department_without_holidays_of_its_own_keeps_the_citys() -> None:
	city = frappe.db.get_single_value("Citizen Support Settings", "holiday_list")

	ticket = get_ticket(make_request(make_promised_service()))

	assert city
	assert frappe.db.get_value("HD Service Level Agreement", ticket.sla, "holiday_list") == city


def test_a_new_priority_gets_its_row_in_every_agreement() -> None:
	ticket = get_ticket(make_request())

	priority = frappe.get_doc({"doctype": "HD Ticket Priority", "integer_value": 150})
	priority.insert(set_name=make_name("Priority"))

	agreement = frappe.get_doc("HD Service Level Agreement", ticket.sla)
	assert priority.name in {row.priority for row in agreement.priorities}


def test_a_service_whose_promise_cannot_be_counted_is_not_saved() -> None:
	with pytest.raises(frappe.ValidationError, match="sooner"):
		make_promised_service((5, DAYS), (2, DAYS))


def test_tickets_that_are_no_requests_keep_helpdesks_own_agreement(
	transactions: PretendedTransactions,
) -> None:
	ticket = frappe.get_doc({"doctype": "HD Ticket", "subject": "Printer", "raised_by": "ann@example.org"})
	ticket.insert()

	assert not ticket.cs_agreement
	assert ticket.sla == frappe.db.get_value("HD Service Level Agreement", {"default_sla": 1})
