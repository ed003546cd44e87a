"""Files that come by mail lie with their message as they came: whoever opens one gets a download, never a page."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

import frappe

from devtools.servers import City
from tests.hostile.visitors import Visitor, read_reference

PASSWORD = "Lantern-8-Harbour"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="parent.hit(1)"><script>hit(1)</script></svg>'
XHTML = (
	b'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body onload="hit(1)"/></html>'
)
HTML = b"<!doctype html><script>hit(1)</script>"
SHEET = b'<?xml version="1.0"?><?xml-stylesheet href="#x" type="text/xsl"?>' + XHTML
FILES = {
	"page.htm": HTML,
	"page.html": HTML,
	"page.shtml": b'<!--#exec cmd="id" -->' + HTML,
	"page.xhtml": XHTML,
	"page.xht": XHTML,
	"page.xml": SHEET,
	"page.xsl": SHEET,
	"page.mht": b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + HTML,
	"picture.svg": SVG,
	"picture.svgz": SVG,
	"picture.jpg.svg": SVG,
	"DRAWING.SVG": SVG,
	"feed.rss": b"<rss><x onclick='hit(1)'/></rss>",
	"page.htc": HTML,
	"page.js": b"hit(1)",
	"noextension": HTML,
}


@dataclass(frozen=True)
class Mailed:
	"""A file as the mail's intake stores it."""

	name: str
	file_name: str
	file_url: str
	content: bytes


@pytest.fixture(scope="module")
def mailed(city: City) -> list[Mailed]:
	"""A request, and a message of its resident's with every one of the files."""
	visitor = Visitor(city.address, "198.18.70.1")
	form = visitor.fill("/services/pothole")
	form.files = []
	form.set("q.place", f"Elm Street {secrets.token_hex(4)}")
	reference = read_reference(visitor.send(form))
	frappe.db.rollback()
	message = frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": "Received",
			"sender": "eve@example.org",
			"subject": "Photos",
			"content": "See the files.",
			"reference_doctype": "HD Ticket",
			"reference_name": str(frappe.db.get_value("HD Ticket", {"cs_reference": reference})),
		}
	).insert(ignore_permissions=True)
	stored = [store(message.name, name, content) for name, content in FILES.items()]
	frappe.db.commit()
	return stored


def store(message: str, name: str, content: bytes) -> Mailed:
	"""As `InboundMail.save_attachments_in_doc` does it; each content of its own, or Frappe would share the files."""
	content += b"\n<!-- " + secrets.token_hex(8).encode() + b" -->"
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": name,
			"attached_to_doctype": "Communication",
			"attached_to_name": message,
			"is_private": 1,
			"content": content,
		}
	).insert(ignore_permissions=True)
	return Mailed(file.name, name, file.file_url, content)


@pytest.fixture(scope="module")
def agent(city: City) -> Iterator[requests.Session]:
	"""Somebody who may read the ticket, logged in."""
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": f"agent-{secrets.token_hex(4)}@city.example",
			"first_name": "Alex",
			"send_welcome_email": 0,
			"roles": [{"role": "Agent"}],
			"new_password": PASSWORD,
		}
	).insert(ignore_permissions=True)
	frappe.get_doc({"doctype": "HD Agent", "user": user.name, "agent_name": "Alex"}).insert(
		ignore_permissions=True
	)
	frappe.db.commit()
	with requests.Session() as session:
		session.trust_env = False
		login = {"usr": user.name, "pwd": PASSWORD}
		assert session.post(f"{city.address}/api/method/login", data=login, timeout=60).status_code == 200
		yield session


@pytest.mark.parametrize("name", FILES)
def test_a_mailed_file_is_only_downloaded(
	city: City, mailed: list[Mailed], agent: requests.Session, name: str
) -> None:
	(file,) = [one for one in mailed if one.file_name == name]
	ways = (
		(file.file_url, {}),
		(file.file_url, {"fid": file.name}),
		("/api/method/download_file", {"file_url": file.file_url}),
	)
	for path, query in ways:
		answer = agent.get(city.address + path, params=query, timeout=60, stream=True)
		# As it comes over the wire: Frappe says of any `.svgz` that it is packed.
		sent = answer.raw.read(decode_content=False)

		assert answer.status_code == 200, (path, sent[:300])
		assert sent == file.content
		assert answer.headers["Content-Disposition"].startswith("attachment"), path
		if path == file.file_url:
			assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", FILES)
def test_a_stranger_does_not_get_it_at_all(city: City, mailed: list[Mailed], name: str) -> None:
	(file,) = [one for one in mailed if one.file_name == name]

	assert Visitor(city.address).get(file.file_url).status_code in (403, 404)
