"""A draft tried on past requests: what is found, and that nothing else happens."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

import frappe
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime

from benchmarks.inside.lists import _recording
from benchmarks.inside.meter import count_here
from citizen_support import promise, replay
from citizen_support.api import replay as api
from citizen_support.catalogue import read_service
from citizen_support.replay import past, progress
from citizen_support.replay.service import JOB, forget_old
from citizen_support.setup.roles import COORDINATOR, MANAGER
from tests.site import factories as make
from tests.site.transactions import PretendedTransactions

DOCTYPE = "Routing Replay"
KIND = {
	"label": "What is it?",
	"question_key": "kind",
	"question_type": "Choice",
	"choices": "Cat\nDog",
	"required": 1,
}


@pytest.fixture
def jobs(transactions: PretendedTransactions) -> Iterator[list[dict]]:
	"""What would have been put into the queue."""
	queued: list[dict] = []
	with patch("frappe.enqueue", lambda method, **options: queued.append({"method": method, **options})):
		yield queued


@pytest.fixture
def service(transactions: PretendedTransactions) -> Document:
	"""A published service without rules, for the streets' department."""
	return make.make_service(questions=[KIND], department="streets")


def send(service: Document, kind: str, received_at: datetime | None = None, **went: object) -> str:
	"""A request as it came at some time, and how its ticket went."""
	answers = [make.make_answer("kind", kind, label="What is it?", type="Choice")]
	reference = make.make_request(service, answers=answers)
	submission = make.get_submission(reference)
	if received_at:
		promised = promise.make_promise(read_service(service), submission.department, received_at)
		dates = {"response_by": promised.response_by, "resolution_by": promised.resolution_by}
		submission.db_set({"received_at": received_at, **dates})
		values = {"service_level_agreement_creation": received_at, "creation": received_at}
		frappe.db.set_value("HD Ticket", submission.ticket, values, update_modified=False)
	if went:
		frappe.db.set_value("HD Ticket", submission.ticket, went, update_modified=False)
	return reference


def make_rule(**overrides: object) -> dict:
	return {
		"match_on": "Answer",
		"question_key": "kind",
		"match_values": "Cat",
		"department": "parks",
		**overrides,
	}


def change(service: Document, **changes: object) -> str:
	"""The service's form with changes nobody has saved."""
	form = service.as_dict(convert_dates_to_str=True)
	rules = changes.pop("rules", None)
	form.update(changes)
	if rules is not None:
		form["routing_rules"] = [{"doctype": "Service Routing Rule", **rule} for rule in rules]
	return frappe.as_json(form)


def try_out(draft: str, months: int = 12) -> tuple[str, dict]:
	"""A whole replay, as the browser and the worker do it."""
	name = replay.start(draft, months)
	replay.run(name)
	doc = frappe.get_doc(DOCTYPE, name)
	assert doc.state == "Done", doc.state
	return name, json.loads(doc.result)


def test_a_rule_of_a_form_nobody_has_saved_is_tried(service: Document, jobs: list) -> None:
	cats, dogs = [send(service, "Cat") for _number in range(3)], [send(service, "Dog")]

	name, found = try_out(change(service, rules=[make_rule()]))

	assert (found["requests"], found["moved"]) == (4, 3)
	assert found["moves"] == [{"from": "streets", "to": "parks", "count": 3, "foreseen": 0}]
	assert {sample["reference"] for sample in found["samples"]} == set(cats)
	assert dogs[0] not in json.dumps(found)
	assert found["rules"] == {"1": 3}
	assert frappe.db.count("Service Routing Rule", {"parent": service.name}) == 0
	assert frappe.db.get_value(DOCTYPE, name, ["moved", "total"]) == (3, 4)


def test_the_job_waits_for_the_commit_and_for_the_slow_queue(service: Document, jobs: list) -> None:
	send(service, "Cat")

	name = replay.start(change(service), 12)

	job = next(job for job in jobs if job["method"].endswith("replay.service.run"))
	assert (job["queue"], job["enqueue_after_commit"], job["name"]) == ("long", True, name)
	assert job["job_id"] == JOB.format(name)


def test_a_replay_writes_its_own_row_and_nothing_else(service: Document, jobs: list) -> None:
	for kind in ("Cat", "Dog", "Cat"):
		send(service, kind, first_responded_on=now_datetime())
	name = replay.start(change(service, rules=[make_rule(team=None), make_rule(match_values="Dog")]), 12)
	queries: list[str] = []

	counts = count_here(lambda: replay.run(name))
	frappe.db.set_value(DOCTYPE, name, "state", "Under way")
	with _recording(queries):
		replay.run(name)

	assert counts.writes == 1
	written = [query for query in queries if not query.lstrip().upper().startswith(("SELECT", "SHOW"))]
	assert len(written) == 1
	assert written[0].startswith("UPDATE `tabRouting Replay`")


def test_more_requests_cost_no_more_statements(service: Document, jobs: list) -> None:
	def spend() -> int:
		name = replay.start(change(service, rules=[make_rule()]), 12)
		return count_here(lambda: replay.run(name)).statements

	for _number in range(3):
		send(service, "Cat")
	spend()  # doctypes are read
	few = spend()
	for _number in range(6):
		send(service, "Cat")

	assert spend() == few


def test_batches_follow_each_other_without_gap_or_overlap(service: Document) -> None:
	same_moment = now_datetime().replace(microsecond=0) - timedelta(days=1)
	sent = {send(service, "Cat", same_moment) for _number in range(5)} | {
		send(service, "Dog") for _number in range(2)
	}
	since, until = same_moment - timedelta(days=1), now_datetime()

	batches = list(past.read_batches(service.name, since, until, size=3))

	read = [row.name for rows in batches for row in rows]
	assert sorted(read) == sorted(sent)
	assert [len(rows) for rows in batches] == [3, 3, 1]
	assert past.count_requests(service.name, since, until) == 7


def test_requests_before_the_months_asked_for_are_left_out(service: Document, jobs: list) -> None:
	send(service, "Cat", now_datetime().replace(microsecond=0) - timedelta(days=70))
	send(service, "Cat")

	assert try_out(change(service), 1)[1]["requests"] == 1
	assert try_out(change(service), 3)[1]["requests"] == 2


def test_a_shorter_promise_is_counted_and_measured_in_working_time(service: Document, jobs: list) -> None:
	send(service, "Cat", datetime(2026, 10, 6, 10, 0))

	_name, found = try_out(change(service, response_target=1, resolution_target=12))

	assert found["answer"]["sooner"]["count"] == 1
	assert found["answer"]["sooner"]["middle"]["days"] == 1
	assert found["end"]["later"]["count"] == 1
	assert found["end"]["later"]["middle"]["days"] == 2


def test_the_same_service_promises_the_same(service: Document, jobs: list) -> None:
	for minute in (0, 1, 29, 30, 59):
		send(service, "Cat", datetime(2026, 10, 6, 10, minute))

	_name, found = try_out(change(service))

	assert found["answer"]["same"] == 5
	assert found["end"]["same"] == 5


def test_what_cannot_be_kept_at_the_real_pace_is_counted(service: Document, jobs: list) -> None:
	tuesday = datetime(2026, 10, 6, 10, 0)
	send(service, "Dog", tuesday, first_responded_on=tuesday + timedelta(hours=2))
	send(service, "Dog", tuesday, first_responded_on=tuesday + timedelta(days=1, hours=5))

	_name, found = try_out(change(service, response_target=1))

	assert found["kept"]["answer as promised"] == {"kept": 2}
	assert found["kept"]["answer with the draft"] == {"kept": 1, "late": 1}


def test_a_wait_for_the_resident_is_not_held_against_the_department(service: Document, jobs: list) -> None:
	tuesday = datetime(2026, 10, 6, 10, 0)
	done = {"resolution_date": tuesday + timedelta(days=3), "first_responded_on": tuesday}
	send(service, "Dog", tuesday, **done)
	send(service, "Dog", tuesday, **done, total_hold_time=3 * 86400)

	_name, found = try_out(change(service, response_target=1, resolution_target=1))

	assert found["kept"]["end with the draft"] == {"kept": 1, "late": 1}


def test_a_request_done_in_time_but_for_its_wait_was_kept_as_promised(jobs: list) -> None:
	tuesday = datetime(2026, 10, 6, 10, 0)
	service = make.make_service(questions=[KIND], response_target=1, resolution_target=1)
	done = {"resolution_date": tuesday + timedelta(days=3), "first_responded_on": tuesday}
	send(service, "Dog", tuesday, **done)
	send(service, "Dog", tuesday, **done, total_hold_time=3 * 86400)

	_name, found = try_out(change(service))

	assert found["kept"]["end as promised"] == {"kept": 1, "late": 1}
	assert found["kept"]["end with the draft"] == {"kept": 1, "late": 1}


@pytest.mark.parametrize(
	("response", "resolution"),
	[
		((3, "Working hours"), (9, "Working hours")),
		((2, "Working hours"), (1, "Working days")),
		((1, "Working days"), (2, "Calendar days")),
	],
)
def test_a_draft_that_changes_nothing_is_judged_as_what_was_promised(
	jobs: list, response: tuple, resolution: tuple
) -> None:
	# Hours that begin and end beside the half hour.
	hours = [*make.make_hours("08:15:00", "17:20:00", make.WEEK[:4]), *make.make_hours(days=("Friday",))]
	department = make.make_department(opening_hours=hours)
	service = make.make_service(
		questions=[KIND],
		department=department.name,
		response_target=response[0],
		response_unit=response[1],
		resolution_target=resolution[0],
		resolution_unit=resolution[1],
	)
	chance = random.Random(7)
	for _number in range(25):
		at = datetime(2026, 10, 1) + timedelta(minutes=chance.randrange(20 * 1440))
		hold_seconds = chance.choice([0, 1000, 20_000, 100_000])
		due = promise.make_promise(read_service(service), department.name, at)
		went = {
			"first_responded_on": due.response_by + timedelta(minutes=chance.randrange(-40, 40)),
			"resolution_date": due.resolution_by
			+ timedelta(minutes=chance.randrange(-40, 40), seconds=hold_seconds),
		}
		send(service, "Dog", at, total_hold_time=hold_seconds, **went)

	_name, found = try_out(change(service))

	for part in ("answer", "end"):
		assert found["kept"][f"{part} as promised"] == found["kept"][f"{part} with the draft"]
		assert found[part]["same"] == 25


def test_the_other_department_is_judged_by_its_own_pace(service: Document, jobs: list) -> None:
	other = make.make_department()
	theirs = make.make_service(department=other.name, questions=[KIND])
	monday = datetime(2026, 10, 5, 10, 0)
	for hours in (1, 2, 3, 80):
		send(theirs, "Cat", monday, first_responded_on=monday + timedelta(hours=hours))
	for _number in range(4):
		send(service, "Cat", monday, first_responded_on=monday)

	_name, found = try_out(
		change(
			service, rules=[make_rule(department=other.name, response_target=1, response_unit="Working days")]
		)
	)

	pace = next(pace for pace in found["paces"] if pace["department"] == other.name)
	assert pace["moved"] == 4
	assert pace["targets"]["answer"] == {"amount": 1, "unit": "Working days"}
	assert pace["answer"] == {"judged": 4, "share": 0.75, "late": 1}


def test_hand_overs_that_the_draft_would_have_spared_are_counted(service: Document, jobs: list) -> None:
	send(service, "Cat", None, cs_department="parks")
	send(service, "Cat")

	_name, found = try_out(change(service, rules=[make_rule()]))

	assert found["moves"][0]["foreseen"] == 1


def test_rules_that_never_decide_are_told_apart(service: Document, jobs: list) -> None:
	send(service, "Cat")
	rules = [
		make_rule(),
		make_rule(match_on="Channel", match_values="Portal", department="front-desk"),
		make_rule(match_on="Channel", match_values="Phone"),
	]

	name, found = try_out(change(service, rules=rules))

	assert found["rules"] == {"1": 1}
	assert found["hidden"] == {"2": 1}
	html = replay.show_report(name)
	assert "Never applied: an earlier rule had all that match (1)." in html
	assert "Never applied: none of these requests matches." in html


def test_rules_by_kind_of_citizen_ask_once_for_a_batch(service: Document, jobs: list) -> None:
	references = [send(service, "Cat") for _number in range(3)]
	citizen = frappe.db.get_value("Service Submission", references[0], "citizen")
	frappe.db.set_value("Citizen", citizen, "kind", "Business")
	rule = make_rule(match_on="Kind of citizen", question_key=None, match_values="Business")

	_name, found = try_out(change(service, rules=[rule]))

	assert [sample["reference"] for sample in found["samples"]] == [references[0]]


@pytest.mark.parametrize(
	("changes", "word"),
	[
		({"rules": [make_rule(match_values="Horse")]}, "Horse"),
		({"response_target": 0}, "promise is at least 1"),
		({"questions": [{**KIND, "choices": "Cat"}]}, "two choices"),
		({"department": "no-such-department"}, "no-such-department"),
		({"kind": "Wish"}, "Wish"),
	],
)
def test_a_draft_that_could_not_be_saved_is_refused_with_what_to_mend(
	service: Document, jobs: list, changes: dict, word: str
) -> None:
	send(service, "Cat")
	draft = change(service, **{"rules": [], **changes})

	with pytest.raises(frappe.ValidationError) as refused:
		replay.start(draft, 12)

	said = str(refused.value) + json.dumps(frappe.local.message_log, default=str)
	assert word in said
	assert not frappe.get_all(DOCTYPE, {"service": service.name})


@pytest.mark.parametrize(
	"draft", ["", "[]", "{", '{"name": "no-such-service"}', '{"name": {"a": 1}}', "x" * 1_000_001]
)
def test_what_is_no_form_is_refused(service: Document, jobs: list, draft: str) -> None:
	with pytest.raises(frappe.ValidationError):
		replay.start(draft, 12)


def test_a_form_cannot_bring_methods_or_flags_of_its_own(service: Document, jobs: list) -> None:
	send(service, "Cat")
	form = json.loads(change(service, response_target=0))
	form |= {"validate": "x", "check_promise": "x", "flags": {"ignore_permissions": True}, "__islocal": 1}

	with pytest.raises(frappe.ValidationError):
		replay.start(json.dumps(form), 12)


def test_a_service_without_requests_says_so(service: Document, jobs: list) -> None:
	with pytest.raises(frappe.ValidationError, match="nothing to try it on"):
		replay.start(change(service), 12)


def test_a_cancelled_replay_stops_with_its_batch_and_keeps_no_result(service: Document, jobs: list) -> None:
	for _number in range(3):
		send(service, "Cat")
	name = replay.start(change(service), 12)

	def cancel_after_one(method: Callable) -> Callable:
		def tell(self: progress.Progress, done: int, always: bool = False) -> None:
			method(self, done, always)
			if done == 1:
				replay.cancel(name)

		return tell

	with (
		patch.object(past.read_batches, "__defaults__", (1,)),
		patch.object(progress, "SECONDS_BETWEEN_TELLINGS", 0),
		patch.object(progress.Progress, "tell", cancel_after_one(progress.Progress.tell)),
	):
		replay.run(name)

	doc = frappe.get_doc(DOCTYPE, name)
	assert (doc.state, doc.result) == ("Cancelled", None)
	assert progress.read(name)["done"] == 1
	assert replay.show_report(name) == ""


def test_a_replay_cancelled_before_its_turn_never_begins(service: Document, jobs: list) -> None:
	send(service, "Cat")
	name = replay.start(change(service), 12)
	replay.cancel(name)

	with patch("citizen_support.replay.service.Replay") as never:
		replay.run(name)

	assert not never.called
	assert frappe.db.get_value(DOCTYPE, name, "state") == "Cancelled"


def test_progress_is_told_to_the_owner_and_stands_for_a_reload(service: Document, jobs: list) -> None:
	send(service, "Cat")
	name = replay.start(change(service), 12)
	assert replay.get_progress(name)["is_waiting"]
	told: list[tuple] = []

	with patch(
		"frappe.publish_realtime", lambda event, message, **options: told.append((event, message, options))
	):
		progress.Progress(name, "manager@example.org", 1).tell(1, always=True)

	assert told[0][0] == "citizen_support_replay"
	assert told[0][2] == {"user": "manager@example.org"}
	state = replay.get_progress(name)
	assert (state["done"], state["total"], state["is_waiting"], state["stopped"]) == (1, 1, False, False)


def test_a_replay_whose_worker_is_gone_says_so(service: Document, jobs: list) -> None:
	send(service, "Cat")
	name = replay.start(change(service), 12)
	frappe.db.set_value(
		DOCTYPE, name, "creation", add_to_date(now_datetime(), hours=-2), update_modified=False
	)

	assert replay.get_progress(name)["stopped"]


def test_a_replay_that_fails_ends_as_failed(service: Document, jobs: list) -> None:
	send(service, "Cat")
	name = replay.start(change(service), 12)
	frappe.db.commit()

	with patch("citizen_support.replay.job.Replay._try", side_effect=RuntimeError("no")):
		replay.run(name)

	assert frappe.db.get_value(DOCTYPE, name, "state") == "Failed"


def test_the_report_escapes_whatever_people_have_named_things(jobs: list) -> None:
	nasty = "<script>alert(1)</script>"
	other = make.make_department()
	# As it could stand there by an import; the form itself would not let it in.
	frappe.db.set_value("Municipal Department", other.name, "department_name", f"Parks {nasty}")
	frappe.clear_document_cache("Municipal Department", other.name)
	service = make.make_service(questions=[KIND], title="Cats", department="streets")
	send(service, "Cat")
	name, _found = try_out(change(service, rules=[make_rule(department=other.name, note=nasty)]))

	html = replay.show_report(name)

	assert "<script>" not in html
	assert "&lt;script&gt;" in html


def test_old_replays_are_deleted_and_young_ones_stay(service: Document, jobs: list) -> None:
	send(service, "Cat")
	old, young = (replay.start(change(service), 12) for _number in range(2))
	frappe.db.set_value(
		DOCTYPE, old, "creation", add_to_date(now_datetime(), days=-31), update_modified=False
	)

	forget_old()

	assert not frappe.db.exists(DOCTYPE, old)
	assert frappe.db.exists(DOCTYPE, young)


def test_a_deleted_replay_stops(service: Document, jobs: list) -> None:
	send(service, "Cat")
	name = replay.start(change(service), 12)

	frappe.delete_doc(DOCTYPE, name)

	assert progress.is_to_stop(name)


def test_a_manager_without_system_rights_tries_and_a_coordinator_does_not(
	service: Document, jobs: list
) -> None:
	send(service, "Cat")
	draft = change(service)
	frappe.set_user(make.make_user(MANAGER))
	name = api.try_on_past_requests(draft, 12)
	assert api.get_replay_progress(name)["state"] == "Under way"
	api.cancel_replay(name)
	frappe.set_user(make.make_user(COORDINATOR))

	for ask in (
		lambda: api.try_on_past_requests(draft, 12),
		lambda: api.get_replay_progress(name),
		lambda: api.get_replay_report(name),
		lambda: api.cancel_replay(name),
	):
		with pytest.raises(frappe.PermissionError):
			ask()
