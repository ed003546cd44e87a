"""What a resident sees when the site cannot work, and what becomes of the typed words."""

import io
import socket
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

import frappe
import frappe.app

from citizen_support.host import door
from citizen_support.portal import faults, guard, snapshot
from tests.site.over_http import HOST, Browser

pytestmark = pytest.mark.commits

FORM_KEY = "a-form-key-of-the-fault-tests"
TYPED = 'Lamp "7" <b>is out</b>\r\nsince & Monday'
ADDRESSES = (
	"/",
	"/services",
	"/services/pothole",
	"/services/a/b",
	"/requests",
	"/requests/ABCD-EFGH",
	"/privacy",
)
OUTAGES = ("no database", "no database at all", "maintenance")


@pytest.fixture
def browser(site: str, monkeypatch: pytest.MonkeyPatch) -> Browser:
	monkeypatch.setattr(frappe.app, "_site", site)
	assert guard.watch
	snapshot.remember_site()
	return Browser()


@pytest.fixture(params=OUTAGES)
def outage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
	"""Every request from here on meets it."""
	change_configuration(monkeypatch, request.param)
	return request.param


def change_configuration(monkeypatch: pytest.MonkeyPatch, outage: str) -> None:
	before = frappe.init
	nobody_listens = find_closed_port()

	def init(*arguments: object, **options: object) -> None:
		before(*arguments, **options)
		if outage == "maintenance":
			frappe.local.conf.maintenance_mode = 1
		elif outage == "read only":
			frappe.local.conf.update({"maintenance_mode": 1, "allow_reads_during_maintenance": 1})
		else:
			frappe.local.conf.update({"db_host": "127.0.0.1", "db_port": nobody_listens, "db_socket": None})
		if outage == "no database at all":
			# nor anything remembered in Redis
			frappe.local.conf.db_name = "_a_site_nobody_has_asked_for"

	monkeypatch.setattr(frappe, "init", init)


def find_closed_port() -> int:
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		return probe.getsockname()[1]


def send(browser: Browser, address: str = "/services/pothole", **fields: object) -> TestResponse:
	data = {
		"form_key": FORM_KEY,
		"q.place": TYPED,
		"contact.name": "Ann",
		"q.photo": (io.BytesIO(b"x"), "a.jpg"),
	}
	return browser.post(address, data=data | fields, headers={"Origin": HOST})


def read(answer: TestResponse) -> BeautifulSoup:
	return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def assert_is_ours(answer: TestResponse, status: int) -> None:
	text = answer.get_data(as_text=True)
	assert answer.status_code == status
	assert read(answer).select_one("main h1")
	assert "Traceback" not in text and "pymysql" not in text and "frappe" not in text.lower()
	assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
	assert answer.headers["X-Content-Type-Options"] == "nosniff"
	assert answer.headers["Cache-Control"] == "private, no-store"
	assert not answer.headers.getlist("Set-Cookie")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_outage_has_a_page_of_our_own(browser: Browser, outage: str, address: str) -> None:
	answer = browser.get(address)

	assert_is_ours(answer, 503)
	assert int(answer.headers["Retry-After"]) > 0


def test_the_page_names_the_citys_phone(browser: Browser, outage: str) -> None:
	phone = frappe.db.get_single_value("Citizen Support Settings", "contact_phone")

	assert phone and phone in read(browser.get("/services")).get_text()


def test_typed_words_survive_an_outage_without_script(browser: Browser, outage: str) -> None:
	form = read(send(browser)).select_one("form[method=post]")

	fields = {field["name"]: field.get("value") for field in form.select("input[type=hidden]")}
	assert fields["form_key"] == FORM_KEY
	assert fields["q.place"].replace("\n", "\r\n").replace("\r\r", "\r") == TYPED
	assert (form["action"], form["enctype"]) == ("/services/pothole", "multipart/form-data")
	assert form.select_one("input[type=file]")["name"] == "q.photo"
	assert form.select_one("button[type=submit]").get_text() == "Send again"
	assert "<b>is out</b>" in unescape(form.select_one(".typed").get_text())
	assert not form.select("b")


def test_the_repeated_form_is_taken_in_when_the_outage_is_over(
	browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
	with monkeypatch.context() as during:
		change_configuration(during, "no database")
		form = read(send(browser, **{"contact.email": "not an address"})).select_one("form[method=post]")
	fields = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}

	answer = browser.post(form["action"], data=fields, headers={"Origin": HOST})

	assert answer.status_code == 422
	assert read(answer).select_one("[name=form_key]")["value"] == FORM_KEY
	assert "is out" in str(read(answer).select_one('[name="q.place"]'))


def test_words_from_another_site_are_not_repeated(browser: Browser, outage: str) -> None:
	answer = browser.post(
		"/services/pothole", data={"q.place": TYPED}, headers={"Origin": "https://evil.example"}
	)

	assert_is_ours(answer, 503)
	assert not read(answer).select("form[method=post]") and "is out" not in answer.get_data(as_text=True)


def test_health_says_one_word(browser: Browser, outage: str) -> None:
	answer = browser.get("/citizen-support/health")

	assert (answer.status_code, answer.get_data()) == (503, b"unavailable")


def test_what_is_not_ours_is_told_by_frappe(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
	change_configuration(monkeypatch, "maintenance")

	assert "Content-Security-Policy" not in browser.get("/login").headers


def test_while_nothing_can_be_written_pages_are_read_and_forms_kept(
	browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
	change_configuration(monkeypatch, "read only")

	assert browser.get("/services/pothole").status_code == 200
	answer = send(browser)
	assert_is_ours(answer, 503)
	assert read(answer).select_one("input[name=form_key]")["value"] == FORM_KEY


@pytest.fixture
def no_redis(monkeypatch: pytest.MonkeyPatch) -> None:
	away = f"redis://127.0.0.1:{find_closed_port()}"
	monkeypatch.setattr(frappe, "cache", type(frappe.cache).from_url(away))


@pytest.mark.parametrize(
	"address", ["/services", "/services/pothole", "/requests", "/citizen-support/health"]
)
def test_pages_do_without_the_cache(browser: Browser, no_redis: None, address: str) -> None:
	assert browser.get(address).status_code == 200


TOO_MUCH = {
	"26 MB": {"data": {"form_key": FORM_KEY, "q.photo": (io.BytesIO(b"x" * 26 * 1024 * 1024), "a.jpg")}},
	"1,600 parts": {"data": {f"q.{n}": "x" for n in range(1600)}, "content_type": "multipart/form-data"},
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_too_much_at_once_is_told_in_our_words(browser: Browser, case: str) -> None:
	answer = browser.post("/services/pothole", headers={"Origin": HOST}, **TOO_MUCH[case])

	assert_is_ours(answer, 413)


def test_a_body_that_is_no_json_is_told_in_our_words(browser: Browser) -> None:
	answer = browser.post("/services/pothole", data="{broken", content_type="application/json")

	assert_is_ours(answer, 400)


def test_a_fault_within_a_page_keeps_the_typed_words(
	browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
	def fail(*_arguments: object) -> None:
		raise RuntimeError("pymysql Traceback")

	monkeypatch.setattr("citizen_support.portal.pages.service.check", fail)

	answer = send(browser)

	assert_is_ours(answer, 500)
	assert read(answer).select_one("input[name=form_key]")["value"] == FORM_KEY


def test_the_first_request_of_a_process_in_maintenance_has_our_page_too(
	browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(frappe.app, "init_request", frappe.app.init_request.__wrapped__)
	change_configuration(monkeypatch, "maintenance")

	answer = browser.get("/services")

	assert answer.status_code == 503
	assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
	assert int(answer.headers["Retry-After"]) > 0


def test_the_way_in_is_watched_once(site: str) -> None:
	watched = frappe.app.init_request
	door.watch(faults.tell)

	assert frappe.app.init_request is watched


@pytest.fixture
def page_for_the_web_server(site: str) -> Iterator[Path]:
	path = Path(frappe.get_site_path(*snapshot.PAGE))
	path.unlink(missing_ok=True)
	yield path
	snapshot.remember_site()


def test_saving_the_settings_writes_the_page_for_the_web_server(page_for_the_web_server: Path) -> None:
	settings = frappe.get_doc("Citizen Support Settings")
	settings.save()
	frappe.db.commit()

	page = page_for_the_web_server.read_text()
	assert settings.contact_phone in page
	assert "csrf" not in page and "form_key" not in page


def test_without_the_file_there_is_a_plain_page(browser: Browser, outage: str) -> None:
	facts = Path(frappe.get_site_path(*snapshot.FACTS))
	facts.unlink()

	assert_is_ours(browser.get("/services"), 503)

	snapshot.remember_site()
