"""Versions of a service: what is kept, what it says, and the way back."""

import json

import pytest

import frappe
from frappe.model.document import Document

from citizen_support import languages
from citizen_support.publishing import compare_version, get_history, go_back, keep_first_versions, set_status
from citizen_support.setup.roles import MANAGER
from tests.site.factories import (
	get_submission,
	get_ticket,
	make_article,
	make_department,
	make_name,
	make_request,
	make_service,
	make_team,
	make_user,
	offer_languages,
)
from tests.site.test_permissions import make_coordinator

pytestmark = pytest.mark.usefixtures("transactions")


def list_events(service: Document) -> list[tuple[int, str]]:
	versions = get_history(service.name)["versions"]
	return [(version["number"], version["title"]) for version in versions]


def get_last_changes(service: Document) -> list[str]:
	return [change["sentence"] for change in get_history(service.name)["versions"][0]["changes"]]


def change(service: Document, **values: object) -> None:
	service.update(values)
	service.save()


def test_each_step_and_each_change_in_use_is_a_version() -> None:
	service = make_service(status="Draft")
	change(service, summary="Still a draft.")
	assert list_events(service) == []

	set_status(service.name, "Pilot", is_confirmed=True)
	service.reload()
	change(service, summary="For a few.")
	set_status(service.name, "Published", is_confirmed=True)

	assert list_events(service) == [(3, "Published"), (2, "Changed"), (1, "Pilot began")]


def test_a_save_that_changes_nothing_is_no_version() -> None:
	service = make_service()

	service.save()

	assert list_events(service) == [(1, "Published")]


def test_a_version_says_who_and_when() -> None:
	service = make_service()
	frappe.set_user(make_user(MANAGER, first_name="Robin", last_name="Reyes"))
	change(frappe.get_doc("Municipal Service", service.name), summary="Better.")

	version = get_history(service.name)["versions"][0]
	assert version["by"] == "Robin Reyes"
	assert version["on"][:10] == frappe.utils.nowdate()


def test_what_changed_is_said_in_words() -> None:
	service = make_service()

	service.questions[0].label = "What has happened?"
	service.append("questions", {"label": "Where?", "question_type": "Place"})
	service.append("routing_rules", {"match_on": "Area", "match_values": "Old Town", "department": "parks"})
	change(service, response_target=3, ask_name="Required", description="<p>New words.</p>")

	said = get_last_changes(service)
	assert "“Answer within” changed from 2 working days to 3 working days." in said
	assert "“Name” changed from Optional to Required." in said
	assert "“What it is for” changed from empty to “New words.”." in said
	assert "The question “What happened?” now reads “What has happened?”." in said
	assert "New question: “Where?”." in said
	assert any(sentence.startswith("New rule 1: ") and "Old Town" in sentence for sentence in said)
	assert len(said) == 6


def test_long_texts_can_be_read_before_and_after() -> None:
	service = make_service(description=f"<p>{'old ' * 50}</p>")
	change(service, description=f"<p>{'new ' * 50}</p>")

	(said,) = get_history(service.name)["versions"][0]["changes"]
	assert said["sentence"] == "“What it is for” was reworded."
	assert (said["before"][:3], said["after"][:3]) == ("old", "new")


def test_a_coordinators_words_are_a_version_too() -> None:
	service = make_service(department=make_department().name)
	frappe.set_user(make_coordinator(service.department))

	change(frappe.get_doc("Municipal Service", service.name), summary="In our words.", version=99)

	frappe.set_user("Administrator")
	assert list_events(service)[0] == (2, "Changed")


def test_one_goes_back_to_an_earlier_version_and_that_is_a_new_one() -> None:
	service = make_service(routing_rules=[{"match_on": "Area", "match_values": "Elm", "department": "parks"}])
	service.append("questions", {"label": "Where?", "question_type": "Place"})
	change(service, response_target=5, routing_rules=[], summary="Worse.")

	would_change = [entry["sentence"] for entry in compare_version(service.name, 1)]
	assert "“Answer within” changed from 5 working days to 2 working days." in would_change
	assert go_back(service.name, 1)["is_done"]

	service.reload()
	assert (service.response_target, service.summary, service.status) == (2, "For tests.", "Published")
	assert [row.question_key for row in service.questions] == ["what"]
	assert [row.match_values for row in service.routing_rules] == ["Elm"]
	assert list_events(service)[0] == (3, "Went back to version 1")
	assert compare_version(service.name, 1) == []


# What Frappe takes out of a text when it is saved has never been there


DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def get_kept(service: Document, fieldname: str) -> str:
	"""What the newest version holds of a field."""
	content = json.loads(frappe.db.get_value("Service Version", {"service": service.name}, "content"))
	return content[fieldname]


@pytest.mark.parametrize(
	"given",
	[
		'<p onclick="run()">Call <a href="javascript:run()">112</a>.</p>',
		f'<p>Call 112.</p><img src="data:image/png;base64,{DOT}">',
	],
	ids=["script", "picture"],
)
def test_a_version_holds_a_text_as_it_was_stored(given: str) -> None:
	service = make_service()

	change(service, description=given)

	stored = frappe.db.get_value(service.doctype, service.name, "description")
	assert get_kept(service, "description") == stored != given
	assert "base64" not in stored
	change(frappe.get_doc(service.doctype, service.name), title="Other title")
	(sentence,) = get_last_changes(service)
	assert sentence.endswith("to “Other title”.")
	assert compare_version(service.name, 3) == []


def test_a_change_of_which_nothing_is_stored_is_no_version() -> None:
	service = make_service(description="<p>Call 112.</p>")

	change(service, description='<p onclick="run()">Call 112.</p>')

	assert list_events(service) == [(1, "Published")]


def test_the_number_of_the_newest_version_is_stored_with_the_service() -> None:
	service = make_service()
	assert (service.version, frappe.db.get_value(service.doctype, service.name, "version")) == (1, 1)

	change(service, summary="Better.")

	assert (service.version, frappe.db.get_value(service.doctype, service.name, "version")) == (2, 2)
	# Nobody else has changed it since.
	service.save()


# What a version points at may be gone or called otherwise


def make_rule(value: str, **values: object) -> dict:
	return {"match_on": "Area", "match_values": value, "department": "parks", **values}


def test_a_rule_that_comes_back_does_not_take_the_team_of_the_one_that_stands_there() -> None:
	gone, other = make_team(), make_team()
	service = make_service(routing_rules=[make_rule("Elm", team=gone)])
	change(service, routing_rules=[make_rule("Oak", team=other)])
	frappe.db.delete("HD Team", {"name": gone})

	asked = go_back(service.name, 1)

	(finding,) = asked["findings"]
	assert (asked["is_done"], finding["severity"], finding["number"]) == (False, "warns", 1)
	assert finding["sentence"].startswith(f"The team “{gone}” no longer exists, so rule 1 goes to")
	assert go_back(service.name, 1, is_confirmed=True)["is_done"]
	(rule,) = frappe.get_doc("Municipal Service", service.name).routing_rules
	assert (rule.match_values, rule.team) == ("Elm", None)


def test_the_history_names_what_a_rule_pointed_at_also_when_it_is_gone() -> None:
	gone, team = make_department(), make_team()
	service = make_service(routing_rules=[make_rule("Elm", department=gone.name, team=team)])
	change(service, routing_rules=[])
	(before,) = get_last_changes(service)
	assert gone.department_name in before and team in before

	frappe.db.delete("Municipal Department", {"name": gone.name})
	frappe.db.delete("HD Team", {"name": team})
	frappe.clear_document_cache("Municipal Department", gone.name)

	assert get_last_changes(service) == [before.replace(gone.department_name, gone.name)]


def test_nobody_goes_back_to_a_department_that_is_gone() -> None:
	gone = make_department()
	service = make_service(routing_rules=[make_rule("Elm", department=gone.name)])
	change(service, routing_rules=[])
	frappe.db.delete("Municipal Department", {"name": gone.name})
	frappe.clear_document_cache("Municipal Department", gone.name)

	refused = go_back(service.name, 1, is_confirmed=True)

	assert not refused["is_done"]
	assert refused["findings"][0]["severity"] == "stops"
	assert "Please make it again first" in refused["findings"][0]["sentence"]
	assert frappe.get_doc("Municipal Service", service.name).routing_rules == []


def test_an_article_comes_back_under_the_title_it_has_now() -> None:
	article = make_article(title=make_name("Old title"))
	service = make_service(articles=[{"article": article}])
	change(service, articles=[])
	frappe.db.set_value("HD Article", article, "title", make_name("New title"))

	assert go_back(service.name, 1)["is_done"]

	(row,) = frappe.get_doc("Municipal Service", service.name).articles
	assert str(row.article) == str(article)
	assert compare_version(service.name, 1) == []


def test_an_article_that_is_gone_is_left_out_and_told() -> None:
	article = make_article(title=make_name("Old title"))
	service = make_service(articles=[{"article": article}])
	change(service, articles=[])
	frappe.db.delete("HD Article", {"name": article})

	(finding,) = go_back(service.name, 1)["findings"]

	assert (finding["severity"], finding["fieldname"], finding["row"]) == ("warns", "articles", None)
	assert "is no longer in the knowledge base" in finding["sentence"]


def make_unreadable(service: Document, number: int) -> None:
	"""As if a field of its rules were gone in this release."""
	name = f"{service.name}-{number}"
	content = json.loads(frappe.db.get_value("Service Version", name, "content"))
	content["routing_rules"][0]["gone_field"] = "something"
	frappe.db.set_value("Service Version", name, "content", json.dumps(content))


def test_a_version_of_an_older_release_keeps_nobody_from_history_or_saving() -> None:
	service = make_service(routing_rules=[make_rule("Elm")])
	make_unreadable(service, 1)

	change(service, routing_rules=[make_rule("Oak")])

	(sentence,) = get_last_changes(service)
	assert sentence.startswith("Rule 1 was: (made by an older release") and "Oak" in sentence
	with pytest.raises(frappe.ValidationError, match="cannot be restored"):
		go_back(service.name, 1)


# Texts in other languages


def save_german(service: Document, **texts: str) -> None:
	for path, text in texts.items():
		languages.save_text(service.doctype, service.name, "de", path, text)


def get_german(service: Document) -> dict[str, str]:
	texts = languages.read_translations(service.doctype, service.name).get("de", {})
	return {path: text["translation"] for path, text in texts.items()}


def test_what_somebody_translates_in_one_go_is_one_version() -> None:
	offer_languages("de")
	service = make_service(summary="For tests.")

	save_german(service, title="Dienst", summary="Zum Testen.")
	save_german(service, summary="Für Tests.")

	assert list_events(service) == [(2, "Translated"), (1, "Published")]
	summary, title = get_history(service.name)["versions"][0]["changes"]
	assert title["sentence"] == "Deutsch: “Name of the service” is now translated."
	assert (summary["before"], summary["after"]) == ("empty", "“Für Tests.”")


def test_another_person_translates_in_another_version() -> None:
	offer_languages("de")
	service = make_service()
	save_german(service, title="Dienst")
	frappe.set_user(make_user(MANAGER))

	save_german(service, title="Leistung")

	frappe.set_user("Administrator")
	assert [number for number, _title in list_events(service)] == [3, 2, 1]
	assert get_last_changes(service) == ["Deutsch: the translation of “Name of the service” was changed."]


def test_translations_of_a_draft_are_no_version() -> None:
	offer_languages("de")
	service = make_service(status="Draft")

	save_german(service, title="Dienst")

	assert list_events(service) == []


def test_a_form_that_was_open_while_somebody_translated_can_still_be_saved() -> None:
	offer_languages("de")
	service = make_service()
	save_german(service, title="Dienst")

	change(service, summary="Better.")

	assert list_events(service) == [(3, "Changed"), (2, "Translated"), (1, "Published")]
	assert get_last_changes(service) == ["“In one sentence” changed from “For tests.” to “Better.”."]


def test_one_goes_back_to_earlier_translations() -> None:
	offer_languages("de")
	service = make_service()
	save_german(service, title="Dienst")
	change(service, response_target=5)
	save_german(service, title="Quatsch", summary="Unsinn")

	said = [entry["sentence"] for entry in compare_version(service.name, 2)]
	assert "Deutsch: “In one sentence” is no longer translated." in said
	assert go_back(service.name, 2, is_confirmed=True)["is_done"]

	assert get_german(service) == {"title": "Dienst"}
	assert list_events(service)[0] == (5, "Went back to version 2")
	assert compare_version(service.name, 2) == []


def test_a_version_from_before_leaves_translations_alone() -> None:
	offer_languages("de")
	service = make_service()
	name = f"{service.name}-1"
	content = json.loads(frappe.db.get_value("Service Version", name, "content"))
	del content["translations"]
	frappe.db.set_value("Service Version", name, "content", json.dumps(content))
	save_german(service, title="Dienst")
	change(service, response_target=5)

	assert go_back(service.name, 1, is_confirmed=True)["is_done"]

	assert get_german(service) == {"title": "Dienst"}


def test_a_deleted_service_takes_its_translations_and_versions_along() -> None:
	offer_languages("de")
	service = make_service()
	save_german(service, title="Dienst")

	frappe.delete_doc(service.doctype, service.name)

	assert not frappe.db.exists("Service Version", {"service": service.name})
	assert languages.read_translations(service.doctype, service.name) == {}


def test_the_pilot_stays_as_it_is_when_one_goes_back() -> None:
	service = make_service(status="Draft", pilot_goals=[{"measure": "Requests", "target": 5}])
	set_status(service.name, "Pilot", is_confirmed=True)
	service.reload()
	key = service.pilot_key
	change(service, summary="Worse.", pilot_ends_on="2099-01-01")

	assert go_back(service.name, 1)["is_done"]

	service.reload()
	assert (service.summary, str(service.pilot_ends_on), service.pilot_key) == (
		"For tests.",
		"2099-01-01",
		key,
	)
	assert len(service.pilot_goals) == 1


def test_going_back_asks_and_is_refused_like_publishing() -> None:
	service = make_service(ask_email="Not asked", ask_phone="Not asked")
	change(service, ask_email="Required")

	asked = go_back(service.name, 1)
	assert not asked["is_done"]
	assert asked["findings"][0]["fieldname"] == "ask_email"
	assert frappe.db.get_value("Municipal Service", service.name, "ask_email") == "Required"
	assert go_back(service.name, 1, is_confirmed=True)["is_done"]


def test_a_version_that_is_not_there_is_refused() -> None:
	with pytest.raises(frappe.DoesNotExistError, match="no version 7"):
		go_back(make_service().name, 7)


def test_nobody_writes_history_by_hand() -> None:
	service = make_service()
	user = make_user(MANAGER)

	for ptype in ("write", "create", "delete"):
		assert not frappe.has_permission("Service Version", ptype, f"{service.name}-1", user=user)


def test_a_request_keeps_what_it_was_promised_when_it_is_handed_over() -> None:
	service, other = make_service(), make_department()
	reference = make_request(service)
	promised = get_ticket(reference).response_by

	change(service, response_target=20, resolution_target=40)
	ticket = get_ticket(reference)
	ticket.cs_department = other.name
	ticket.save()

	submission = get_submission(reference)
	assert submission.service_version == 1
	assert get_ticket(reference).response_by == promised
	later = make_request(frappe.get_doc("Municipal Service", service.name))
	assert get_submission(later).service_version == 2
	assert get_ticket(later).response_by > promised


def test_services_from_before_get_a_first_version_once() -> None:
	service = make_service()
	frappe.db.delete("Service Version", {"service": service.name})
	frappe.db.set_value("Municipal Service", service.name, "version", 0)

	assert keep_first_versions() >= 1
	assert list_events(service) == [(1, "In use before versions were kept")]
	assert keep_first_versions() == 0


def test_history_comes_in_pages() -> None:
	service = make_service()
	for number in range(24):
		change(service, summary=f"Words {number}.")

	first = get_history(service.name)
	rest = get_history(service.name, first["versions"][-1]["number"])
	assert (len(first["versions"]), first["more"]) == (20, True)
	assert ([version["number"] for version in rest["versions"]], rest["more"]) == ([5, 4, 3, 2, 1], False)
	assert all(len(version["changes"]) == 1 for version in [*first["versions"], *rest["versions"][:-1]])


def test_a_deleted_service_leaves_no_versions() -> None:
	service = make_service()

	service.delete()

	assert not frappe.db.exists("Service Version", {"service": service.name})
