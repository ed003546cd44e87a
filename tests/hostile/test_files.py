"""Hostile files through the real form: refused in words with nothing lost, or kept without anything that harms."""

import io
import time

import pytest
import requests
from bs4 import BeautifulSoup
from PIL import Image

import frappe

from devtools.processes import find_children
from devtools.servers import City
from tests.hostile.hostile_files import CANARY, HostileFile, list_files
from tests.hostile.visitors import Visitor, read_reference

FILES = list_files()
SECONDS_FOR_A_FILE = 5
SHOWN_INLINE = {"image/jpeg", "image/png"}
TYPES = {**dict.fromkeys(("jpg",), "image/jpeg"), "png": "image/png", "pdf": "application/pdf"}
QUESTIONS = [
	{"label": "What?", "question_key": "what", "question_type": "Short text"},
	{"label": "File?", "question_key": "file", "question_type": "Photo or document"},
]


@pytest.fixture(scope="module")
def service(city: City) -> str:
	"""A service that asks for nothing but words and a file."""
	doc = frappe.new_doc("Municipal Service")
	doc.update(
		{
			"title": f"Files {time.time_ns()}",
			"status": "Published",
			"kind": "Request",
			"summary": "For tests.",
		}
	)
	doc.update({"category": "streets", "department": "streets", "priority": "Medium", "questions": QUESTIONS})
	doc.update(
		{
			"response_target": 2,
			"response_unit": "Working days",
			"resolution_target": 9,
			"resolution_unit": "Working days",
		}
	)
	frappe.db.set_single_value("Citizen Support Settings", "filing", "At once")
	doc.insert()
	frappe.db.commit()
	frappe.clear_cache()
	return doc.name


def test_there_are_forty_at_least() -> None:
	assert len({(file.name, file.content) for file in FILES}) >= 40


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.what)
def test_a_hostile_file(city: City, service: str, file: HostileFile) -> None:
	visitor = Visitor(city.address, f"198.18.40.{FILES.index(file)}")
	form = visitor.fill(f"/services/{service}")
	form.set("q.what", "Words that are kept")
	form.files = [("q.file", (file.name, file.content, file.claimed))]

	began = time.monotonic()
	response = visitor.send(form)

	assert time.monotonic() - began < SECONDS_FOR_A_FILE
	if file.sentence:
		require_refusal(response, file.sentence)
	else:
		require_harmless(visitor, response)


def require_refusal(response: requests.Response, sentence: str) -> None:
	page = BeautifulSoup(response.text, "html.parser")
	(said,) = (link.get_text() for link in page.select("a[href='#q-file']"))
	assert response.status_code == 422
	assert sentence in said
	assert page.find(attrs={"name": "q.what"})["value"] == "Words that are kept"
	assert not page.find(attrs={"name": "remove_file"})


def require_harmless(visitor: Visitor, response: requests.Response) -> None:
	reference = read_reference(response)
	page = BeautifulSoup(visitor.get(f"/requests/{reference}").text, "html.parser")
	(address,) = {link["href"] for link in page.select("a[href*='/files/']")}
	served = visitor.get(address)
	kind, disposition = served.headers["Content-Type"], served.headers["Content-Disposition"]
	assert served.status_code == 200
	assert kind == TYPES[disposition.rpartition(".")[2].strip('"')]
	assert disposition.startswith("inline" if kind in SHOWN_INLINE else "attachment")
	assert served.headers["X-Content-Type-Options"] == "nosniff"
	assert "sandbox" in served.headers["Content-Security-Policy"]
	if kind in SHOWN_INLINE:
		require_plain_picture(served.content)
	require_private(visitor, reference)


def require_plain_picture(content: bytes) -> None:
	with Image.open(io.BytesIO(content)) as picture:
		picture.load()
		assert dict(picture.getexif()) == {}
		assert not {"xmp", "icc_profile", "comment", "photoshop"} & set(picture.info)
	assert CANARY.encode() not in content
	assert b"<script" not in content and b"PK\x03\x04" not in content


def require_private(visitor: Visitor, reference: str) -> None:
	"""The bytes lie where only we get them, and a stranger gets them at no address."""
	frappe.db.rollback()
	rows = frappe.get_all("File", {"attached_to_name": reference}, ["file_url", "file_name", "is_private"])
	assert rows
	for row in rows:
		assert row.is_private and row.file_url.startswith("/private/files/")
		assert not set(row.file_name) & set("/\\<>\"'\0\u202e") and len(row.file_name) <= 140
		assert Visitor(visitor.site).get(row.file_url).status_code in (403, 404)


def test_the_workers_are_no_larger_for_it(city: City) -> None:
	"""Runs last: after all of them, what a web worker has kept."""
	workers = find_children(city.processes.pid("web"))

	assert workers
	for pid in workers:
		with open(f"/proc/{pid}/status") as status:
			(kilobytes,) = (int(line.split()[1]) for line in status if line.startswith("VmRSS"))
		assert kilobytes < 700 * 1024
