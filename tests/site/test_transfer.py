"""A catalogue moves: out as a file, in again with a look first, all of it or nothing, and twice is once."""

import pickle
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

import frappe
from frappe.model.document import Document

from citizen_support import promise, routing, transfer
from citizen_support.catalogue import read_service
from citizen_support.intake.rules import Answer
from citizen_support.setup.roles import COORDINATOR, MANAGER
from citizen_support.transfer.batch import CATALOGUE, Batch
from citizen_support.transfer.catalogue_file import read_catalogue, write_catalogue
from citizen_support.transfer.export import add_needs, collect, export_catalogue
from citizen_support.transfer.reading import read_text
from citizen_support.transfer.run import CHANGED, CONFLICT, CREATED, KEPT, UNTOUCHED, Outcome, play
from citizen_support.transfer.schema import get_kind_of
from citizen_support.transfer.sheets import list_columns
from tests.site import factories as make

HEAD = "format: citizen-support-catalogue\nversion: 1\n"
DOCTYPES = (
	"Municipal Service",
	"Service Question",
	"Service Routing Rule",
	"Service Article",
	"Municipal Department",
	"Department Opening Hours",
	"Service Category",
	"Service Area",
	"Catalogue Translation",
	"Catalogue Text",
	"HD Article",
	"HD Article Category",
	"Notice Template",
	"Version",
	"Service Version",
	"HD Service Level Agreement",
)
MONDAY = datetime(2026, 5, 4, 11, 0)


def look_around() -> dict[str, list]:
	"""Everything an import could touch, with when it was last touched."""
	return {
		doctype: frappe.get_all(doctype, fields=["name", "modified"], order_by="name", limit_page_length=0)
		for doctype in DOCTYPES
	}


def take(text: str, write: bool = True, overwrite: bool = False) -> Outcome:
	return play(read_text(text), write, overwrite)


def forget(*doctypes: str) -> None:
	"""As on a site that has never had these records."""
	for doctype in doctypes:
		frappe.db.delete(doctype)
		for field in frappe.get_meta(doctype).get_table_fields():
			frappe.db.delete(field.options, {"parenttype": doctype})
	frappe.clear_cache()
	frappe.cache.delete_keys("document_cache::")
	frappe.local.document_cache = {}


def sentences(outcome: Outcome) -> str:
	return "\n".join(sentence for step in outcome.steps for sentence in step.sentences)


def make_document(text: str, **values: object) -> str:
	"""A Catalogue Import with this text attached, made by whoever is logged in."""
	file = frappe.get_doc(
		{"doctype": "File", "file_name": f"{make.make_name('file')}.txt", "is_private": 1, "content": text}
	)
	file.insert()
	doc = frappe.get_doc({"doctype": "Catalogue Import", "source": "A file", "file": file.file_url, **values})
	return doc.insert().name


SMALL = (
	HEAD
	+ """departments:
  - code: moved-department
    department_name: Moved Department
    team: A team nobody has here
    opening_hours:
      - workday: Monday
        start_time: 08:00
        end_time: '17:00'
categories:
  - code: moved-leaf
    category_name: Leaf
    parent_service_category: moved-root
  - code: moved-root
    category_name: Root
    is_group: true
services:
  - code: moved-service
    title: Moved service
    department: moved-department
    category: moved-leaf
    kind: Request
    response_target: 2
    response_unit: Working days
    ask_name: Optional
    ask_email: Optional
    ask_phone: Optional
    description: <p>Hello</p>
    questions:
      - question_key: hurt
        label: Is it hurt?
        question_type: Yes or no
    routing_rules:
      - match_on: Answer
        question_key: hurt
        match_values:
          - Yes
        department: moved-department
        priority: Urgent
"""
)


# Out and in again


def test_the_starter_city_leaves_and_arrives_to_the_byte() -> None:
	before = export_catalogue([])
	forget(
		"Municipal Service",
		"Municipal Department",
		"Service Category",
		"HD Article",
		"Service Area",
		"Notice Template",
	)

	outcome = take(before)

	assert outcome.written, sentences(outcome)
	assert outcome.count(CREATED) == len(outcome.steps) - 1 > 60
	assert outcome.steps[0].section == "city_texts" and outcome.steps[0].action == UNTOUCHED
	assert export_catalogue([]).encode() == before.encode()
	assert set(frappe.get_all("Municipal Service", pluck="status")) == {"Draft"}


def test_the_starter_city_over_itself_touches_nothing() -> None:
	text, before = export_catalogue([]), look_around()

	outcome = take(text)

	assert outcome.written
	assert outcome.count(UNTOUCHED) == len(outcome.steps)
	assert look_around() == before


def test_importing_twice_changes_nothing_the_second_time() -> None:
	assert take(SMALL).written
	before = look_around()

	outcome = take(SMALL)

	assert [step.action for step in outcome.steps] == [UNTOUCHED] * 4
	assert look_around() == before


def test_a_look_writes_nothing_and_leaves_nothing_to_do() -> None:
	before, waiting = look_around(), list(frappe.db.after_commit._functions)

	outcome = take(SMALL, write=False)

	assert not outcome.written and outcome.count(CREATED) == 4
	assert look_around() == before
	assert list(frappe.db.after_commit._functions) == waiting
	assert not frappe.db.exists("Municipal Service", "moved-service")
	assert frappe.local.message_log == []


def test_a_service_comes_with_all_it_needs() -> None:
	area = make.make_area()
	service = make.make_service(
		articles=[{"article": make.make_article()}],
		routing_rules=[{"match_on": "Service Area", "service_area": area.name, "department": "parks"}],
	)

	sections = read_catalogue(transfer.export_records("Municipal Service", [service.name]))

	assert [row["code"] for row in sections["services"]] == [service.name]
	assert [row["code"] for row in sections["departments"]] == ["parks", "streets"]
	assert [row["code"] for row in sections["categories"]] == ["streets"]
	assert [row["code"] for row in sections["areas"]] == [area.name]
	assert len(sections["articles"]) == 1


def test_texts_in_other_languages_go_along() -> None:
	service = make.make_service()
	frappe.get_doc(
		{
			"doctype": "Catalogue Translation",
			"reference_doctype": "Municipal Service",
			"reference_name": service.name,
			"language": "de",
			"texts": [
				{"path": "title", "source": service.title, "translation": "Dienst"},
				{
					"path": "question:what:label",
					"source": "What happened?",
					"translation": "Was ist geschehen?",
				},
			],
		}
	).insert()
	text = transfer.export_records("Municipal Service", [service.name])
	forget("Catalogue Translation")

	outcome = take(text)

	assert outcome.count(CREATED) == 1, sentences(outcome)
	assert transfer.export_records("Municipal Service", [service.name]) == text
	assert "Was ist geschehen?" in text


def test_the_same_request_goes_the_same_way_with_the_same_promise() -> None:
	department = make.make_department(code=make.make_name("dep"))
	other = make.make_department(code=make.make_name("dep"), opening_hours=make.make_hours("07:00", "12:30"))
	area = make.make_area()
	service = make.make_service(
		department=department.name,
		questions=[
			{"label": "Hurt?", "question_key": "hurt", "question_type": "Yes or no"},
			{"label": "Where?", "question_key": "place", "question_type": "Place"},
		],
		routing_rules=[
			{
				"match_on": "Answer",
				"question_key": "hurt",
				"match_values": "Yes",
				"department": other.name,
				"priority": "Urgent",
				"response_target": 3,
				"response_unit": "Working hours",
			},
			{"match_on": "Service Area", "service_area": area.name, "department": other.name},
			{
				"match_on": "Time",
				"time_when": "At these times",
				"time_days": "Monday",
				"time_from": "08:30:00",
				"time_to": "10:00:00",
				"department": other.name,
				"resolution_target": 40,
				"resolution_unit": "Calendar days",
			},
		],
	)
	requests = [
		[Answer("hurt", "Hurt?", "Yes or no", ("Yes",))],
		[Answer("hurt", "Hurt?", "Yes or no", ("No",))],
		[Answer("place", "Where?", "Place", ("In the field",), latitude=0.5, longitude=0.5)],
		[],
	]
	times = (MONDAY, MONDAY.replace(hour=9))

	before = [follow(service.name, answers, at) for answers in requests for at in times]
	text = transfer.export_records("Municipal Service", [service.name])
	forget("Municipal Service", "Service Area")
	frappe.db.delete("Municipal Department", {"name": ("in", [department.name, other.name])})
	frappe.db.delete("Department Opening Hours", {"parent": ("in", [department.name, other.name])})
	frappe.cache.delete_keys("citizen_support:")
	outcome = take(text)

	assert outcome.written, sentences(outcome)
	assert [follow(service.name, answers, at) for answers in requests for at in times] == before
	assert {route.position for route, _promise in before} == {None, 1, 2, 3}


def follow(code: str, answers: list[Answer], at: datetime) -> tuple:
	"""Where a request goes, and what it is promised."""
	service = read_service(frappe.get_doc("Municipal Service", code))
	facts = routing.make_facts(service, answers, "Portal", at)
	route = routing.route(service, facts)
	return route, promise.make_promise({**service, **route.targets}, route.department, at)


# What an import says


def test_missing_teams_are_said_and_do_no_harm() -> None:
	outcome = take(SMALL)

	assert "The team “A team nobody has here” is not here, so it arrives without a team." in sentences(
		outcome
	)
	assert not frappe.db.get_value("Municipal Department", "moved-department", "team")


def test_a_team_chosen_here_stays_when_the_file_comes_again() -> None:
	take(SMALL)
	team = make.make_team()
	frappe.db.set_value("Municipal Department", "moved-department", "team", team)

	outcome = take(SMALL, overwrite=True)

	assert frappe.db.get_value("Municipal Department", "moved-department", "team") == team
	assert outcome.steps[0].action == UNTOUCHED


def test_changes_are_said_in_words() -> None:
	take(SMALL)

	outcome = take(
		SMALL.replace("response_target: 2", "response_target: 3").replace(
			"label: Is it hurt?", "label: Hurt?"
		)
	)

	step = outcome.steps[-1]
	assert step.action == CHANGED
	assert step.sentences == [
		"Answer within: “2” → “3”",
		"Questions, in the order they are asked: changed “Hurt?”",
	]


BAD = (
	(
		"department: moved-department\n    category",
		"department: nowhere\n    category",
		"The department “nowhere”",
	),
	("category: moved-leaf", "category: nowhere", "“nowhere” is neither here nor in the file"),
	("code: moved-service", "code: Moved Service!", "may have only small letters"),
	(
		"question_type: Yes or no",
		"question_type: Guess",
		"services → moved-service → questions → 1 → question_type: “Guess” cannot be chosen.",
	),
	("label: Is it hurt?", "labl: Is it hurt?", "services → moved-service → questions → 1 → labl"),
	("match_values:\n          - Yes", "match_values:\n          - Perhaps", "“Perhaps”"),
	("end_time: '17:00'", "end_time: '07:00'", "closes before it opens"),
)


@pytest.mark.parametrize(("good", "bad", "said"), BAD, ids=[row[1][:20] for row in BAD])
def test_one_bad_record_stops_them_all(good: str, bad: str, said: str) -> None:
	assert good in SMALL
	before = look_around()

	outcome = take(SMALL.replace(good, bad, 1))

	assert not outcome.written
	assert outcome.count(CONFLICT) >= 1
	assert said.replace("The department ", "") in sentences(outcome)
	assert look_around() == before


def test_every_conflict_has_a_message_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
	text = SMALL.replace("end_time: '17:00'", "end_time: '07:00'").replace(
		"department: moved-department\n    category", "department: nowhere\n    category"
	)
	save = Document.save

	def save_or_refuse(doc: Document, *args: object, **kwargs: object) -> Document:
		if doc.doctype == "Service Category":
			raise frappe.PermissionError
		return save(doc, *args, **kwargs)

	monkeypatch.setattr(Document, "save", save_or_refuse)

	said = {step.name: step.sentences for step in take(text).steps}

	assert "closes before it opens" in said["moved-department"][-1]
	assert said["moved-root"] == ["PermissionError"]
	assert [sentence for sentence in said["moved-service"] if "closes before" in sentence] == []
	assert any("“nowhere” is neither here nor in the file" in sentence for sentence in said["moved-service"])


def test_a_missing_right_is_named() -> None:
	frappe.set_user(make.make_user(COORDINATOR))

	outcome = take(HEAD + "categories:\n  - code: moved-root\n    category_name: Root\n")

	(step,) = outcome.steps
	assert step.action == CONFLICT
	assert "permission" in step.sentences[0] and "Service Category" in step.sentences[0]


def test_scripts_do_not_arrive_and_do_not_count_as_changes() -> None:
	text = SMALL.replace(
		"<p>Hello</p>", "'<p>Hello</p><script>alert(1)</script><img src=x onerror=alert(1)>'"
	)

	assert take(text).written

	stored = frappe.db.get_value("Municipal Service", "moved-service", "description")
	assert "<script" not in stored and "onerror" not in stored
	assert take(text).steps[-1].action == UNTOUCHED


def test_a_published_service_stays_published_and_a_new_one_waits() -> None:
	service = make.make_service()
	text = transfer.export_records("Municipal Service", [service.name], with_needs=False)

	take(text.replace("summary: For tests.", "summary: For other tests."))

	assert frappe.db.get_value("Municipal Service", service.name, ["status", "summary"]) == (
		"Published",
		"For other tests.",
	)


def test_a_published_service_cannot_be_broken_by_a_file() -> None:
	"""What publishing refuses, a file cannot bring; the same change of a draft can come."""
	for fieldname in ("contact_phone", "contact_email"):
		frappe.db.set_single_value("Citizen Support Settings", fieldname, "")
	frappe.clear_document_cache("Citizen Support Settings", "Citizen Support Settings")
	nobody = make.make_department(phone=None, email=None)
	outcomes = {}
	for status in ("Published", "Draft"):
		service = make.make_service(status=status)
		text = transfer.export_records("Municipal Service", [service.name], with_needs=False)
		outcomes[status] = take(text.replace("department: streets", f"department: {nobody.name}"))

	assert outcomes["Draft"].written
	assert not outcomes["Published"].written and outcomes["Published"].count(CONFLICT) == 1
	assert nobody.department_name in sentences(outcomes["Published"])


def test_articles_are_made_with_their_category_once() -> None:
	title = make.make_name("Article")
	text = (
		HEAD
		+ f"articles:\n  - title: {title}\n    category: {title} category\n    status: Published\n    content: <p>Hi</p>\n"
	)

	assert [take(text).steps[0].action for _time in range(2)] == [CREATED, UNTOUCHED]
	assert frappe.db.count("HD Article", {"title": title}) == 1
	assert frappe.db.count("HD Article Category", {"category_name": f"{title} category"}) == 1


# The document, by a manager


@pytest.fixture
def manager() -> str:
	user = make.make_user(MANAGER)
	frappe.set_user(user)
	return user


def test_a_manager_looks_and_imports(manager: str, transactions: object) -> None:
	name = make_document(SMALL)

	assert transfer.check(name) == "Checked"
	assert not frappe.db.exists("Municipal Service", "moved-service")
	assert transfer.import_now(name) == "Imported"

	shown = transfer.summarise(name)
	assert shown["counts"] == {CREATED: 4, CHANGED: 0, UNTOUCHED: 0, KEPT: 0, CONFLICT: 0}
	assert {row["section"] for row in shown["rows"]} == {"Departments", "Categories", "Services"}
	assert frappe.db.get_value("Municipal Service", "moved-service", "status") == "Draft"
	assert "System Manager" not in frappe.get_roles()


def test_nobody_imports_unseen_or_twice(manager: str, transactions: object) -> None:
	name = make_document(SMALL)
	with pytest.raises(frappe.ValidationError, match="look first"):
		transfer.import_now(name)
	transfer.check(name)
	transfer.import_now(name)

	for again in (transfer.check, transfer.import_now):
		with pytest.raises(frappe.ValidationError):
			again(name)


def test_what_has_changed_since_the_look_is_not_imported(manager: str, transactions: object) -> None:
	name = make_document(SMALL)
	transfer.check(name)
	file = frappe.get_doc("File", {"attached_to_name": name, "attached_to_doctype": "Catalogue Import"})
	Path(file.get_full_path()).write_text(SMALL.replace("moved-service", "another-service"))

	assert transfer.import_now(name) == "Not checked"
	assert not frappe.db.exists("Municipal Service", {"name": ("in", ["moved-service", "another-service"])})


@pytest.mark.parametrize("is_in_background", [False, True], ids=["at once", "in the background"])
def test_what_has_changed_here_since_the_look_is_not_overwritten(
	manager: str, transactions: object, is_in_background: bool
) -> None:
	take(SMALL)
	name = make_document(SMALL.replace("title: Moved service", "title: Renamed service"))
	assert transfer.check(name) == "Checked"
	ours = frappe.get_doc("Municipal Service", "moved-service")
	ours.summary = "In our own words."
	ours.save()

	assert import_again(name, is_in_background) == "Not checked"

	problem = frappe.db.get_value("Catalogue Import", name, "problem")
	assert problem == "Something here has changed since it was checked. Please check it again."
	assert frappe.db.get_value("Municipal Service", "moved-service", ["title", "summary"]) == (
		"Moved service",
		"In our own words.",
	)
	assert transfer.check(name) == "Checked"
	assert import_again(name, is_in_background) == "Imported"


@pytest.mark.parametrize("code", ["moved-service", "moved-department"])
def test_what_was_made_or_taken_away_since_the_look_wants_another_one(
	manager: str, transactions: object, code: str
) -> None:
	name = make_document(SMALL)
	if code == "moved-service":
		take(SMALL)
	transfer.check(name)
	if code == "moved-service":
		frappe.delete_doc("Municipal Service", code, force=True)
	else:
		make.make_department(code=code)

	assert transfer.import_now(name) == "Not checked"


def test_a_conflict_that_came_since_the_look_is_explained(manager: str, transactions: object) -> None:
	name = make_document(SMALL.replace("category: moved-leaf", "category: a-category"))
	make.make_category(code="a-category")
	transfer.check(name)
	frappe.delete_doc("Service Category", "a-category", force=True)

	assert transfer.import_now(name) == "Checked"
	assert "a-category" in transfer.summarise(name)["rows"][-1]["details"]
	with pytest.raises(frappe.ValidationError, match="conflicts"):
		transfer.import_now(name)


def import_again(name: str, is_in_background: bool) -> str:
	"""The state after an import, by the browser's request or by a worker."""
	from citizen_support.transfer import service

	if not is_in_background:
		return transfer.import_now(name)
	service.run_job(name, write=True)
	return frappe.db.get_value("Catalogue Import", name, "state")


def test_a_look_shows_nobody_else_what_is_only_tried(manager: str, transactions: object) -> None:
	"""What other processes would be told stands in Redis; it may never be a record that was not kept."""
	department = make.make_department(phone="+12025550111")
	text = write_catalogue(collect({"departments": [department.name]}))
	seen = []

	def look(_done: int, _total: int) -> None:
		shared = frappe.cache.get(
			frappe.cache.make_key(f"document_cache::Municipal Department::{department.name}")
		)
		seen.append(shared and pickle.loads(shared).phone)

	play(read_text(text.replace("+12025550111", "+12025550999")), False, tell=look)

	assert seen and "+12025550999" not in seen
	assert frappe.get_cached_doc("Municipal Department", department.name).phone == "+12025550111"


def test_another_file_wants_another_look(manager: str, transactions: object) -> None:
	name = make_document(SMALL)
	transfer.check(name)
	doc = frappe.get_doc("Catalogue Import", name)
	doc.overwrite = "Take what the file says"
	doc.save()

	assert doc.state == "Not checked" and not doc.records
	with pytest.raises(frappe.ValidationError, match="look first"):
		transfer.import_now(name)


def test_what_was_changed_here_is_kept_unless_one_says_otherwise(manager: str, transactions: object) -> None:
	first = make_document(SMALL)
	transfer.check(first)
	transfer.import_now(first)
	ours = frappe.get_doc("Municipal Service", "moved-service")
	ours.summary = "In our own words."
	ours.save()
	newer = SMALL.replace("title: Moved service", "title: Renamed service")

	kept = make_document(newer)
	transfer.check(kept)
	transfer.import_now(kept)
	assert transfer.summarise(kept)["counts"][KEPT] == 1
	assert frappe.db.get_value("Municipal Service", "moved-service", "title") == "Moved service"

	taken = make_document(newer, overwrite="Take what the file says")
	transfer.check(taken)
	transfer.import_now(taken)
	assert frappe.db.get_value("Municipal Service", "moved-service", ["title", "summary"]) == (
		"Renamed service",
		"",
	)


def test_what_was_not_changed_here_is_renewed(manager: str, transactions: object) -> None:
	for text in (SMALL, SMALL.replace("title: Moved service", "title: Renamed service")):
		name = make_document(text)
		transfer.check(name)
		transfer.import_now(name)

	assert transfer.summarise(name)["counts"][CHANGED] == 1
	assert frappe.db.get_value("Municipal Service", "moved-service", "title") == "Renamed service"


@pytest.mark.parametrize(
	("text", "said"),
	[
		("", "There is nothing in this file."),
		("hello", "The columns fit none of the lists."),
		("format: other\n", "This is not a catalogue file"),
		(HEAD + "services:\n - code: a\n   b: *c\n", "Line 5 refers to another part"),
		(HEAD + "services:\n  - code: a\n bad", "The file cannot be read: see line"),
		(HEAD + "services:\n  - code: a\n  - code: a\n", "services: “a” appears twice."),
		('{"services": []}', "There are no Open311 services in it."),
		("<!DOCTYPE a><services/>", "declares a document type"),
	],
)
def test_a_file_that_cannot_be_read_is_explained(
	manager: str, transactions: object, text: str, said: str
) -> None:
	name = make_document(text or " ", department="streets")

	assert transfer.check(name) == "Failed"
	assert said in frappe.db.get_value("Catalogue Import", name, "problem")


def test_large_ones_are_worked_on_in_the_background(manager: str, transactions: object) -> None:
	from citizen_support.transfer import service

	name = make_document(export_catalogue([]))

	assert transfer.check(name) == "Working"
	service.run_job(name, write=False)
	assert frappe.db.get_value("Catalogue Import", name, "state") == "Checked"
	assert transfer.summarise(name)["counts"][UNTOUCHED] > 60


def test_what_was_looked_at_is_imported_by_somebody_with_another_language(
	manager: str, transactions: object, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""What is told of the records differs then, but not what becomes of them."""
	from citizen_support.transfer import service

	name = make_document(export_catalogue([]))
	forget("Municipal Service", "Service Category", "HD Article")
	service.run_job(name, write=False)
	frappe.set_user("Administrator")
	monkeypatch.setattr(frappe.local, "lang", "de")
	service.run_job(name, write=True)

	assert frappe.db.get_value("Catalogue Import", name, "state") == "Imported"
	assert transfer.summarise(name)["counts"][CREATED] > 45


ENTRIES: list[Callable[[], object]] = [
	lambda: transfer.check("x"),
	lambda: transfer.export_catalogue([]),
	lambda: transfer.export_list("Municipal Department"),
	lambda: transfer.export_records("Municipal Service", ["pothole"]),
	lambda: transfer.list_starters(),
	lambda: transfer.start_service("municipality", "stray-cat"),
]


@pytest.mark.parametrize("role", [COORDINATOR, "Agent", "Agent Manager"])
@pytest.mark.parametrize("call", ENTRIES[1:], ids=range(len(ENTRIES) - 1))
def test_only_managers_move_catalogues(role: str, call: Callable[[], object]) -> None:
	frappe.set_user(make.make_user(role))

	with pytest.raises(frappe.PermissionError):
		call()


def test_a_file_of_somebody_else_is_not_read(transactions: object) -> None:
	secret = frappe.get_doc(
		{"doctype": "File", "file_name": "secret.txt", "is_private": 1, "content": make.make_name()}
	)
	secret.insert()
	frappe.set_user(make.make_user(MANAGER))
	doc = frappe.get_doc({"doctype": "Catalogue Import", "source": "A file", "file": secret.file_url})

	with pytest.raises(frappe.PermissionError):
		doc.insert()


@pytest.mark.parametrize(
	"address",
	[
		"/etc/passwd",
		"../../site_config.json",
		"/private/files/../../site_config.json",
		"https://example.org/x",
	],
)
def test_only_attached_files_are_read(manager: str, address: str) -> None:
	with pytest.raises(frappe.ValidationError, match="attach"):
		frappe.get_doc({"doctype": "Catalogue Import", "source": "A file", "file": address}).insert()


@pytest.mark.parametrize("doctype", ["User", "HD Ticket", "DocType", "Citizen", "nonsense"])
def test_only_the_catalogue_can_be_exported(doctype: str) -> None:
	with pytest.raises(frappe.ValidationError):
		transfer.export_records(doctype, ["Administrator"])


# Tables


@pytest.mark.parametrize(
	"doctype", ["Municipal Department", "Service Category", "Municipal Service", "Service Area"]
)
def test_a_list_comes_back_from_a_spreadsheet_untouched(doctype: str) -> None:
	make.make_area()
	before = look_around()

	outcome = take(transfer.export_list(doctype))

	assert outcome.written, sentences(outcome)
	assert {step.action for step in outcome.steps} == {UNTOUCHED}
	assert look_around() == before


def test_a_table_made_in_another_language_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(frappe.local, "lang", "de")
	text = transfer.export_list("Municipal Department")
	monkeypatch.setattr(frappe.local, "lang", "en")

	outcome = take(text)

	assert "Name residents know" not in text
	assert outcome.written and {step.action for step in outcome.steps} == {UNTOUCHED}
	english = transfer.export_list("Municipal Department")
	monkeypatch.setattr(frappe.local, "lang", "fr")
	assert {step.action for step in take(english).steps} == {UNTOUCHED}


def test_a_column_changes_its_field_and_no_other() -> None:
	title = frappe.db.get_value("Municipal Service", "pothole", "title")

	outcome = take("code;response_target\npothole;7\n")

	assert outcome.written and outcome.count(CHANGED) == 1
	assert frappe.db.get_value("Municipal Service", "pothole", ["title", "response_target"]) == (title, 7)
	assert frappe.db.count("Service Question", {"parent": "pothole"}) > 0


def test_rows_somebody_adds_get_what_a_new_record_has() -> None:
	"""As in a list that was exported here: all columns, and in the new row most of them empty."""
	code = make.make_name("new").lower()
	rows = {
		"Municipal Department": {"department_name": f"Department {code}"},
		"Service Category": {"category_name": f"Category {code}"},
		"Municipal Service": {"title": f"Service {code}", "department": code, "category": code},
		"Service Area": {"area_name": f"Area {code}", "postcodes": "1015"},
	}
	for doctype, values in rows.items():
		columns = list_columns(get_kind_of(doctype))
		row = [{"code": code, **values}.get(column.name, "") for column in columns]

		outcome = take(f"{';'.join(column.name for column in columns)}\n{';'.join(row)}\n")

		assert outcome.written and outcome.count(CREATED) == 1, sentences(outcome)

	department = frappe.get_doc("Municipal Department", code)
	assert department.enabled == 1
	assert [(row.workday, str(row.start_time), str(row.end_time)) for row in department.opening_hours] == [
		(row["workday"], "8:00:00", "17:00:00") for row in make.make_hours()
	]
	assert frappe.db.get_value("Service Category", code, "position") == 100
	service = frappe.get_doc("Municipal Service", code)
	assert (service.status, service.kind, service.position, service.priority) == (
		"Draft",
		"Request",
		100,
		"Medium",
	)
	assert (service.response_target, service.response_unit) == (2, "Working days")
	assert (service.ask_name, service.ask_email, service.ask_phone) == ("Optional", "Required", "Optional")


def test_an_empty_cell_still_empties_the_field_of_a_record_that_is_here() -> None:
	hours = make.make_hours("07:00:00", "12:30:00")
	department = make.make_department(public_note="Ring twice.", opening_hours=hours)

	outcome = take(f"code;public_note\n{department.name};\n")

	assert outcome.written and outcome.count(CHANGED) == 1, sentences(outcome)
	department.reload()
	assert not department.public_note
	assert {str(row.end_time) for row in department.opening_hours} == {"12:30:00"}


# Starters


def test_a_service_of_a_starter_is_a_draft_with_what_it_needs(manager: str) -> None:
	code = transfer.start_service("parks", "damaged-play-equipment")

	service = frappe.get_doc("Municipal Service", code)
	assert (service.status, service.department) == ("Draft", "park-maintenance")
	assert frappe.db.exists("Municipal Department", "park-maintenance")
	assert not frappe.db.exists("Municipal Department", "recreation")


def test_a_service_of_a_starter_can_go_to_a_department_of_ours(manager: str) -> None:
	code = transfer.start_service("parks", "damaged-play-equipment", "streets", "streets")

	service = frappe.get_doc("Municipal Service", code)
	assert {service.department, *(row.department for row in service.routing_rules)} == {"streets"}
	assert service.category == "streets"
	assert not frappe.db.exists("Municipal Department", "park-maintenance")


def test_a_service_that_is_here_is_not_made_again(manager: str) -> None:
	with pytest.raises(frappe.ValidationError, match="here already"):
		transfer.start_service("municipality", "stray-cat")


@pytest.mark.parametrize("starter", ["municipality", "parks", "school-district"])
def test_every_starter_catalogue_can_be_imported_on_an_empty_site(manager: str, starter: str) -> None:
	from citizen_support.transfer.starters import read_starter

	forget("Municipal Service", "Municipal Department", "Service Category", "HD Article")

	outcome = play(read_starter(starter), write=True)

	assert outcome.written, sentences(outcome)
	assert outcome.count(CREATED) == len(outcome.steps)


# The texts of the city


def write_city() -> str:
	"""The texts of the city and their translations, as a file."""
	filters = {"reference_doctype": "Citizen Support Settings"}
	translations = frappe.get_all("Catalogue Translation", filters, pluck="name")
	return write_catalogue(collect({"city_texts": None, "translations": translations}))


def change_city(**values: object) -> None:
	settings = frappe.get_doc("Citizen Support Settings")
	settings.update(values)
	settings.flags.ignore_mandatory = True
	settings.save()


def test_the_texts_of_the_city_move_with_their_translations() -> None:
	make.offer_languages("de")
	change_city(default_disclaimer="Snow may delay us.", privacy_text="<p>Ours.</p>", intro_title="")
	settings = frappe.get_doc("Citizen Support Settings")
	make.translate(settings, "de", default_disclaimer="Schnee kann uns aufhalten.")
	text = write_city()
	change_city(default_disclaimer="Other.", privacy_text="", intro_title="Hello")
	forget("Catalogue Translation")

	looked = take(text, write=False)
	assert frappe.db.get_single_value("Citizen Support Settings", "default_disclaimer") == "Other."
	outcome = take(text)

	assert [step.action for step in looked.steps] == [step.action for step in outcome.steps]
	assert outcome.written and outcome.steps[0].action == CHANGED, sentences(outcome)
	settings.reload()
	assert (settings.default_disclaimer, settings.intro_title) == ("Snow may delay us.", "")
	assert write_city().encode() == text.encode()
	assert {step.action for step in take(text).steps} == {UNTOUCHED}


def test_texts_of_the_city_that_were_changed_here_are_kept() -> None:
	text = export_catalogue(["city_texts"]).replace("Our City", "Their City")
	name = make_document(text)
	assert transfer.check(name) == "Checked"
	assert transfer.import_now(name) == "Imported"
	change_city(city_name="Our own City")

	(kept,) = take(text).steps
	(taken,) = take(text, overwrite=True).steps

	assert (kept.action, taken.action) == (KEPT, CHANGED)


def test_only_texts_of_the_settings_can_be_in_a_file() -> None:
	outcome = take(HEAD + "city_texts:\n  - city_name: Ours\n    front_desk_department: parks\n")

	assert not outcome.written and "is not known" in sentences(outcome)


def test_what_could_not_be_imported_again_is_not_exported(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr("citizen_support.transfer.export.MOST_BYTES", 1000)

	with pytest.raises(frappe.ValidationError, match="export fewer parts"):
		export_catalogue(["services"])


# What a rule points at belongs to that rule, not to its place


def make_rule(value: str, **values: object) -> dict:
	return {"match_on": "Area", "match_values": value, "department": "parks", **values}


def read_rule_teams(code: str) -> list[tuple[str, str | None]]:
	return [(row.match_values, row.team) for row in frappe.get_doc("Municipal Service", code).routing_rules]


def test_a_rule_that_comes_first_does_not_get_the_team_of_the_one_that_stood_there() -> None:
	rangers = make.make_team(team_name=make.make_name("Rangers"))
	service = make.make_service(routing_rules=[make_rule("Dog Park", team=rangers, priority="Urgent")])
	(record,) = collect({"services": [service.name]})["services"]
	gas = make_rule(
		"Gas Street", team="Emergency nobody has", priority="No such priority", match_values=["Gas Street"]
	)
	record["routing_rules"] = [gas, *record["routing_rules"]]

	outcome = take(write_catalogue({"services": [record]}))

	assert outcome.written, sentences(outcome)
	assert read_rule_teams(service.name) == [("Gas Street", None), ("Dog Park", rangers)]
	assert "so it arrives without a team" in sentences(outcome)
	assert frappe.get_doc("Municipal Service", service.name).routing_rules[0].priority is None


def test_a_rule_that_says_the_same_keeps_its_team_where_the_files_is_not_here() -> None:
	rangers = make.make_team(team_name=make.make_name("Rangers"))
	service = make.make_service(routing_rules=[make_rule("Dog Park", team=rangers)], summary="Before.")
	(record,) = collect({"services": [service.name]})["services"]
	record["routing_rules"][0]["team"] = "A team of the other site"
	record["summary"] = "After."

	outcome = take(write_catalogue({"services": [record]}))

	assert outcome.written, sentences(outcome)
	assert read_rule_teams(service.name) == [("Dog Park", rangers)]
	assert "the team stays as it is" in sentences(outcome)


# Versions of a service stand on this


def test_a_service_is_filled_from_what_it_was() -> None:
	doc = frappe.get_doc("Municipal Service", "stray-cat")
	before = transfer.export_record(doc)
	doc.title, doc.questions = "Other", doc.questions[:1]
	doc.questions[0].label = "Other?"
	first = doc.questions[0].name

	again = transfer.apply_record(doc.doctype, before, doc).doc

	assert transfer.export_record(again) == before
	assert again.questions[0].name == first
	assert again.status == "Published"


def test_what_a_service_needs_is_found_for_every_service_of_the_city() -> None:
	sections = add_needs(collect({"services": None}))
	text = write_catalogue(sections)

	batch = Batch(CATALOGUE, read_catalogue(text))
	departments = {row["code"] for row in batch.sections["departments"]}
	assert all(service["department"] in departments for service in batch.sections["services"])
