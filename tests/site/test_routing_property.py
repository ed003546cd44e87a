"""Whatever the rules and whatever comes in: one department and one team that can take it, or the front desk."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import frappe

from citizen_support import routing
from citizen_support.catalogue import read_service
from citizen_support.host.teams import find_team_problem
from citizen_support.intake.rules import Answer
from citizen_support.routing.rules import CHANNELS, KINDS
from tests.site.factories import make_area, make_department, make_service, make_team

CHOICES, WORDS = ("Dog", "Cat"), ("Old Town", "5 Elm, Old Town 92903", "1015", "nowhere")
DAYS = ("Every day", "Monday to Friday", "Sunday", "")
CLOCK = (None, "00:00", "08:30", "22:00")
QUESTIONS = [
	{"label": "What kind?", "question_key": "kind", "question_type": "Choice", "choices": "\n".join(CHOICES)},
	{
		"label": "All kinds?",
		"question_key": "kinds",
		"question_type": "Multiple choice",
		"choices": "Dog\nCat",
	},
	{"label": "Hurt?", "question_key": "hurt", "question_type": "Yes or no"},
	{"label": "What else?", "question_key": "else", "question_type": "Short text"},
	{"label": "When?", "question_key": "day", "question_type": "Date"},
	{"label": "How many?", "question_key": "number", "question_type": "Number"},
	{"label": "Where?", "question_key": "where", "question_type": "Place"},
]
ANSWERS = {
	"kind": st.sampled_from(CHOICES).map(lambda value: (value,)),
	"kinds": st.lists(st.sampled_from(CHOICES), max_size=2, unique=True).map(tuple),
	"hurt": st.sampled_from([("Yes",), ("No",)]),
	"else": st.sampled_from(WORDS).map(lambda value: (value,)),
	"day": st.just(("2026-05-04",)),
	"number": st.sampled_from([("1",), ("12",)]),
	"where": st.sampled_from(WORDS).map(lambda value: (value,)),
}
# Names of the records, which each test makes anew.
ABLE, OFF, EMPTY, GONE, NONE = "able", "off", "empty", "gone", ""
VALUES = (*CHOICES, "Yes", *WORDS, "92*", "1010-1019", *CHANNELS, *KINDS, " dog ", "*")
RULES = st.fixed_dictionaries(
	{
		"match_on": st.sampled_from(
			["Answer", "Postcode", "Area", "Service Area", "Time", "Kind of citizen", "Channel"]
		),
		"values": st.lists(st.sampled_from(VALUES), max_size=3).map(tuple),
		"question_key": st.sampled_from([*ANSWERS, "gone", None]),
		"service_area": st.sampled_from([ABLE, GONE, NONE]),
		"time_when": st.sampled_from(
			["Outside opening hours", "Within opening hours", "At these times", None]
		),
		"time_days": st.sampled_from(DAYS),
		"time_from": st.sampled_from(CLOCK),
		"time_to": st.sampled_from(CLOCK),
		"department": st.sampled_from([ABLE, OFF, EMPTY, GONE, NONE]),
		"team": st.sampled_from([NONE, NONE, ABLE, EMPTY, GONE]),
		"priority": st.sampled_from([None, "Urgent"]),
		"note": st.none(),
		"response_target": st.sampled_from([0, 3]),
		"response_unit": st.just("Working hours"),
		"resolution_target": st.just(0),
		"resolution_unit": st.just("Working days"),
	}
)
ARRIVALS = st.fixed_dictionaries(
	{
		"answers": st.fixed_dictionaries({}, optional=ANSWERS),
		"position": st.sampled_from([None, (0.5, 0.5), (7.0, 7.0)]),
		"channel": st.sampled_from(CHANNELS),
		"received_at": st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
		"email": st.sampled_from([None, "nobody@example.org"]),
	}
)


@pytest.fixture
def names() -> dict[str, dict[str, str | None]]:
	"""What the words above mean on this site, and a service with a question of every kind that rules look at."""
	working, emptied = make_team(), make_team()
	frappe.db.delete("HD Team Member", {"parent": emptied})
	frappe.clear_document_cache("HD Team", emptied)
	departments = {
		ABLE: make_department(),
		OFF: make_department(enabled=0),
		EMPTY: make_department(team=emptied),
	}
	return {
		"department": {**{word: doc.name for word, doc in departments.items()}, GONE: "gone", NONE: None},
		"team": {ABLE: working, EMPTY: emptied, GONE: "gone", NONE: None},
		"service_area": {ABLE: make_area(names="Old Town").name, GONE: "gone", NONE: None},
	}


def is_able(department: str | None, team: str | None) -> bool:
	doc = frappe.get_cached_doc("Municipal Department", department) if department != "gone" else None
	return bool(doc and doc.enabled and find_team_problem(team) is None)


def arrive(service: Mapping, came: Mapping) -> routing.Facts:
	types = {question.key: question.type for question in service["questions"]}
	latitude, longitude = came["position"] or (None, None)
	answers = [
		Answer(key, key, types[key], values, latitude=latitude, longitude=longitude)
		for key, values in came["answers"].items()
	]
	return routing.make_facts(service, answers, came["channel"], came["received_at"], came["email"])


@pytest.fixture
def service() -> dict:
	return read_service(make_service(questions=QUESTIONS))


@settings(
	max_examples=50,
	deadline=None,
	suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rules=st.lists(RULES, max_size=5), own=st.sampled_from([ABLE, OFF, EMPTY]), came=ARRIVALS)
def test_every_request_goes_to_one_department_and_one_team_or_the_front_desk(
	names: dict, service: dict, rules: list[dict], own: str, came: dict
) -> None:
	rows = [{**row, **{field: names[field][row[field]] for field in names}} for row in rules]
	whole = {**service, "rules": rows, "department": names["department"][own]}
	facts = arrive(whole, came)

	route = routing.route(whole, facts)

	won = [verdict.position for verdict in routing.explain(whole, facts) if verdict.state == "wins"]
	assert won == ([route.position] if route.position else [])
	rule = rows[route.position - 1] if route.position else {}
	meant = rule.get("department") or whole["department"]
	team = rule.get("team")
	if not team and meant != "gone":
		team = frappe.get_cached_doc("Municipal Department", meant).team
	if is_able(meant, team):
		assert (route.department, route.team, route.concern) == (meant, team, None)
	else:
		desk = routing.get_front_desk()
		assert route.department == desk
		assert route.team == frappe.get_cached_doc("Municipal Department", desk).team
		assert route.concern
	assert find_team_problem(route.team) is None
	assert route.reason and route.priority
