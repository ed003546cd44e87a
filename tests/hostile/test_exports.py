"""What a manager exports of our records holds no formula that a spreadsheet would work out."""

import csv
import io
import json
import secrets

import openpyxl
import pytest

import frappe
from frappe.desk.reportview import _export_query

from devtools.servers import City
from tests.hostile.visitors import Visitor, read_reference

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


@pytest.mark.parametrize("doctype", [*OURS, *HOSTS])
@pytest.mark.parametrize("kind", ["CSV", "Excel"])
def test_an_export_has_no_formula(formulas: None, doctype: str, kind: str) -> None:
	cells = read_cells(kind, export(doctype, kind))

	assert len(cells) > len(FORMULAS)
	assert [cell for cell in cells if is_formula(cell)] == []


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
