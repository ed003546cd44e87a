"""Where a request goes, why, and what happens when those it should go to cannot take it."""

import pytest

import frappe

from citizen_support import routing
from citizen_support.catalogue import read_service
from tests.site.factories import (
	get_submission,
	get_ticket,
	make_agent,
	make_answer,
	make_department,
	make_name,
	make_request,
	make_service,
	make_team,
	make_user,
)

pytestmark = pytest.mark.usefixtures("transactions")

PLACE = {"label": "Where?", "question_key": "where", "question_type": "Place"}
KIND = {"label": "What kind?", "question_key": "kind", "question_type": "Choice", "choices": "Hole\nCrack"}


def make_ruled_service(**rule: object) -> object:
	return make_service(questions=[KIND, PLACE], routing_rules=[rule])


def answer_kind(text: str) -> object:
	return make_answer("kind", text, label="What kind?", type="Choice")


def answer_place(text: str) -> object:
	return make_answer("where", text, label="Where?", type="Place")


def test_without_a_rule_it_goes_to_the_services_department() -> None:
	ticket = get_ticket(make_request(make_service(department="streets")))

	assert ticket.cs_department == "streets"
	assert "which answers" in ticket.cs_routed_because


@pytest.mark.parametrize(
	("rule", "because"),
	[
		({"match_on": "Answer", "question_key": "kind", "match_values": "Hole"}, "What kind?"),
		({"match_on": "Postcode", "match_values": "929*"}, "postcode 929*"),
		({"match_on": "Area", "match_values": "Old Town\nHarbour"}, "Old Town"),
		({"match_on": "Channel", "match_values": "Portal"}, "it came by Portal"),
	],
	ids=lambda value: value if isinstance(value, str) else value["match_on"],
)
def test_a_rule_that_applies_sends_it_elsewhere_and_says_so(rule: dict, because: str) -> None:
	department = make_department()
	service = make_ruled_service(**rule, department=department.name, note="Since the reform.")

	ticket = get_ticket(
		make_request(service, answers=[answer_kind("Hole"), answer_place("5 Elm, Old Town 92903")])
	)

	assert (ticket.cs_department, ticket.agent_group) == (department.name, department.team)
	for part in (department.department_name, because, "rule 1", "Since the reform."):
		assert part in ticket.cs_routed_because


def test_a_rule_may_name_a_team_and_a_priority() -> None:
	team = make_team()
	service = make_ruled_service(
		match_on="Channel", match_values="Portal", department="streets", team=team, priority="Urgent"
	)

	ticket = get_ticket(make_request(service, answers=[]))

	assert (ticket.agent_group, ticket.priority) == (team, "Urgent")


def test_a_rule_without_a_department_leaves_the_request_with_the_services_own() -> None:
	service = make_ruled_service(match_on="Channel", match_values="Portal", priority="Urgent")
	department = make_department()
	service.department = department.name
	service.save()

	ticket = get_ticket(make_request(service, answers=[]))

	assert (ticket.cs_department, ticket.agent_group, ticket.priority) == (
		department.name,
		department.team,
		"Urgent",
	)
	assert (
		f"went to {department.department_name} because it came by Portal (rule 1" in ticket.cs_routed_because
	)
	(sentence,) = (routing.describe_rule(data, data["rules"][0]) for data in [read_service(service)])
	assert (
		sentence == f"If it comes by Portal, then it goes to {department.department_name}, priority Urgent."
	)


def test_agents_of_the_team_take_turns() -> None:
	department = make_department(team=make_team(make_agent(), make_agent()))
	service = make_service(department=department.name)

	assigned = [get_ticket(make_request(service))._assign for _number in range(2)]

	assert len(set(assigned)) == 2


def break_team(team: str, how: str) -> None:
	rule = frappe.db.get_value("HD Team", team, "assignment_rule")
	if how == "empty":
		frappe.db.delete("HD Team Member", {"parent": team})
	elif how == "disabled":
		if not frappe.get_meta("HD Team").has_field("disabled"):
			pytest.skip("Before Helpdesk 1.26 a team cannot be switched off.")
		frappe.db.set_value("HD Team", team, "disabled", 1)
	elif how == "members left":
		members = frappe.get_all("HD Team Member", {"parent": team}, pluck="user")
		frappe.db.set_value("User", {"name": ("in", members)}, "enabled", 0)
	else:
		frappe.db.set_value("Assignment Rule", rule, "disabled", 1)


@pytest.mark.parametrize("how", ["empty", "disabled", "members left", "rule off"])
def test_a_team_that_cannot_take_it_makes_it_fall_to_the_front_desk(how: str) -> None:
	department = make_department()
	break_team(department.team, how)
	service = make_service(department=department.name)

	reference = make_request(service)

	ticket = get_ticket(reference)
	assert ticket.cs_department == "front-desk"
	assert ticket.agent_group == frappe.db.get_value("Municipal Department", "front-desk", "team")
	assert "front desk has it" in ticket.cs_routed_because
	assert get_submission(reference).department == "front-desk"


def test_the_manager_is_told_what_to_mend_and_not_again_for_each_request() -> None:
	manager = make_user("Citizen Support Manager")
	department = make_department()
	break_team(department.team, "empty")
	service = make_service(department=department.name)

	for _number in range(3):
		make_request(service)

	notes = frappe.get_all("Notification Log", {"for_user": manager}, pluck="subject")
	assert len(notes) == 1
	assert department.team in notes[0]
	assert "has no members" in notes[0]


def test_a_department_switched_off_takes_nothing() -> None:
	department = make_department(enabled=0)

	ticket = get_ticket(make_request(make_service(department=department.name)))

	assert ticket.cs_department == "front-desk"
	assert "takes no requests at present" in ticket.cs_routed_because


def test_when_the_front_desk_cannot_take_it_either_it_waits_with_its_department() -> None:
	department = make_department()
	service = make_service(department=department.name)
	for team in (department.team, frappe.db.get_value("Municipal Department", "front-desk", "team")):
		break_team(team, "empty")

	reference = make_request(service)

	ticket = get_ticket(reference)
	assert (ticket.cs_department, ticket.agent_group) == (department.name, None)
	assert "waits without a team" in ticket.cs_routed_because
	assert get_submission(reference).state == "Filed"


def test_without_a_front_desk_it_waits_with_its_department() -> None:
	department = make_department()
	service = make_service(department=department.name)
	frappe.db.set_single_value("Citizen Support Settings", "front_desk_department", None)
	frappe.clear_document_cache("Citizen Support Settings", "Citizen Support Settings")
	break_team(department.team, "empty")

	ticket = get_ticket(make_request(service))

	assert (ticket.cs_department, ticket.agent_group) == (department.name, None)


def test_a_deleted_team_does_not_hold_it_up() -> None:
	department = make_department()
	frappe.db.delete("HD Team", {"name": department.team})

	ticket = get_ticket(make_request(make_service(department=department.name)))

	assert ticket.cs_department == "front-desk"
	assert "does not exist any more" in ticket.cs_routed_because


def test_a_hand_over_to_a_department_that_cannot_take_it_is_refused() -> None:
	ticket = get_ticket(make_request())
	department = make_department()
	break_team(department.team, "empty")

	ticket.cs_department = department.name
	with pytest.raises(frappe.ValidationError, match="cannot take this request"):
		ticket.save()


def test_a_hand_over_is_written_down_with_who_did_it() -> None:
	reference, department = make_request(), make_department()
	ticket = get_ticket(reference)

	ticket.cs_department = department.name
	ticket.save()

	ticket = get_ticket(reference)
	sentence = f"It was handed over to {department.department_name} by Administrator."
	assert ticket.agent_group == department.team
	assert ticket.cs_routed_because.splitlines()[0] == sentence
	assert frappe.db.exists("HD Ticket Activity", {"ticket": ticket.name, "action": sentence})


def test_why_it_came_where_it_was_at_first_stays_through_all_hand_overs() -> None:
	reference = make_request()
	first = get_ticket(reference).cs_routed_because

	for _time in range(3):
		ticket = get_ticket(reference)
		ticket.cs_department = make_department().name
		ticket.save()

	handed_over, *rest = get_ticket(reference).cs_routed_because.splitlines()
	assert handed_over.startswith("It was handed over to")
	assert rest == [f"At first: {first}"]


def test_a_request_cannot_lose_its_service() -> None:
	ticket = get_ticket(make_request())

	ticket.cs_service = None
	with pytest.raises(frappe.ValidationError, match="keeps a service"):
		ticket.save()


@pytest.mark.parametrize(
	("rule", "message"),
	[
		({"match_on": "Answer", "match_values": "Hole"}, "choose the question"),
		({"match_on": "Answer", "question_key": "kind", "match_values": "Hill"}, "not one of the answers"),
	],
)
def test_a_rule_that_could_never_apply_is_not_saved(rule: dict, message: str) -> None:
	with pytest.raises(frappe.ValidationError, match=message):
		make_ruled_service(**rule, department="streets")


def test_rules_and_conditions_may_name_a_question_by_its_words() -> None:
	questions = [KIND, {"label": make_name("More"), "question_type": "Short text"}]
	questions[1] |= {"show_if_question": "What kind?", "show_if_values": "Hole"}
	rule = {
		"match_on": "Answer",
		"question_key": "what KIND?",
		"match_values": "Hole",
		"department": "streets",
	}

	service = make_service(questions=questions, routing_rules=[rule])

	assert service.routing_rules[0].question_key == "kind"
	assert service.questions[1].show_if_question == "kind"
