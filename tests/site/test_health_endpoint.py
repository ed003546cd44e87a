"""The address that load balancers and monitors ask."""

import pytest

import frappe
import frappe.app

from tests.site.over_http import Browser

pytestmark = pytest.mark.commits
ADDRESS = "/citizen-support/health"


@pytest.fixture
def browser(site: str, monkeypatch: pytest.MonkeyPatch) -> Browser:
	monkeypatch.setattr(frappe.app, "_site", site)
	return Browser()


def test_it_says_that_the_site_works_and_nothing_else(browser: Browser) -> None:
	answer = browser.get(ADDRESS)

	assert (answer.status_code, answer.get_data()) == (200, b"ok")
	assert answer.headers["Content-Type"].startswith("text/plain")
	assert answer.headers["Cache-Control"] == "no-store"
	assert not answer.headers.getlist("Set-Cookie")


def test_head_has_no_body(browser: Browser) -> None:
	answer = browser.ask("HEAD", ADDRESS)

	assert (answer.status_code, answer.get_data()) == (200, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_is_only_for_asking(browser: Browser, method: str) -> None:
	assert browser.ask(method, ADDRESS).status_code == 405


def test_it_asks_the_database_each_time(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
	import citizen_support.portal.pages.health as health

	class Gone:
		def sql(self, _statement: str) -> None:
			raise ConnectionError

	before = frappe.db
	monkeypatch.setattr(health.frappe, "db", Gone())
	answer = health.show()
	monkeypatch.setattr(health.frappe, "db", before)

	assert (answer.status_code, answer.get_data()) == (503, b"unavailable")
