"""What people and attackers send, and what they get: a page that says what is wrong, and nothing lost."""

import errno
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import frappe

from citizen_support.intake import held
from tests.site.factories import get_ticket, make_answer, make_request, make_service
from tests.site.mails import read_mails
from tests.site.test_intake import FILE_QUESTION, PHOTO, TEXT_QUESTION, fill, get_reference
from tests.site.visitor import Visitor, find_errors, read
from tests.support.form_filler import fill_form
from tests.support.pictures import make_bomb_header

CANARY = "canary-51c0"
CHOICES = "\n".join(f"Choice {number}" for number in range(1, 10))
QUESTIONS = [
	{"label": "What?", "question_key": "what", "question_type": "Short text", "required": 1},
	{"label": "Details?", "question_key": "details", "question_type": "Long text"},
	{
		"label": "Which?",
		"question_key": "which",
		"question_type": "Choice",
		"required": 1,
		"choices": CHOICES,
	},
	{"label": "Urgent?", "question_key": "urgent", "question_type": "Yes or no", "required": 1},
	{
		"label": "All?",
		"question_key": "all",
		"question_type": "Multiple choice",
		"required": 1,
		"choices": CHOICES,
	},
	{
		"label": "How many?",
		"question_key": "count",
		"question_type": "Number",
		"minimum": "1",
		"maximum": "9",
	},
	{"label": "When?", "question_key": "day", "question_type": "Date", "minimum": "today"},
	{"label": "Where?", "question_key": "where", "question_type": "Place", "required": 1},
	{"label": "Photo?", "question_key": "photo", "question_type": "Photo or document", "required": 1},
]
HOSTILE = [
	"<script>alert(1)</script>",
	"\"><img src=x onerror=alert(1)>",
	"{{ 7 * 191 }} {% for x in y %}",
	"embed=\"/private/files/secret.pdf\" <img embed='x'>",
	"Subject: x\r\nBcc: all@example.org",
	"javascript:alert(1)",
	"' OR 1=1 --",
	"<!--", "]]>", "&lt;b&gt;", "%s %(x)s {0}", "=HYPERLINK(1)",
]  # fmt: skip


def make_full_service() -> str:
	return make_service(questions=QUESTIONS, ask_email="Required").name


def test_every_missing_answer_is_named_at_its_field(visitor: Visitor) -> None:
	form = visitor.fill(f"/services/{make_full_service()}")
	form.fields = [pair for pair in form.fields if pair[0] == "form_key"]
	form.files = []

	response = visitor.send(form)

	page = read(response)
	targets = [page.find(id=target.removeprefix("#")) for target in find_errors(response)]
	assert response.status_code == 422
	assert len(targets) == 7
	assert None not in targets
	assert page.title.get_text().startswith("Error: Service-")
	assert len(page.select("[aria-invalid=true]")) >= 7


@pytest.mark.parametrize(
	("field", "value", "sentence"),
	[
		("q.what", "x" * 201, "at most 200"),
		("q.details", "x" * 5001, "at most 5000"),
		("q.where", "x" * 301, "at most 300"),
		("q.which", "Choice 10", "one of the answers shown"),
		("q.urgent", "Perhaps", "one of the answers shown"),
		("q.all", "Choice 1 ", ""),
		("q.count", "1e999999999", "Please give a number"),
		("q.count", "10", "9 or less"),
		("q.day", "2020-01-01", "or a later day"),
		("q.day", "soon", "year-month-day"),
		("contact.email", "ann@example.org, ben@example.org", "one e-mail address"),
		("contact.phone", "abc", "phone number"),
		("contact.name", "x" * 141, "at most 140"),
	],
)
def test_a_malformed_answer_is_told_and_every_other_one_kept(
	visitor: Visitor, field: str, value: str, sentence: str
) -> None:
	form = visitor.fill(f"/services/{make_full_service()}")
	form.set("q.details", "Kept words")
	form.set(field, value)

	response = visitor.send(form)

	page = read(response)
	if not sentence:
		assert response.status_code == 303
		return
	assert response.status_code == 422
	assert [sentence in text for text in find_errors(response).values()] == [True]
	assert value[:200] in response.get_data(as_text=True) or page.find(attrs={"name": field})
	if field != "q.details":
		assert page.find("textarea", {"name": "q.details"}).get_text().strip() == "Kept words"


def test_a_form_that_was_mended_is_taken_in_with_the_files_kept(visitor: Visitor) -> None:
	form = visitor.fill(f"/services/{make_full_service()}")
	form.set("q.urgent", "Perhaps")
	again = fill_form(visitor.send(form).get_data(as_text=True))
	again.files = []
	again.drop("remove_file")

	response = visitor.send(again)

	files = frappe.get_all("File", {"attached_to_name": get_reference(response.headers["Location"])})
	assert response.status_code == 303
	assert len(files) == 1


@pytest.mark.parametrize(
	("file", "sentence"),
	[
		(("photo.png", b"<html><script>", "image/png"), "neither a photo nor a PDF"),
		(("photo.svg", b"<svg onload=x()>", "image/svg+xml"), "neither a photo nor a PDF"),
		(("big.jpg", b"x" * (10 * 1024 * 1024 + 1), "image/jpeg"), "larger than 10 MB"),
		(("empty.jpg", b"", "image/jpeg"), "is empty"),
		(("bomb.png", make_bomb_header(), "image/png"), "bomb.png"),
		(("letter.pdf", b"%PDF-1.7 garbage", "application/pdf"), "cannot be read"),
	],
	ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_file_that_will_not_do_is_named_and_the_others_kept(
	visitor: Visitor, file: tuple[str, bytes, str], sentence: str
) -> None:
	form = fill(visitor, make_service(questions=[FILE_QUESTION]).name)
	form.files = [("q.photo", PHOTO), ("q.photo", file)]

	response = visitor.send(form)

	page = read(response)
	assert response.status_code == 422
	assert sentence in " ".join(find_errors(response).values())
	assert len(page.find_all("input", {"name": "remove_file"})) == 1
	assert "photo.jpg" in page.get_text()


def test_files_beyond_the_allowed_number_are_named(visitor: Visitor) -> None:
	form = fill(visitor, make_service(questions=[FILE_QUESTION]).name)
	# Each another one: the same file is kept once.
	form.files = [("q.photo", (f"photo-{number}.png", *PHOTO[1:])) for number in range(6)]

	response = visitor.send(form)

	assert "up to 5 files" in " ".join(find_errors(response).values())
	assert len(read(response).find_all("input", {"name": "remove_file"})) == 5


def test_on_a_full_disk_files_are_refused_in_words_and_the_form_goes_without_them(
	visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
	def be_full(path: Path, content: object) -> int:
		path.touch()
		raise OSError(errno.ENOSPC, "No space left on device")

	monkeypatch.setattr(held.Path, "write_bytes", be_full)
	service = make_service(questions=[{**TEXT_QUESTION, "required": 1}, FILE_QUESTION]).name
	form = fill(visitor, service, files=(("q.photo", PHOTO), ("q.photo", PHOTO)))

	response = visitor.send(form)

	assert response.status_code == 422
	assert str(find_errors(response)).count("We cannot take more files at the moment.") == 1
	assert list(held._get_folder(dict(form.fields)["form_key"]).iterdir()) == []
	form.files = []
	assert visitor.send(form).status_code == 303


def test_a_form_with_errors_is_answered_without_reading_the_files_kept(
	visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
	service = make_service(questions=[{**TEXT_QUESTION, "required": 1}, FILE_QUESTION]).name
	form = fill(visitor, service, files=(("q.photo", PHOTO),))
	form.set("q.what", "")
	monkeypatch.setattr(held.Path, "read_bytes", lambda path: 1 / 0)

	response = visitor.send(form)

	assert response.status_code == 422
	assert len(read(response).find_all("input", {"name": "remove_file"})) == 1


def test_a_kept_file_can_be_removed(visitor: Visitor) -> None:
	service = make_service(questions=[{**TEXT_QUESTION, "required": 1}, FILE_QUESTION]).name
	form = fill(visitor, service, files=(("q.photo", PHOTO),))
	form.set("q.what", "")
	page = read(visitor.send(form))
	form.fields.append(("remove_file", page.find("input", {"name": "remove_file"})["value"]))
	form.files = []

	visitor.send(form)

	assert held.list_held(dict(form.fields)["form_key"]) == []


def test_files_of_one_form_are_out_of_reach_for_another(visitor: Visitor) -> None:
	service = make_service(questions=[{**TEXT_QUESTION, "required": 1}, FILE_QUESTION]).name
	form = fill(visitor, service, files=(("q.photo", PHOTO),))
	form.set("q.what", "")
	held_id = read(visitor.send(form)).find("input", {"name": "remove_file"})["value"]
	other = fill(Visitor(), service)
	other.fields += [("remove_file", held_id), ("remove_file", "../../etc")]

	Visitor().send(other)

	assert len(held.list_held(dict(form.fields)["form_key"])) == 1


@pytest.mark.parametrize("key", ["", "short", "../../../etc/passwd", "x" * 65, "a b" * 10, "ключ" * 8])
def test_a_made_up_form_key_is_not_used(visitor: Visitor, key: str) -> None:
	form = fill(visitor, "pothole")
	form.set("form_key", key)

	response = visitor.send(form)

	reference = get_reference(response.headers["Location"])
	assert frappe.db.get_value("Service Submission", reference, "idempotency_key") != key


def test_who_fills_the_field_nobody_sees_is_told_and_not_taken_in(visitor: Visitor, resident: str) -> None:
	form = fill(visitor, "pothole", resident)
	form.set("website", "https://spam.example")

	response = visitor.send(form)

	assert response.status_code == 422
	assert "has to stay empty" in read(response).get_text()
	assert not frappe.db.exists("Service Submission", {"contact_email": resident})


@pytest.mark.parametrize(
	"headers",
	[
		{"Sec-Fetch-Site": "cross-site"},
		{"Sec-Fetch-Site": "same-site"},
		{"Origin": "https://evil.example"},
		{"Origin": "https://city.example.org.evil.example"},
		{"Origin": "null"},
	],
)
def test_a_form_from_another_site_is_refused(visitor: Visitor, headers: dict[str, str]) -> None:
	form = fill(visitor, "pothole")

	assert visitor.post(form.action, form.fields, headers=headers).status_code == 403


@pytest.mark.parametrize(
	"headers", [{"Origin": "https://city.example.org"}, {"Sec-Fetch-Site": "same-origin"}, {}]
)
def test_a_form_from_our_own_page_is_taken(visitor: Visitor, headers: dict[str, str]) -> None:
	form = fill(visitor, "pothole")

	assert visitor.post(form.action, form.fields, headers=headers).status_code == 303


def test_fields_that_no_question_asks_for_set_nothing(visitor: Visitor, resident: str) -> None:
	form = fill(visitor, "pothole", resident)
	form.fields += [("priority", "Urgent"), ("agent_group", "X"), ("status", "Closed"), ("doctype", "User")]

	reference = get_reference(visitor.send(form).headers["Location"])

	ticket = get_ticket(reference)
	assert ticket.priority != "Urgent"
	assert (ticket.status, ticket.agent_group != "X") == ("Open", True)


@pytest.mark.parametrize("text", HOSTILE)
def test_tricks_are_stored_and_shown_as_text(visitor: Visitor, resident: str, text: str) -> None:
	form = fill(visitor, make_service(questions=[TEXT_QUESTION]).name, resident)
	form.set("q.what", text)
	form.set("contact.name", text)

	page = read(visitor.follow(visitor.send(form)))

	answer = page.select_one("dl.pairs dd")
	assert answer.get_text().split() == text.split()
	assert answer.find(True) is None
	assert all(script.get("src") for script in page.find_all("script"))


@pytest.mark.parametrize("text", HOSTILE)
def test_tricks_are_only_text_in_helpdesk(visitor: Visitor, text: str) -> None:
	reference = make_request(
		answers=[make_answer(text=text)], contact={"name": text, "email": "a@example.org"}
	)

	ticket = get_ticket(reference)
	message = frappe.get_doc("Communication", {"reference_name": ticket.name})
	for html in (message.content, ticket.description):
		assert {tag.name for tag in BeautifulSoup(html, "html.parser").find_all(True)} <= {
			"p",
			"br",
			"strong",
			"div",
		}
	assert "<" not in f"{ticket.subject}{message.subject}{message.sender_full_name}"


@pytest.mark.parametrize("text", HOSTILE)
def test_tricks_do_not_get_into_our_mails(visitor: Visitor, resident: str, text: str) -> None:
	marked = f"{CANARY} {text}"

	make_request(answers=[make_answer(text=marked)], contact={"name": marked, "email": resident})

	(mail,) = read_mails(resident)
	assert CANARY not in mail.as_string()
	assert list(mail.iter_attachments()) == []
	assert mail["Bcc"] is None
