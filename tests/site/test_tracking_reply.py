"""Residents add to their request, and fetch its files, with the key and not without it."""

import pytest

import frappe

from citizen_support.host.files import list_attachments
from citizen_support.tracking import get_key
from tests.site.factories import get_ticket, make_name, make_request, make_service, reply_as_agent
from tests.site.test_intake import FILE_QUESTION, PHOTO, fill, get_reference
from tests.site.visitor import Visitor, find_errors, read


def enter(visitor: Visitor, reference: str) -> None:
	visitor.get(f"/requests/{reference}?key={get_key(reference, 1)}")


def reply(visitor: Visitor, reference: str, text: str = "On the left side", **overrides: object) -> object:
	fields = {"message": text, "form_key": make_name("form-key-of-a-reply"), **overrides}
	files = fields.pop("files", [])
	return visitor.post(f"/requests/{reference}", fields, files)


def set_status(reference: str, status: str) -> None:
	ticket = get_ticket(reference)
	ticket.status = status
	ticket.save()


def get_messages(reference: str) -> list:
	filters = {"reference_name": get_ticket(reference).name, "communication_type": "Communication"}
	return frappe.get_all("Communication", filters, ["name", "content", "sender", "sent_or_received"])


def test_a_reply_stands_in_the_conversation(visitor: Visitor, resident: str) -> None:
	reference = make_request(contact={"email": resident})
	enter(visitor, reference)

	response = reply(visitor, reference)

	page = read(visitor.get(response.headers["Location"]))
	assert response.status_code == 303
	assert "On the left side" in page.get_text()
	assert {row.sender for row in get_messages(reference)} == {resident}


def test_a_reply_before_there_is_a_ticket_comes_back_with_what_was_typed(visitor: Visitor) -> None:
	reference = make_request()
	ticket = get_ticket(reference)
	ticket.db_set({"cs_reference": None})
	frappe.db.set_value("Service Submission", reference, {"ticket": None, "state": "Received"})
	enter(visitor, reference)

	response = reply(visitor, reference, files=[("files", PHOTO)])

	page = read(response)
	assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
	assert page.find("textarea", attrs={"name": "message"}).get_text(strip=True) == "On the left side"
	assert "still filing" in page.find(attrs={"role": "alert"}).get_text()
	ticket.db_set({"cs_reference": reference})
	form_key = page.find("input", attrs={"name": "form_key"})["value"]
	assert reply(visitor, reference, form_key=form_key).status_code == 303
	assert len(list_attachments("HD Ticket", ticket.name)) == 1


def test_a_reply_sets_the_request_going_again(visitor: Visitor, resident: str) -> None:
	reference = make_request(contact={"email": resident})
	enter(visitor, reference)
	reply_as_agent(reference)
	set_status(reference, "Replied")

	reply(visitor, reference)

	assert get_ticket(reference).status_category == "Open"


def test_a_reply_reopens_what_was_done(visitor: Visitor, resident: str) -> None:
	reference = make_request(contact={"email": resident})
	enter(visitor, reference)
	reply_as_agent(reference)
	set_status(reference, "Resolved")

	reply(visitor, reference, "It is still broken")

	assert get_ticket(reference).status_category == "Open"


def test_the_agent_is_told_of_a_reply(visitor: Visitor) -> None:
	reference = make_request()
	enter(visitor, reference)
	(agent,) = frappe.parse_json(get_ticket(reference)._assign)
	before = frappe.db.count("HD Notification", {"user_to": agent})

	reply(visitor, reference)

	assert frappe.db.count("HD Notification", {"user_to": agent}) == before + 1


def test_a_reply_sent_twice_is_one_message(visitor: Visitor) -> None:
	reference = make_request()
	enter(visitor, reference)
	key = make_name("form-key-of-a-reply")

	answers = [reply(visitor, reference, form_key=key) for _number in range(2)]

	assert [answer.status_code for answer in answers] == [303, 303]
	assert len(get_messages(reference)) == 2


@pytest.mark.parametrize(
	("fields", "sentence"),
	[
		({"text": ""}, "write a message or add a file"),
		({"text": " \u200b\n "}, "write a message or add a file"),
		({"text": "x" * 5001}, "at most 5000"),
		({"files": [("files", ("x.svg", b"<svg>", "image/svg+xml"))]}, "neither a photo nor a PDF"),
	],
)
def test_a_reply_that_will_not_do_is_told_and_kept(visitor: Visitor, fields: dict, sentence: str) -> None:
	reference = make_request()
	enter(visitor, reference)

	response = reply(visitor, reference, **fields)

	errors, page = find_errors(response), read(response)
	assert response.status_code == 422
	assert sentence in " ".join(errors.values())
	assert all(page.find(id=target.removeprefix("#")) for target in errors)
	assert page.find("textarea").get_text().strip() == fields.get("text", "On the left side").strip(
		" \u200b\n"
	)
	assert len(get_messages(reference)) == 1


def test_a_reply_with_a_photo_has_it_at_message_and_ticket(visitor: Visitor) -> None:
	reference = make_request()
	enter(visitor, reference)

	reply(visitor, reference, "", files=[("files", PHOTO)])

	ticket = get_ticket(reference)
	newest = max(
		get_messages(reference), key=lambda row: frappe.db.get_value("Communication", row.name, "creation")
	)
	assert len(list_attachments("Communication", newest.name)) == 1
	assert len(list_attachments("HD Ticket", ticket.name)) == 1


def test_without_the_key_nobody_replies(visitor: Visitor) -> None:
	reference = make_request()

	assert reply(visitor, reference).status_code == 403
	assert len(get_messages(reference)) == 1


def send_photo(visitor: Visitor) -> tuple[str, str]:
	"""A request with a photo: its reference and the address of the photo."""
	form = fill(visitor, make_service(questions=[FILE_QUESTION]).name, files=(("q.photo", PHOTO),))
	response = visitor.send(form)
	link = read(visitor.follow(response)).select_one('a[href*="/files/"]')
	return get_reference(response.headers["Location"]), link["href"]


def test_a_photo_is_shown_to_who_has_the_key(visitor: Visitor) -> None:
	_reference, address = send_photo(visitor)

	response = visitor.get(address)

	assert response.status_code == 200
	assert response.mimetype == "image/jpeg"
	assert response.get_data()[:3] == b"\xff\xd8\xff"
	assert "sandbox" in response.headers["Content-Security-Policy"]
	assert response.headers["Content-Disposition"].startswith("inline")


def test_a_photo_is_shown_to_nobody_else(visitor: Visitor) -> None:
	_reference, address = send_photo(visitor)

	assert Visitor().get(address).status_code == 403


def test_a_file_of_another_request_is_out_of_reach(visitor: Visitor) -> None:
	_reference, address = send_photo(visitor)
	other = make_request()
	enter(visitor, other)

	response = visitor.get(f"/requests/{other}/files/{address.rpartition('/')[2]}")

	assert response.status_code == 403


def test_an_agents_own_attachment_at_the_ticket_is_not_shown(visitor: Visitor) -> None:
	reference = make_request()
	enter(visitor, reference)
	secret = frappe.get_doc(
		{"doctype": "File", "file_name": "inner.txt", "content": "secret", "is_private": 1}
	)
	secret.update({"attached_to_doctype": "HD Ticket", "attached_to_name": get_ticket(reference).name})
	secret.insert()

	assert visitor.get(f"/requests/{reference}/files/{secret.name}").status_code == 403


@pytest.mark.parametrize("name", ["..", "x", "%2e%2e%2fsite_config.json", "' OR 1=1 --"])
def test_made_up_file_names_lead_nowhere(visitor: Visitor, name: str) -> None:
	reference = make_request()
	enter(visitor, reference)

	assert visitor.get(f"/requests/{reference}/files/{name}").status_code in (403, 404)
