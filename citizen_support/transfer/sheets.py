"""Plain lists as tables (CSV) that spreadsheet programs open and write. Pure."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace

from citizen_support.catalogue.rules import is_code, make_code
from citizen_support.promise.rules import WEEKDAYS
from citizen_support.transfer import schema
from citizen_support.transfer.batch import TABLE, Batch
from citizen_support.transfer.rules import WORD_LISTS, Content, Unreadable
from citizen_support.transfer.schema import Field, Kind, get_kinds

BOM = "\ufeff"
# The lists that fit a table, without the texts in HTML.
LISTS = ("departments", "categories", "services", "areas")
_NOT_IN_TABLES = frozenset({"description", "needs"})
_NOT_IN_TABLES_OF_ANY = frozenset({"shape", "origin"})
# What a spreadsheet takes for a formula if a cell begins with it.
_FORMULA = "=+-@\t\r"
_DELIMITERS = ";,\t"
_WIDEST = 400
# The days a new department is open, as its form begins; the hours are the defaults.
STANDARD_WEEK = WEEKDAYS[:5]


def list_columns(kind: Kind) -> list[Field]:
	"""The fields of a kind of record that fit a cell."""
	left_out = _NOT_IN_TABLES_OF_ANY | (_NOT_IN_TABLES if kind.section == "services" else frozenset())
	return [field for field in kind.fields if field.type != schema.ROWS and field.name not in left_out]


def write_table(section: str, records: list[Content], name_column: Callable[[Field], str]) -> str:
	"""A table of records, with byte order mark and semicolons, the first row in words.

	:param name_column: gives the words of a column.
	"""
	columns = list_columns(get_kinds()[section])
	target = io.StringIO()
	writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
	writer.writerow([defuse(name) for name in _name_columns(columns, name_column)])
	for record in records:
		writer.writerow([_write_cell(field, record.get(field.name)) for field in columns])
	return BOM + target.getvalue()


def read_table(text: str, *name_columns: Callable[[Field], str]) -> Batch:
	"""The records of a table whose first row names its columns in words or as fieldnames.

	:param name_columns: the words of a column, in each language they may be in; the first is the reader's own.
	:raises Unreadable: if the columns fit no list, or a row cannot be read.
	"""
	rows = _read_rows(text.removeprefix(BOM))
	if not rows:
		raise Unreadable("empty")
	section, fields = _recognise([defuse_back(cell).strip() for cell in rows[0][1]], name_columns)
	kind = get_kinds()[section]
	if not {"code", kind.title} & {field.name for field in fields if field}:
		raise Unreadable("columns missing", (), f"code, {kind.title}")
	records = [_read_record(section, fields, line, cells) for line, cells in rows[1:]]
	for record in records:
		# A line somebody added has a name before it has a code.
		record["code"] = record.get("code") or make_code(record.get(kind.title, ""))
	return Batch(TABLE, {section: records}, partial=True)


def complete_new(table: Batch, section: str, here: Set[str]) -> Batch:
	"""A table whose new rows say nothing where their cells are empty, so that they get the defaults.

	In a row of a record that is here an empty cell empties its field.

	:param here: codes of the records that are here.
	"""
	records = [
		record if str(record["code"]).strip().lower() in here else _make_new(section, record)
		for record in table.sections[section]
	]
	return replace(table, sections={**table.sections, section: records})


def _make_new(section: str, record: Content) -> Content:
	given = {name: cell for name, cell in record.items() if str(cell).strip()}
	# No table has hours, and without them no department can be. The database takes "straße" for "strasse", which may
	# be here with hours of its own.
	if section == "departments" and is_code(str(record["code"]).strip().lower()):
		given["opening_hours"] = [{"workday": day} for day in STANDARD_WEEK]
	return given


def defuse(text: str) -> str:
	"""A text no spreadsheet takes for a formula; `defuse_back` gives the text again."""
	looks_defused = text[:1] == "'" and text[1:2] and text[1] in f"{_FORMULA}'"
	return f"'{text}" if looks_defused or (text and text[0] in _FORMULA) else text


def defuse_back(cell: str) -> str:
	"""The text of a cell that may have been defused."""
	return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in f"{_FORMULA}'" else cell


def _name_columns(columns: list[Field], name_column: Callable[[Field], str]) -> list[str]:
	"""The words of the columns; where two would be named the same, the fieldname."""
	words = [name_column(field) for field in columns]
	return [field.name if words.count(word) > 1 else word for field, word in zip(columns, words, strict=True)]


def _write_cell(field: Field, value: object) -> str:
	if field.type == schema.FLAG:
		value = value if value is not None else field.default == "1"
		return "yes" if value else "no"
	if field.type == schema.LIST:
		return defuse((", " if field.name in WORD_LISTS else "\n").join(value or []))
	if field.type == schema.NUMBER:
		return str(value if value is not None else field.default or 0)
	return defuse(str(value if value is not None else field.default))


def _read_rows(text: str) -> list[tuple[int, list[str]]]:
	"""Rows that have something in them, each with its line."""
	first = text.lstrip().partition("\n")[0]
	delimiter = max(_DELIMITERS, key=first.count)
	reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
	rows = []
	try:
		for cells in reader:
			if len(cells) > _WIDEST:
				raise Unreadable("csv unreadable", (), str(reader.line_num))
			if any(cell.strip() for cell in cells):
				rows.append((reader.line_num, cells))
	except csv.Error:
		raise Unreadable("csv unreadable", (), str(reader.line_num)) from None
	return rows


def _recognise(
	header: list[str], name_columns: Sequence[Callable[[Field], str]]
) -> tuple[str, list[Field | None]]:
	"""Which list this is, and the field of each column, in the language that fits it best."""
	found = {
		section: max(
			(_match(header, get_kinds()[section], name_column) for name_column in name_columns),
			key=lambda fields: sum(field is not None for field in fields),
		)
		for section in LISTS
	}
	section = max(found, key=lambda name: sum(field is not None for field in found[name]))
	fields = found[section]
	unknown = [name for name, field in zip(header, fields, strict=True) if name and not field]
	if not any(fields) or len(unknown) > len(header) / 2:
		raise Unreadable("list unknown")
	if unknown:
		known = ", ".join(_name_columns(list_columns(get_kinds()[section]), name_columns[0]))
		raise Unreadable("column unknown", (), unknown[0], known)
	names = [field.name for field in fields if field]
	twice = next((name for name in names if names.count(name) > 1), None)
	if twice:
		raise Unreadable("key twice", (), twice)
	return section, fields


def _match(header: list[str], kind: Kind, name_column: Callable[[Field], str]) -> list[Field | None]:
	columns = list_columns(kind)
	known: Mapping[str, Field] = {
		**{
			name.casefold(): field
			for field, name in zip(columns, _name_columns(columns, name_column), strict=True)
		},
		**{field.name: field for field in columns},
	}
	return [known.get(name.casefold()) for name in header]


def _read_record(section: str, fields: list[Field | None], line: int, cells: list[str]) -> Content:
	if any(cell.strip() for cell in cells[len(fields) :]):
		raise Unreadable("csv unreadable", (section,), str(line))
	pairs = zip(fields, cells, strict=False)
	return {field.name: _read_cell(field, cell) for field, cell in pairs if field}


def _read_cell(field: Field, cell: str) -> str:
	"""A cell's text; blanks around it count only where people write freely."""
	free = field.type == schema.LINES or (
		field.type == schema.TEXT and not field.choices and field.name != "code"
	)
	return defuse_back(cell) if free else defuse_back(cell).strip()
