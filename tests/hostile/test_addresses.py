"""Whatever address a resident names, in a form, in a reply or in a mail: the city's servers never ask for it."""

import time
from collections.abc import Iterator
from html import escape

import pytest
import requests

import frappe
from frappe.email.email_body import inline_style_in_html
from frappe.email.queue import flush
from frappe.email.receive import InboundMail
from frappe.utils import has_gravatar

from devtools.servers import City
from tests.hostile.conftest import MailBox, Size
from tests.hostile.connections import watch_network
from tests.hostile.listeners import Listeners, write_addresses
from tests.hostile.visitors import Visitor, make_mailbox, read_reference

LOADERS = (
	'<img src="{0}">',
	'<link rel="stylesheet" href="{0}">',
	'<LINK/rel=stylesheet href="{0}">',
	'<link rel="alternate stylesheet" href="{0}">',
	"<style>@import url({0}); p {{ background: url({0}) }}</style>",
	'<p style="background: url({0})">x</p>',
	'<iframe src="{0}"></iframe><embed src="{0}"><object data="{0}"></object>',
	'<img embed="{0}"><a href="{0}">x</a>',
	'<base href="{0}"><table background="{0}"><td>x</td></table>',
	"![x]({0}) [x]({0}) {0}",
)
GRAVATAR = "secure.gravatar.com"
WAIT = 1.5


@pytest.fixture
def heard(city: City, listeners: Listeners, monkeypatch: pytest.MonkeyPatch) -> list[str]:
	"""What the listeners hear from now on; this process asks through them too."""
	for name, value in listeners.as_proxy().items():
		monkeypatch.setenv(name, value)
	listeners.heard.clear()
	return listeners.heard


@pytest.fixture
def asked() -> Iterator[list[tuple[str, object]]]:
	"""Hosts this process turns to, but for the site's own database, Redis and mail server."""
	with watch_network() as events:
		yield events


def wait_for_jobs() -> None:
	"""What the worker does with it is part of it."""
	time.sleep(WAIT)


def test_the_listeners_hear_what_is_fetched(heard: list[str], listeners: Listeners) -> None:
	inline_style_in_html(f'<link rel="stylesheet" href="http://127.0.0.1:{listeners.port}/control"><p>x</p>')
	has_gravatar("ann@example.org")

	assert any("/control" in line for line in heard)
	assert any("gravatar" in line for line in heard)


def test_addresses_in_a_form_and_in_a_reply_are_not_asked_for(
	city: City, size: Size, heard: list[str], listeners: Listeners, mails: MailBox
) -> None:
	addresses = write_addresses(listeners.port)
	box = make_mailbox("fetch")
	for number, chunk in enumerate(split(addresses, size)):
		visitor = Visitor(city.address, f"198.18.9.{number}")
		form = visitor.fill("/services/pothole")
		form.files = []
		form.set("q.place", f"{LOADERS[number % len(LOADERS)].format(chunk[0])} {' '.join(chunk)}"[:300])
		form.set("contact.name", " ".join(chunk)[:140])
		form.set("contact.email", box)
		read_reference(visitor.send(form))
		visitor.get(f"/services?q={' '.join(chunk)}")
	reply = visitor.fill(visitor.send(form).headers["Location"].partition("?")[0])
	reply.files = []
	reply.set("message", "\n".join(loader.format(one) for one in addresses for loader in LOADERS)[:5000])
	visitor.send(reply)
	frappe.db.rollback()
	flush()
	wait_for_jobs()

	assert len(set(addresses)) >= 40
	assert mails.read(box)
	assert heard == []


def test_addresses_in_a_mail_are_not_asked_for_when_an_agent_quotes_it(
	city: City,
	size: Size,
	heard: list[str],
	listeners: Listeners,
	mails: MailBox,
	asked: list[tuple[str, object]],
) -> None:
	account = frappe.get_doc("Email Account", {"default_outgoing": 1})
	account.append_to = "HD Ticket"
	box = make_mailbox("mail")
	chunks = split(write_addresses(listeners.port), size)
	for chunk in chunks:
		html = "".join(loader.format(escape(address)) for address in chunk for loader in LOADERS)
		message = InboundMail(make_mail(box, html), account).process()
		frappe.db.commit()
		answer(str(message.reference_name), box)
	flush()
	wait_for_jobs()

	assert len(mails.read(box)) >= len(chunks)
	# Frappe itself asks for a picture of whoever writes by mail for the first time; see README.md.
	assert [line for line in heard if GRAVATAR not in line] == []
	assert {str(what) for _event, what in asked if is_foreign(str(what))} == set()


def test_a_new_contact_is_told_to_nobody(
	city: City, heard: list[str], asked: list[tuple[str, object]]
) -> None:
	visitor = Visitor(city.address)
	form = visitor.fill("/services/pothole")
	form.set("contact.email", make_mailbox("contact"))
	reference = read_reference(visitor.send(form))
	frappe.db.rollback()

	assert frappe.db.get_value("HD Ticket", {"cs_reference": reference}, "contact")
	assert heard == []


@pytest.mark.parametrize(
	"path", ["/api/method/upload_file", "/api/method/frappe.utils.print_format.download_pdf"]
)
def test_a_stranger_cannot_have_frappe_fetch_anything(
	city: City, heard: list[str], listeners: Listeners, path: str
) -> None:
	for address in write_addresses(listeners.port):
		fields = {"file_url": address, "doctype": "HD Ticket", "name": "1", "docname": "1", "format": address}
		session = requests.Session()
		session.trust_env = False
		answered = session.post(city.address + path, data=fields, timeout=60)
		assert answered.status_code in (403, 404), answered.text[:300]

	assert heard == []


def split(addresses: list[str], size: Size) -> list[list[str]]:
	"""One by one in the long form, some together in the short one."""
	return [addresses[at : at + size.addresses] for at in range(0, len(addresses), size.addresses)]


def answer(ticket: str, to: str) -> None:
	"""An agent answers and quotes the whole message, as its source stands in the database."""
	content = frappe.db.get_value(
		"Communication", {"reference_name": ticket, "sent_or_received": "Received"}, "content"
	)
	frappe.get_doc("HD Ticket", ticket).reply_via_agent(
		message=f"<p>You wrote:</p><blockquote>{content}</blockquote>", to=to
	)
	frappe.db.commit()


def make_mail(sender: str, html: str) -> str:
	"""A mail as it arrives."""
	head = f"From: <{sender}>\nTo: requests@riverton.example\nSubject: About {len(html)}-{time.time_ns()}\n"
	return f"{head}Message-ID: <{time.time_ns()}@example.org>\nContent-Type: text/html; charset=utf-8\n\n{html}\n"


def is_foreign(name: str) -> bool:
	"""Whether this is none of the servers the site itself stands on."""
	own = {str(frappe.conf.db_host or "127.0.0.1"), "localhost", "127.0.0.1", "::1"}
	return not any(host in name for host in own) and not name.startswith("/")
