"""The pilot report: what is measured, against the goals."""

from datetime import timedelta

import pytest

import frappe
from frappe.model.document import Document
from frappe.utils import add_to_date, get_datetime, now_datetime

from citizen_support import publishing
from citizen_support.patches import name_pilot_measures_plainly
from citizen_support.publishing.report import read_figures
from citizen_support.publishing.words import describe_goal, describe_value
from citizen_support.replay.report import describe_length
from citizen_support.tracking.service import add_reply, find_request
from tests.site.factories import get_ticket, make_name, make_request, make_service, reply_as_agent

pytestmark = pytest.mark.usefixtures("transactions")
GOALS = [
	{"measure": "Requests", "comparison": "At least", "target": 3},
	{"measure": "Answered on time", "comparison": "At least", "target": 90},
	{"measure": "Done on time", "comparison": "At least", "target": 50},
	{"measure": "Own words", "words": "The shelter has room."},
]


@pytest.fixture
def pilot() -> Document:
	return make_service(status="Pilot", pilot_goals=GOALS)


def put(reference: str, **values: object) -> None:
	frappe.db.set_value("HD Ticket", get_ticket(reference).name, values)


def look(service: Document) -> object:
	return read_figures(service.name, get_datetime(service.pilot_starts_on))


def test_without_requests_there_is_nothing_to_say(pilot: Document) -> None:
	report = publishing.get_pilot(pilot.name)["report"]

	assert {figure["value"] for figure in report["figures"]} == {"0", "nothing to say yet"}
	assert [goal["state"] for goal in report["goals"]] == ["missed", "open", "open", "open"]


def test_figures_come_of_what_helpdesk_knows(pilot: Document) -> None:
	now = now_datetime()
	early, late, open_one = (make_request(pilot) for _number in range(3))
	make_request()
	soon, past = now + timedelta(days=2), now - timedelta(hours=3)
	put(
		early,
		response_by=soon,
		first_responded_on=now,
		resolution_by=soon,
		resolution_date=now,
		feedback_rating=0.8,
	)
	put(late, response_by=past, resolution_by=past)
	put(open_one, response_by=soon, resolution_by=soon)

	figures = look(pilot)

	assert figures.requests == 3
	assert (figures.answer_due, figures.answered_on_time) == (2, 1)
	assert (figures.end_due, figures.done_on_time) == (2, 1)
	assert (round(figures.feedback, 1), figures.feedback_count) == (4.0, 1)
	report = publishing.get_pilot(pilot.name)["report"]
	assert [goal["state"] for goal in report["goals"]] == ["reached", "missed", "reached", "open"]
	assert report["goals"][1]["value"] == "50 %"


def set_status(reference: str, status: str) -> None:
	ticket = get_ticket(reference)
	ticket.status = status
	ticket.save()


def write_back(reference: str, text: str = "The grey one") -> None:
	add_reply(find_request(reference), text, [], make_name("form-key-of-a-reply"))


def test_a_request_was_sent_back_if_its_resident_had_to_write_again(pilot: Document) -> None:
	reference = make_request(pilot)
	make_request(pilot)
	reply_as_agent(reference, "<p>Which cat?</p>")
	set_status(reference, "Replied")
	assert (look(pilot).replies, look(pilot).sent_back) == (1, 0)

	write_back(reference)
	write_back(reference, "And a black one")

	assert (look(pilot).replies, look(pilot).sent_back) == (1, 1)


def test_neither_an_addition_nor_thanks_at_the_end_sends_a_request_back(pilot: Document) -> None:
	added, thanked = make_request(pilot), make_request(pilot)
	write_back(added, "One thing more")
	reply_as_agent(added)
	reply_as_agent(thanked, "<p>The cat has a home.</p>")
	set_status(thanked, "Resolved")

	write_back(thanked, "Thank you!")

	assert look(pilot).sent_back == 0


def test_requests_merged_into_another_count_in_no_figure(pilot: Document) -> None:
	kept, merged = make_request(pilot), make_request(pilot)
	for reference in (kept, merged):
		reply_as_agent(reference, "<p>Which cat?</p>")
		write_back(reference)
		put(reference, first_responded_on=now_datetime() + timedelta(hours=1))
	put(merged, is_merged=1, first_responded_on=now_datetime() + timedelta(hours=9), feedback_rating=0.2)

	figures = look(pilot)

	assert (figures.requests, figures.replies, figures.sent_back) == (1, 1, 1)
	assert (figures.feedback, round(figures.hours_in_hand)) == (None, 1)
	report = {
		figure["measure"]: figure["value"] for figure in publishing.get_pilot(pilot.name)["report"]["figures"]
	}
	assert report["Sent back to the resident"] == "100 %"


def test_hours_run_from_receipt_and_from_assignment(pilot: Document) -> None:
	reference = make_request(pilot)
	received = now_datetime() - timedelta(hours=6)
	put(
		reference, service_level_agreement_creation=received, first_responded_on=received + timedelta(hours=5)
	)
	frappe.db.set_value(
		"ToDo",
		{"reference_type": "HD Ticket", "reference_name": str(get_ticket(reference).name)},
		"creation",
		received + timedelta(hours=3),
	)
	frappe.db.set_value("Municipal Service", pilot.name, "pilot_starts_on", add_to_date(None, days=-2))

	figures = read_figures(pilot.name, now_datetime() - timedelta(days=2))

	assert (round(figures.hours_to_answer, 1), round(figures.hours_in_hand, 1)) == (5.0, 2.0)


def test_requests_before_and_after_the_pilot_do_not_count(pilot: Document) -> None:
	make_request(pilot)
	before = make_request(pilot)
	put(before, creation=now_datetime() - timedelta(days=30))

	assert look(pilot).requests == 1

	publishing.set_status(pilot.name, "Published", is_confirmed=True)
	after = make_request(frappe.get_doc("Municipal Service", pilot.name))
	put(after, creation=now_datetime() + timedelta(minutes=5))
	report = publishing.get_pilot(pilot.name)["report"]
	assert report["figures"][0]["value"] == "1"
	assert (report["is_on"], report["until"]) == (False, frappe.utils.nowdate())


def test_requests_of_the_first_day_before_the_pilot_began_do_not_count() -> None:
	service = make_service()
	early = make_request(service)
	put(early, creation=now_datetime() - timedelta(seconds=2))
	publishing.set_status(service.name, "Draft", is_confirmed=True)
	publishing.set_status(service.name, "Pilot", is_confirmed=True)
	service.reload()
	make_request(service)

	figures = publishing.get_pilot(service.name)["report"]["figures"]

	assert figures[0]["value"] == "1"


def get_goals(service: Document) -> dict[str, tuple[str, str]]:
	goals = publishing.get_pilot(service.name)["report"]["goals"]
	return {goal["text"]: (goal["state"], goal["changed"]) for goal in goals}


def test_goals_that_stand_as_when_the_pilot_began_need_no_word(pilot: Document) -> None:
	pilot.pilot_goals[3].reached = 1
	pilot.pilot_goals[0].words = "A remark"
	pilot.save()

	assert {changed for _state, changed in get_goals(pilot).values()} == {""}


def test_a_goal_that_was_changed_later_says_when(pilot: Document) -> None:
	today = frappe.utils.global_date_format(frappe.utils.nowdate())
	pilot.pilot_goals[1].target = 50
	pilot.append("pilot_goals", {"measure": "Own words", "words": "Everybody is happy."})
	pilot.save()
	pilot.summary = "Changed once more."
	pilot.save()

	goals = get_goals(pilot)

	later = f"Not like this when the pilot began: changed on {today}."
	assert goals["Answered on time: at least 50 %"][1] == later
	assert goals["Everybody is happy."] == ("open", later)
	assert goals["Answered on time: at least 90 %"] == (
		"dropped",
		f"A goal when the pilot began; changed on {today}.",
	)
	assert goals["Requests: at least 3"][1] == ""


def test_a_goal_changed_while_no_version_is_kept_is_told_all_the_same(pilot: Document) -> None:
	publishing.set_status(pilot.name, "Draft")
	pilot.reload()
	pilot.set("pilot_goals", pilot.pilot_goals[:3])
	pilot.pilot_goals[0].target = 1
	pilot.save()

	goals = get_goals(pilot)

	assert goals["Requests: at least 1"][1] == "Not like this when the pilot began."
	assert goals["The shelter has room."] == ("dropped", "A goal when the pilot began; changed since.")


def test_goals_follow_the_plainer_names_of_measures(pilot: Document) -> None:
	goal = frappe.get_doc("Pilot Goal", pilot.pilot_goals[0].name)
	goal.db_set("measure", "Asked back")
	version = frappe.get_doc("Service Version", {"service": pilot.name})
	version.db_set("content", version.content.replace('"measure": "Requests"', '"measure": "Asked back"'))

	for _time in range(2):
		name_pilot_measures_plainly.execute()

	assert goal.reload().measure == "Sent back to the resident"
	assert '"measure": "Sent back to the resident"' in version.reload().content
	assert set(get_goals(pilot).values()) >= {("open", "")}


def test_the_report_names_nobody(pilot: Document) -> None:
	make_request(pilot, contact={"name": "Canary Ann Lee", "email": "canary@example.org"})

	assert "anary" not in frappe.as_json(publishing.get_pilot(pilot.name)["report"])


def test_a_report_takes_the_same_few_statements_for_many_requests(pilot: Document) -> None:
	def count() -> int:
		before = frappe.db.sql("SHOW SESSION STATUS LIKE 'Com_select'")[0][1]
		look(pilot)
		return int(frappe.db.sql("SHOW SESSION STATUS LIKE 'Com_select'")[0][1]) - int(before)

	none = count()
	for _number in range(5):
		make_request(pilot)
	assert count() == none == 4


@pytest.mark.parametrize(
	("language", "figure"), [("de", "1.234,5"), ("fr", "1\u202f234,5"), ("ar", "1,234.5")]
)
def test_figures_are_written_as_the_readers_language_does(
	language: str, figure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(frappe.local, "lang", language)

	assert figure in describe_value("Hours to the first answer", 1234.5)
	assert figure in describe_length({"days": 1234.5, "hours": 0})


def test_a_goal_is_one_sentence() -> None:
	goal = {"measure": "Answered on time", "comparison": "At most", "target": 90}

	assert describe_goal(goal) == "Answered on time: at most 90 %"
	assert describe_goal({**goal, "comparison": "At least"}) == "Answered on time: at least 90 %"
