"""What stands in a notice, in which language, and what never does."""

import pytest

import frappe

from citizen_support.notices.message import make_message
from citizen_support.notices.originals import get_original
from citizen_support.notices.rules import NOTICES, find_unknown_placeholders
from tests.site.factories import (
	get_mails,
	get_ticket,
	make_answer,
	make_department,
	make_request,
	make_service,
)
from tests.site.mails import find_mail, get_html, get_text, render

pytestmark = pytest.mark.usefixtures("transactions")

CANARY = "canary-3b9e"


def confirm(resident: str, **overrides: object) -> tuple:
	"""A request and its confirmation."""
	contact = {"name": f"Ann {CANARY}", "email": resident, "phone": "+12025550143"}
	values = {"contact": contact, "answers": [make_answer(text=f"{CANARY} hole")], **overrides}
	reference = make_request(values.pop("service", None), **values)
	return get_ticket(reference), find_mail(resident, "confirmation")


def test_the_confirmation_says_who_answers_by_when_and_how_to_reach_them(resident: str) -> None:
	ticket, mail = confirm(resident)

	department = frappe.get_doc("Municipal Department", ticket.cs_department)
	for body in (get_html(mail), get_text(mail)):
		for fact in (
			ticket.cs_reference,
			department.department_name,
			department.phone,
			department.email,
			department.lead_name,
			f"{ticket.response_by.day}, {ticket.response_by.year}",
			f"{ticket.resolution_by.day}, {ticket.resolution_by.year}",
			f"/requests/{ticket.cs_reference}?key=",
		):
			assert fact in body


def test_the_dates_are_there_for_machines_too(resident: str) -> None:
	ticket, mail = confirm(resident)

	assert f'datetime="{ticket.response_by.isoformat(timespec="minutes")}' in get_html(mail)


def test_the_html_has_a_twin_in_plain_text(resident: str) -> None:
	_ticket, mail = confirm(resident)

	assert mail.get_content_type() == "multipart/alternative" or mail.is_multipart()
	assert "<" not in get_text(mail).replace("<https://", "")


def test_nothing_a_resident_typed_is_in_it(resident: str) -> None:
	_ticket, mail = confirm(resident)

	assert CANARY not in mail.as_string()
	assert CANARY not in get_html(mail) + get_text(mail) + mail["Subject"]


def test_other_mail_programs_are_told_that_a_machine_wrote(resident: str) -> None:
	_ticket, mail = confirm(resident)

	assert mail["X-Auto-Generated"] == "citizen-support-confirmation"


def test_the_mail_belongs_to_the_ticket(resident: str) -> None:
	ticket, _mail = confirm(resident)

	queued = get_mails(resident)[0]
	assert (queued.reference_doctype, str(queued.reference_name)) == ("HD Ticket", str(ticket.name))


@pytest.mark.parametrize(
	("language", "month"),
	[("en", "Decem"), ("de", "Dezem"), ("fr", "décem"), ("xx", "Decem"), ("pt-BR", "dezem")],
)
def test_dates_are_written_in_the_residents_language(resident: str, language: str, month: str) -> None:
	service = make_service(resolution_target=10, resolution_unit="Calendar days")
	reference = make_request(service, contact={"email": resident}, language=language)
	ticket = get_ticket(reference)
	ticket.db_set("resolution_by", "2026-12-05 10:00:00")

	frappe.local.lang = language
	message = make_message(ticket, "Confirmation", [])

	assert month in message.text


def test_the_clock_time_is_told_only_where_hours_were_promised(resident: str) -> None:
	hours = make_service(response_unit="Working hours", response_target=4)

	_ticket, mail = confirm(resident, service=hours)

	line = next(line for line in get_text(mail).splitlines() if line.startswith("You will hear from us by"))
	assert line.rstrip().endswith(("AM", "PM"))
	end = next(line for line in get_text(mail).splitlines() if line.startswith("We expect to be done by"))
	assert not end.rstrip().endswith(("AM", "PM"))


def test_a_service_without_a_promised_end_tells_none(resident: str) -> None:
	_ticket, mail = confirm(resident, service=make_service(resolution_target=0))

	assert "We expect to be done by" not in get_text(mail)


def test_the_teams_own_words_are_used_with_their_placeholders_filled(resident: str) -> None:
	make_template(subject="{reference} is here", opening="Hi from {city}: {service}", ending="")

	ticket, mail = confirm(resident)

	assert mail["Subject"] == f"{ticket.cs_reference} is here (#{ticket.name})"
	assert "Hi from City of Riverton" in get_text(mail)


def test_words_switched_off_are_not_used(resident: str) -> None:
	make_template(subject="Never", enabled=0)

	_ticket, mail = confirm(resident)

	assert "Never" not in mail["Subject"]


def test_markup_in_the_teams_words_is_text(resident: str) -> None:
	make_template(opening="<script>alert(1)</script> & {{ 7 * 191 }}")

	_ticket, mail = confirm(resident)

	assert "<script>" not in get_html(mail)
	assert "1337" not in get_html(mail)


def make_template(**overrides: object) -> None:
	template = frappe.new_doc("Notice Template")
	template.update({"notice": "Confirmation", "language": "en", **get_original("Confirmation"), **overrides})
	template.insert(ignore_permissions=True)


@pytest.mark.parametrize("notice", NOTICES)
def test_our_own_words_use_only_placeholders_that_are_filled(notice: str) -> None:
	assert find_unknown_placeholders(" ".join(get_original(notice).values())) == []


@pytest.mark.parametrize(
	"trick", ['embed="/private/files/x.pdf"', "EMBED = &quot;x&quot;", "embed&#61;'x'", "embed\n=x"]
)
def test_no_text_of_ours_makes_the_mail_carry_a_file(resident: str, trick: str) -> None:
	department = make_department(department_name=f"Dept {trick}", lead_name=f"<img {trick}>")
	service = make_service(department=department.name, title=f"Service {trick}")

	confirm(resident, service=service)

	finished = render(get_mails(resident)[0].name, resident)
	attached = [part.get_filename() for part in finished.walk() if part.get_filename()]
	assert attached == []
	assert finished["To"]


def test_the_subject_is_one_line(resident: str) -> None:
	make_template(subject="{reference}\nBcc: all@example.org")

	_ticket, mail = confirm(resident)

	assert mail["Bcc"] is None
