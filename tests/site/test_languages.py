"""The catalogue in the resident's language: shown, searched, answered, routed; and translated by the team."""

import pytest

import frappe
from frappe.translate import print_language

from citizen_support import languages
from citizen_support.catalogue import get_service
from citizen_support.portal import early
from citizen_support.setup.roles import COORDINATOR, MANAGER
from tests.site import mails
from tests.site.factories import (
	get_submission,
	get_ticket,
	make_article,
	make_category,
	make_department,
	make_name,
	make_request,
	make_service,
	make_user,
	offer_languages,
	translate,
)
from tests.site.visitor import Visitor, read

GERMAN, ARABIC = "de", "ar"
SPANISH, ARGENTINIAN = "es", "es-AR"
QUESTIONS = [
	{
		"label": "Where is the cat?",
		"question_key": "where",
		"question_type": "Choice",
		"choices": "Street\nPark",
	},
	{
		"label": "Which park?",
		"question_key": "park",
		"question_type": "Short text",
		"show_if_question": "where",
		"show_if_values": "Park",
		"required": 1,
	},
]
IN_GERMAN = {
	"title": "Streunende Katze",
	"summary": "Melden Sie eine Katze ohne Zuhause.",
	"synonyms": "Kater, Mieze",
	"question:where:label": "Wo ist die Katze?",
	"question:where:choice:Street": "Auf der Straße",
	"question:where:choice:Park": "Im Park",
	"question:park:label": "In welchem Park?",
}


@pytest.fixture(autouse=True)
def offered(leave_no_trace: None) -> None:
	offer_languages(GERMAN, ARABIC)


@pytest.fixture
def service() -> frappe.model.document.Document:
	made = make_service(
		code=make_name("cat"),
		title="Stray cat",
		summary="Tell us of a cat without a home.",
		synonyms="kitten",
		questions=QUESTIONS,
	)
	translate(made, GERMAN, **IN_GERMAN)
	return made


@pytest.fixture
def german(visitor: Visitor) -> Visitor:
	return Visitor(language=GERMAN)


# What residents read


def test_a_form_is_shown_in_the_residents_language(service: object, german: Visitor) -> None:
	page = read(german.get(f"/services/{service.name}"))

	assert page.h1.get_text() == "Streunende Katze"
	text = page.main.get_text(" ", strip=True)
	for said in ("Melden Sie eine Katze ohne Zuhause.", "Wo ist die Katze?", "Im Park", "In welchem Park?"):
		assert said in text
	assert {radio["value"] for radio in page.select('input[name="q.where"]')} == {"Street", "Park"}


def test_what_is_not_translated_is_shown_as_it_is_and_says_its_language(
	service: object, visitor: Visitor
) -> None:
	translate(service, ARABIC, **{"question:where:choice:Park": "في الحديقة"})

	page = read(Visitor(language=ARABIC).get(f"/services/{service.name}"))

	assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")
	assert (page.h1.get_text(), page.h1["lang"], page.h1["dir"]) == ("Stray cat", "en", "ltr")
	labels = {option.input["value"]: option.span for option in page.select("label.option")}
	assert labels["Park"].get_text() == "في الحديقة"
	assert not labels["Park"].has_attr("lang")
	assert labels["Street"]["lang"] == "en"


def test_the_language_of_the_catalogue_stays_as_the_team_wrote_it(service: object, visitor: Visitor) -> None:
	page = read(visitor.get(f"/services/{service.name}"))

	assert page.h1.get_text() == "Stray cat"
	assert not page.select("main [lang]")


def test_conditions_are_told_with_the_translated_choice(service: object, german: Visitor) -> None:
	page = read(german.get(f"/services/{service.name}"))

	(condition,) = page.select(".depends")
	assert "Wo ist die Katze?" in condition.get_text()
	assert "Im Park" in condition.get_text()


def test_answers_are_kept_in_the_language_of_the_catalogue(service: object, german: Visitor) -> None:
	form = german.fill(f"/services/{service.name}", choice=1)

	response = german.send(form)

	assert response.status_code == 303, response.get_data(as_text=True)[:2000]
	reference = response.headers["Location"].rpartition("/")[2].partition("?")[0]
	submission = get_submission(reference)
	answers = {row["key"]: row for row in frappe.parse_json(submission.answers)}
	assert (answers["where"]["label"], answers["where"]["values"]) == ("Where is the cat?", ["Park"])
	assert submission.language == GERMAN
	page = read(german.get(f"/requests/{reference}")).main.get_text(" ", strip=True)
	for said in ("Streunende Katze", "Wo ist die Katze?", "Im Park"):
		assert said in page
	assert "Stray cat" in get_ticket(reference).subject


def test_a_condition_holds_in_another_language(service: object, german: Visitor) -> None:
	form = german.fill(f"/services/{service.name}", choice=1)
	fields = [(name, "" if name == "q.park" else value) for name, value in form.fields]

	response = german.post(form.action, fields)

	assert response.status_code == 422
	assert "In welchem Park?" in read(response).select_one(".summary").get_text()


def test_rules_by_answer_route_alike_in_every_language(german: Visitor) -> None:
	parks = make_department()
	service = make_service(
		questions=QUESTIONS,
		routing_rules=[
			{
				"match_on": "Answer",
				"question_key": "where",
				"match_values": "Park",
				"department": parks.name,
				"team": parks.team,
			}
		],
	)
	choices = {path: text for path, text in IN_GERMAN.items() if path.startswith("question:")}
	translate(service, GERMAN, **choices)

	response = german.send(german.fill(f"/services/{service.name}", choice=1))

	reference = response.headers["Location"].rpartition("/")[2].partition("?")[0]
	assert get_submission(reference).department == parks.name


@pytest.mark.parametrize("query", ["streunende", "Mieze", "kitten", "stray cat", "Zuhause"])
def test_a_service_is_found_by_words_of_both_languages(service: object, german: Visitor, query: str) -> None:
	page = read(german.get(f"/services?q={query}"))

	links = [link for link in page.select("main .door a") if link["href"] == f"/services/{service.name}"]
	assert [link.get_text() for link in links] == ["Streunende Katze"]


def test_other_languages_do_not_find_by_german_words(service: object, visitor: Visitor) -> None:
	assert not read(visitor.get("/services?q=Mieze")).select(f'main .door a[href="/services/{service.name}"]')


def test_categories_and_departments_are_shown_in_the_residents_language(german: Visitor) -> None:
	category = frappe.get_doc("Service Category", make_category(description="All about animals"))
	department = make_department(public_note="Bring your papers.")
	service = make_service(category=category.name, department=department.name)
	translate(category, GERMAN, category_name="Tiere", description="Alles über Tiere")
	translate(department, GERMAN, department_name="Veterinäramt", public_note="Bringen Sie Papiere mit.")

	shelf = read(german.get(f"/services?category={category.name}"))
	page = read(german.get(f"/services/{service.name}")).main.get_text(" ", strip=True)

	assert shelf.h1.get_text() == "Tiere"
	for said in ("Tiere", "Veterinäramt", "Bringen Sie Papiere mit."):
		assert said in page


def test_an_article_is_shown_in_the_residents_language(german: Visitor) -> None:
	article = make_article(title="Who owns a cat?")
	service = make_service(articles=[{"article": article}])
	translate(
		frappe.get_doc("HD Article", article),
		GERMAN,
		title="Wem gehört eine Katze?",
		content="<p>Fragen.</p>",
	)

	page = read(german.get(f"/services/{service.name}")).main.get_text(" ", strip=True)

	assert "Wem gehört eine Katze?" in page
	assert "Fragen." in page


def test_texts_of_the_city_are_shown_in_the_residents_language(german: Visitor) -> None:
	settings = frappe.get_doc("Citizen Support Settings")
	translate(settings, GERMAN, city_name="Stadt Flussingen", intro_title="Was können wir für Sie tun?")

	page = read(german.get("/services"))

	assert page.h1.get_text() == "Was können wir für Sie tun?"
	assert page.select_one(".brand-name").get_text() == "Stadt Flussingen"


def test_the_confirmation_is_written_in_the_language_of_the_request(
	service: object, resident: str, transactions: object
) -> None:
	make_request(service, contact={"email": resident}, language=GERMAN)

	mail = mails.find_mail(resident, "confirmation")

	assert "Streunende Katze" in mails.get_text(mail)
	assert "Stray cat" not in mails.get_text(mail)
	assert 'lang="de" dir="ltr"' in mails.get_html(mail)


def test_a_mail_in_arabic_runs_from_right_to_left(
	service: object, resident: str, transactions: object
) -> None:
	make_request(service, contact={"email": resident}, language=ARABIC)

	assert 'lang="ar" dir="rtl"' in mails.get_html(mails.find_mail(resident, "confirmation"))


def test_dates_are_written_as_the_language_writes_them(service: object, german: Visitor) -> None:
	page = read(german.get(f"/services/{service.name}"))

	days = [moment.get_text() for moment in page.select("time")]
	assert days
	assert all(
		any(day in text for day in ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"))
		for text in days
	)


# Which language


def ask(address: str, **headers: str) -> object:
	"""The answer of the portal's early door, as a web server would get it."""
	from werkzeug.test import EnvironBuilder
	from werkzeug.wrappers import Request

	builder = EnvironBuilder(path=address.partition("?")[0], query_string=address.partition("?")[2])
	builder.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
	frappe.set_user("Guest")
	frappe.local.request, before = Request(builder.get_environ()), frappe.local.lang
	frappe.local.form_dict = frappe._dict()
	frappe.local.lang = "en"
	try:
		with pytest.raises(early.Answered) as answered:
			early.answer()
		return answered.value.get_response()
	finally:
		frappe.set_user("Administrator")
		frappe.local.lang = before
		del frappe.local.request


def test_the_browsers_first_offered_language_counts(service: object) -> None:
	page = read(ask("/services", Accept_Language="pl, ar;q=0.9, de;q=0.8"))

	assert page.html["lang"] == "ar"


def test_a_language_that_is_not_offered_falls_back_to_the_catalogues(service: object) -> None:
	assert read(ask("/services", Accept_Language="pl")).html["lang"] == "en"


def test_a_choice_is_kept_in_a_cookie_and_goes_before_the_browsers_language(service: object) -> None:
	response = ask("/services?category=streets&lang=de", Accept_Language="ar")

	assert response.status_code == 303
	assert response.headers["Location"] == "/services?category=streets"
	assert "preferred_language=de" in response.headers["Set-Cookie"]
	assert read(ask("/services", Accept_Language="ar", Cookie="preferred_language=de")).html["lang"] == "de"


@pytest.mark.parametrize("wanted", ["pl", "", "%0d%0aSet-Cookie:x=1", "//evil.example"])
def test_a_language_nobody_offers_is_not_kept(service: object, wanted: str) -> None:
	response = ask(f"/services?lang={wanted}")

	assert (response.status_code, response.headers["Location"]) == (303, "/services")
	assert "Set-Cookie" not in response.headers


def test_every_page_leads_to_itself_in_each_language(service: object, german: Visitor) -> None:
	links = read(german.get("/services?category=streets")).select(".tongues a")

	assert [(link["hreflang"], link.get_text()) for link in links] == [
		("en", "English"),
		("de", "Deutsch"),
		("ar", "العربية"),
	]
	assert [link["href"] for link in links][1] == "/services?category=streets&lang=de"
	assert [link["lang"] for link in links if link.has_attr("aria-current")] == ["de"]
	assert links[2]["dir"] == "rtl"


def test_a_portal_of_one_language_has_no_switch(visitor: Visitor) -> None:
	offer_languages()

	assert not read(visitor.get("/services")).select(".tongues")


def test_a_filled_in_form_offers_no_way_to_lose_it(service: object, german: Visitor) -> None:
	response = german.post(f"/services/{service.name}", {"q.where": "Park"})

	assert response.status_code == 422
	assert not read(response).select(".tongues")


# What the team sees and does


def test_missing_and_outdated_texts_are_named(service: object) -> None:
	service.title = "Stray or lost cat"
	service.needs = "<p>A photo.</p>"
	service.save()

	missing = {text.path: text for text in languages.find_missing([service], [GERMAN])[GERMAN]}

	assert set(missing) == {"title", "needs"}
	assert (missing["title"].outdated, missing["needs"].outdated) == (True, False)
	assert missing["title"].label == "Name of the service"


def test_an_unsaved_question_is_missing_as_well(service: object) -> None:
	service.append(
		"questions", {"label": "Is it hurt?", "question_key": "hurt", "question_type": "Yes or no"}
	)

	(missing,) = languages.find_missing([service], [GERMAN])[GERMAN]

	assert (missing.path, missing.label) == ("question:hurt:label", "Question “Is it hurt?”")


@pytest.fixture
def argentinian(service: frappe.model.document.Document) -> frappe.model.document.Document:
	"""The service in Spanish, but for its summary, with a title of Argentina's own; residents choose es-AR."""
	offer_languages(ARGENTINIAN)
	translate(
		service, SPANISH, **{path: f"es: {text}" for path, text in IN_GERMAN.items() if path != "summary"}
	)
	translate(service, ARGENTINIAN, title="Gato perdido")
	return service


def test_a_region_lacks_only_what_its_general_language_lacks_as_well(
	argentinian: frappe.model.document.Document, visitor: Visitor
) -> None:
	page = read(Visitor(language=ARGENTINIAN).get(f"/services/{argentinian.name}"))
	missing = languages.find_missing([argentinian], [ARGENTINIAN])[ARGENTINIAN]

	assert page.h1.get_text() == "Gato perdido"
	assert "es: Wo ist die Katze?" in page.main.get_text(" ", strip=True)
	assert [text.path for text in missing] == ["summary"]


def test_a_region_counts_the_texts_of_its_general_language(
	argentinian: frappe.model.document.Document,
) -> None:
	(of_catalogue,) = languages.get_coverage()
	known = languages.get_languages("Municipal Service", argentinian.name)["languages"]
	(of_record,) = [row for row in known if row["code"] == ARGENTINIAN]

	assert of_record["done"] == of_record["total"] - 1 == len(IN_GERMAN) - 1
	assert of_catalogue["code"] == ARGENTINIAN
	assert of_catalogue["done"] >= len(IN_GERMAN) - 1


def test_a_text_of_a_region_that_is_older_than_its_source_is_outdated_whatever_the_general_language_says(
	argentinian: frappe.model.document.Document,
) -> None:
	argentinian.title = "Stray or lost cat"
	argentinian.save()
	translate(argentinian, SPANISH, title="Gato callejero o perdido")

	missing = languages.find_missing([argentinian], [ARGENTINIAN, SPANISH])

	assert [(text.path, text.outdated) for text in missing[ARGENTINIAN]] == [
		("title", True),
		("summary", False),
	]
	assert [text.path for text in missing[SPANISH]] == ["summary"]


def test_the_team_sees_what_a_region_takes_from_its_general_language(
	argentinian: frappe.model.document.Document,
) -> None:
	rows = {
		row["path"]: row for row in languages.get_rows("Municipal Service", argentinian.name, ARGENTINIAN)
	}
	own, inherited, lacking = rows["title"], rows["question:where:label"], rows["summary"]

	assert (own["translation"], own["inherited"], own["state"]) == ("Gato perdido", None, "done")
	assert (inherited["translation"], inherited["state"]) == ("", "done")
	assert inherited["inherited"] == {
		"code": SPANISH,
		"name": "Español",
		"rtl": False,
		"translation": "es: Wo ist die Katze?",
	}
	assert (lacking["translation"], lacking["inherited"], lacking["state"]) == ("", None, "missing")


def test_taking_a_regions_text_away_leaves_the_general_one(
	argentinian: frappe.model.document.Document,
) -> None:
	row = languages.save_text("Municipal Service", argentinian.name, ARGENTINIAN, "title", "")

	assert (row["translation"], row["state"]) == ("", "done")
	assert row["inherited"]["translation"] == "es: Streunende Katze"


def test_a_saved_translation_is_shown_at_once(service: object, german: Visitor) -> None:
	german.get(f"/services/{service.name}")

	translate(service, GERMAN, title="Katze in Not")

	assert read(german.get(f"/services/{service.name}")).h1.get_text() == "Katze in Not"
	assert "Katze in Not" in german.get("/services?category=streets").get_data(as_text=True)


def test_a_translation_is_taken_away_by_emptying_it(service: object) -> None:
	translate(service, GERMAN, summary=" ")

	assert [text.path for text in languages.find_missing([service], [GERMAN])[GERMAN]] == ["summary"]


def test_the_team_sees_source_and_translation_side_by_side(service: object) -> None:
	rows = {row["path"]: row for row in languages.get_rows("Municipal Service", service.name, GERMAN)}

	assert (rows["title"]["source"], rows["title"]["translation"]) == ("Stray cat", "Streunende Katze")
	assert {row["state"] for row in rows.values()} == {"done"}
	known = languages.get_languages("Municipal Service", service.name)
	assert [(row["code"], row["done"], row["total"]) for row in known["languages"]] == [
		("de", len(IN_GERMAN), len(IN_GERMAN)),
		("ar", 0, len(IN_GERMAN)),
	]


def test_a_coordinator_translates_the_services_of_the_own_department_only(service: object) -> None:
	own, coordinator = make_department(), make_user(COORDINATOR)
	mine = make_service(department=own.name, title="Mine")
	frappe.get_doc(
		{
			"doctype": "User Permission",
			"user": coordinator,
			"allow": "Municipal Department",
			"for_value": own.name,
			"applicable_for": "Municipal Department",
			"apply_to_all_doctypes": 0,
		}
	).insert(ignore_permissions=True)
	frappe.set_user(coordinator)

	assert languages.save_text("Municipal Service", mine.name, GERMAN, "title", "Meins")["state"] == "done"
	with pytest.raises(frappe.PermissionError):
		languages.save_text("Municipal Service", service.name, GERMAN, "title", "Fremd")


def test_a_manager_translates_without_being_a_system_manager(service: object) -> None:
	frappe.set_user(make_user(MANAGER))

	row = languages.save_text("Municipal Service", service.name, ARABIC, "title", "  قطة \n ضالة ")

	assert (row["translation"], row["state"]) == ("قطة ضالة", "done")


@pytest.mark.parametrize(
	("language", "path"),
	[(GERMAN, "code"), (GERMAN, "question:nope:label"), ("en", "title"), ("tlh", "title")],
)
def test_only_public_texts_in_other_languages_are_taken(service: object, language: str, path: str) -> None:
	with pytest.raises(frappe.ValidationError):
		languages.save_text("Municipal Service", service.name, language, path, "Text")


def test_with_a_service_go_its_translations(service: object) -> None:
	filters = {"reference_doctype": "Municipal Service", "reference_name": service.name}
	assert frappe.db.exists("Catalogue Translation", filters)

	frappe.delete_doc("Municipal Service", service.name, force=True)

	assert not frappe.db.exists("Catalogue Translation", filters)


def test_the_whole_catalogue_is_counted_by_language(service: object) -> None:
	german, arabic = languages.get_coverage()

	assert (german["code"], arabic["code"]) == ("de", "ar")
	assert german["total"] == arabic["total"] > german["done"] >= len(IN_GERMAN)


def test_another_language_asks_the_database_nothing_more(
	service: object, monkeypatch: pytest.MonkeyPatch
) -> None:
	plain = get_service(service.name)
	languages.localise(plain, GERMAN)
	statements: list[str] = []
	monkeypatch.setattr(frappe.db, "sql", lambda query, *rest, **more: statements.append(str(query)))

	shown = languages.localise(plain, GERMAN)

	assert shown["title"] == "Streunende Katze"
	assert statements == []


def test_texts_of_the_app_itself_are_translated_without_a_build(site: str) -> None:
	with print_language(GERMAN):
		assert frappe._("Send request") != "Send request"
