"""From a file, an address or a starter catalogue to a batch of records."""

import re
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support.transfer import open311
from citizen_support.transfer.batch import CATALOGUE, Batch
from citizen_support.transfer.catalogue_file import FORMAT, MOST_BYTES, read_catalogue
from citizen_support.transfer.export import list_names_of_columns, name_column
from citizen_support.transfer.fetching import Unreachable, fetch_text
from citizen_support.transfer.rules import Unreadable
from citizen_support.transfer.schema import get_kinds
from citizen_support.transfer.sheets import complete_new, read_table
from citizen_support.transfer.starters import read_starter

FROM_ADDRESS, FROM_STARTER = "A web address", "A starter catalogue"
MOST_DEFINITIONS = 100
_FIELD = re.compile(r"[\w-]+ *:")
# For all definitions of a list together.
_SECONDS_FOR_DEFINITIONS = 60


def read_batch(doc: Document) -> Batch:
	"""What a Catalogue Import is to import.

	:raises Unreadable: with the place in the file.
	:raises frappe.ValidationError: if there is no file, or an address cannot be asked.
	"""
	if doc.source == FROM_STARTER:
		return read_starter(doc.starter or "")
	if doc.source == FROM_ADDRESS:
		return _read_address(doc)
	text = read_file(doc.file)
	if is_open311(text):
		return _read_open311_files(doc, text)
	return read_text(text)


def read_text(text: str) -> Batch:
	"""A catalogue file or a table.

	:raises Unreadable: with the place in the file.
	"""
	if not text.strip():
		raise Unreadable("empty")
	if _is_catalogue(text):
		return Batch(CATALOGUE, read_catalogue(text))
	return _complete_new(read_table(text, name_column, *list_names_of_columns()))


def _complete_new(table: Batch) -> Batch:
	for section, records in table.sections.items():
		codes = [str(record["code"]).strip().lower() for record in records]
		here = frappe.get_all(get_kinds()[section].doctype, {"name": ("in", codes)}, pluck="name")
		table = complete_new(table, section, frozenset(here))
	return table


def is_open311(text: str) -> bool:
	"""Whether a text is JSON or XML, which only lists of Open311 are."""
	return text.lstrip("\ufeff \t\r\n")[:1] in ("<", "{", "[")


def find_file(file_url: str | None) -> Document:
	"""The record of an attached file the user may read.

	To be asked before a record with this address is saved: Frappe then attaches whatever file the address names, and
	who may read the record may read the file.

	:raises frappe.PermissionError: for a file of somebody else's.
	"""
	names = frappe.get_all("File", {"file_url": file_url}, pluck="name") if file_url else []
	if not names:
		frappe.throw(_("Please attach the file to import."))
	# Frappe gives equal files one address and a record for each place they are attached to.
	files = [frappe.get_doc("File", name) for name in names]
	file = next((file for file in files if file.has_permission("read")), files[0])
	file.check_permission("read")
	return file


def read_file(file_url: str | None) -> str:
	"""The text of an attached file.

	:raises Unreadable: if it is too large, or no text.
	"""
	file = find_file(file_url)
	path = Path(file.get_full_path())
	if not path.is_file():
		frappe.throw(
			_("The file “{0}” is not there any more. Please attach it again.").format(file.file_name)
		)
	if path.stat().st_size > MOST_BYTES:
		raise Unreadable("too large", (), str(MOST_BYTES // 1024 // 1024))
	return decode(path.read_bytes())


def decode(content: bytes) -> str:
	"""Text in UTF-8, or a table as older spreadsheet programs save it.

	:raises Unreadable: if it is neither.
	"""
	try:
		return content.decode("utf-8-sig")
	except UnicodeDecodeError:
		pass
	if b"\0" in content or content.lstrip()[:1] in (b"<", b"{", b"[") or FORMAT.encode() in content[:2000]:
		raise Unreadable("not text")
	return content.decode("cp1252", "replace")


def _is_catalogue(text: str) -> bool:
	"""A catalogue begins with the name of a field; a table begins with columns."""
	lines = (line for line in text.lstrip("\ufeff").splitlines() if line.strip() and not line.startswith("#"))
	first = next(lines, "")
	return first.startswith("---") or bool(_FIELD.match(first))


def _read_open311_files(doc: Document, text: str) -> Batch:
	services = open311.list_services(open311.read_open311(text.lstrip("\ufeff")))
	definitions: Mapping = open311.list_definitions(services)
	if doc.definitions_file:
		document = open311.read_open311(read_file(doc.definitions_file))
		definitions = {**definitions, **open311.list_definitions(document)}
	department = _get_department(doc)
	return open311.make_batch(services, definitions, _name_list(doc), department)


def _read_address(doc: Document) -> Batch:
	department = _get_department(doc)
	base = (doc.address or "").strip().rstrip("/")
	for ending in ("/services.json", "/services.xml", "/services"):
		base = base.removesuffix(ending)
	query = f"?{urlencode({'jurisdiction_id': doc.jurisdiction})}" if doc.jurisdiction else ""
	services = open311.list_services(_fetch_either(f"{base}/services", query))
	definitions: dict = {}
	wanted = [str(row["service_code"]) for row in services if open311.needs_definition(row)]
	if len(wanted) > MOST_DEFINITIONS:
		frappe.throw(
			_(
				"{0} services have questions of their own, and at most {1} are asked for. Please save the list and its definitions as files and attach them."
			).format(len(wanted), MOST_DEFINITIONS)
		)
	end = time.monotonic() + _SECONDS_FOR_DEFINITIONS
	for code in wanted:
		if time.monotonic() > end:
			frappe.throw(
				_(
					"The server answers too slowly. Please save the list and its definitions as files and attach them."
				)
			)
		definitions |= open311.list_definitions(
			_fetch_either(f"{base}/services/{quote(code, safe='')}", query)
		)
	return open311.make_batch(services, definitions, _name_list(doc), department)


def _fetch_either(address: str, query: str) -> object:
	"""As JSON, and where a server knows only the older way, as XML."""
	try:
		return open311.read_open311(fetch_text(f"{address}.json{query}"))
	except (Unreachable, Unreadable) as first:
		try:
			return open311.read_open311(fetch_text(f"{address}.xml{query}"))
		except Unreachable:
			if isinstance(first, Unreadable):
				# What is wrong with a list that is there says more than that there is none in XML.
				raise first from None
			raise


def _name_list(doc: Document) -> str:
	"""What tells this list from those of other cities, whose services have the same codes."""
	name = open311.make_list_code(doc.list_name or "")
	if not name and doc.source == FROM_ADDRESS:
		name = doc.jurisdiction or urlsplit(doc.address or "").hostname
	if not name:
		frappe.throw(
			_(
				"Please give the list a name in the field “{0}”, for example that of the other city. Its services are known by it; without one they would be taken for those of another list."
			).format(_("Name of the list"))
		)
	return name


def _get_department(doc: Document) -> str:
	if not doc.department:
		frappe.throw(
			_("An Open311 list names no department. Please choose the department that answers its services.")
		)
	return doc.department
