"""Pilots on the portal: who is let in, and what all others see."""

import re
from collections.abc import Iterator

import pytest

import frappe
from frappe.core.doctype.version.version import get_diff
from frappe.model.document import Document

from citizen_support import publishing
from citizen_support.catalogue import clear_catalogue
from citizen_support.portal import kept
from citizen_support.publishing.report import make_link
from tests.site.factories import make_name, make_service, offer_languages, translate
from tests.site.test_early_pages import ask
from tests.site.visitor import Visitor, read


@pytest.fixture
def pilot(visitor: Visitor) -> Document:
	"""A pilot for those with the link."""
	return make_pilot()


def make_pilot(**values: object) -> Document:
	return make_service(status="Pilot", **{"pilot_access": "Only with the link", **values})


def make_area() -> str:
	area = frappe.new_doc("Service Area")
	area.update({"area_name": make_name("Quarter"), "postcodes": "1015\n102*"})
	return area.insert(ignore_permissions=True).name


def address_of(service: Document) -> str:
	return f"/services/{service.name}"


def link_of(service: Document) -> str:
	link = make_link(service)
	return link[link.index("/services/") :]


def shows_form(visitor: Visitor, service: Document) -> bool:
	return 'id="form"' in visitor.get(address_of(service)).get_data(as_text=True)


def strip_code(text: str, code: str) -> str:
	return text.replace(code.replace("-", " "), "").replace(code, "")


def test_whoever_is_not_in_gets_the_page_of_an_unknown_service(visitor: Visitor, pilot: Document) -> None:
	unknown = make_name("nothing")

	for address in (address_of(pilot), f"{address_of(pilot)}?pilot=wrong"):
		there, nowhere = visitor.get(address), visitor.get(f"/services/{unknown}")
		assert there.status_code == nowhere.status_code == 404
		assert strip_code(there.get_data(as_text=True), pilot.name) == strip_code(
			nowhere.get_data(as_text=True), unknown
		)
		assert dict(there.headers, **{"Content-Length": ""}) == dict(
			nowhere.headers, **{"Content-Length": ""}
		)


def test_a_pilot_is_neither_in_the_catalogue_nor_found(visitor: Visitor, pilot: Document) -> None:
	visitor.follow(visitor.get(link_of(pilot)))

	for address in ("/services", f"/services?category={pilot.category}", f"/services?q={pilot.title}"):
		assert address_of(pilot) not in visitor.get(address).get_data(as_text=True)
	assert pilot.name not in {
		card["code"] for card in frappe.get_attr("citizen_support.catalogue.get_overview")()["services"]
	}


def test_the_link_lets_in_once_and_then_a_clean_address_does(visitor: Visitor, pilot: Document) -> None:
	answer = visitor.get(link_of(pilot))

	assert (answer.status_code, answer.headers["Location"]) == (303, address_of(pilot))
	cookie = answer.headers["Set-Cookie"]
	assert f"Path={address_of(pilot)}" in cookie
	assert "HttpOnly" in cookie
	assert link_of(pilot).partition("=")[2] not in cookie
	assert shows_form(visitor, pilot)
	assert not shows_form(Visitor(), pilot)


def test_what_the_history_of_changes_tells_opens_nothing(visitor: Visitor, pilot: Document) -> None:
	before = frappe.get_doc(pilot.doctype, pilot.name)
	publishing.make_new_key(pilot.name)
	pilot.reload()
	change = str(get_diff(before, pilot))
	assert pilot.pilot_key in change
	assert link_of(pilot).partition("=")[2] not in change

	told = visitor.get(f"{address_of(pilot)}?pilot={pilot.pilot_key}")

	assert told.status_code == 404
	assert not shows_form(visitor, pilot)


def test_the_page_says_that_it_is_a_pilot_and_no_cache_keeps_it(visitor: Visitor, pilot: Document) -> None:
	page = visitor.follow(visitor.get(link_of(pilot)))

	assert "trying this service out" in read(page).get_text()
	assert page.headers["Cache-Control"] == "private, no-store"
	assert "noindex" in page.headers["X-Robots-Tag"]


def test_a_form_is_taken_only_from_who_is_in(visitor: Visitor, pilot: Document) -> None:
	visitor.get(link_of(pilot))
	form = visitor.fill(address_of(pilot))

	stranger = Visitor().post(address_of(pilot), form.fields)
	assert stranger.status_code == 404
	assert not frappe.db.exists("Service Submission", {"service": pilot.name})

	assert visitor.send(form).status_code == 303
	assert frappe.db.get_value("Service Submission", {"service": pilot.name}, "service_version") == 1


def test_a_new_key_ends_the_old_link_and_whom_it_let_in(visitor: Visitor, pilot: Document) -> None:
	old = link_of(pilot)
	visitor.get(old)

	publishing.make_new_key(pilot.name)

	assert not shows_form(visitor, pilot)
	assert visitor.get(old).status_code == 404
	pilot.reload()
	visitor.get(link_of(pilot))
	assert shows_form(visitor, pilot)


def test_links_to_an_earlier_pilot_do_not_open_the_next(visitor: Visitor, pilot: Document) -> None:
	visitor.get(link_of(pilot))

	for status in ("Draft", "Pilot"):
		publishing.set_status(pilot.name, status, is_confirmed=True)

	assert visitor.get(link_of(pilot)).status_code == 404
	assert not shows_form(visitor, pilot)


def test_one_pilots_cookie_opens_no_other(visitor: Visitor, pilot: Document) -> None:
	other = make_pilot()
	visitor.get(link_of(pilot))
	seal = visitor.cookies["cs_pilot", address_of(pilot)]

	visitor.cookies["cs_pilot", address_of(other)] = seal
	assert not shows_form(visitor, other)


def test_back_to_draft_shuts_everybody_out(visitor: Visitor, pilot: Document) -> None:
	visitor.get(link_of(pilot))
	publishing.set_status(pilot.name, "Draft")

	assert visitor.get(address_of(pilot)).status_code == 404
	assert visitor.get(link_of(pilot)).status_code == 404


# An area


@pytest.fixture
def local(visitor: Visitor) -> Document:
	"""A pilot for one quarter."""
	return make_pilot(pilot_access="Only in an area", pilot_area=make_area())


def test_visitors_say_where_first(visitor: Visitor, local: Document) -> None:
	page = visitor.get(address_of(local))

	assert page.status_code == 200
	assert read(page).select_one('input[name="q.pilot_place"]')
	assert not shows_form(visitor, local)


@pytest.mark.parametrize("place", ["1015", "Elm Street 3, 1025 Riverton"])
def test_who_lives_there_is_let_in(visitor: Visitor, local: Document, place: str) -> None:
	answer = visitor.post(address_of(local), {"q.pilot_place": place})

	assert (answer.status_code, answer.headers["Location"]) == (303, address_of(local))
	assert shows_form(visitor, local)
	assert visitor.send(visitor.fill(address_of(local))).status_code == 303


def test_all_others_are_told_kindly_whom_to_ask(visitor: Visitor, local: Document) -> None:
	answer = visitor.post(address_of(local), {"q.pilot_place": "9999"})

	text = read(answer).get_text(" ", strip=True)
	area = frappe.db.get_value("Service Area", local.pilot_area, "area_name")
	phone = frappe.db.get_value("Municipal Department", local.department, "phone")
	assert answer.status_code == 200
	assert f"so far only in {area}" in text
	assert phone in text
	assert not shows_form(visitor, local)


def test_an_empty_place_is_asked_for_again(visitor: Visitor, local: Document) -> None:
	answer = visitor.post(address_of(local), {"q.pilot_place": " "})

	assert answer.status_code == 422
	assert "postcode or an address" in read(answer).get_text()


def test_a_whole_form_from_outside_is_not_taken(visitor: Visitor, local: Document) -> None:
	inside = Visitor()
	inside.post(address_of(local), {"q.pilot_place": "1015"})
	form = inside.fill(address_of(local))

	assert visitor.post(address_of(local), form.fields).status_code == 422
	assert not frappe.db.exists("Service Submission", {"service": local.name})


def test_another_area_asks_everybody_again(visitor: Visitor, local: Document) -> None:
	visitor.post(address_of(local), {"q.pilot_place": "1015"})

	local.pilot_area = make_area()
	local.save()

	assert not shows_form(visitor, local)


# A share


def find_visitor(service: Document, is_in: bool) -> Visitor:
	"""A browser that chance has decided about."""
	for _try in range(500):
		token = publishing.make_visitor()
		if publishing.is_chosen({"code": service.name, "pilot_share": service.pilot_share}, token) == is_in:
			found = Visitor()
			found.cookies["cs_visitor", "/services"] = token
			return found
	raise AssertionError("chance is not fair")


@pytest.fixture
def shared(visitor: Visitor) -> Document:
	"""A pilot for a third of the visitors."""
	return make_pilot(pilot_access="A share of visitors", pilot_share=33)


def test_those_in_the_share_see_it_in_the_catalogue_and_can_use_it(
	visitor: Visitor, shared: Document
) -> None:
	chosen = find_visitor(shared, True)

	for address in (f"/services?category={shared.category}", f"/services?q={shared.title}"):
		assert address_of(shared) in chosen.get(address).get_data(as_text=True)
	assert shows_form(chosen, shared)
	assert chosen.send(chosen.fill(address_of(shared))).status_code == 303


def test_those_outside_the_share_see_nothing_of_it(visitor: Visitor, shared: Document) -> None:
	other = find_visitor(shared, False)

	for address in (f"/services?category={shared.category}", f"/services?q={shared.title}"):
		assert address_of(shared) not in other.get(address).get_data(as_text=True)
	assert other.get(address_of(shared)).status_code == 404


def test_a_new_browser_keeps_a_random_text_and_what_it_decides(visitor: Visitor, shared: Document) -> None:
	assert visitor.get(address_of(shared)).status_code == 404

	answer = visitor.get("/services")
	(cookie,) = [header for header in answer.headers.getlist("Set-Cookie") if "cs_visitor" in header]
	assert re.match(r"cs_visitor=[A-Za-z0-9_-]{22};", cookie)
	assert "Path=/services" in cookie
	seen = {shows_form(visitor, shared) for _visit in range(3)}
	assert len(seen) == 1
	assert not visitor.get("/services").headers.getlist("Set-Cookie")


def test_without_a_pilot_by_share_nobody_gets_a_cookie(visitor: Visitor, pilot: Document) -> None:
	assert not visitor.get("/services").headers.getlist("Set-Cookie")


# Kept pages


@pytest.fixture
def early(visitor: Visitor) -> Iterator[None]:
	clear_catalogue()
	yield
	clear_catalogue()


def ask_as(path: str, visitor: Visitor) -> str:
	cookie = "; ".join(
		f"{name}={value}" for (name, scope), value in visitor.cookies.items() if path.startswith(scope)
	)
	return ask(path, headers={"Cookie": cookie}).get_data(as_text=True)


def test_kept_catalogues_are_not_mixed_up(early: None, shared: Document) -> None:
	shared.featured = 1
	shared.save()
	chosen, other = find_visitor(shared, True), find_visitor(shared, False)

	pages = [(ask_as("/services", who), who is chosen) for who in (chosen, other, chosen, other)]

	assert [address_of(shared) in page for page, _in in pages] == [is_in for _page, is_in in pages]
	assert frappe.cache.get_value(kept._get_key("services"), expires=True) == kept.BY_VISITOR


def test_a_kept_catalogue_gives_each_new_browser_a_text_of_its_own(early: None, shared: Document) -> None:
	given = [ask("/services").headers["Set-Cookie"] for _visit in range(8)]

	assert len({header.partition(";")[0] for header in given}) == 8


def test_a_pilots_page_is_never_kept_and_others_are(early: None, shared: Document) -> None:
	chosen = find_visitor(shared, True)
	path = address_of(shared).strip("/")

	assert 'id="form"' in ask_as(address_of(shared), chosen)
	assert ask(address_of(shared)) is None
	ask("/services/pothole")
	assert frappe.cache.get_value(kept._get_key(path), expires=True) is None
	assert frappe.cache.get_value(kept._get_key("services/pothole"), expires=True)


# The report


def test_the_report_opens_by_its_link_alone(visitor: Visitor) -> None:
	service = make_pilot(pilot_goals=[{"measure": "Own words", "words": "The shelter has room."}])
	link = publishing.get_pilot(service.name)["report_link"]
	address = link[link.index("/citizen-support/") :]

	page = visitor.get(address)
	assert page.status_code == 200
	assert "The shelter has room." in read(page).get_text()
	assert page.headers["Cache-Control"] == "private, no-store"
	for wrong in (
		address[:-1],
		address.partition("?")[0],
		f"{address.partition('?')[0]}?key={service.pilot_key}",
	):
		assert visitor.get(wrong).status_code == 404

	publishing.make_new_key(service.name)
	assert visitor.get(address).status_code == 404


def test_the_area_of_a_pilot_is_named_in_the_residents_language(visitor: Visitor, local: Document) -> None:
	offer_languages("de")
	translate(frappe.get_doc("Service Area", local.pilot_area), "de", area_name="Altstadt")

	page = Visitor(language="de").get(address_of(local))

	assert "Altstadt" in read(page).get_text()
