"""Every cell of docs/access-matrix.md, asked over HTTP by somebody of that role."""

import importlib
import json
import pkgutil
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

import frappe
import frappe.app

import citizen_support
from citizen_support.portal.routes import ROUTES
from tests.site import factories as make
from tests.site.access_world import World, make_import, make_replay, make_template, make_translation
from tests.site.over_http import HOST, Browser
from tests.support.access import ROLES, read_matrix

pytestmark = pytest.mark.commits

METHODS = ("GET", "POST", "PUT", "DELETE")
ACTIONS = ("list", "read", "write", "create", "delete")
MAY, MAY_NOT = "may", "may not"
# Of an area that is there, so that nothing is made.
AREA_FILE = json.dumps(
	{
		"type": "Feature",
		"properties": {"name": "<area>"},
		"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
	}
)
# What to send to a function so that nothing but the permission can be in the way.
ARGUMENTS = {
	"cancel_replay": {"name": "<replay>"},
	"check_import": {"name": "<import>"},
	"compare_version": {"service": "<service>", "number": "1"},
	"download_catalogue": {"sections": "categories"},
	"download_list": {"doctype": "Service Category"},
	"download_records": {"doctype": "Municipal Service", "names": "<service>"},
	"describe_promise": {
		"department": "<department>",
		"response_target": "2",
		"response_unit": "Working days",
	},
	"describe_rules": {"service": "{}"},
	"explain_request": {"reference": "<reference>"},
	"file_again": {"reference": "<reference>"},
	"fill_holidays_now": {},
	"get_category_nodes": {"doctype": "Service Category", "is_root": "true"},
	"get_citizen_requests": {"citizen": "<citizen>"},
	"get_coverage": {},
	"get_health": {},
	"get_history": {"service": "<service>"},
	"get_holiday_countries": {},
	"get_holiday_regions": {"country": "DE"},
	"get_import": {"name": "<import>"},
	"get_languages": {"doctype": "Municipal Service", "name": "<service>"},
	"get_link_title": {"doctype": "Citizen", "docname": "<citizen>"},
	"get_original_notice": {"notice": "Confirmation", "language": "en"},
	"get_pilot": {"service": "<service>"},
	"get_texts": {"doctype": "Municipal Service", "name": "<service>", "language": "de"},
	"get_replay_progress": {"name": "<replay>"},
	"get_replay_report": {"name": "<replay>"},
	"try_on_past_requests": {"draft": '{"name": "<service>"}', "months": "1"},
	"go_back": {"service": "<service>", "number": "1"},
	"import_areas": {"content": AREA_FILE},
	"import_now": {"name": "<import>"},
	"lint": {"service": "<service>"},
	"list_starters": {},
	"make_new_key": {"service": "<service>"},
	"preview_notice": {"notice": "Confirmation", "language": "en", "subject": "Hello", "opening": "Hello"},
	"read_areas": {"content": AREA_FILE},
	"save_text": {
		"doctype": "Municipal Service",
		"name": "<service>",
		"language": "de",
		"path": "no such text",
		"translation": "Text",
	},
	"preview_service": {"service": '{"name": "<service>", "title": "Hello"}'},
	"try_service": {"service": '{"name": "<service>", "title": "Hello"}'},
	"send_notice_again": {"notice": "<notice>"},
	"set_citizen_kind": {"citizen": "<citizen>", "kind": "Person"},
	"start_service": {"starter": "parks", "service": "no-such"},
	"set_status": {"service": "<service>", "status": "Published"},
	"update_onboarding_step": {"name": "Try a service", "field": "is_skipped", "value": "0"},
}
# Records that somebody may delete: each time one of its own.
THROWAWAYS: dict[str, Callable[[], str]] = {
	"Catalogue Import": lambda: make_import(),
	"Catalogue Translation": lambda: make_translation("fr"),
	"Citizen": lambda: _insert("Citizen", full_name="Throwaway", email=f"{make.make_name()}@example.org"),
	"Municipal Department": lambda: (
		make.make_department(team=frappe.get_all("HD Team", pluck="name")[0]).name
	),
	"Municipal Service": lambda: make.make_service(status="Draft").name,
	"Notice Template": lambda: make_template("fr"),
	"Routing Replay": lambda: make_replay(),
	"Service Area": lambda: make.make_area().name,
	"Service Category": lambda: make.make_category(),
}
TEXT_FIELDS = ("Data", "Small Text", "Text", "Long Text")


def _insert(doctype: str, **values: object) -> str:
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True).name


def name_case(value: dict | str) -> str:
	"""A row by its first cells, a role by its name."""
	return value if isinstance(value, str) else " ".join(list(value.values())[:2])


def judge(answer: TestResponse) -> str:
	"""Whether an answer of the API lets somebody do it; an answer that is neither is shown."""
	status = answer.status_code
	if status in (401, 403) or (status == 404 and "DoesNotExist" not in answer.get_data(as_text=True)):
		return MAY_NOT
	# 417: allowed, but the empty or linked record cannot be saved or deleted.
	return MAY if status in (200, 201, 202, 409, 417) else f"{status} {answer.get_data(as_text=True)[-300:]}"


# Pages


def list_pages() -> list[tuple[dict, str]]:
	return [(row, role) for row in read_matrix()["Pages"] for role in ROLES]


@pytest.mark.parametrize(("row", "role"), list_pages(), ids=name_case)
def test_pages(world: World, row: dict, role: str) -> None:
	method, _space, address = world.fill(row["page"]).partition(" ")
	browser = get_portal_browser(world, role)
	headers = {}
	if method != "GET":
		headers = {"Origin": "https://elsewhere.example" if row["sent from"] == "another site" else HOST}
		headers["X-Frappe-CSRF-Token"] = find_token(browser) if role != "Guest" else ""

	answer = browser.ask(method, address, headers=headers, data={"website": ""} if method == "POST" else None)
	browser.client.delete_cookie(
		"cs_key", domain=urlsplit(HOST).hostname, path=f"/requests/{world.names['reference']}"
	)

	assert str(answer.status_code) == row[role], answer.get_data(as_text=True)[:300]


PORTAL: dict[str, Browser] = {}


def get_portal_browser(world: World, role: str) -> Browser:
	"""Apart from the API's: a page gives a session its token, and the API then asks for it."""
	if not PORTAL:
		PORTAL.update(world.log_in())
	return PORTAL[role]


def find_token(browser: Browser) -> str:
	page = browser.get("/services/pothole").get_data(as_text=True)
	found = re.search(r'name="csrf_token" value="([^"]+)"', page)
	assert found, "a page for somebody who is logged in carries the token of the session"
	return found[1]


def test_every_page_is_listed() -> None:
	listed = [row["page"].partition(" ")[2].strip("/").partition("?")[0] for row in read_matrix()["Pages"]]

	missing = [
		pattern.pattern for pattern, _page in ROUTES if not any(pattern.match(path) for path in listed)
	]
	assert missing == []


# Functions


def list_functions() -> dict[str, Callable]:
	"""What Frappe would let a browser call, found by importing the whole app."""
	for module in pkgutil.walk_packages(citizen_support.__path__, "citizen_support."):
		importlib.import_module(module.name)
	return {
		f"{function.__module__}.{function.__qualname__}": function
		for function in frappe.whitelisted
		if function.__module__.partition(".")[0] == "citizen_support"
	}


FUNCTIONS = [(row, role) for row in read_matrix()["Functions"] for role in ROLES]


def test_every_function_is_listed_with_its_methods(site: str) -> None:
	there = {
		name: " ".join(sorted(frappe.allowed_http_methods_for_whitelisted_func[function]))
		for name, function in list_functions().items()
	}

	assert {row["function"]: row["methods"] for row in read_matrix()["Functions"]} == there


def test_no_function_is_open_to_guests(site: str) -> None:
	assert not set(list_functions().values()) & set(frappe.guest_methods)


@pytest.mark.parametrize(("row", "role"), FUNCTIONS, ids=name_case)
@pytest.mark.parametrize("version", ["/api/method/", "/api/v2/method/"])
def test_functions(world: World, row: dict, role: str, version: str) -> None:
	arguments = {
		name: world.fill(value) for name, value in ARGUMENTS[row["function"].rpartition(".")[2]].items()
	}
	seen = {}
	for method in METHODS:
		sent = {"query_string": arguments} if method == "GET" else {"data": arguments}
		answer = world.browsers[role].ask(method, version + row["function"], **sent)
		# v2 of the API knows only GET and POST
		seen[method] = MAY_NOT if answer.status_code == 405 else judge(answer)

	allowed = set(row["methods"].split()) if row[role] == "yes" else set()
	assert seen == {method: MAY if method in allowed else MAY_NOT for method in METHODS}


# Records

RECORDS = [(row, role) for row in read_matrix()["Records"] for role in ROLES]


def test_every_doctype_of_the_app_is_listed(site: str) -> None:
	modules = frappe.get_all("Module Def", {"app_name": "citizen_support"}, pluck="name")
	there = set(frappe.get_all("DocType", {"module": ("in", modules)}, pluck="name"))

	assert there - {row["record"].partition(":")[0] for row in read_matrix()["Records"]} == set()


@pytest.mark.parametrize(("row", "role"), RECORDS, ids=name_case)
def test_records(world: World, row: dict, role: str) -> None:
	doctype = row["record"].partition(":")[0]
	name = world.fill(row["example"])
	browser = world.browsers[role]
	expected = set() if row[role] == "–" else set(row[role].split(", "))
	if row["example"].startswith("in "):
		assert {"list": may_list_rows(browser, doctype, row["example"].removeprefix("in "))} == {
			"list": MAY if "list" in expected else MAY_NOT
		}
		return

	seen: dict[str, set[str]] = {}
	for action in ACTIONS:
		for way in (ask_rest, ask_client):
			target = name
			if action == "delete" and "delete" in expected:
				target = THROWAWAYS[doctype]()
				frappe.db.commit()
			seen.setdefault(action, set()).add(way(browser, action, doctype, target))

	if frappe.get_meta(doctype).issingle:
		seen["list"] = seen["create"] = {MAY_NOT}
	assert seen == {action: {MAY if action in expected else MAY_NOT} for action in ACTIONS}


HOST_RECORDS = [
	(row, role)
	for row in read_matrix()["Helpdesk's and Frappe's own records that hold what residents sent"]
	for role in ROLES
]


@pytest.mark.parametrize(("row", "role"), HOST_RECORDS, ids=name_case)
def test_records_of_the_host(world: World, row: dict, role: str) -> None:
	expected = set() if row[role] == "–" else set(row[role].split(", "))
	arguments = world.browsers[role], row["record"], world.fill(row["example"])
	seen = {
		action: {way(arguments[0], action, *arguments[1:]) for way in (ask_rest, ask_client)}
		for action in ("list", "read")
	}

	assert seen == {action: {MAY if action in expected else MAY_NOT} for action in ("list", "read")}


def ask_rest(browser: Browser, action: str, doctype: str, name: str) -> str:
	"""By `/api/resource`."""
	base = f"/api/resource/{doctype}"
	if action == "list":
		filters = json.dumps([["name", "=", name]])
		return judge_list(browser.get(base, query_string={"filters": filters}), "data")
	if action == "create":
		return judge(browser.post(base, json={}))
	method = {"read": "GET", "write": "PUT", "delete": "DELETE"}[action]
	return judge(browser.ask(method, f"{base}/{name}", **({"json": {}} if action == "write" else {})))


def ask_client(browser: Browser, action: str, doctype: str, name: str) -> str:
	"""By the functions the desk itself uses."""
	call = "/api/method/frappe.client."
	record = {"doctype": doctype, "name": name}
	if action == "list":
		sent = {"doctype": doctype, "filters": json.dumps({"name": name})}
		return judge_list(browser.post(f"{call}get_list", data=sent), "message")
	if action == "read":
		return judge(browser.get(f"{call}get", query_string=record))
	if action == "create":
		return judge(browser.post(f"{call}insert", data={"doc": json.dumps({"doctype": doctype})}))
	if action == "delete":
		return judge(browser.post(f"{call}delete", data=record))
	field = next(field for field in frappe.get_meta(doctype).fields if field.fieldtype in TEXT_FIELDS)
	value = frappe.db.get_value(doctype, name, field.fieldname) or ""
	sent = record | {"fieldname": field.fieldname, "value": value}
	return judge(browser.post(f"{call}set_value", data=sent))


def judge_list(answer: TestResponse, key: str) -> str:
	"""A list that leaves the record out is as good as none."""
	verdict = judge(answer)
	return MAY_NOT if verdict == MAY and not answer.json[key] else verdict


def may_list_rows(browser: Browser, doctype: str, parent: str) -> str:
	"""Rows inside other records: only through the record they stand in."""
	alone = judge(browser.get(f"/api/resource/{doctype}"))
	assert alone == MAY_NOT
	sent = {"doctype": doctype, "parent": parent}
	return judge(browser.post("/api/method/frappe.client.get_list", data=sent))
