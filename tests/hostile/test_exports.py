"""What a manager exports or prints of our records holds no formula that a spreadsheet works out, and no live markup."""

import csv
import io
import json
import secrets

import openpyxl
import pytest
import requests
from bs4 import BeautifulSoup

import frappe
from frappe.desk.reportview import _export_query

from devtools.servers import City
from devtools.testing.throwaway import ADMIN_PASSWORD
from tests.hostile.conftest import Size
from tests.hostile.payloads import bundle, find_live_markup
from tests.hostile.visitors import Visitor, make_mailbox, read_reference

FORMULAS = (
	'=HYPERLINK("http://hostile.example","x")',
	"+1+cmd|' /C calc'!A0",
	"-2+3+cmd|' /C calc'!A0",
	"@SUM(1+9)*cmd|' /C calc'!A0",
	"\t=1+1",
	"\r=1+1",
	"\u200b=1+1",
	"\ufeff=1+1",
	"＝1+1",
	"<b>=1+1</b>",
	'";=1+1;"',
)
# The full-width signs count as well: some programs read them as the others.
BEGINNINGS = "=+-@\t\r＝＋－＠"
OURS = ("Service Submission", "Citizen", "Request Event", "Resident Notice")
HOSTS = ("HD Ticket", "Contact")
LONGEST_NAME = 140


@pytest.fixture(scope="module")
def formulas(city: City) -> None:
	"""A request for each formula, in every field that takes words; and in an address, as far as one may begin so."""
	for number, formula in enumerate(FORMULAS):
		visitor = Visitor(city.address, f"198.18.60.{number}")
		form = visitor.fill("/services/pothole")
		form.files = []
		form.set("q.place", formula)
		form.set("contact.name", formula)
		form.set(
			"contact.email", f"{formula[0] if formula[0] in '+-=' else ''}x{secrets.token_hex(4)}@example.org"
		)
		response = visitor.send(form)
		if response.status_code == 422:
			form.set("contact.email", f"x{secrets.token_hex(4)}@example.org")
			response = visitor.send(form)
		read_reference(response)
	frappe.db.rollback()


@pytest.fixture(scope="module")
def scripts(city: City) -> list[str]:
	"""Every payload of payloads.json that a name or a place holds, in requests; their references."""
	references = []
	for number, text in enumerate(bundle(LONGEST_NAME)):
		visitor = Visitor(city.address, f"198.18.61.{number}")
		form = visitor.fill("/services/pothole")
		form.files = []
		form.set("q.place", text)
		form.set("contact.name", text)
		form.set("contact.email", make_mailbox("print"))
		references.append(read_reference(visitor.send(form)))
	frappe.db.rollback()
	return references


@pytest.fixture(scope="module")
def desk(city: City) -> requests.Session:
	"""Somebody who may read everything, logged in."""
	session = requests.Session()
	session.trust_env = False
	login = {"usr": "Administrator", "pwd": ADMIN_PASSWORD}
	assert session.post(f"{city.address}/api/method/login", data=login, timeout=60).status_code == 200
	return session


@pytest.mark.parametrize("doctype", [*OURS, *HOSTS])
@pytest.mark.parametrize("kind", ["CSV", "Excel"])
def test_an_export_has_no_formula(formulas: None, scripts: list[str], doctype: str, kind: str) -> None:
	cells = read_cells(kind, export(doctype, kind))

	assert len(cells) > len(FORMULAS)
	assert [cell for cell in cells if is_formula(cell)] == []


def test_careless_markup_is_seen() -> None:
	live = [text for text in bundle(LONGEST_NAME) if find_live_markup(f"<p>{text}</p><a href='{text}'>x</a>")]

	assert len(live) > len(bundle(LONGEST_NAME)) / 2


@pytest.mark.parametrize("doctype", ["Service Submission", "Citizen", "Resident Notice", *HOSTS])
def test_a_printed_record_has_no_live_markup(
	city: City, size: Size, scripts: list[str], desk: requests.Session, doctype: str
) -> None:
	for reference in scripts[:: size.printed]:
		name = find_record(doctype, reference)
		shown = {"doctype": doctype, "name": name, "trigger_print": 0}
		page = desk.get(f"{city.address}/printview", params=shown, timeout=60)
		# What a PDF is made of: a program on the server opens it, and would run and load what it holds.
		document = frappe.get_print(doctype, name)

		assert page.status_code == 200
		for html in (page.text, document):
			# The record that was asked for, and not a page that says no.
			assert name in BeautifulSoup(html, "html.parser").get_text()
			assert find_live_markup(html) == []


def find_record(doctype: str, reference: str) -> str:
	"""The record of this kind that a request has brought along."""
	by_reference = {"HD Ticket": {"cs_reference": reference}, "Resident Notice": {"reference": reference}}
	if doctype in by_reference:
		return str(frappe.db.get_value(doctype, by_reference[doctype]))
	if doctype == "Contact":
		return frappe.db.get_value("HD Ticket", {"cs_reference": reference}, "contact")
	submission = frappe.get_doc("Service Submission", reference)
	return submission.citizen if doctype == "Citizen" else submission.name


def export(doctype: str, kind: str) -> bytes:
	"""As the desk's report view does it, with every column."""
	fields = [
		f"`tab{doctype}`.`{column}`" for column in frappe.db.get_table_columns(doctype) if column != "idx"
	]
	wanted = {
		"doctype": doctype,
		"file_format_type": kind,
		"fields": fields,
		"as_list": True,
		"limit_page_length": None,
	}
	_title, _extension, content = _export_query(
		frappe._dict(wanted, filters=json.loads("[]")),
		frappe._dict(quoting=csv.QUOTE_ALL, delimiter=","),
		populate_response=False,
	)
	return content


def read_cells(kind: str, content: bytes) -> list[str]:
	if kind == "CSV":
		return [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
	sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
	assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
	return [str(cell.value) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def is_formula(cell: str) -> bool:
	"""Whether a spreadsheet would work it out. Signed numbers, telephone numbers among them, do no harm."""
	return cell.startswith(tuple(BEGINNINGS)) and not cell[1:].replace(".", "").isdigit()
