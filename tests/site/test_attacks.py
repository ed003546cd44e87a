"""What someone tried against the portal and against Helpdesk through it, kept so that it stays mended."""

from datetime import timedelta

import pytest

import frappe
from frappe.email.receive import InboundMail
from frappe.model.document import Document
from frappe.utils import now_datetime

from citizen_support import limits
from citizen_support.notices import outbox, rules
from citizen_support.tracking import get_key
from tests.site.factories import (
	get_ticket,
	make_answer,
	make_name,
	make_request,
	make_service,
	make_user,
	reply_as_agent,
)
from tests.site.mails import find_mail, get_html, read_mails
from tests.site.test_intake import fill, get_reference
from tests.site.visitor import HOST, Visitor, read

pytestmark = pytest.mark.usefixtures("transactions")

SECRET_FILE = 'embed="//etc/passwd"'


def receive_mail(reference: str, sender: str, content: str) -> str:
	"""A message as e-mail intake puts it on a ticket."""
	values = {
		"doctype": "Communication",
		"communication_type": "Communication",
		"communication_medium": "Email",
		"sent_or_received": "Received",
		"sender": sender,
		"subject": "About it",
		"content": content,
		"reference_doctype": "HD Ticket",
		"reference_name": get_ticket(reference).name,
	}
	return frappe.get_doc(values).insert(ignore_permissions=True).name


def read_page(visitor: Visitor, reference: str) -> str:
	response = visitor.get(f"/requests/{reference}?key={get_key(reference, 1)}")
	return read(visitor.follow(response)).get_text()


def age(reference: str, hours: int) -> None:
	"""Let a request have come in so many hours ago."""
	received_at = now_datetime() - timedelta(hours=hours)
	frappe.db.set_value("Service Submission", reference, "received_at", received_at)


def test_markup_never_reaches_helpdesk_as_markup(visitor: Visitor, resident: str) -> None:
	form = fill(visitor, "pothole", resident)
	form.set("q.place", "<img src=x onerror=alert(1)>")

	ticket = get_ticket(get_reference(visitor.send(form).headers["Location"]))

	assert not {"<", ">"} & set(ticket.subject + ticket.cs_place)
	assert "&lt;" not in ticket.description and "<img" not in ticket.description


def test_a_residents_mail_cannot_have_an_agent_send_a_file_of_the_server(resident: str) -> None:
	reference = make_request(contact={"email": resident})
	message = receive_mail(reference, resident, f"<div>{SECRET_FILE}</div>")

	quoted = frappe.db.get_value("Communication", message, "content")
	reply_as_agent(reference, f"<p>You wrote:</p>{quoted}")

	assert "embed=" not in quoted
	assert all(not list(mail.iter_attachments()) for mail in read_mails(resident))


def test_nor_can_one_that_frappe_fetches_from_a_mailbox(resident: str) -> None:
	"""Frappe stores such a mail, and then its first content once more."""
	reference = make_request(contact={"email": resident})
	html = (
		f"<p>{SECRET_FILE}</p><style>@import url(//x.example)</style><link rel=stylesheet href=//x.example>"
	)
	mail = (
		f"From: {resident}\nSubject: Re: (#{get_ticket(reference).name})\nContent-Type: text/html\n\n{html}\n"
	)
	account = frappe.get_doc("Email Account", {"default_outgoing": 1})
	account.append_to = "HD Ticket"

	message = InboundMail(mail, account).process()

	content = frappe.db.get_value("Communication", message.name, "content")
	assert message.reference_name == str(get_ticket(reference).name)
	assert [word for word in ("embed=", "<style", "<link") if word in content] == []


@pytest.mark.parametrize(
	"subject", ["<script>alert(1)</script>" * 5, "<!--" + "x" * 200 + "-->", '"<p>"' * 20]
)
def test_a_mail_whose_subject_is_markup_comes_in(resident: str, subject: str) -> None:
	account = frappe.get_doc("Email Account", {"default_outgoing": 1})
	account.append_to = "HD Ticket"

	message = InboundMail(f"From: {resident}\nSubject: {subject}\n\nHello\n", account).process()

	assert not {"<", ">"} & set(frappe.db.get_value("HD Ticket", message.reference_name, "subject"))


@pytest.mark.parametrize(
	"text", ["&#60;img src=x onerror=alert(1)&#62;", "<img src=x>", "&lt;iframe srcdoc=x&gt;"]
)
def test_helpdesks_search_has_no_markup_to_show(resident: str, text: str) -> None:
	"""It turns what it finds into text, and shows that as HTML."""
	index = pytest.importorskip("helpdesk.search_sqlite").HelpdeskSearch()
	reference = make_request(answers=[make_answer(text=text, type="Place")], contact={"name": text})
	message = receive_mail(reference, resident, f"<p>{text}</p><iframe srcdoc=x></iframe>")
	ticket = get_ticket(reference)

	shown = [ticket.subject, ticket.description, frappe.db.get_value("Communication", message, "content")]

	assert "<" not in "".join(index._process_content(html) for html in shown)


def test_a_subject_cannot_have_a_file_sent_to_agents() -> None:
	ticket = frappe.get_doc(
		{"doctype": "HD Ticket", "subject": SECRET_FILE, "raised_by": "ann@example.org", "priority": "Low"}
	).insert()

	assert "embed=" not in ticket.subject


def test_what_third_parties_write_and_get_is_not_on_the_residents_page(
	visitor: Visitor, resident: str
) -> None:
	reference = make_request(contact={"email": resident})
	receive_mail(reference, "contractor@example.net", "<p>My secret offer</p>")
	reply_as_agent(reference, "<p>What would it cost?</p>", to="contractor@example.net")
	reply_as_agent(reference, "<p>We come on Monday.</p>", to=resident)

	page = read_page(visitor, reference)

	assert "We come on Monday." in page
	assert "secret offer" not in page and "What would it cost?" not in page


def test_after_a_merge_nobody_sees_what_another_anonymous_resident_wrote(visitor: Visitor) -> None:
	mine, other = make_request(contact={}), make_request(contact={})
	receive_mail(mine, get_ticket(mine).raised_by, "<p>My own addition</p>")
	before = read_page(visitor, mine)
	merged = {"is_merged": 1, "merged_with": get_ticket(mine).name}
	frappe.db.set_value("HD Ticket", get_ticket(other).name, merged)

	after = read_page(visitor, mine)

	assert "My own addition" in before
	assert "My own addition" not in after


def test_links_in_mails_do_not_follow_the_host_a_browser_claims(visitor: Visitor, resident: str) -> None:
	visitor.send(fill(visitor, "pothole", resident))

	link = read_link(get_html(find_mail(resident, "confirmation")))

	assert link.startswith(("http://", "https://")) and HOST not in link


def read_link(html: str) -> str:
	start = html.index("/requests/")
	return html[html.rindex('"', 0, start) + 1 : html.index('"', start)]


def test_a_forms_key_is_not_in_the_database(visitor: Visitor, resident: str) -> None:
	form = fill(visitor, "pothole", resident)
	key = dict(form.fields)["form_key"]

	reference = get_reference(visitor.send(form).headers["Location"])

	assert key not in str(frappe.get_doc("Service Submission", reference).as_dict())
	assert visitor.send(form).headers["Location"].endswith("?sent=1")


def test_an_old_form_opens_nothing(visitor: Visitor, resident: str) -> None:
	form = fill(visitor, "pothole", resident)
	reference = get_reference(visitor.send(form).headers["Location"])
	age(reference, hours=2)

	response = Visitor().send(form)

	assert "cs_key" not in response.headers.get("Set-Cookie", "")
	assert response.headers["Location"] == f"/requests/{reference}"


def test_a_forms_key_alone_opens_nothing(visitor: Visitor, resident: str) -> None:
	form = fill(visitor, "pothole", resident)
	visitor.send(form)

	response = Visitor().post("/services/pothole", {"form_key": dict(form.fields)["form_key"]})

	assert response.status_code == 422
	assert "Set-Cookie" not in response.headers


def test_a_customer_cannot_have_the_city_write_to_others() -> None:
	# Before Helpdesk 1.28 there is no role for customers; whoever has a login is one.
	roles = [role for role in ("HD Customer",) if frappe.db.exists("Role", role)]
	customer = make_user(*roles, user_type="Website User")
	service = make_service(status="Published")
	frappe.set_user(customer)
	ticket = frappe.get_doc(
		{
			"doctype": "HD Ticket",
			"subject": "Hello",
			"raised_by": "victim@example.org",
			"cs_service": service.name,
			"cs_outcome": "Visit http://evil.example",
		}
	)

	ticket.insert(ignore_permissions=True)

	assert ticket.raised_by == frappe.db.get_value("User", customer, "email")
	assert not ticket.cs_outcome
	assert not read_mails("victim@example.org")


@pytest.fixture
def customer() -> str:
	"""Somebody with a login and, where Helpdesk has one, its role for customers."""
	roles = [role for role in ("HD Customer",) if frappe.db.exists("Role", role)]
	return make_user(*roles, user_type="Website User")


def make_own_ticket(customer: str, **values: object) -> Document:
	"""A request that a customer makes over Helpdesk's API."""
	fields = {"subject": "Hello", "cs_service": make_published(), **values}
	frappe.set_user(customer)
	return frappe.get_doc({"doctype": "HD Ticket", **fields}).insert(ignore_permissions=True)


def make_published() -> str:
	"""A service that everybody may ask for."""
	return make_service(status="Published").name


def test_a_customer_cannot_turn_a_ticket_on_somebody_else(customer: str) -> None:
	ticket = make_own_ticket(customer)
	own = ticket.raised_by

	ticket.reload()
	ticket.raised_by = "victim@example.org"
	ticket.save(ignore_permissions=True)

	assert frappe.db.get_value("HD Ticket", ticket.name, "raised_by") == own
	assert not read_mails("victim@example.org")


def test_a_customer_cannot_bring_markup_in_by_a_change(customer: str) -> None:
	ticket = make_own_ticket(customer)

	ticket.reload()
	ticket.subject = "&#60;img src=x onerror=alert(1)&#62;"
	ticket.description = '<p embed="/etc/passwd">x</p><script>alert(1)</script>'
	ticket.save(ignore_permissions=True)

	stored = frappe.db.get_value("HD Ticket", ticket.name, ["subject", "description"], as_dict=True)
	assert "&#60;" not in stored.subject and "<" not in stored.subject
	assert 'embed="' not in stored.description and "<script" not in stored.description


@pytest.mark.parametrize("status", ["Draft", "Retired"])
def test_a_customer_gets_no_service_that_is_not_everybodys(customer: str, status: str) -> None:
	service = make_service(status=status).name
	frappe.set_user(customer)

	ticket = frappe.get_doc({"doctype": "HD Ticket", "subject": "Hello", "cs_service": service})
	with pytest.raises(frappe.PermissionError):
		ticket.insert(ignore_permissions=True)


def test_what_a_customer_causes_counts_among_the_messages_of_strangers(
	customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	ticket = make_own_ticket(customer)
	asked: list[tuple] = []
	monkeypatch.setattr(limits, "may_notify", lambda *recipient: bool(asked.append(recipient)))

	outbox.send(ticket, rules.DONE, [])
	frappe.set_user("Administrator")
	outbox.send(ticket, rules.DONE, [])

	assert asked == [("E-mail", ticket.raised_by)], "the customer's alone"


def test_an_address_in_another_script_gets_its_request_filed(visitor: Visitor) -> None:
	name = make_name("ann").lower().replace("_", "-")
	form = fill(visitor, "pothole", f"{name}@bücher.example.org")

	reference = get_reference(visitor.send(form).headers["Location"])

	assert get_ticket(reference).raised_by == f"{name}@xn--bcher-kva.example.org"


@pytest.mark.parametrize("address", ["/Requests/ABCD-EFGH?key=x", "/requests/A/files?key=x", "/services/a/b"])
def test_addresses_below_ours_never_reach_the_cache_of_missing_pages(visitor: Visitor, address: str) -> None:
	response = visitor.get(address)

	assert response.status_code == 404
	assert not [url for url in frappe.cache.hgetall("website_404") if b"key=" in url]


def test_codes_in_other_letters_fill_no_cache(visitor: Visitor) -> None:
	assert visitor.get("/services/POTHOLE").status_code == 404
	assert not frappe.cache.hexists("citizen_support:catalogue", "POTHOLE")
