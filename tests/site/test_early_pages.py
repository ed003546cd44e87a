"""Portal pages are answered before Frappe's routing; what all guests see alike is kept for a moment."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

import frappe

from citizen_support.catalogue import clear_catalogue
from citizen_support.portal import early, kept
from citizen_support.portal.forms import BLANK_KEY
from tests.site.factories import make_service, offer_languages
from tests.site.visitor import HOST, read


@pytest.fixture
def nothing_kept() -> Iterator[None]:
	clear_catalogue()
	yield
	clear_catalogue()


def ask(
	path: str,
	query: str = "",
	method: str = "GET",
	data: dict | None = None,
	headers: dict[str, str] | None = None,
) -> Response | None:
	"""What the early door answers; None if it leaves the visit to Frappe."""
	builder = EnvironBuilder(
		path=path, query_string=query, method=method, data=data, headers=headers, base_url=f"https://{HOST}/"
	)
	before = frappe.session.user
	frappe.set_user("Guest")
	frappe.local.request = Request(builder.get_environ())
	try:
		early.answer()
	except early.Answered as answered:
		return answered.response
	finally:
		frappe.set_user(before)
		del frappe.local.request
	return None


def get_form_key(response: Response) -> str:
	return re.search(r'name="form_key" value="([^"]+)"', response.get_data(as_text=True)).group(1)


@pytest.mark.parametrize(
	"path",
	[
		"/services",
		"/services/pothole",
		"/requests",
		"/requests/K7QM-2F4J",
		"/services/",
		"/services/pothole/",
	],
)
def test_our_pages_are_answered_early(nothing_kept: None, path: str) -> None:
	assert ask(path).status_code in (200, 403)


@pytest.mark.parametrize(
	"path",
	["/", "/app", "/api/method/ping", "/services/no-such-service", "/servicesx", "/requests/a/b/c", "/about"],
)
def test_what_may_not_be_ours_is_left_to_frappe(path: str) -> None:
	assert ask(path) is None


def test_a_kept_page_is_the_same_page_with_a_key_of_its_own(nothing_kept: None) -> None:
	first, second = ask("/services/pothole"), ask("/services/pothole")

	keys = [get_form_key(response) for response in (first, second)]
	pages = [
		response.get_data(as_text=True).replace(key, "")
		for response, key in zip((first, second), keys, strict=True)
	]
	assert pages[0] == pages[1]
	assert keys[0] != keys[1]
	assert BLANK_KEY not in pages[0]
	assert dict(first.headers) == dict(second.headers) | {"Content-Length": first.headers["Content-Length"]}


def test_a_kept_page_costs_no_statement(nothing_kept: None, monkeypatch: pytest.MonkeyPatch) -> None:
	ask("/services/pothole")
	statements: list[str] = []
	monkeypatch.setattr(frappe.db, "sql", lambda query, *rest, **named: statements.append(query))

	assert ask("/services/pothole").status_code == 200
	assert statements == []


def test_a_changed_service_is_seen_at_once() -> None:
	service = make_service()
	assert service.title in ask(f"/services/{service.name}").get_data(as_text=True)

	service.title = "Quite another title"
	service.save(ignore_permissions=True)

	assert "Quite another title" in ask(f"/services/{service.name}").get_data(as_text=True)


def test_a_retired_service_is_gone_at_once() -> None:
	service = make_service()
	assert ask(f"/services/{service.name}").status_code == 200

	service.status = "Retired"
	service.save(ignore_permissions=True)

	assert ask(f"/services/{service.name}") is None


@pytest.mark.parametrize("query", ["q=pothole", "category=streets", "_lang=de"])
def test_what_depends_on_the_query_is_not_kept(nothing_kept: None, query: str) -> None:
	ask("/services", query)

	assert not frappe.cache.get_keys("citizen_support:page")


def test_each_language_has_its_own_page(nothing_kept: None) -> None:
	offer_languages("ar")
	ask("/services/pothole")
	before, frappe.local.lang = frappe.local.lang, "ar"
	try:
		page = read(ask("/services/pothole"))
	finally:
		frappe.local.lang = before

	assert page.html["lang"] == "ar"
	assert page.html["dir"] == "rtl"


def test_somebody_logged_in_is_not_given_the_guests_page(monkeypatch: pytest.MonkeyPatch) -> None:
	ask("/services/pothole")
	frappe.local.request = Request(EnvironBuilder(path="/services/pothole").get_environ())
	try:
		assert frappe.session.user != "Guest"
		assert not kept.may_keep("services/pothole")
	finally:
		del frappe.local.request


def test_errors_are_not_kept(nothing_kept: None, monkeypatch: pytest.MonkeyPatch) -> None:
	with monkeypatch.context() as broken:
		broken.setattr("citizen_support.portal.pages.service.make_service", lambda service: 1 / 0)
		assert ask("/services/pothole").status_code == 500

	assert ask("/services/pothole").status_code == 200


@pytest.mark.parametrize(
	("path", "location"),
	[
		("/requests/\n", "/requests"),
		("/requests/a\r\nX-Evil: 1", "/requests/aX-Evil:%201"),
		("/services/\n", "/services"),
	],
)
def test_a_line_break_in_an_address_begins_no_header(path: str, location: str) -> None:
	response = ask(path, query="lang=en")

	assert (response.status_code, response.headers["Location"]) == (303, location)
	assert "X-Evil" not in response.headers
