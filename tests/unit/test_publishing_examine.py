"""What the linter finds, on plain data."""

from datetime import date

import pytest

from citizen_support.catalogue.rules import CHOICE, SHORT_TEXT, YES_OR_NO, Question
from citizen_support.publishing.examine import (
	Circumstances,
	Department,
	Finding,
	Place,
	examine,
	leave_only_new,
)

TODAY = date(2026, 3, 1)
ROADS = Department("Roads", holidays_end=("City holidays", date(2030, 1, 1)))
SERVICE = {
	"department": "roads",
	"questions": [Question("what", "What happened?", SHORT_TEXT)],
	"rules": [],
	"ask_email": "Required",
	"ask_phone": "Not asked",
	"pilot_access": "Only with the link",
	"pilot_goals": 1,
}


def look(
	service: dict | None = None, status: str = "Published", department: Department = ROADS, **around: object
) -> list[Finding]:
	circumstances = Circumstances(**{"departments": {"roads": department}, "today": TODAY, **around})
	return examine({**SERVICE, **(service or {})}, circumstances, status)


def name(findings: list[Finding]) -> list[tuple[str, str]]:
	return [(finding.problem, finding.severity) for finding in findings]


def test_a_sound_service_has_no_findings() -> None:
	assert look() == []
	assert look(status="Pilot") == []


@pytest.mark.parametrize(
	("front_desk", "expected"), [("", ("front desk instead", "warns")), ("No team.", ("no team", "stops"))]
)
def test_a_department_without_a_team_stops_only_if_nobody_else_takes_it(
	front_desk: str, expected: tuple
) -> None:
	broken = Department("Roads", problem="No team.")

	assert name(look(department=broken, front_desk_problem=front_desk)) == [expected]


@pytest.mark.parametrize(
	("department", "problem"),
	[
		(Department("Roads", has_contact=False), "no way to reach"),
		(Department("Roads", promise_problem="No hours."), "promise"),
	],
)
def test_what_is_wrong_with_the_department_stops(department: Department, problem: str) -> None:
	assert name(look(department=department)) == [(problem, "stops")]


def test_a_question_is_named_with_its_row() -> None:
	questions = [SERVICE["questions"][0], Question("kind", "Which one?", CHOICE, choices=("Only",))]

	found = look({"questions": questions})
	assert name(found) == [("question: too few choices", "stops")]
	assert (found[0].fieldname, found[0].row) == ("questions", 1)


def test_a_question_behind_an_ending_answer_stops() -> None:
	gas = Question("gas", "Gas?", YES_OR_NO, required=True, end_values=("Yes",), end_message="Call now.")
	behind = Question("more", "More?", SHORT_TEXT, show_if="gas", show_values=("Yes",))

	found = look({"questions": [gas, behind]})
	assert name(found) == [("question never reached", "stops")]
	assert found[0].details == ("More?", "Gas?")


def rule(*values: str, department: str = "roads") -> dict:
	return {
		"match_on": "Area",
		"values": values,
		"department": department,
		"question_key": None,
		"team": None,
	}


def test_a_rule_that_never_applies_stops_and_names_who_wins() -> None:
	found = look({"rules": [rule("Old Town"), rule("Old Town", department="parks")]})

	assert name(found) == [("rule never applies", "stops")]
	assert (found[0].row, found[0].details) == (1, ("2", "1"))


def test_a_rule_to_a_department_switched_off_warns() -> None:
	parks = Department("Parks", problem="Parks takes no requests at present.")
	found = look(
		{"rules": [rule("Old Town", department="parks")]}, departments={"roads": ROADS, "parks": parks}
	)

	assert name(found) == [("rule department", "warns")]


def test_an_answer_without_an_address_to_send_it_to_warns() -> None:
	assert name(look({"ask_email": "Not asked"})) == [("nobody asked for contact", "warns")]
	assert look({"ask_email": "Not asked", "ask_phone": "Optional"}) == []


@pytest.mark.parametrize(
	("last", "days", "count"),
	[
		(date(2026, 4, 29), 2, 1),
		(date(2026, 4, 30), 2, 0),
		(date(2026, 12, 1), 300, 1),
		(date(2026, 12, 30), 300, 0),
	],
)
def test_holidays_reach_beyond_the_longest_promise_and_two_months(last: date, days: int, count: int) -> None:
	department = Department("Roads", holidays_end=("City holidays", last))

	assert name(look(department=department, days_promised=days)) == [("holidays end", "warns")] * count


def test_a_city_without_holidays_is_warned() -> None:
	found = look(department=Department("Roads", has_holidays=False))

	assert name(found) == [("no holidays", "warns")]
	assert found[0].elsewhere == Place(
		"Citizen Support Settings", "Citizen Support Settings", "holiday_country"
	)


@pytest.mark.parametrize(
	("found", "where"),
	[
		(
			look(department=Department("Roads", problem="No team.")),
			Place("Municipal Department", "roads", "team"),
		),
		(
			look(department=Department("Roads", problem="Closed.", problem_field="enabled")),
			Place("Municipal Department", "roads", "enabled"),
		),
		(
			look(department=Department("Roads", has_contact=False)),
			Place("Municipal Department", "roads", "phone"),
		),
		(
			look(department=Department("Roads", holidays_end=("Ours", TODAY))),
			Place("HD Service Holiday List", "Ours", "to_date"),
		),
		(
			look(department=Department("Roads", holidays_end=("Ours", TODAY)), city_holidays="Ours"),
			Place("Citizen Support Settings", "Citizen Support Settings", "fill_holidays"),
		),
		(
			look({"articles": ["7"]}, unpublished={0: "What to do"}),
			Place("HD Article", "7", "status"),
		),
		(look({"ask_email": "Not asked"}), None),
	],
)
def test_a_finding_leads_to_the_record_that_mends_it(found: list[Finding], where: Place | None) -> None:
	assert [finding.elsewhere for finding in found] == [where]


def test_texts_warn_by_language() -> None:
	found = look(missing_texts={"German": (3, "Name")}, outdated_texts={"French": (1, "Name")})

	assert name(found) == [("texts missing", "warns"), ("texts outdated", "warns")]


@pytest.mark.parametrize(
	("changes", "expected"),
	[
		({"pilot_access": "Only in an area"}, ("pilot without area", "stops")),
		({"pilot_access": "A share of visitors", "pilot_share": 0}, ("pilot share", "stops")),
		({"pilot_access": "A share of visitors", "pilot_share": 101}, ("pilot share", "stops")),
		({"pilot_goals": 0}, ("pilot without goals", "warns")),
		({"pilot_ends_on": date(2026, 2, 28)}, ("pilot over", "warns")),
	],
)
def test_a_pilot_needs_more_and_nothing_else_does(changes: dict, expected: tuple) -> None:
	assert name(look(changes, status="Pilot")) == [expected]
	assert look(changes) == []


def test_what_stops_comes_first() -> None:
	broken = Department("Roads", problem="No team.", has_contact=False)

	severities = [finding.severity for finding in look({"ask_email": "Not asked"}, department=broken)]
	assert severities == ["stops", "warns", "warns"]


def test_only_what_is_new_is_left() -> None:
	old = [Finding("promise", "response_target", None, ("Roads", "No hours."))]
	new = [*old, Finding("rule never applies", "routing_rules", 1, ("2", "1"))]

	assert leave_only_new(new, old) == new[1:]
