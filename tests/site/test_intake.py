"""A form that was sent becomes exactly one routed ticket."""

import pytest

import frappe

from citizen_support.host.files import list_attachments
from citizen_support.residents import NOBODY
from tests.site.factories import (
	get_submission,
	get_ticket,
	list_questions,
	make_department,
	make_service,
	make_team,
)
from tests.site.transactions import PretendedTransactions
from tests.site.visitor import Upload, Visitor, read
from tests.support.form_filler import FilledForm, make_png
from tests.support.pictures import make_pdf

PHOTO = ("photo.png", make_png(), "image/png")
LETTER = ("letter.pdf", make_pdf(), "application/pdf")
FILE_QUESTION = {"label": "A photo?", "question_key": "photo", "question_type": "Photo or document"}
TEXT_QUESTION = {"label": "What happened?", "question_key": "what", "question_type": "Long text"}


def fill(visitor: Visitor, service: str, resident: str = "", files: tuple[Upload, ...] = ()) -> FilledForm:
	"""The service's form with this address and these files."""
	form = visitor.fill(f"/services/{service}")
	form.set("contact.email", resident)
	form.files = list(files)
	return form


def get_reference(location: str) -> str:
	return location.removeprefix("/requests/").partition("?")[0]


def send(visitor: Visitor, service: str, resident: str = "", files: tuple[Upload, ...] = ()) -> str:
	"""Fill the form, send it, and give back the reference."""
	response = visitor.send(fill(visitor, service, resident, files))
	assert response.status_code == 303, read(response).get_text(" ", strip=True)[:500]
	return get_reference(response.headers["Location"])


def test_a_sent_form_leads_to_the_confirmation(visitor: Visitor, resident: str) -> None:
	response = visitor.send(fill(visitor, "pothole", resident))

	page = visitor.follow(response)
	text = read(page).get_text(" ", strip=True)
	reference = get_reference(response.headers["Location"])
	assert (response.status_code, page.status_code) == (303, 200)
	for shown in (
		reference,
		"Streets and Roads",
		"+1 202-555-0120",
		"streets@riverton.example",
		"Maria Lopez",
	):
		assert shown in text


def test_the_confirmation_shows_the_tickets_own_dates_for_machines(visitor: Visitor, resident: str) -> None:
	response = visitor.send(fill(visitor, "pothole", resident))

	shown = {mark["datetime"][:16] for mark in read(visitor.follow(response)).find_all("time")}
	ticket = get_ticket(get_reference(response.headers["Location"]))
	for promised in (ticket.response_by, ticket.resolution_by):
		assert promised.isoformat(timespec="minutes") in shown


def test_the_ticket_is_in_the_right_team_with_an_agent(visitor: Visitor, resident: str) -> None:
	ticket = get_ticket(send(visitor, "pothole", resident))

	department = frappe.get_doc("Municipal Department", "streets")
	members = frappe.get_all("HD Team Member", {"parent": department.team}, pluck="user")
	assert ticket.agent_group == department.team
	assert set(frappe.parse_json(ticket._assign)) <= set(members)
	assert len(frappe.parse_json(ticket._assign)) == 1


def test_the_ticket_says_what_an_agent_needs(visitor: Visitor, resident: str) -> None:
	reference = send(visitor, "pothole", resident)

	ticket = get_ticket(reference)
	assert ticket.raised_by == resident
	assert ticket.cs_service == "pothole"
	assert ticket.cs_department == "streets"
	assert ticket.cs_channel == "Portal"
	assert ticket.cs_place == "12 Oak Street, 92903"
	assert "Streets and Roads" in ticket.cs_routed_because
	assert ticket.subject == "Pothole: 12 Oak Street, 92903"
	assert ticket.via_customer_portal == 0


def test_the_first_message_is_the_residents_and_names_each_question(visitor: Visitor, resident: str) -> None:
	reference = send(visitor, "pothole", resident)

	ticket = get_ticket(reference)
	message = frappe.get_doc("Communication", {"reference_name": ticket.name, "sent_or_received": "Received"})
	assert message.sender == resident
	assert "Where is the pothole?" in message.content
	assert "12 Oak Street, 92903" in message.content
	assert frappe.utils.strip_html(ticket.description).startswith("Where is the pothole?")


def test_why_it_is_here_stands_in_helpdesks_activity(visitor: Visitor) -> None:
	ticket = get_ticket(send(visitor, "pothole"))

	actions = frappe.get_all("HD Ticket Activity", {"ticket": ticket.name}, pluck="action")
	assert ticket.cs_routed_because in actions


def test_an_anonymous_request_is_nobodys(visitor: Visitor) -> None:
	reference = send(visitor, "pothole")

	ticket = get_ticket(reference)
	assert ticket.raised_by == NOBODY
	assert not ticket.contact


def test_two_requests_of_one_address_are_one_citizens(visitor: Visitor, resident: str) -> None:
	references = [send(visitor, "pothole", resident), send(Visitor(), "street-light", resident.upper())]

	assert len({get_ticket(reference).cs_citizen for reference in references}) == 1
	assert frappe.db.count("Citizen", {"email": resident}) == 1
	assert frappe.db.count("Contact Email", {"email_id": resident}) == 1


def test_files_are_private_and_hang_at_the_ticket_and_its_first_message(visitor: Visitor) -> None:
	service = make_service(questions=[TEXT_QUESTION, FILE_QUESTION]).name

	reference = send(visitor, service, files=(("q.photo", PHOTO), ("q.photo", LETTER)))

	ticket = get_ticket(reference).name
	message = frappe.db.get_value("Communication", {"reference_name": ticket})
	for doctype, name in (
		("HD Ticket", ticket),
		("Communication", message),
		("Service Submission", reference),
	):
		files = list_attachments(doctype, name)
		assert sorted(row.file_name for row in files) == ["letter.pdf", "photo.jpg"]
		assert all(row.file_url.startswith("/private/files/") for row in files)
	assert frappe.db.count("File", {"attached_to_name": ticket, "is_private": 0}) == 0


def test_equal_files_of_two_residents_are_not_shared(visitor: Visitor) -> None:
	service = make_service(questions=[FILE_QUESTION]).name

	references = [send(browser, service, files=(("q.photo", PHOTO),)) for browser in (visitor, Visitor())]

	urls = {list_attachments("Service Submission", reference)[0].file_url for reference in references}
	assert len(urls) == 2


@pytest.mark.parametrize("browser", ["the same", "another"])
def test_the_same_form_sent_twice_is_one_request(
	visitor: Visitor, transactions: PretendedTransactions, resident: str, browser: str
) -> None:
	form = fill(visitor, "pothole", resident)
	first = visitor.send(form)

	second = (visitor if browser == "the same" else Visitor()).send(form)

	assert second.headers["Location"] == first.headers["Location"]
	assert frappe.db.count("HD Ticket", {"raised_by": resident}) == 1
	assert frappe.db.count("Service Submission", {"contact_email": resident}) == 1


def test_other_words_in_the_same_form_are_another_request(visitor: Visitor, resident: str) -> None:
	form = fill(visitor, "pothole", resident)
	first = visitor.send(form)
	form.set("contact.name", "Changed Mind")

	seconds = [visitor.send(form) for _time in range(2)]

	assert {second.headers["Location"] for second in seconds} != {first.headers["Location"]}
	assert seconds[0].headers["Location"] == seconds[1].headers["Location"]
	names = frappe.get_all("Service Submission", {"contact_email": resident}, pluck="contact_name")
	assert len(names) == 2
	assert "Changed Mind" in names


def test_another_photo_in_the_same_form_is_another_request(visitor: Visitor, resident: str) -> None:
	service = make_service(questions=[FILE_QUESTION]).name
	form = fill(visitor, service, resident, (("q.photo", PHOTO),))
	first = visitor.send(form)
	form.files = [("q.photo", LETTER)]

	seconds = [visitor.send(form) for _time in range(2)]

	assert len({response.headers["Location"] for response in (first, *seconds)}) == 2
	reference = get_reference(seconds[0].headers["Location"])
	assert [row.file_name for row in list_attachments("Service Submission", reference)] == ["letter.pdf"]


def test_a_form_sent_again_without_its_photo_is_the_first_request(visitor: Visitor, resident: str) -> None:
	service = make_service(questions=[{**FILE_QUESTION, "required": 1}]).name
	form = fill(visitor, service, resident, (("q.photo", PHOTO),))
	first = visitor.send(form)
	form.files = []

	assert visitor.send(form).headers["Location"] == first.headers["Location"]


def test_a_form_without_a_key_is_still_taken_in(visitor: Visitor, resident: str) -> None:
	form = fill(visitor, "pothole", resident)
	form.drop("form_key")

	assert visitor.send(form).status_code == 303


def test_what_was_sent_is_kept_exactly_as_it_was_received(visitor: Visitor) -> None:
	service = make_service(questions=[TEXT_QUESTION])
	form = fill(visitor, service.name)
	form.set("q.what", "  <b>Zwei</b>\r\nZeilen & „mehr“ ")

	reference = get_reference(visitor.send(form).headers["Location"])

	answers = frappe.parse_json(get_submission(reference).answers)
	assert answers[0]["values"] == ["<b>Zwei</b>\nZeilen & „mehr“"]
	assert list_questions(service)[0].label == answers[0]["label"]


def test_the_page_names_the_department_the_rules_choose(visitor: Visitor) -> None:
	other = make_department(team=make_team())
	service = make_service(
		questions=[TEXT_QUESTION],
		routing_rules=[{"match_on": "Channel", "match_values": "Portal", "department": other.name}],
	)

	response = visitor.send(fill(visitor, service.name))

	assert other.department_name in read(visitor.follow(response)).get_text()
