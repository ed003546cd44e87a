"""Another city's list of services, from files and from an address, and addresses that are not asked."""

import json
import socket

import pytest
import requests

import frappe

from citizen_support import transfer
from citizen_support.setup.roles import MANAGER
from citizen_support.transfer import fetching
from citizen_support.transfer.fetching import Unreachable, fetch_text
from tests.site import factories as make
from tests.site.test_transfer import make_document
from tests.unit.test_transfer_open311 import DEFINITION, SERVICES

PUBLIC = "93.184.216.34"
URL = "https://open311.example/v2/services.json"


@pytest.fixture(autouse=True)
def manager() -> str:
	user = make.make_user(MANAGER)
	frappe.set_user(user)
	return user


def attach(text: str) -> str:
	file = frappe.get_doc(
		{"doctype": "File", "file_name": f"{make.make_name()}.json", "is_private": 1, "content": text}
	)
	return file.insert().file_url


def bring(services: object = SERVICES, **values: object) -> str:
	name = make_document(
		json.dumps(services),
		definitions_file=attach(json.dumps(DEFINITION)),
		department="streets",
		**{"list_name": "Elsewhere", **values},
	)
	assert transfer.check(name) == "Checked"
	assert transfer.import_now(name) == "Imported", transfer.summarise(name)
	return name


def test_a_list_becomes_drafts_and_twice_is_once(transactions: object) -> None:
	bring()

	service = frappe.get_doc("Municipal Service", {"origin": "open311:elsewhere:001"})
	assert (service.status, service.department, service.category) == ("Draft", "streets", "sanitation")
	assert [row.question_type for row in service.questions] == [
		"Place",
		"Choice",
		"Number",
		"Short text",
		"Date",
		"Short text",
	]
	before = frappe.get_all("Municipal Service", fields=["name", "modified"], order_by="name")

	again = bring()

	assert transfer.summarise(again)["counts"]["Untouched"] == 5
	assert frappe.get_all("Municipal Service", fields=["name", "modified"], order_by="name") == before


def test_what_we_decided_stays_when_the_list_comes_again(transactions: object) -> None:
	bring()
	service = frappe.get_doc("Municipal Service", {"origin": "open311:elsewhere:001"})
	service.department, service.category, service.response_target = "parks", "parks", 9
	service.save()
	renamed = [{**SERVICES[0], "service_name": "Cans"}, *SERVICES[1:]]

	bring(renamed, overwrite="Take what the file says")

	service.reload()
	assert (service.title, service.department, service.category, service.response_target) == (
		"Cans",
		"parks",
		"parks",
		9,
	)
	assert service.code == "cans-left-out-24x7"


def test_a_code_that_is_taken_is_not_taken_over(transactions: object) -> None:
	name = bring([{"service_code": "7", "service_name": "Pothole"}])

	assert frappe.db.get_value("Municipal Service", "pothole", "origin") in (None, "")
	assert frappe.db.get_value("Municipal Service", {"origin": "open311:elsewhere:7"}) == "pothole-2"
	assert "gets the code “pothole-2”" in "\n".join(
		row["details"] for row in transfer.summarise(name)["rows"]
	)


def test_a_list_needs_a_department(transactions: object) -> None:
	with pytest.raises(frappe.ValidationError, match="choose the department"):
		transfer.check(make_document(json.dumps(SERVICES)))


@pytest.mark.parametrize("name", ["", " - "])
def test_a_list_from_a_file_needs_a_name(transactions: object, name: str) -> None:
	document = make_document(json.dumps(SERVICES), department="streets", list_name=name, jurisdiction="x.gov")

	with pytest.raises(frappe.ValidationError, match="in the field “Name of the list”"):
		transfer.check(document)


def test_two_cities_with_the_same_codes_stay_apart(transactions: object) -> None:
	bring([{"service_code": "001", "service_name": "Potholes of A"}], list_name="東京")
	bring([{"service_code": "001", "service_name": "Potholes of B"}], list_name="大阪")

	origins = {"origin": ("like", "open311:%:001")}
	assert frappe.get_all("Municipal Service", origins, pluck="title", order_by="title") == [
		"Potholes of A",
		"Potholes of B",
	]


def test_names_longer_than_their_fields_do_not_stop_the_list(transactions: object) -> None:
	long = "Bulky waste " * 30

	bring([{"service_code": "long", "service_name": long, "group": long, "description": long}])

	service = frappe.get_doc("Municipal Service", {"origin": "open311:elsewhere:long"})
	category = frappe.db.get_value("Service Category", service.category, "category_name")
	assert len(service.title) <= 100 and service.title.endswith("…")
	assert category == service.title


# Addresses


class Answer:
	"""What a server of the web would say."""

	def __init__(
		self, text: str | bytes = "", status: int = 200, location: str = "", content_type: str = ""
	) -> None:
		self.content = text if isinstance(text, bytes) else text.encode()
		self.status_code, self.headers = status, {"Location": location, "Content-Type": content_type}
		self.is_redirect = bool(location)

	def iter_content(self, size: int) -> list[bytes]:
		return [self.content[start : start + size] for start in range(0, len(self.content), size)]


class Web:
	"""Names and what stands at their addresses."""

	def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
		self.names: dict[str, list[str]] = {"open311.example": [PUBLIC]}
		self.pages: dict[str, Answer] = {}
		self.asked: list[tuple[str, str]] = []
		monkeypatch.setattr(socket, "getaddrinfo", self.look_up)
		monkeypatch.setattr(requests.Session, "get", self.get)

	def look_up(self, host: str, port: int, **_kwargs: object) -> list[tuple]:
		if host not in self.names:
			try:
				socket.inet_aton(host)
			except OSError:
				raise socket.gaierror(host) from None
			self.names[host] = [socket.inet_ntoa(socket.inet_aton(host))]
		return [(0, 0, 0, "", (address, port)) for address in self.names[host]]

	def get(self, url: str, headers: dict, **kwargs: object) -> Answer:
		assert kwargs["allow_redirects"] is False and kwargs["timeout"] <= fetching.SECONDS
		self.asked.append((url, headers["Host"]))
		path = url.partition("//")[2].partition("/")[2]
		return self.pages.get(f"{headers['Host']}/{path}", Answer(status=404))


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
	return Web(monkeypatch)


def test_a_public_address_is_asked_at_the_address_that_was_looked_at(web: Web) -> None:
	web.pages["open311.example/v2/services.json"] = Answer("[]")

	assert fetch_text(URL) == "[]"
	assert web.asked == [(f"https://{PUBLIC}/v2/services.json", "open311.example")]


@pytest.mark.parametrize(
	"address",
	[
		"http://open311.example/services.json",
		"https://open311.example:8443/services.json",
		"https://user:secret@open311.example/services.json",
		"file:///etc/passwd",
		"ftp://open311.example/",
		"//open311.example/",
		"https://",
		"https://[::1/",
		"https://127.0.0.1/",
		"https://169.254.169.254/latest/meta-data/",
		"https://0x7f000001/",
		"https://nowhere.example/",
	],
)
def test_other_addresses_are_not_asked(web: Web, address: str) -> None:
	with pytest.raises(Unreachable):
		fetch_text(address)

	assert web.asked == []


@pytest.mark.parametrize(
	"addresses", [["10.0.0.5"], [PUBLIC, "192.168.1.1"], ["::ffff:127.0.0.1"], ["fe80::1"]]
)
def test_a_name_of_a_private_network_is_not_asked(web: Web, addresses: list[str]) -> None:
	web.names["open311.example"] = addresses

	with pytest.raises(Unreachable, match="private network"):
		fetch_text(URL)
	assert web.asked == []


@pytest.mark.parametrize(
	"target",
	["https://10.0.0.5/x", "http://open311.example/x", "https://inside.example/x", "file:///etc/passwd"],
)
def test_a_redirect_passes_the_same_door(web: Web, target: str) -> None:
	web.names["inside.example"] = ["172.16.0.9"]
	web.pages["open311.example/v2/services.json"] = Answer(location=target)

	with pytest.raises(Unreachable):
		fetch_text(URL)
	assert len(web.asked) == 1


def test_a_redirect_to_a_public_place_is_followed_but_not_for_ever(web: Web) -> None:
	web.pages["open311.example/v2/services.json"] = Answer(location="/v3/services.json")
	web.pages["open311.example/v3/services.json"] = Answer("here")
	assert fetch_text(URL) == "here"

	web.pages["open311.example/v3/services.json"] = Answer(location="/v3/services.json")
	with pytest.raises(Unreachable, match="on and on"):
		fetch_text(URL)


def test_too_much_and_too_slow_is_cut_off(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
	web.pages["open311.example/v2/services.json"] = Answer("x" * (fetching.MOST_BYTES + 1))
	with pytest.raises(Unreachable, match="larger than 5 MB"):
		fetch_text(URL)

	with pytest.raises(Unreachable, match="too long"):
		fetch_text(URL, seconds=0)


def test_a_list_is_fetched_with_its_definitions(web: Web, transactions: object) -> None:
	web.pages["open311.example/v2/services.json?jurisdiction_id=x.gov"] = Answer(json.dumps(SERVICES[:2]))
	web.pages["open311.example/v2/services/001.json?jurisdiction_id=x.gov"] = Answer(json.dumps(DEFINITION))
	doc = frappe.get_doc(
		{
			"doctype": "Catalogue Import",
			"source": "A web address",
			"address": "https://open311.example/v2/",
			"jurisdiction": "x.gov",
			"department": "streets",
		}
	).insert()

	transfer.check(doc.name)
	from citizen_support.transfer import service

	service.run_job(doc.name, write=False)

	rows = transfer.summarise(doc.name)["rows"]
	assert [(row["name"], row["action"]) for row in rows if row["section"] == "Services"] == [
		("cans-left-out-24x7", "Created"),
		("graffiti-removal", "Created"),
	]


def test_an_address_that_fails_is_explained(web: Web, transactions: object) -> None:
	doc = frappe.get_doc(
		{
			"doctype": "Catalogue Import",
			"source": "A web address",
			"address": "https://open311.example/v2",
			"department": "streets",
		}
	).insert()
	from citizen_support.transfer import service

	service.run_job(doc.name, write=False)

	doc.reload()
	assert doc.state == "Failed" and "404" in doc.problem


@pytest.mark.parametrize(
	("content", "content_type"),
	[
		(b"\xef\xbb\xbf" + "[Straße]".encode(), "application/json"),
		("[Straße]".encode("latin-1"), "application/json; charset=ISO-8859-1"),
	],
)
def test_what_is_fetched_is_read_as_it_is_written(web: Web, content: bytes, content_type: str) -> None:
	web.pages["open311.example/v2/services.json"] = Answer(content, content_type=content_type)

	assert fetch_text(URL) == "[Straße]"


def test_what_is_not_text_is_told_and_not_that_there_is_no_xml(web: Web, transactions: object) -> None:
	web.pages["open311.example/v2/services.json"] = Answer("[Straße]".encode("latin-1"))
	doc = frappe.get_doc(
		{
			"doctype": "Catalogue Import",
			"source": "A web address",
			"address": "https://open311.example/v2",
			"department": "streets",
		}
	).insert()
	from citizen_support.transfer import service

	service.run_job(doc.name, write=False)

	doc.reload()
	assert doc.state == "Failed" and "not text in UTF-8" in doc.problem
