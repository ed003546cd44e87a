"""How it went: a resident says it once, on the page of a request that is done, and Helpdesk shows it."""

import re

import pytest
from werkzeug.wrappers import Response

import frappe
from frappe.utils import flt, get_datetime

from citizen_support.publishing.report import read_figures
from citizen_support.tracking import get_key
from tests.site.factories import get_mails, get_ticket, make_name, make_request, make_service, reply_as_agent
from tests.site.mails import find_mail, get_text, read_mails
from tests.site.visitor import Visitor, find_errors, read


def finish(reference: str, **values: object) -> None:
	ticket = get_ticket(reference)
	ticket.update({"status": "Resolved", "cs_outcome": "We filled the hole.", **values})
	ticket.save()


def enter(visitor: Visitor, reference: str) -> None:
	visitor.get(f"/requests/{reference}?key={get_key(reference, 1)}")


@pytest.fixture
def done(visitor: Visitor) -> str:
	"""A request that is done; the visitor has its key."""
	reference = make_request()
	finish(reference)
	enter(visitor, reference)
	return reference


def say(visitor: Visitor, reference: str, rating: str = "4", text: str = "", **more: str) -> Response:
	fields = {"rating": rating, "feedback": text, "form_key": make_name("form-key-of-feedback"), **more}
	return visitor.post(f"/requests/{reference}/feedback", fields)


def get_feedback(reference: str) -> tuple[float, str]:
	ticket = get_ticket(reference)
	return flt(ticket.feedback_rating), ticket.feedback_extra or ""


def read_page(visitor: Visitor, reference: str) -> str:
	return read(visitor.get(f"/requests/{reference}")).get_text(" ", strip=True)


def test_the_page_asks_with_five_answers_in_words(visitor: Visitor, done: str) -> None:
	form = read(visitor.get(f"/requests/{done}")).find("form", action=f"/requests/{done}/feedback")

	labels = [label.get_text(strip=True) for label in form.select("fieldset label")]
	assert labels == ["Very good", "Good", "Fair", "Poor", "Very poor"]
	assert form.find("legend").get_text(strip=True) == "How did it go?"
	assert "At most 1000 characters" in form.get_text()
	assert len({box["name"] for box in form.select("input[type=radio]")}) == 1


def test_what_was_said_stands_in_helpdesk_and_on_the_page(visitor: Visitor, done: str) -> None:
	response = say(visitor, done, "4", "Quick.\nThank you!")

	assert (response.status_code, response.headers["Location"]) == (303, f"/requests/{done}?said=1#how")
	assert get_feedback(done) == (0.8, "Quick.\nThank you!")
	text = read_page(visitor, done)
	assert "Thank you, you said: Good" in text
	assert "Quick." in text
	assert read(visitor.get(f"/requests/{done}")).find("form", action=re.compile("feedback")) is None


def test_it_opens_nothing_again_and_tells_nobody(visitor: Visitor, resident: str) -> None:
	reference = make_request(contact={"email": resident})
	reply_as_agent(reference)
	finish(reference)
	enter(visitor, reference)
	before = len(get_mails(resident)), frappe.db.count("Request Event", {"reference": reference})

	say(visitor, reference, "1", "It is still broken")

	ticket = get_ticket(reference)
	assert (ticket.status, ticket.status_category) == ("Resolved", "Resolved")
	assert before == (len(get_mails(resident)), frappe.db.count("Request Event", {"reference": reference}))
	ticket.save()
	assert get_feedback(reference) == (0.2, "It is still broken")
	assert len(get_mails(resident)) == before[0]


def test_said_twice_the_first_word_counts(visitor: Visitor, done: str) -> None:
	key = make_name("form-key-of-feedback")

	answers = [
		say(visitor, done, "5", "Once", form_key=key),
		say(visitor, done, "5", "Once", form_key=key),
		say(visitor, done, "1", "Changed my mind"),
	]

	assert {answer.status_code for answer in answers} == {303}
	assert get_feedback(done) == (1.0, "Once")


def test_an_open_form_of_an_agent_does_not_undo_it(visitor: Visitor, done: str) -> None:
	open_form = get_ticket(done)

	say(visitor, done, "3")

	open_form.cs_outcome = "We filled it twice."
	with pytest.raises(frappe.TimestampMismatchError):
		open_form.save()
	assert get_feedback(done) == (0.6, "")


@pytest.mark.parametrize(
	("rating", "text", "target", "sentence"),
	[
		("", "Fine", "#rating", "Please choose one of the five answers."),
		("6", "Fine", "#rating", "Please choose one of the five answers."),
		("0.8", "Fine", "#rating", "Please choose one of the five answers."),
		("4", "x" * 1001, "#feedback", "at most 1000 characters"),
	],
)
def test_what_will_not_do_is_told_and_kept(
	visitor: Visitor, done: str, rating: str, text: str, target: str, sentence: str
) -> None:
	response = say(visitor, done, rating, text)

	page, errors = read(response), find_errors(response)
	assert response.status_code == 422
	assert sentence in errors[target]
	assert page.find(id=target.removeprefix("#"))
	assert page.find("textarea", attrs={"name": "feedback"}).get_text().strip() == text
	assert [box["value"] for box in page.select("input[name=rating][checked]")] == (
		["4"] if rating == "4" else []
	)
	assert page.find("title").get_text().startswith("Error:")
	assert get_feedback(done) == (0, "")


def test_markup_is_text_wherever_it_is_shown(visitor: Visitor, done: str) -> None:
	say(visitor, done, "2", '=1+1\n<img src=x onerror="alert(1)"> {{ 7*7 }} embed="/etc/passwd"')

	page = read(visitor.get(f"/requests/{done}"))
	assert page.select("#how img") == []
	assert "{{ 7*7 }}" in page.select_one("#how blockquote").get_text()
	kept = get_feedback(done)[1]
	assert "<" not in kept
	assert "embed=" not in kept
	assert not kept.startswith("=")


def test_before_it_is_done_nothing_is_asked_or_taken(visitor: Visitor) -> None:
	reference = make_request()
	enter(visitor, reference)

	response = say(visitor, reference)

	assert (response.status_code, response.headers["Location"]) == (303, f"/requests/{reference}")
	assert get_feedback(reference) == (0, "")
	assert "How did it go?" not in read_page(visitor, reference)


def test_of_a_request_merged_into_another_nothing_is_asked(visitor: Visitor, done: str) -> None:
	get_ticket(done).db_set("is_merged", 1)

	assert "How did it go?" not in read_page(visitor, done)
	say(visitor, done)
	assert get_feedback(done) == (0, "")


def test_without_the_key_nobody_says_anything(done: str) -> None:
	stranger = Visitor()
	stranger.cookies[("cs_key", f"/requests/{done}")] = "wrong"

	assert say(Visitor(), done).status_code == 403
	assert say(stranger, done).status_code == 403
	assert get_feedback(done) == (0, "")


def test_another_site_cannot_say_it(visitor: Visitor, done: str) -> None:
	response = visitor.post(
		f"/requests/{done}/feedback", {"rating": "1"}, headers={"Origin": "https://elsewhere.example"}
	)

	assert response.status_code == 403
	assert get_feedback(done) == (0, "")


def test_a_robot_that_fills_everything_in_is_not_taken(visitor: Visitor, done: str) -> None:
	assert say(visitor, done, website="http://spam.example").status_code == 422
	assert get_feedback(done) == (0, "")


def test_opening_the_forms_address_leads_to_the_page(visitor: Visitor, done: str) -> None:
	response = visitor.get(f"/requests/{done}/feedback")

	assert (response.status_code, response.headers["Location"]) == (303, f"/requests/{done}")


def test_too_many_at_once_are_asked_to_wait_and_lose_nothing(
	visitor: Visitor, done: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	from citizen_support.limits.rules import Refusal

	monkeypatch.setattr(
		"citizen_support.portal.pages.feedback.limits.check_reply", lambda reference: Refusal("reply", 60)
	)

	response = say(visitor, done, "4", "Thank you")

	assert (response.status_code, response.headers["Retry-After"]) == (429, "60")
	assert "Thank you" in read(response).find("textarea", attrs={"name": "feedback"}).get_text()
	assert get_feedback(done) == (0, "")


def test_the_closing_message_leads_to_it(visitor: Visitor, resident: str) -> None:
	reference = make_request(contact={"email": resident})
	assert "How did we do?" not in get_text(find_mail(resident, "confirmation"))
	finish(reference)

	text = get_text(find_mail(resident, "done"))

	assert "How did we do? Tell us on your request’s page:" in text
	link = re.search(r"/requests/[\w-]+\?key=[\w-]+#how", text).group()
	assert visitor.get(link.partition("#")[0]).status_code == 303


def test_whoever_has_said_it_is_not_asked_again(visitor: Visitor, resident: str) -> None:
	reference = make_request(contact={"email": resident})
	finish(reference)
	enter(visitor, reference)
	say(visitor, reference)
	visitor.post(
		f"/requests/{reference}", {"message": "Once more", "form_key": make_name("form-key-of-a-reply")}
	)
	count = len(get_mails(resident))
	finish(reference)

	last = read_mails(resident)[count:]

	assert len(last) == 1
	assert "How did we do?" not in get_text(last[0])


def test_the_pilot_report_counts_it(visitor: Visitor) -> None:
	service = make_service(status="Pilot")
	reference = make_request(service)
	finish(reference)
	enter(visitor, reference)

	say(visitor, reference, "5")

	figures = read_figures(service.name, get_datetime(service.pilot_starts_on))
	assert (figures.feedback, figures.feedback_count) == (5.0, 1)
