"""What residents send in is served through a request's key or a permission, and never as a page of the site."""

import pytest
from werkzeug.test import TestResponse

from tests.site.access_world import World
from tests.site.over_http import Browser

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
