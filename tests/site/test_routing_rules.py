"""Rules by time, by kind of citizen and with targets of their own; what each rule says in words."""

from datetime import date, datetime
from itertools import pairwise

import pytest

import frappe

from citizen_support import promise, routing
from citizen_support.api import routing as endpoints
from citizen_support.catalogue import read_service
from citizen_support.host.agreements import find_agreement
from citizen_support.notices import describe_moment
from citizen_support.promise.rules import unpack_targets
from citizen_support.setup.roles import COORDINATOR
from citizen_support.tracking import get_key
from tests.site.factories import (
	get_submission,
	get_ticket,
	make_agent,
	make_answer,
	make_department,
	make_holiday_list,
	make_name,
	make_request,
	make_service,
	make_user,
)
from tests.site.mails import find_mail, get_text
from tests.site.visitor import Visitor

pytestmark = pytest.mark.usefixtures("transactions")
PLACE = {"label": "Where?", "question_key": "where", "question_type": "Place"}
KIND = {"label": "What kind?", "question_key": "kind", "question_type": "Choice", "choices": "Hole\nCrack"}
MONDAY_NOON = datetime(2026, 3, 2, 12)
SATURDAY_NOON = datetime(2026, 3, 7, 12)


def make_ruled_service(*rules: dict, **overrides: object) -> object:
	rows = [{"department": "parks", **rule} for rule in rules]
	return make_service(questions=[KIND, PLACE], routing_rules=rows, **overrides)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
	monkeypatch.setattr("citizen_support.intake.service.now_datetime", lambda: moment)


# Time


@pytest.mark.parametrize(
	("when", "moment", "department"),
	[
		("Outside opening hours", MONDAY_NOON, "own"),
		("Outside opening hours", SATURDAY_NOON, "parks"),
		("Within opening hours", MONDAY_NOON, "parks"),
		("Within opening hours", SATURDAY_NOON, "own"),
	],
)
def test_opening_hours_of_the_services_department_decide(
	monkeypatch: pytest.MonkeyPatch, when: str, moment: datetime, department: str
) -> None:
	own = make_department().name
	service = make_ruled_service({"match_on": "Time", "time_when": when}, department=own)
	at(monkeypatch, moment)

	ticket = get_ticket(make_request(service))

	assert ticket.cs_department == {"own": own}.get(department, department)


def test_on_a_holiday_the_department_is_closed_and_why_here_says_when_it_came(
	monkeypatch: pytest.MonkeyPatch,
) -> None:
	own = make_department(holiday_list=make_holiday_list(date(2026, 3, 2)))
	service = make_ruled_service(
		{"match_on": "Time", "time_when": "Outside opening hours"}, department=own.name
	)
	at(monkeypatch, MONDAY_NOON)

	ticket = get_ticket(make_request(service))

	assert ticket.cs_department == "parks"
	words = f"it came on Monday at 12:00, outside the opening hours of {own.department_name}"
	assert words in ticket.cs_routed_because


@pytest.mark.parametrize(
	("moment", "department"),
	[
		(datetime(2026, 3, 6, 23, 30), "parks"),  # Friday night …
		(datetime(2026, 3, 7, 5, 59), "parks"),  # … goes on into Saturday,
		(datetime(2026, 3, 7, 23, 30), "streets"),  # whose own night does not count.
		(datetime(2026, 3, 6, 21, 59), "streets"),
	],
)
def test_a_rule_may_last_over_midnight(
	monkeypatch: pytest.MonkeyPatch, moment: datetime, department: str
) -> None:
	rule = {
		"match_on": "Time",
		"time_when": "At these times",
		"time_days": "Monday to Friday",
		"time_from": "22:00:00",
		"time_to": "06:00:00",
	}
	service = make_ruled_service(rule, department="streets")
	service.reload()
	at(monkeypatch, moment)

	assert get_ticket(make_request(service)).cs_department == department


def test_a_request_filed_later_is_judged_by_when_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
	own = make_department().name
	service = make_ruled_service({"match_on": "Time", "time_when": "Outside opening hours"}, department=own)
	at(monkeypatch, SATURDAY_NOON)
	reference = make_request(service)
	ticket = get_ticket(reference)

	ticket.cs_service = make_ruled_service(
		{"match_on": "Time", "time_when": "Outside opening hours", "department": "streets"}, department=own
	).name
	ticket.save()

	assert get_ticket(reference).cs_department == "streets"


# Kind of citizen


def make_citizen(kind: str) -> str:
	email = f"{make_name('office')}@example.org"
	citizen = frappe.new_doc("Citizen")
	citizen.update({"full_name": "Office", "email": email, "kind": kind})
	citizen.insert()
	citizen.db_set("creation", datetime(2020, 1, 1))
	return email


def ask_as(service: object, email: str | None) -> str:
	contact = {"name": "Ann Lee", **({"email": email} if email else {})}
	return get_ticket(make_request(service, contact=contact)).cs_department


def test_known_citizens_go_where_their_kind_goes() -> None:
	service = make_ruled_service(
		{"match_on": "Kind of citizen", "match_values": "Business\nAuthority"}, department="streets"
	)

	assert ask_as(service, make_citizen("Business")) == "parks"
	assert ask_as(service, make_citizen("Association")) == "streets"
	assert ask_as(service, f"{make_name()}@example.org") == "streets"
	assert ask_as(service, None) == "streets"


def test_who_writes_again_is_known_and_the_first_request_stays_new() -> None:
	service = make_ruled_service({"match_on": "Kind of citizen", "match_values": "New"}, department="streets")
	email = f"{make_name('ann')}@example.org"

	first = make_request(service, contact={"email": email})
	assert get_ticket(first).cs_department == get_submission(first).department == "parks"
	frappe.db.set_value("Citizen", {"email": email}, "creation", datetime(2020, 1, 1))
	again = make_request(service, contact={"email": email})
	assert get_ticket(again).cs_department == get_submission(again).department == "streets"
	assert "no rule asked for another" in get_ticket(again).cs_routed_because


def test_why_here_tells_the_kind_in_words() -> None:
	service = make_ruled_service({"match_on": "Kind of citizen", "match_values": "Known"})

	ticket = get_ticket(make_request(service, contact={"email": make_citizen("Person")}))

	assert "it is from somebody who has written before" in ticket.cs_routed_because


@pytest.mark.parametrize("role", ["Agent", "Citizen Support Manager"])
def test_agents_and_managers_say_what_kind_a_citizen_is(role: str) -> None:
	citizen = frappe.db.get_value("Citizen", {"email": make_citizen("Person")})
	frappe.set_user(make_agent() if role == "Agent" else make_user(role))

	endpoints.set_citizen_kind(citizen, "Association")

	assert frappe.db.get_value("Citizen", citizen, "kind") == "Association"
	with pytest.raises(frappe.ValidationError, match="Choose one of these"):
		endpoints.set_citizen_kind(citizen, "Dragon")


def test_coordinators_do_not_say_what_kind_a_citizen_is() -> None:
	citizen = frappe.db.get_value("Citizen", {"email": make_citizen("Person")})
	frappe.set_user(make_user(COORDINATOR))

	with pytest.raises(frappe.PermissionError):
		endpoints.set_citizen_kind(citizen, "Association")


# Targets

HURRY = {
	"match_on": "Answer",
	"question_key": "kind",
	"match_values": "Hole",
	"response_target": 4,
	"response_unit": "Working hours",
	"resolution_target": 3,
	"resolution_unit": "Calendar days",
}
HOLE = {"label": "What kind?", "type": "Choice"}


def find_promise(service: object, department: str, targets: dict, reference: str) -> promise.Promise:
	received_at = get_submission(reference).received_at
	return promise.make_promise({**read_service(service), **targets}, department, received_at)


def test_a_rule_promises_what_it_says() -> None:
	service = make_ruled_service(HURRY, department="streets")
	targets = {name: HURRY[name] for name in HURRY if name.endswith(("_target", "_unit"))}

	reference = make_request(service, answers=[make_answer("kind", "Hole", **HOLE)])

	ticket, submission = get_ticket(reference), get_submission(reference)
	expected = find_promise(service, "parks", targets, reference)
	assert unpack_targets(submission.promised_targets) == unpack_targets(ticket.cs_targets) == targets
	assert (submission.response_by, submission.resolution_by) == (
		expected.response_by,
		expected.resolution_by,
	)
	assert (ticket.response_by, ticket.resolution_by) == (expected.response_by, expected.resolution_by)
	assert ticket.cs_agreement == expected.agreement_key


def test_a_rule_with_one_target_keeps_the_other_of_the_service() -> None:
	rule = {**HURRY, "resolution_target": 0}
	service = make_ruled_service(rule, department="streets")

	reference = make_request(service, answers=[make_answer("kind", "Hole", **HOLE)])

	targets = unpack_targets(get_ticket(reference).cs_targets)
	assert (targets["response_target"], targets["response_unit"]) == (4, "Working hours")
	assert (targets["resolution_target"], targets["resolution_unit"]) == (10, "Working days")


def test_the_page_and_the_mail_tell_the_rules_promise(visitor: Visitor, resident: str) -> None:
	service = make_ruled_service(HURRY, department="streets")

	reference = make_request(
		service, answers=[make_answer("kind", "Hole", **HOLE)], contact={"email": resident}
	)

	response = visitor.follow(visitor.get(f"/requests/{reference}?key={get_key(reference, 1)}"))
	page = flatten(response.get_data(as_text=True))
	assert "within 4 working hours" in page and "within 3 days" in page
	# Counted in hours, so with the clock time; the service's own promise is counted in days.
	moment = flatten(describe_moment(get_ticket(reference).response_by, with_time=True)["text"])
	assert moment in page
	assert moment in flatten(get_text(find_mail(resident, "confirmation")))


def flatten(text: str) -> str:
	return " ".join(text.split())


def test_a_hand_over_keeps_what_was_promised_in_the_new_departments_hours() -> None:
	service = make_ruled_service(HURRY, department="streets")
	reference = make_request(service, answers=[make_answer("kind", "Hole", **HOLE)])
	service.reload()
	service.routing_rules = []
	service.response_target = 9
	service.save()
	other = make_department().name

	ticket = get_ticket(reference)
	ticket.cs_department = other
	ticket.save()

	targets = unpack_targets(get_ticket(reference).cs_targets)
	expected = promise.get_agreement(targets, other).key
	assert (targets["response_target"], get_ticket(reference).cs_agreement) == (4, expected)


def test_a_request_from_before_targets_were_kept_is_handed_over_all_the_same() -> None:
	service = make_service(department="streets", response_target=6)
	reference = make_request(service)
	frappe.db.set_value("HD Ticket", {"cs_reference": reference}, "cs_targets", None)
	other = make_department().name

	ticket = get_ticket(reference)
	ticket.cs_department = other
	ticket.save()

	expected = promise.get_agreement(read_service(service), other).key
	assert get_ticket(reference).cs_agreement == expected


def test_another_service_brings_its_own_promise() -> None:
	reference = make_request(make_ruled_service(HURRY), answers=[make_answer("kind", "Hole", **HOLE)])
	other = make_service(department="streets", response_target=5)

	ticket = get_ticket(reference)
	ticket.cs_service = other.name
	ticket.save()

	assert unpack_targets(get_ticket(reference).cs_targets)["response_target"] == 5


def test_publishing_makes_the_agreements_of_rules() -> None:
	own = make_department().name
	service = make_ruled_service({**HURRY, "response_target": 7, "department": own}, department="streets")

	targets = {**read_service(service), **{name: HURRY[name] for name in HURRY}, "response_target": 7}
	assert find_agreement(promise.get_agreement(targets, own).key)


def test_a_rule_whose_promise_cannot_be_counted_is_refused_with_its_number() -> None:
	with pytest.raises(frappe.ValidationError, match=r"Routing rule 1.*cannot come after the end"):
		make_ruled_service({**HURRY, "response_target": 200})


# Rules that cannot work


@pytest.mark.parametrize(
	("rule", "words"),
	[
		({"match_on": "Postcode"}, "say what it looks for"),
		({"match_on": "Postcode", "match_values": "1019-1010"}, "no postcode can fit"),
		({"match_on": "Area", "match_values": " \n "}, "say what it looks for"),
		({"match_on": "Service Area"}, "choose the area"),
		({"match_on": "Time", "time_when": "Some day"}, "."),
		(
			{
				"match_on": "Time",
				"time_when": "At these times",
				"time_from": "08:00:00",
				"time_to": "08:00:00",
			},
			"two different times",
		),
		(
			{"match_on": "Time", "time_when": "At these times", "time_from": "25:00"},
			"“25:00” is no time of day",
		),
		({"match_on": "Kind of citizen", "match_values": "Dragon"}, "none of these"),
		({"match_on": "Channel", "match_values": "Pigeon"}, "none of these"),
		({"match_on": "Answer", "question_key": "photo", "match_values": "x"}, "no rule can look at"),
	],
)
def test_a_rule_that_could_never_apply_is_refused(rule: dict, words: str) -> None:
	photo = {"label": "Photo", "question_key": "photo", "question_type": "Photo or document"}
	with pytest.raises(frappe.ValidationError, match=words):
		make_service(questions=[KIND, photo], routing_rules=[{"department": "parks", **rule}])


def test_times_are_kept_as_people_write_them_and_empty_ones_stay_empty() -> None:
	rule = {"match_on": "Time", "time_when": "At these times", "time_from": "8:00:00"}

	row = frappe.get_doc("Municipal Service", make_ruled_service(rule).name).routing_rules[0]

	assert (row.time_from, row.time_to) == ("08:00", None)


def test_what_a_rule_does_not_look_at_is_emptied() -> None:
	service = make_ruled_service(
		{
			"match_on": "Channel",
			"match_values": "Phone",
			"time_when": "At these times",
			"time_from": "08:00:00",
			"question_key": "kind",
		}
	)

	row = service.routing_rules[0]
	assert (row.time_when, row.time_from, row.time_days, row.question_key) == (None, None, None, None)


# Words


def describe(rule: dict, **service: object) -> str:
	doc = make_ruled_service(rule, **service)
	data = read_service(doc)
	return routing.describe_rule(data, data["rules"][0])


@pytest.mark.parametrize(
	("rule", "sentence"),
	[
		(
			{"match_on": "Answer", "question_key": "kind", "match_values": "Hole\nCrack", "priority": "High"},
			"If the answer to “What kind?” is “Hole” or “Crack”, then it goes to {0}, priority High.",
		),
		(
			{"match_on": "Postcode", "match_values": "1010\n102*\n1030-1039", "response_target": 1},
			"If the postcode of the place is 1010, 102*, or 1030-1039, then it goes to {0}, answer within 1 working day.",
		),
		(
			{
				"match_on": "Time",
				"time_when": "At these times",
				"time_days": "Monday to Friday",
				"time_from": "22:00:00",
				"time_to": "06:00:00",
			},
			"If it comes from Monday to Friday from 22:00 to 06:00 the next morning, then it goes to {0}.",
		),
		(
			{"match_on": "Time", "time_when": "At these times", "time_days": "Sunday"},
			"If it comes on a Sunday, then it goes to {0}.",
		),
		(
			{"match_on": "Kind of citizen", "match_values": "Business\nNew"},
			"If it is from a business or it is from somebody who has not written before, then it goes to {0}.",
		),
		({"match_on": "Channel", "match_values": "Phone"}, "If it comes by Phone, then it goes to {0}."),
	],
)
def test_a_rule_is_told_in_words(rule: dict, sentence: str) -> None:
	name = frappe.db.get_value("Municipal Department", "parks", "department_name")

	assert describe(rule) == sentence.format(name)


def test_rules_are_told_while_they_are_being_written() -> None:
	form = {
		"title": "Draft",
		"department": "streets",
		"questions": [KIND],
		"routing_rules": [
			{
				"idx": 2,
				"match_on": "Answer",
				"question_key": "kind",
				"match_values": "Hill",
				"department": "parks",
			},
			{"idx": 1, "match_on": "Service Area"},
			{"idx": 3},
		],
	}

	told = endpoints.describe_rules(frappe.as_json(form))

	assert told[0]["sentence"] == "If the place is in the area “…”, then it goes to Streets and Roads."
	assert "choose the area" in told[0]["problem"]
	assert "“Hill” is not one of the answers" in told[1]["problem"]
	assert told[2]["problem"]


@pytest.mark.parametrize("text", ["[]", "no form", '"text"'])
def test_what_is_no_form_is_refused_with_a_sentence(text: str) -> None:
	with pytest.raises(frappe.ValidationError, match="not a form’s document"):
		endpoints.describe_rules(text)


@pytest.mark.parametrize("text", ["{}", '{"routing_rules": []}'])
def test_a_form_without_rules_has_nothing_to_tell(text: str) -> None:
	assert endpoints.describe_rules(text) == []


def test_each_rule_is_judged_and_the_first_that_applies_wins() -> None:
	service = make_ruled_service(
		{"match_on": "Channel", "match_values": "Phone"},
		{"match_on": "Answer", "question_key": "kind", "match_values": "Hole", "department": "streets"},
		{"match_on": "Area", "match_values": "Old Town"},
		{"match_on": "Postcode", "match_values": "9021"},
	)
	data = read_service(service)
	answers = [
		make_answer("kind", "Hole", **HOLE),
		make_answer("where", "Old Town", label="Where?", type="Place"),
	]
	facts = routing.make_facts(data, answers, "Portal", MONDAY_NOON)

	verdicts = routing.explain(data, facts)

	assert [(verdict.position, verdict.value, verdict.state) for verdict in verdicts] == [
		(1, None, "does not match"),
		(2, "Hole", "wins"),
		(3, "Old Town", "matches too late"),
		(4, None, "does not match"),
	]
	assert all(first.position < second.position for first, second in pairwise(verdicts))
	assert routing.route(data, facts).position == 2


def test_a_draft_without_a_department_goes_to_the_front_desk() -> None:
	draft = frappe.new_doc("Municipal Service")
	draft.title = "Draft"
	data = read_service(draft)

	route = routing.route(data, routing.make_facts(data, [], "Portal", MONDAY_NOON))

	assert (route.department, bool(route.team)) == ("front-desk", True)
