"""The public catalogue: what it shows, finds and keeps to itself."""

import pytest

import frappe

from citizen_support.catalogue import get_overview, get_service
from citizen_support.languages import find_missing
from tests.site.factories import (
	make_article,
	make_category,
	make_department,
	make_name,
	make_service,
	offer_languages,
	translate,
)
from tests.site.visitor import Visitor, read


def read_text(visitor: Visitor, address: str) -> str:
	return read(visitor.get(address)).get_text(" ", strip=True)


def list_cards(visitor: Visitor, address: str) -> list[str]:
	"""Services that a page of the catalogue leads to, in order."""
	links = read(visitor.get(address)).select('main a[href^="/services/"]')
	return list(dict.fromkeys(link["href"].removeprefix("/services/") for link in links))


def test_the_catalogue_shows_categories_with_their_services(visitor: Visitor) -> None:
	text = read_text(visitor, "/services")

	assert "City of Riverton" in text
	for category in frappe.get_all("Service Category", {"is_group": 0}, pluck="category_name", limit=20):
		if frappe.db.exists("Municipal Service", {"status": "Published"}):
			assert category in text


def test_every_published_service_can_be_reached_from_its_category(visitor: Visitor) -> None:
	published = set(frappe.get_all("Municipal Service", {"status": "Published"}, pluck="name"))
	categories = set(frappe.get_all("Municipal Service", {"status": "Published"}, pluck="category"))

	reached = {card for code in categories for card in list_cards(visitor, f"/services?category={code}")}

	assert published <= reached


@pytest.mark.parametrize("status", ["Draft", "Retired"])
def test_a_service_that_is_not_published_does_not_exist_for_the_public(visitor: Visitor, status: str) -> None:
	service = make_service(status=status)

	response = visitor.get(f"/services/{service.name}")

	assert response.status_code == 404
	assert service.title not in response.get_data(as_text=True)
	assert service.name not in list_cards(visitor, "/services?category=streets")


@pytest.mark.parametrize("code", ["unknown", "%3Cscript%3E", "x" * 140, "' OR 1=1 --"])
def test_an_unknown_address_leads_on_with_search_and_categories(visitor: Visitor, code: str) -> None:
	response = visitor.get(f"/services/{code}")

	page = read(response)
	assert response.status_code == 404
	assert page.find("input", {"name": "q"})
	assert page.select('a[href^="/services?category="]')
	assert all(script.get("src") for script in page.find_all("script"))


@pytest.mark.parametrize("code", ["draft", "unknown"])
def test_a_form_sent_to_an_unknown_service_is_not_taken(visitor: Visitor, code: str) -> None:
	name = make_service(status="Draft").name if code == "draft" else code

	assert visitor.post(f"/services/{name}", {"contact.email": "ann@example.org"}).status_code == 404


@pytest.mark.parametrize("query", ["pothole", "pothoel", "hole in road", "POTHOLE"])
def test_a_service_is_found_by_a_word(visitor: Visitor, query: str) -> None:
	assert list_cards(visitor, f"/services?q={query.replace(' ', '+')}")[0] == "pothole"


@pytest.mark.parametrize(
	"query", ["xqzw", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%27%20OR%201%3D1", "%00", "x" * 5000]
)
def test_a_query_that_finds_nothing_is_only_text(visitor: Visitor, query: str) -> None:
	response = visitor.get(f"/services?q={query}")

	assert response.status_code == 200
	assert all(script.get("src") for script in read(response).find_all("script"))


def test_a_changed_service_shows_at_once(visitor: Visitor) -> None:
	service = make_service()
	before = read_text(visitor, f"/services/{service.name}")

	service.title = make_name("New title")
	service.save()

	assert service.title not in before
	assert service.title in read_text(visitor, f"/services/{service.name}")
	assert service.name in list_cards(visitor, "/services?category=streets")


def test_a_retired_service_is_gone_at_once(visitor: Visitor) -> None:
	service = make_service()
	assert visitor.get(f"/services/{service.name}").status_code == 200

	service.status = "Retired"
	service.save()

	assert visitor.get(f"/services/{service.name}").status_code == 404


def test_a_deleted_service_is_forgotten(visitor: Visitor) -> None:
	service = make_service()
	get_service(service.name)

	service.delete()

	assert get_service(service.name) is None
	assert service.name not in {row["code"] for row in get_overview()["services"]}


def test_a_renamed_department_shows_at_once(visitor: Visitor) -> None:
	department = make_department()
	service = make_service(department=department.name)
	read_text(visitor, f"/services/{service.name}")

	department.department_name = make_name("Renamed")
	department.save()

	assert department.department_name in read_text(visitor, f"/services/{service.name}")


def test_made_up_codes_are_not_remembered(visitor: Visitor) -> None:
	visitor.get("/services/made-up-code")

	assert not frappe.cache.hexists("citizen_support:catalogue", "made-up-code")


def test_a_service_page_says_what_it_is_for_and_whom_it_reaches(visitor: Visitor) -> None:
	department = make_department()
	service = make_service(
		department=department.name,
		description="<p>We mend <b>it</b>.</p><script>x()</script>",
		needs="<ul><li>A photo</li></ul>",
		emergency_notice="Call 911 first.",
		disclaimer="Frost delays us.",
	)

	response = visitor.get(f"/services/{service.name}")

	text = read(response).get_text(" ", strip=True)
	facts = (
		"We mend it .",
		"A photo",
		"Call 911 first.",
		"Frost delays us.",
		department.phone,
		"within 2 working days",
	)
	for shown in (service.title, *facts, department.department_name):
		assert shown in text
	main = read(response).find("main")
	assert not [script for script in main.find_all("script") if "x()" in script.get_text()]
	assert not [
		element for element in main.find_all(True) if any(name.startswith("on") for name in element.attrs)
	]


def test_only_published_articles_are_shown(visitor: Visitor) -> None:
	shown = make_article(title="Shown answer", content="<p>Read <em>this</em></p><img src=x onerror=y()>")
	hidden = make_article(title="Hidden answer", status="Draft")
	service = make_service(articles=[{"article": shown}, {"article": hidden}])

	html = visitor.get(f"/services/{service.name}").get_data(as_text=True)

	assert "Shown answer" in html
	assert "Read <em>this</em>" in html
	assert "Hidden answer" not in html
	assert "onerror" not in html


def test_an_article_taken_back_is_gone_at_once(visitor: Visitor) -> None:
	article = make_article(title="Old answer")
	service = make_service(articles=[{"article": article}])
	assert "Old answer" in visitor.get(f"/services/{service.name}").get_data(as_text=True)

	doc = frappe.get_doc("HD Article", article)
	doc.status = "Archived"
	doc.save()

	assert "Old answer" not in visitor.get(f"/services/{service.name}").get_data(as_text=True)


@pytest.mark.parametrize(
	"address", ["/services", "/services/pothole", "/services?q=pothole", "/requests", "/services/x"]
)
def test_no_page_asks_anything_of_another_host_or_runs_anything_inline(
	visitor: Visitor, address: str
) -> None:
	response = visitor.get(address)

	page = read(response)
	loaded = [tag.get("src") or tag.get("href") for tag in page.select("script, link[rel=stylesheet], img")]
	handlers = [
		name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on") or name == "style"
	]
	assert all(url.startswith(("/assets/citizen_support/", "/files/", "data:")) for url in loaded)
	assert handlers == []
	assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
	"address", ["/services", "/services/pothole", "/requests", "/services?category=streets"]
)
def test_every_page_has_a_language_a_title_one_heading_and_labels(visitor: Visitor, address: str) -> None:
	page = read(visitor.get(address))

	assert page.html["lang"] == "en"
	assert "City of Riverton" in page.title.get_text()
	assert len(page.find_all("h1")) == 1
	ids = {tag["id"] for tag in page.find_all(id=True)}
	assert len(ids) == len(page.find_all(id=True))
	for control in page.select("input:not([type=hidden]), select, textarea"):
		assert control.get("aria-label") or page.find("label", {"for": control.get("id")})


@pytest.mark.parametrize("name", ["privacy", "accessibility"])
def test_a_statement_is_shown_once_the_city_has_written_it(visitor: Visitor, name: str) -> None:
	assert visitor.get(f"/{name}").status_code == 200

	frappe.db.set_single_value("Citizen Support Settings", f"{name}_text", "")
	frappe.clear_document_cache("Citizen Support Settings", "Citizen Support Settings")

	assert visitor.get(f"/{name}").status_code == 404


def list_phone_links(visitor: Visitor, address: str) -> list[str]:
	return [link["href"] for link in read(visitor.get(address)).select('.prose a[href^="tel:"]')]


@pytest.mark.parametrize("fieldname", ["description", "needs"])
@pytest.mark.parametrize("href", ['"tel:+1202"', "' TEL:+1202'", "tel:+1202"])
def test_a_link_in_a_services_text_may_dial(visitor: Visitor, fieldname: str, href: str) -> None:
	service = make_service(**{fieldname: f"<p>Call <a href={href}>us</a>.</p>"})

	assert list_phone_links(visitor, f"/services/{service.name}") == ["tel:+1202"]
	assert 'href="tel:+1202"' in frappe.db.get_value(service.doctype, service.name, fieldname)


def test_a_link_in_a_statement_may_dial(visitor: Visitor) -> None:
	settings = frappe.get_doc("Citizen Support Settings")
	settings.accessibility_text = '<p>Call <a href="tel:+12025550100">us</a>.</p>'
	settings.save()

	assert list_phone_links(visitor, "/accessibility") == ["tel:+12025550100"]


def test_a_link_in_a_translated_text_may_dial(visitor: Visitor) -> None:
	offer_languages("de")
	service = make_service(description='<p>Call <a href="tel:+1202">us</a>.</p>')
	translate(service, "de", description='<p>Rufen Sie <a href="tel:+1202">uns</a> an.</p>')

	page = Visitor(language="de").get(f"/services/{service.name}")

	assert read(page).select_one('.prose a[href="tel:+1202"]')
	# The words it was made from are kept with their link, so it is not taken for outdated.
	assert "description" not in [missing.path for missing in find_missing([service], ["de"])["de"]]


def test_no_other_address_comes_in_with_the_phone_links() -> None:
	service = make_service(
		description='<p><a href="tel:+1" onclick="run()">1</a><a href="javascript:run()//tel:">2</a></p>'
	)

	assert service.description == '<p><a href="tel:+1">1</a><a>2</a></p>'


@pytest.mark.parametrize(
	("address", "most"), [("/services/pothole", 2), ("/services", 2), ("/services?q=bin", 2)]
)
def test_a_page_asked_for_again_costs_hardly_a_query(
	visitor: Visitor, monkeypatch: pytest.MonkeyPatch, address: str, most: int
) -> None:
	visitor.get(address)
	queries: list[str] = []
	sql = frappe.db.sql

	def count(query: str, *arguments: object, **options: object) -> object:
		if "savepoint" not in str(query).lower():
			queries.append(str(query))
		return sql(query, *arguments, **options)

	monkeypatch.setattr(frappe.db, "sql", count)

	visitor.get(address)

	assert len(queries) <= most, queries


def test_sub_categories_stand_with_their_parent(visitor: Visitor) -> None:
	parent = make_category(is_group=1)
	service = make_service(category=make_category(parent_service_category=parent))

	assert service.name in list_cards(visitor, f"/services?category={parent}")


@pytest.mark.parametrize("language", ["de", "ar", "pt-BR"])
def test_each_language_of_the_portal_gets_a_page(visitor: Visitor, language: str) -> None:
	offer_languages(language)

	response = Visitor(language=language).get("/services/pothole")

	page = read(response)
	assert response.status_code == 200
	assert page.html["lang"].lower() == language.lower()
	assert page.html["dir"] == ("rtl" if language == "ar" else "ltr")
