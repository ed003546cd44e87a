"""What differs between two versions."""

from citizen_support.publishing.changes import Change, find_changes

QUESTIONS = [
	{"question_key": "kind", "label": "What kind?", "choices": ["Dog", "Cat"]},
	{"question_key": "where", "label": "Where?", "required": True},
]
SERVICE = {
	"title": "Stray cat",
	"response_target": 2,
	"response_unit": "Working days",
	"questions": QUESTIONS,
	"routing_rules": [{"match_on": "Area", "match_values": ["Old Town"], "department": "parks"}],
	"articles": [{"article": "Cats", "category": "Animals"}],
	"pilot": {"pilot_access": "Only with the link", "pilot_goals": [{"measure": "Requests", "target": 10.0}]},
}


def change(**values: object) -> list[Change]:
	return find_changes(SERVICE, {**SERVICE, **values})


def test_the_same_has_no_changes() -> None:
	assert find_changes(SERVICE, {**SERVICE}) == []


def test_a_field_says_what_it_was_and_is() -> None:
	assert change(title="Lost cat") == [Change("field", "changed", "", "title", "Stray cat", "Lost cat")]
	assert change(summary="Cats without a home") == [
		Change("field", "changed", "", "summary", None, "Cats without a home")
	]


def test_a_promise_changes_as_one() -> None:
	assert change(response_target=3) == [
		Change("field", "changed", "", "response_target", (2, "Working days"), (3, "Working days"))
	]
	assert len(change(response_target=3, response_unit="Working hours")) == 1
	assert change(response_unit="Working hours")[0].after == (2, "Working hours")


def test_the_unit_of_what_is_not_promised_is_no_change() -> None:
	before, after = (
		{"resolution_target": 0, "resolution_unit": unit} for unit in ("Working days", "Working hours")
	)

	assert find_changes(before, after) == []


def test_questions_are_known_by_their_key() -> None:
	reworded = [{**QUESTIONS[0], "label": "Which animal?"}, QUESTIONS[1]]

	assert change(questions=reworded) == [
		Change("question", "changed", "What kind?", "label", "What kind?", "Which animal?")
	]


def test_questions_come_go_and_move() -> None:
	new = {"question_key": "since", "label": "Since when?"}

	assert change(questions=[*QUESTIONS, new]) == [Change("question", "added", "Since when?")]
	assert change(questions=QUESTIONS[:1]) == [Change("question", "removed", "Where?")]
	assert change(questions=QUESTIONS[::-1]) == [Change("question", "moved")]


def test_rules_are_known_by_what_they_say() -> None:
	old = SERVICE["routing_rules"][0]
	new = {"match_on": "Channel", "match_values": ["Phone"], "department": "front-desk"}

	assert change(routing_rules=[new, old]) == [Change("rule", "added", "1", after=new)]
	assert change(routing_rules=[]) == [Change("rule", "removed", "1", before=old)]
	assert change(routing_rules=[new]) == [Change("rule", "changed", "1", before=old, after=new)]
	assert find_changes({"routing_rules": [old, new]}, {"routing_rules": [new, old]}) == [
		Change("rule", "moved")
	]


def test_articles_and_goals_change_too() -> None:
	goal = {"measure": "Requests", "target": 20.0}

	assert change(articles=[])[0] == Change("article", "removed", "Cats")
	assert change(pilot={**SERVICE["pilot"], "pilot_goals": [goal]})[0].kind == "goal"
	assert change(pilot={**SERVICE["pilot"], "pilot_access": "Only in an area"})[0].field == "pilot_access"
