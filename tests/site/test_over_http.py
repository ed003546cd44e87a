"""Once through the whole of Frappe, as a web server calls it, with real commits."""

import gzip
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import Client, TestResponse

import frappe
import frappe.app

from citizen_support.portal.site import PUBLIC
from tests.site.factories import get_ticket, make_name
from tests.site.test_intake import get_reference
from tests.support.form_filler import fill_form

pytestmark = pytest.mark.commits


@pytest.fixture
def client(site: str, monkeypatch: pytest.MonkeyPatch) -> Client:
	"""A browser that talks to Frappe's application."""
	monkeypatch.setattr(frappe.app, "_site", site)
	return Client(frappe.app.application)


@pytest.fixture
def address() -> Iterator[str]:
	"""An address whose requests are removed afterwards."""
	address = f"{make_name('http')}@example.org"
	yield address
	frappe.db.rollback()
	for reference in frappe.get_all("Service Submission", {"contact_email": address}, pluck="name"):
		remove_request(reference)
	frappe.db.delete("Citizen", {"email": address})
	for contact in frappe.get_all("Contact Email", {"email_id": address}, pluck="parent"):
		frappe.delete_doc("Contact", contact, force=True)
	frappe.db.commit()


def remove_request(reference: str) -> None:
	ticket = frappe.db.get_value("HD Ticket", {"cs_reference": reference})
	queued = frappe.get_all("Email Queue", {"reference_name": ticket}, pluck="name")
	frappe.db.delete("Email Queue Recipient", {"parent": ("in", queued)})
	frappe.db.delete("Email Queue", {"name": ("in", queued)})
	frappe.db.delete("Service Submission", {"name": reference})
	frappe.db.delete("Request Event", {"reference": reference})
	frappe.db.delete("Communication", {"reference_name": ticket})
	frappe.db.delete("ToDo", {"reference_name": ticket})
	frappe.db.delete("HD Ticket Activity", {"ticket": ticket})
	frappe.db.delete("HD Ticket", {"name": ticket})


def ask(function: Callable[..., TestResponse], *arguments: object, **options: object) -> TestResponse:
	"""In a thread of its own, because each request makes and ends its own connection."""
	answers: list[TestResponse] = []
	thread = Thread(target=lambda: answers.append(function(*arguments, **options)))
	thread.start()
	thread.join()
	return answers[0]


def test_a_visitor_sends_a_form_and_follows_the_request(client: Client, address: str) -> None:
	form = fill_form(ask(client.get, "/services/pothole").get_data(as_text=True))
	form.set("contact.email", address)

	sent = ask(client.post, form.action, data=dict(form.fields))
	page = ask(client.get, sent.headers["Location"])

	frappe.db.rollback()
	reference = get_reference(sent.headers["Location"])
	assert (sent.status_code, page.status_code) == (303, 200)
	assert reference in page.get_data(as_text=True)
	assert get_ticket(reference).raised_by == address


def test_two_browsers_sending_the_same_form_at_once_make_one_request(client: Client, address: str) -> None:
	form = fill_form(ask(client.get, "/services/pothole").get_data(as_text=True))
	form.set("contact.email", address)
	answers: list[TestResponse] = []

	def send() -> None:
		answers.append(Client(frappe.app.application).post(form.action, data=dict(form.fields)))

	threads = [Thread(target=send) for _number in range(4)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()

	frappe.db.rollback()
	assert {answer.status_code for answer in answers} == {303}
	assert len({answer.headers["Location"] for answer in answers}) == 1
	assert frappe.db.count("HD Ticket", {"raised_by": address}) == 1


def test_pages_carry_nothing_of_frappes_own_website(client: Client) -> None:
	page = read(ask(client.get, "/services"))

	loaded = [tag.get("src") or tag.get("href") for tag in page.select("script, link[rel=stylesheet]")]
	assert loaded
	assert all(url.startswith("/assets/citizen_support/") for url in loaded)


def test_a_form_page_is_small(client: Client) -> None:
	page = ask(client.get, "/services/pothole")
	urls = [tag.get("src") or tag.get("href") for tag in read(page).select("script, link[rel=stylesheet]")]
	parts = [page.get_data(), *(read_asset(url) for url in urls)]

	assert sum(len(gzip.compress(part)) for part in parts) <= 60 * 1024


def read(response: TestResponse) -> BeautifulSoup:
	return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def read_asset(url: str) -> bytes:
	path = url.partition("?")[0].removeprefix("/assets/citizen_support/")
	return (PUBLIC / path).read_bytes()
