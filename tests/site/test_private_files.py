"""What residents send in is served through a request's key or a permission, and never as a page of the site."""

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

import frappe
from frappe.utils.password import update_password

from tests.site.access_world import World
from tests.site.factories import make_user
from tests.site.over_http import Browser
from tests.support.pictures import make_picture

pytestmark = pytest.mark.commits

# The manager reads submissions, and with them their files.
OTHERS = ("Guest", "Citizen", "Agent of another team", "Department Coordinator")
WAYS = (
	"<file url>",
	"<file url>?fid=<file>",
	"/private/files/../files/<file name>",
	"//private/files/<file name>",
	"/files/<file name>",
	"/files/../private/files/<file name>",
	"/protected/private/files/<file name>",
	"/backups/../files/<file name>",
	"/api/method/download_file?file_url=<file url>",
	"/api/method/frappe.core.doctype.file.file.download_file?file_url=<file url>",
	"/api/method/frappe.handler.download_file?file_url=<file url>",
	"/api/method/frappe.client.get?doctype=File&name=<file>",
	"/api/method/frappe.client.get_value?doctype=File&filters=<file>&fieldname=file_url",
	"/api/resource/File/<file>",
	"/api/v2/document/File/<file>",
	"/api/method/frappe.desk.form.load.getdoc?doctype=File&name=<file>",
	"/api/method/frappe.desk.form.utils.get_attachments?dt=HD Ticket&dn=<ticket>",
	'/api/method/frappe.core.api.file.get_attached_images?doctype=HD Ticket&names=["<ticket>"]',
	"/api/method/frappe.core.api.file.get_files_by_search_text?text=letter",
	"/api/method/frappe.core.api.file.get_files_in_folder?folder=Home/Attachments&page_length=500",
	"/api/method/frappe.utils.print_format.download_pdf?doctype=HD Ticket&name=<ticket>",
	"/requests/<reference>/files/<file name>",
	"/requests/<reference>/files/<shown file>",
	"/api/method/helpdesk.helpdesk.doctype.hd_ticket.api.get_one?name=<ticket>",
)
PAGE = b"<script>document.title = 'run'</script>"
# What anybody can mail to the city, and Helpdesk shows as an attachment.
MAILED_PAGES = (
	*("offer.htm", "offer.HTML", "offer.shtml", "offer.xhtml", "offer.svg", "offer.xml"),
	*("offer.js", "offer.mjs", "offer.css", "offer.txt", "offer", "offer.png.html", "öffer page.xht"),
)
MAILED_PICTURES = ("hole.png", "hole.JPG", "hole.gif", "hole.webp")
SENT_BY = {"the app": {}, "the web server": {"X-Use-X-Accel-Redirect": "True"}}
SECRETS = ("canary", "letter.pdf", "<file url>", "<file name>")


def tells(world: World, answer: TestResponse) -> list[str]:
	"""What an answer gives away; the address that was asked does not count."""
	text = answer.get_data(as_text=True)
	return [secret for secret in SECRETS if answer.status_code == 200 and world.fill(secret) in text]


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("way", WAYS)
def test_who_may_not_see_the_ticket_gets_neither_file_nor_name(world: World, role: str, way: str) -> None:
	answer = world.browsers[role].get(world.fill(way))

	assert tells(world, answer) == []


def test_the_same_ways_do_lead_an_agent_of_the_team_there(world: World) -> None:
	found = {way for way in WAYS if tells(world, world.browsers["Agent"].get(world.fill(way)))}

	assert {"<file url>", "/api/resource/File/<file>", WAYS[8]} <= found


def assert_is_harmless(answer: TestResponse) -> None:
	assert answer.status_code == 200
	assert answer.headers["X-Content-Type-Options"] == "nosniff"
	assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
	assert answer.headers["Cache-Control"] == "private, no-store"


def test_agents_download_documents(world: World) -> None:
	answer = world.browsers["Agent"].get(world.names["file url"])

	assert_is_harmless(answer)
	assert answer.headers["Content-Disposition"].startswith("attachment")
	assert answer.get_data() == b"%PDF-1.4 canary"


def test_agents_see_pictures_that_we_drew(world: World) -> None:
	answer = world.browsers["Agent"].get(world.names["picture url"])

	assert_is_harmless(answer)
	assert answer.content_type == "image/jpeg"
	assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_a_web_server_that_sends_the_file_itself_is_told_to_offer_it(world: World) -> None:
	answer = world.browsers["Agent"].get(world.names["file url"], headers={"X-Use-X-Accel-Redirect": "True"})

	assert answer.headers["X-Accel-Redirect"] == world.fill("/protected/private/files/<file name>")
	assert answer.headers["Content-Disposition"].startswith("attachment")
	assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.fixture(scope="module")
def mailed(world: World) -> Iterator[dict[str, str]]:
	"""Addresses of files that came with a mail about the request, by the names the sender gave them."""
	mail = frappe.new_doc("Communication")
	mail.update({"communication_type": "Communication", "sent_or_received": "Received", "subject": "Offer"})
	mail.update({"sender": "anybody@example.org", "content": "<p>Look</p>"})
	mail.update({"reference_doctype": "HD Ticket", "reference_name": world.names["ticket"]})
	mail.insert(ignore_permissions=True)
	files = {}
	for number, name in enumerate(MAILED_PAGES + MAILED_PICTURES):
		# Frappe draws JPEG anew, so it must be one.
		content = make_picture() if name == "hole.JPG" else PAGE + bytes([65 + number])
		file = frappe.new_doc("File")
		file.update({"file_name": name, "is_private": 1, "content": content})
		file.update({"attached_to_doctype": "Communication", "attached_to_name": mail.name})
		files[name] = file.insert(ignore_permissions=True)
	frappe.db.commit()
	yield {name: file.file_url for name, file in files.items()}
	frappe.delete_doc("Communication", mail.name, force=True)
	frappe.db.commit()


@pytest.mark.parametrize("headers", SENT_BY.values(), ids=SENT_BY)
@pytest.mark.parametrize("name", MAILED_PAGES)
def test_what_comes_by_mail_is_downloaded_and_never_a_page_of_the_site(
	world: World, mailed: dict, name: str, headers: dict
) -> None:
	answer = world.browsers["Agent"].get(mailed[name], headers=headers)

	assert answer.status_code == 200
	assert answer.headers.getlist("Content-Disposition")[0].startswith("attachment")
	assert len(answer.headers.getlist("Content-Disposition")) == 1
	assert answer.headers["X-Content-Type-Options"] == "nosniff"
	assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("headers", SENT_BY.values(), ids=SENT_BY)
@pytest.mark.parametrize("name", MAILED_PICTURES)
def test_pictures_that_come_by_mail_are_shown_as_pictures_whatever_is_in_them(
	world: World, mailed: dict, name: str, headers: dict
) -> None:
	answer = world.browsers["Agent"].get(mailed[name], headers=headers)

	assert answer.status_code == 200
	assert answer.content_type.startswith("image/")
	assert "attachment" not in answer.headers.get("Content-Disposition", "")
	assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("headers", SENT_BY.values(), ids=SENT_BY)
def test_no_way_around_by_the_address_of_backups(world: World, mailed: dict, headers: dict) -> None:
	user = make_user("System Manager")
	update_password(user, world.names["password"])
	frappe.db.commit()
	browser = Browser()
	browser.log_in(user, world.names["password"])
	answer = browser.get(f"/backups/..{mailed['offer.shtml'].removeprefix('/private')}", headers=headers)

	assert answer.status_code == 200
	assert answer.headers["Content-Disposition"].startswith("attachment")
	frappe.delete_doc("User", user, force=True)
	frappe.db.commit()


def test_a_request_shows_its_own_files_to_its_key_alone(world: World) -> None:
	browser = Browser()
	address = world.fill("/requests/<reference>/files/<shown file>")
	before = browser.get(address)
	browser.get(world.fill("/requests/<reference>?key=<key>"))

	assert before.status_code == 403
	answer = browser.get(address)
	assert_is_harmless(answer)
	assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("role", ("Citizen", "Department Coordinator"))
def test_a_residents_name_is_not_the_title_of_a_link(world: World, role: str) -> None:
	sent = {"doctype": "Citizen", "docname": world.names["citizen"]}
	answer = world.browsers[role].get("/api/method/frappe.desk.search.get_link_title", query_string=sent)

	assert answer.json["message"] == world.names["citizen"]


def test_agents_see_names_in_links(world: World) -> None:
	sent = {"doctype": "Citizen", "docname": world.names["citizen"]}
	answer = world.browsers["Agent"].get("/api/method/frappe.desk.search.get_link_title", query_string=sent)

	assert answer.json["message"] == "Canary Ann Lee"
