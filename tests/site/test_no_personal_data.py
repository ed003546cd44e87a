"""What residents send and the keys of their requests turn up in no log, error, cache or public list."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from rq.job import Job

import frappe
from frappe.utils.background_jobs import get_redis_conn

from citizen_support.tracking import get_key
from tests.site.access_world import World
from tests.site.over_http import HOST, Browser
from tests.site.test_over_http import remove_request
from tests.support.form_filler import fill_form
from tests.support.pictures import make_pdf

pytestmark = pytest.mark.commits

WORD = "cnry7q"
NAME, PLACE, MESSAGE = f"Nan {WORD}nm", f"{WORD}pl Street 1", f"{WORD}ms"
EMAIL, PHONE = f"{WORD}em@example.org", "+12025550198"
FILE = f"{WORD}fl.pdf"
WRONG = f"{WORD}wrongkey"
# What Frappe will index for the desk's search, and which records are linked to most: contacts, whose records are named
# after people. For some minutes, and by no doing of ours.
KEPT_BY_FRAPPE = ("|global_search_queue", "|_link_count")
CANARIES = (WORD, "2025550198")


@pytest.fixture(scope="module")
def traces(world: World) -> Iterator[dict]:
	"""A resident's whole visit with everything going wrong on the way, and how long each log was before."""
	frappe.db.rollback()
	before = {path: path.stat().st_size for path in list_logs()}
	errors = frappe.db.count("Error Log")
	patch = pytest.MonkeyPatch()
	browser = Browser()
	reference = submit(browser)
	refused = submit_while_filing_fails(browser, patch)
	keys = [get_key(reference, 1), get_key(refused, 1)]
	misuse(browser, reference, patch)
	patch.undo()
	frappe.db.rollback()
	yield {"logs": before, "errors": errors, "keys": keys, "references": [reference, refused]}
	frappe.db.rollback()
	remove_request(reference)
	remove_request(refused)
	frappe.db.delete("Citizen", {"email": EMAIL})
	frappe.db.delete("Resident Notice", {"reference": ("in", [reference, refused])})
	frappe.db.delete("Error Log", {"error": ("like", f"%{WORD}%")})
	frappe.db.commit()


def submit(browser: Browser) -> str:
	form = fill_form(browser.get("/services/pothole").get_data(as_text=True))
	for name, value in (
		("q.place", PLACE),
		("contact.name", NAME),
		("contact.email", EMAIL),
		("contact.phone", PHONE),
	):
		form.set(name, value)
	answer = browser.post(form.action, data=dict(form.fields), headers={"Origin": HOST})
	assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
	return answer.headers["Location"].rpartition("/")[2].partition("?")[0]


def submit_while_filing_fails(browser: Browser, patch: pytest.MonkeyPatch) -> str:
	"""Helpdesk refuses with a message that repeats what was typed, as validations do."""

	def refuse(*_arguments: object, **_options: object) -> None:
		typed = PLACE + NAME
		frappe.throw(f"Bad value {typed} of {EMAIL}")

	with patch.context() as during:
		during.setattr("citizen_support.host.tickets.insert_ticket", refuse)
		during.setattr("citizen_support.intake.filing.insert_ticket", refuse, raising=False)
		return submit(browser)


def misuse(browser: Browser, reference: str, patch: pytest.MonkeyPatch) -> None:
	"""Replies, wrong keys, uploads that are none, pages that fail, forms that are too large."""
	page = browser.get(f"/requests/{reference}").get_data(as_text=True)
	form_key = BeautifulSoup(page, "html.parser").select_one("[name=form_key]")["value"]
	data = {"form_key": form_key, "message": MESSAGE}
	browser.post(f"/requests/{reference}", data=data, headers={"Origin": HOST})
	browser.get(f"/requests/{reference}?key={WRONG}")
	browser.get(f"/requests/{WRONG}?key={WRONG}")
	browser.get(f"/services/{WORD}?q={WORD}")
	browser.get(f"/services?q={WORD}")
	browser.post("/requests", data={"reference": reference, "contact": EMAIL}, headers={"Origin": HOST})
	for name, content in ((FILE, make_pdf()), (FILE, b"no pdf"), (f"{WORD}.html", b"<script>")):
		send_file(browser, name, content)
	browser.post("/services/pothole", data="{" + WORD, content_type="application/json")
	for target in ("check", "make_service"):
		with patch.context() as during:
			during.setattr(f"citizen_support.portal.pages.service.{target}", fail)
			send_file(browser, FILE, make_pdf())
	with patch.context() as during:
		during.setattr("citizen_support.portal.faults.is_ours", lambda path: path.startswith("services"))
		during.setattr("frappe.app.make_form_dict", fail)
		send_file(browser, FILE, make_pdf())


def send_file(browser: Browser, name: str, content: bytes) -> None:
	data = {
		"form_key": f"{WORD}-form-key-of-a-try-{os.urandom(4).hex()}",
		"q.place": PLACE,
		"contact.email": f"{WORD} no address",
		"q.photo": (io.BytesIO(content), name),
	}
	browser.post("/services/pothole", data=data, headers={"Origin": HOST})


def fail(*arguments: object, **_options: object) -> None:
	raise RuntimeError(f"{PLACE} {NAME} {EMAIL} {PHONE}")


def list_logs() -> list[Path]:
	folders = (Path(frappe.get_site_path("logs")), Path(frappe.utils.get_bench_path(), "logs"))
	return [path for folder in folders for path in folder.glob("*.log") if path.is_file()]


def find(text: str, traces: dict) -> list[str]:
	lower = text.lower()
	return [word for word in (*CANARIES, *traces["keys"]) if word.lower() in lower]


def test_logs_say_nothing_of_anybody(traces: dict) -> None:
	told = {}
	for path in list_logs():
		with path.open("rb") as log:
			log.seek(min(traces["logs"].get(path, 0), path.stat().st_size))
			if found := find(log.read().decode("utf-8", "replace"), traces):
				told[path.name] = found

	assert told == {}


def test_what_went_wrong_is_on_record_without_what_was_typed(traces: dict) -> None:
	rows = frappe.get_all("Error Log", fields=["method", "error", "reference_name"])

	assert len(rows) > traces["errors"]
	assert [row for row in rows if find(str(row), traces)] == []


def test_the_submission_tells_why_it_waits_without_what_was_typed(traces: dict) -> None:
	failure = frappe.db.get_value("Service Submission", traces["references"][1], "failure")

	assert find(failure or "", {"keys": traces["keys"]}) == []


def read_redis(client: object, pattern: str) -> Iterator[tuple[str, str]]:
	"""Keys that fit and all they hold, as text; read only."""
	readers = {
		b"string": lambda key: [client.execute_command("GET", key)],
		b"hash": lambda key: client.execute_command("HGETALL", key),
		b"list": lambda key: client.execute_command("LRANGE", key, 0, -1),
		b"set": lambda key: client.execute_command("SMEMBERS", key),
		b"zset": lambda key: client.execute_command("ZRANGE", key, 0, -1),
	}
	for key in client.scan_iter(match=pattern, count=1000):
		kind = client.execute_command("TYPE", key)
		kind = kind if isinstance(kind, bytes) else kind.encode()
		values = readers.get(kind, lambda _key: [])(key)
		flat = [*values, *(values.values() if isinstance(values, dict) else ())]
		yield str(key), " ".join(_as_text(value) for value in flat)


def _as_text(value: object) -> str:
	return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def test_the_cache_holds_no_word_and_no_key(traces: dict) -> None:
	found = {}
	for key, text in read_redis(frappe.cache, f"*{frappe.conf.db_name}*"):
		assert not [secret for secret in traces["keys"] if secret in text]
		if key.rstrip("'").endswith(KEPT_BY_FRAPPE):
			continue
		if words := find(f"{key} {text}", traces):
			found[key] = words

	assert found == {}


def test_jobs_of_ours_for_workers_name_nobody(traces: dict) -> None:
	"""Workers write the arguments of their jobs into their log."""
	ours = [job for job in list_jobs() if "citizen_support." in str(job.kwargs)]

	assert ours
	assert [job.description for job in ours if find(f"{job.description} {job.kwargs}", traces)] == []


def list_jobs() -> list[Job]:
	"""Jobs of this site that wait for a worker."""
	connection = get_redis_conn()
	ids = [
		_as_text(key).removeprefix("rq:job:") for key in connection.scan_iter(match="rq:job:*", count=1000)
	]
	jobs = [job for job in Job.fetch_many(ids, connection=connection) if job]
	return [job for job in jobs if frappe.local.site in job.id]


ADDRESSES = (
	"/sitemap.xml",
	"/robots.txt",
	"/services",
	"/services?q=pothole",
	"/api/resource/Service Submission",
	"/api/resource/Citizen",
	"/api/resource/HD Ticket",
	"/api/resource/Error Log",
	"/api/method/frappe.client.get_list?doctype=Citizen",
	"/api/method/frappe.website.doctype.website_settings.website_settings.get_items?parentfield=top_bar_items",
	"/api/method/frappe.utils.global_search.web_search?text=" + WORD,
	"/rss",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_guests_find_nobody(traces: dict, address: str) -> None:
	text = Browser().get(address).get_data(as_text=True).replace(f"text={WORD}", "")

	assert find(text, traces) == []
	assert not [reference for reference in traces["references"] if reference in text]


def test_the_sitemap_names_no_request(traces: dict) -> None:
	assert "/requests/" not in Browser().get("/sitemap.xml").get_data(as_text=True)
