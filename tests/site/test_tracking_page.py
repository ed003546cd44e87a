"""A request's own page: whom it opens to, and what it shows."""

import re

import pytest
from werkzeug.wrappers import Response

import frappe

from citizen_support.tracking import get_key
from citizen_support.tracking.rules import make_reference
from tests.site.factories import (
	get_ticket,
	make_answer,
	make_department,
	make_request,
	make_service,
	reply_as_agent,
)
from tests.site.mails import find_mail, get_text
from tests.site.transactions import PretendedTransactions
from tests.site.visitor import Visitor, read

WRONG_KEYS = ["wrong", "x" * 27, "x" * 500, "%00", "ключ", "<script>", "' OR 1=1 --"]


def enter(visitor: Visitor, reference: str) -> Response:
	"""Open the link of the confirmation and follow it."""
	return visitor.follow(visitor.get(f"/requests/{reference}?key={get_key(reference, 1)}"))


def read_text(visitor: Visitor, reference: str) -> str:
	return read(enter(visitor, reference)).get_text(" ", strip=True)


def test_the_link_in_the_mail_opens_the_page(visitor: Visitor, resident: str) -> None:
	reference = make_request(contact={"email": resident})
	link = re.search(r"/requests/[\w-]+\?key=[\w-]+", get_text(find_mail(resident, "confirmation"))).group()

	page = visitor.follow(visitor.get(link))

	assert page.status_code == 200
	assert reference in page.get_data(as_text=True)


def test_the_key_goes_from_the_address_into_a_cookie_for_this_request_alone(visitor: Visitor) -> None:
	reference = make_request()

	response = visitor.get(f"/requests/{reference}?key={get_key(reference, 1)}")

	cookie = response.headers["Set-Cookie"]
	assert response.headers["Location"] == f"/requests/{reference}"
	for part in (f"Path=/requests/{reference}", "HttpOnly", "SameSite=Lax", "Secure"):
		assert part in cookie


def test_one_requests_cookie_opens_no_other(visitor: Visitor) -> None:
	mine, other = make_request(), make_request()
	enter(visitor, mine)
	visitor.cookies[("cs_key", f"/requests/{other}")] = get_key(mine, 1)

	assert visitor.get(f"/requests/{other}").status_code == 403


def lock_out(visitor: Visitor, reference: str, key: str | None) -> tuple[int, str]:
	"""Status and page of an attempt, without the reference that was asked for and the form's own random key."""
	response = visitor.get(f"/requests/{reference}?key={key}" if key else f"/requests/{reference}")
	page = response.get_data(as_text=True).replace(reference, "")
	return response.status_code, re.sub(r'(name="form_key" value=)"[^"]*"', r"\1", page)


@pytest.mark.parametrize("key", [None, *WRONG_KEYS])
def test_wrong_key_and_unknown_reference_get_the_very_same_page(visitor: Visitor, key: str | None) -> None:
	known, unknown = make_request(), make_reference()

	answer = lock_out(visitor, known, key)

	assert answer[0] == 403
	assert answer == lock_out(visitor, unknown, key)


def test_an_old_key_gets_that_page_too(visitor: Visitor) -> None:
	reference = make_request()
	old = get_key(reference, 1)
	get_ticket(reference).db_set("cs_key_version", 2)

	assert lock_out(visitor, reference, old) == lock_out(visitor, make_reference(), old)
	assert visitor.get(f"/requests/{reference}?key={get_key(reference, 2)}").status_code == 303


def test_a_revoked_key_no_longer_opens_the_page_it_had_opened(visitor: Visitor) -> None:
	reference = make_request()
	enter(visitor, reference)

	get_ticket(reference).db_set("cs_key_version", 2)

	assert visitor.get(f"/requests/{reference}").status_code == 403


@pytest.mark.parametrize("text", ["x", "ABCD-EFGH", "%3Cscript%3E", "..", "K7QM2F4X0"])
def test_what_is_no_reference_gets_the_same_way_out(visitor: Visitor, text: str) -> None:
	response = visitor.get(f"/requests/{text}?key=x")

	assert response.status_code == 403
	assert read(response).find("form", action="/requests")
	assert (
		"<script>" not in response.get_data(as_text=True).partition("</head>")[2].partition("<script src")[0]
	)


def test_neither_caches_nor_search_engines_nor_other_sites_get_the_page(visitor: Visitor) -> None:
	headers = enter(visitor, make_request()).headers

	assert headers["Cache-Control"] == "private, no-store"
	assert "noindex" in headers["X-Robots-Tag"]
	assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
	assert "script-src 'self'" in headers["Content-Security-Policy"]
	assert headers["X-Content-Type-Options"] == "nosniff"


def test_it_says_where_the_request_stands(visitor: Visitor) -> None:
	reference = make_request()

	assert "Received" in read_text(visitor, reference)
	set_status(reference, "Replied")
	assert "Waiting for you" in read_text(visitor, reference)
	set_status(reference, "Resolved", cs_outcome="We filled the hole.")
	text = read_text(visitor, reference)
	assert "Your request is done" in text
	assert "We filled the hole." in text


def set_status(reference: str, status: str, **values: object) -> None:
	ticket = get_ticket(reference)
	ticket.update({"status": status, **values})
	ticket.save()


def test_it_shows_what_was_sent_and_by_when_who_answers(visitor: Visitor) -> None:
	department = make_department()
	service = make_service(department=department.name)
	reference = make_request(service, answers=[make_answer(text="Hole by the bridge")])

	page = read(enter(visitor, reference))

	text, ticket = page.get_text(" ", strip=True), get_ticket(reference)
	for shown in (service.title, "What happened?", "Hole by the bridge", department.phone, "Robin Reyes"):
		assert shown in text
	dates = {mark["datetime"][:16] for mark in page.find_all("time")}
	assert {
		date.isoformat(timespec="minutes") for date in (ticket.response_by, ticket.resolution_by)
	} <= dates


def test_it_names_the_department_that_has_it_now(visitor: Visitor) -> None:
	reference, department = make_request(), make_department()
	ticket = get_ticket(reference)
	ticket.cs_department = department.name
	ticket.save()

	text = read_text(visitor, reference)

	assert department.department_name in text
	assert "Handed over" in text


def test_an_agents_answer_is_shown_without_anything_that_runs(visitor: Visitor) -> None:
	reference = make_request()
	reply_as_agent(
		reference,
		"<p>On <strong>Monday</strong>.<script>steal()</script><img src='https://track.example/x.gif'>"
		"<a href='javascript:x()'>here</a><a href='https://city.example'>there</a></p>",
	)

	message = read(enter(visitor, reference)).select_one(".talk .prose")

	assert message.find("strong").get_text() == "Monday"
	assert [link.get("href") for link in message.find_all("a")] == [None, "https://city.example"]
	assert message.find(["script", "img"]) is None


def test_internal_comments_never_show(visitor: Visitor) -> None:
	reference = make_request()
	ticket = get_ticket(reference)
	comment = {
		"doctype": "HD Ticket Comment",
		"reference_ticket": ticket.name,
		"content": "Difficult person 9c2",
	}
	frappe.get_doc(comment).insert()
	ticket.add_comment("Comment", "Also difficult 9c2")

	assert "9c2" not in read_text(visitor, reference)


def test_automated_messages_and_drafts_never_show(visitor: Visitor) -> None:
	reference = make_request()
	for kind in ("Automated Message", "Notification"):
		message = frappe.get_doc(
			{"doctype": "Communication", "communication_type": kind, "content": f"Inner {kind}"}
		)
		message.update({"reference_doctype": "HD Ticket", "reference_name": get_ticket(reference).name})
		message.update({"sent_or_received": "Sent", "subject": "x"})
		message.insert()

	assert "Inner" not in read_text(visitor, reference)


def test_looking_changes_nothing(visitor: Visitor, transactions: PretendedTransactions) -> None:
	reference = make_request()
	before = get_ticket(reference).modified
	enter(visitor, reference)

	assert get_ticket(reference).modified == before


def test_before_it_is_filed_the_page_shows_the_promise_all_the_same(
	visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr("citizen_support.intake.service.file_now_or_soon", lambda reference: None)
	reference = make_request()

	page = enter(visitor, reference)

	assert page.status_code == 200
	assert "Received" in read(page).get_text()


def test_a_ticket_of_helpdesk_without_a_service_has_no_page(visitor: Visitor) -> None:
	ticket = frappe.get_doc({"doctype": "HD Ticket", "subject": "Printer"}).insert()

	for text in (str(ticket.name), ticket.key):
		assert visitor.get(f"/requests/{text}").status_code == 403


def add_mail(reference: str, sender: str, content: str) -> str:
	"""A mail of the resident that came in about the request, as it lies in the database."""
	mail = frappe.new_doc("Communication")
	mail.update({"communication_type": "Communication", "sent_or_received": "Received", "sender": sender})
	mail.update({"reference_doctype": "HD Ticket", "reference_name": str(get_ticket(reference).name)})
	mail.update({"subject": "Re", "content": content, "name": frappe.generate_hash(length=12)})
	mail.set_user_and_timestamp()
	mail.db_insert()
	return mail.name


def test_of_a_mail_without_an_end_the_beginning_is_shown(visitor: Visitor, resident: str) -> None:
	reference = make_request(contact={"email": resident})
	add_mail(reference, resident, "<p>It began so.</p>" + "<p>x</p>" * 200_000)
	add_mail(reference, resident, "<p>A short one.</p>")

	page = enter(visitor, reference).get_data(as_text=True)

	assert "It began so." in page and "A short one." in page
	assert page.count("The rest of this message is too long to be shown here.") == 1
	assert len(page) < 250_000


def test_many_long_mails_make_no_endless_page(visitor: Visitor, resident: str) -> None:
	reference = make_request(contact={"email": resident})
	for number in range(12):
		add_mail(reference, resident, f"<p>Mail {number}.</p>" + "<p>x</p>" * 12_000)

	text = read_text(visitor, reference)

	assert "Mail 11." in text and "Mail 0." not in text
	assert text.count("The rest of this message is too long to be shown here.") == 9
	assert len(text) < 250_000


def test_of_very_many_messages_the_newest_are_shown(
	visitor: Visitor, resident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr("citizen_support.host.tickets.MOST_MESSAGES", 3)
	reference = make_request(contact={"email": resident})
	for number in range(2):
		add_mail(reference, resident, f"<p>Mail {number}.</p>")
	assert "Earlier messages" not in read_text(visitor, reference)

	for number in range(2, 5):
		add_mail(reference, resident, f"<p>Mail {number}.</p>")

	text = read_text(visitor, reference)
	assert [number for number in range(5) if f"Mail {number}." in text] == [2, 3, 4]
	assert "Earlier messages are not shown here." in text
