"""Pilots through the whole of Frappe, as a web server calls it."""

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

import frappe
import frappe.app
from frappe.model.document import Document

from citizen_support import publishing
from citizen_support.publishing.report import make_link
from tests.site.factories import make_name, make_service
from tests.site.over_http import HOST, Browser
from tests.site.test_over_http import remove_request
from tests.support.form_filler import fill_form

pytestmark = pytest.mark.commits


@pytest.fixture(scope="module")
def on_site(site: str, city: None) -> Iterator[None]:
	before, frappe.app._site = frappe.app._site, site
	yield
	frappe.app._site = before


@pytest.fixture
def pilot(on_site: None) -> Iterator[Document]:
	"""A stored pilot for a share of all visitors, and everything it leaves taken away again."""
	service = make_service(
		status="Pilot", featured=1, pilot_access="A share of visitors", pilot_share=50, ask_email="Required"
	)
	frappe.db.commit()
	yield service
	frappe.db.rollback()
	for reference in frappe.get_all("Service Submission", {"service": service.name}, pluck="name"):
		email = frappe.db.get_value("Service Submission", reference, "contact_email")
		remove_request(reference)
		frappe.db.delete("Citizen", {"email": email})
		for contact in frappe.get_all("Contact Email", {"email_id": email}, pluck="parent"):
			frappe.delete_doc("Contact", contact, force=True)
	frappe.delete_doc("Municipal Service", service.name, force=True)
	frappe.db.commit()


def decide(service: Document, is_in: bool) -> Browser:
	"""A browser about which chance has decided so."""
	token = next(
		token
		for token in iter(publishing.make_visitor, "")
		if publishing.is_chosen({"code": service.name, "pilot_share": 50}, token) == is_in
	)
	browser = Browser()
	domain = HOST.partition("//")[2]
	browser.client.set_cookie("cs_visitor", token, domain=domain, path="/services")
	return browser


def describe(answer: TestResponse) -> tuple:
	"""What somebody could tell a pilot from nothing by."""
	names = sorted(header.partition("=")[0] for header in answer.headers.getlist("Set-Cookie"))
	return answer.status_code, sorted(answer.headers.keys()), names


def test_a_stranger_cannot_tell_a_pilot_from_nothing(pilot: Document) -> None:
	for method in ("GET", "POST"):
		there = Browser().ask(
			method, f"/services/{pilot.name}", data={"website": ""} if method == "POST" else None
		)
		nowhere = Browser().ask(
			method, f"/services/{make_name('no')}", data={"website": ""} if method == "POST" else None
		)
		assert describe(there) == describe(nowhere)
		assert there.status_code == 404


def test_the_kept_catalogue_shows_a_pilot_to_its_share_alone(pilot: Document) -> None:
	chosen, other = decide(pilot, True), decide(pilot, False)
	address = f'href="/services/{pilot.name}"'

	seen = [address in who.get("/services").get_data(as_text=True) for who in (chosen, other) * 3]

	assert seen == [True, False] * 3
	assert chosen.get(f"/services/{pilot.name}").status_code == 200
	assert other.get(f"/services/{pilot.name}").status_code == 404


def test_the_link_opens_the_form_and_the_form_is_taken(pilot: Document) -> None:
	browser, stranger = Browser(), Browser()
	let_in = browser.get(make_link(pilot).removeprefix(frappe.utils.get_url()))
	assert (let_in.status_code, let_in.headers["Location"]) == (303, f"/services/{pilot.name}")
	page = browser.get(f"/services/{pilot.name}")
	assert page.headers["Cache-Control"] == "private, no-store"

	form = fill_form(page.get_data(as_text=True))
	fields = dict(form.fields) | {"contact.email": f"{make_name('pilot')}@example.org"}
	assert stranger.post(f"/services/{pilot.name}", data=fields).status_code == 404
	sent = browser.post(f"/services/{pilot.name}", data=fields)

	assert sent.status_code == 303, sent.get_data(as_text=True)[:500]
	frappe.db.rollback()
	assert frappe.get_all("Service Submission", {"service": pilot.name}, pluck="service_version") == [1]
