"""A form that an answer ends: nothing is taken in, nothing typed is lost, and the words and the number stand there."""

import pytest
from bs4 import Tag
from werkzeug.wrappers import Response

import frappe
from frappe.model.document import Document

from tests.site.factories import make_service
from tests.site.visitor import Visitor, read
from tests.support.form_filler import FilledForm
from tests.support.pictures import make_picture

GAS = {
	"label": "Do you smell gas?",
	"question_key": "gas",
	"question_type": "Yes or no",
	"required": 1,
	"end_values": "Yes",
	"end_message": "Leave the house and call now.",
	"end_phone": "+1 202-555-0112",
}
NOTICED = {
	"label": "What did you notice?",
	"question_key": "noticed",
	"question_type": "Short text",
	"show_if_question": "gas",
	"show_if_values": "No",
}
PHOTOS = {"label": "Photos", "question_key": "photos", "question_type": "Photo or document"}


def make_gas_service(**overrides: object) -> Document:
	return make_service(**{"questions": [GAS, NOTICED, PHOTOS], **overrides})


def fill(visitor: Visitor, service: Document, **answers: str) -> FilledForm:
	form = visitor.fill(f"/services/{service.name}")
	kept = [(name, value) for name, value in form.fields if not name.startswith(("q.", "contact."))]
	form.fields[:] = [*kept, *((f"q.{key}", value) for key, value in answers.items())]
	form.files.clear()
	return form


def find_ending(response: Response) -> Tag:
	return read(response).select_one('section.ending[role="alert"]')


def count_submissions(service: Document) -> int:
	return frappe.db.count("Service Submission", {"service": service.name})


def test_a_sent_form_that_ended_is_answered_with_the_words_and_the_number(visitor: Visitor) -> None:
	service = make_gas_service()

	response = visitor.send(fill(visitor, service, gas="Yes"))

	ending = find_ending(response)
	assert response.status_code == 422
	assert "Leave the house and call now." in ending.get_text()
	assert ending.select_one("a.button")["href"] == "tel:+12025550112"
	assert ending.has_attr("autofocus") and ending["tabindex"] == "-1"
	assert read(response).title.text.startswith("Not sent:")
	assert response.headers["Cache-Control"] == "private, no-store"


def test_nothing_is_taken_in_and_everything_is_kept(visitor: Visitor) -> None:
	service = make_gas_service()
	form = fill(visitor, service, gas="Yes", noticed="A hissing pipe")
	form.fields += [("contact.name", "Ann Lee"), ("contact.email", "ann@example.org")]
	form.files.append(("q.photos", ("pipe.jpg", make_picture(), "image/jpeg")))

	page = read(visitor.send(form))

	assert count_submissions(service) == 0
	assert page.select_one('[name="q.noticed"]')["value"] == "A hissing pipe"
	assert page.select_one('[name="contact.name"]')["value"] == "Ann Lee"
	assert page.select_one('[name="q.gas"][value="Yes"]').has_attr("checked")
	assert "pipe.jpg" in page.select_one(".kept").get_text()


def test_the_link_back_leads_to_the_answer(visitor: Visitor) -> None:
	response = visitor.send(fill(visitor, make_gas_service(), gas="Yes"))

	link = next(link for link in find_ending(response).select("a") if link["href"].startswith("#"))
	assert read(response).select_one(link["href"])["name"] == "q.gas"


def test_with_another_answer_the_same_form_is_taken_in(visitor: Visitor) -> None:
	service = make_gas_service()
	form = fill(visitor, service, gas="Yes")
	visitor.send(form)

	response = visitor.send(fill(visitor, service, gas="No"))

	assert response.status_code == 303
	assert count_submissions(service) == 1


def test_a_question_that_is_not_shown_cannot_end_the_form(visitor: Visitor) -> None:
	inside = {"label": "Inside a house?", "question_key": "inside", "question_type": "Yes or no"}
	hidden = {**GAS, "show_if_question": "inside", "show_if_values": "Yes"}
	service = make_gas_service(questions=[inside, hidden])

	response = visitor.send(fill(visitor, service, inside="No", gas="Yes"))

	assert response.status_code == 303


def test_an_ending_without_a_number_has_no_link_to_call(visitor: Visitor) -> None:
	service = make_gas_service(questions=[{**GAS, "end_phone": None}])

	assert not find_ending(visitor.send(fill(visitor, service, gas="Yes"))).select('a[href^="tel:"]')


def test_the_page_holds_the_words_ready_for_the_script_and_shows_them_to_nobody(visitor: Visitor) -> None:
	page = read(visitor.get(f"/services/{make_gas_service().name}"))

	box = page.select_one(".field .ending")
	assert box.has_attr("hidden") and box["role"] == "alert"
	assert box["data-ending"] == '["Yes"]'
	assert len(page.select(".ending")) == 1


def test_what_staff_wrote_is_only_text(visitor: Visitor) -> None:
	evil = '<b>Gas</b> "><img src=x onerror=alert(1)>'
	question = {**GAS, "question_type": "Choice", "choices": f"{evil}\nNothing", "end_values": evil}
	service = make_gas_service(questions=[{**question, "end_message": evil}])
	# As Frappe has stored it: it takes some markup out of texts by itself.
	answer = service.questions[0].end_values

	page = read(visitor.send(fill(visitor, service, gas=answer)))

	assert "<b>Gas</b>" in page.select_one("section.ending").get_text()
	assert not page.select("[onerror]") and not page.select(".ending b")


@pytest.mark.parametrize(
	("changes", "sentence"),
	[
		({"end_values": "Maybe"}, "“Do you smell gas?”: the answer “Maybe” is to end the form"),
		({"end_message": None}, "“Do you smell gas?”: write what residents are told"),
		({"end_values": "Yes\nNo"}, "every answer ends the form"),
		({"question_type": "Number"}, "only answers to a choice or a yes-or-no question"),
	],
)
def test_an_ending_that_could_not_work_is_refused_with_a_sentence(changes: dict, sentence: str) -> None:
	with pytest.raises(frappe.ValidationError):
		make_gas_service(questions=[{**GAS, **changes}])

	assert sentence in str(frappe.local.message_log)
