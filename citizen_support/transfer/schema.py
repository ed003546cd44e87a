"""What a catalogue file may hold: the app's own doctypes, read from their definitions.

The fields are those the app ships, not those of a site, so that a file reads the same everywhere and a new
field of a doctype is in the files without a line here. Left out is what belongs to one city's state: a status,
a pilot, a version.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from citizen_support.languages.rules import FIELDS, SETTINGS

DOCTYPES = Path(__file__).resolve().parents[1] / "citizen_support" / "doctype"

TEXT, LINES, LIST, NUMBER, FLAG, TIME, LINK, ROWS = (
	"text",
	"lines",
	"list",
	"number",
	"flag",
	"time",
	"link",
	"rows",
)
_TYPES = {
	"Data": TEXT,
	"Select": TEXT,
	"Autocomplete": TEXT,
	"Date": TEXT,
	"Float": TEXT,
	"Percent": TEXT,
	"Small Text": LINES,
	"Text": LINES,
	"Long Text": LINES,
	"Text Editor": LINES,
	"Geolocation": LINES,
	"Code": LINES,
	"Int": NUMBER,
	"Check": FLAG,
	"Time": TIME,
	"Link": LINK,
	"Table": ROWS,
}
# Texts that are lists, an entry a line.
_LISTS = frozenset(
	{
		("Municipal Service", "synonyms"),
		("Service Area", "postcodes"),
		("Service Area", "names"),
		("Service Question", "choices"),
		("Service Question", "show_if_values"),
		("Service Question", "end_values"),
		("Service Routing Rule", "match_values"),
	}
)
_LEFT_OUT = {
	"Municipal Service": frozenset({"status", "version"}),
	"Service Category": frozenset({"lft", "rgt", "old_parent"}),
}
# What names a row for good; other rows are known by their place.
_ROW_KEYS = {
	"Service Question": "question_key",
	"Catalogue Text": "path",
	"Department Opening Hours": "workday",
}
_COMPARISON = re.compile(r"doc\.(\w+) ?===? ?'([^']*)'")
_COUNT = re.compile(r"\+?\d{1,9}")
# One city's trial of a service, not the service.
_LEFT_OUT_PREFIX = "pilot_"


@dataclass(frozen=True)
class Field:
	"""One field of a record, as a file holds it."""

	name: str
	label: str
	type: str
	default: str = ""
	required: bool = False
	choices: tuple[str, ...] = ()
	target: str = ""
	rows: tuple["Field", ...] = ()
	key: str = ""
	only_if: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Kind:
	"""A kind of record: its section in a file, its doctype, and the fields that name it."""

	section: str
	doctype: str
	keys: tuple[str, ...]
	title: str
	fields: tuple[Field, ...]

	@property
	def is_single(self) -> bool:
		"""Whether a site has exactly one such record, which therefore needs no name."""
		return not self.keys

	def name_of(self, content: dict) -> str:
		"""The lasting name of a record in a file; later ones of a name that may stand twice have their number."""
		name, number = self.name_plainly(content), self.number_of(content)
		return f"{name} ({number})" if number > 1 else name

	def name_plainly(self, content: dict) -> str:
		"""The name without a number, which several may have."""
		return " / ".join(self._read_keys(content)) or self.doctype

	def number_of(self, content: dict) -> int:
		"""Which of those of its name a record is (1 = the first)."""
		number = str(content.get(NUMBER_FIELD) or "").strip() if self.get_field(NUMBER_FIELD) else ""
		return max(int(number), 1) if _COUNT.fullmatch(number) else 1

	def identify(self, content: dict) -> tuple:
		"""What no two records of a file may have in common, whatever their capitals."""
		return *(key.casefold() for key in self._read_keys(content)), self.number_of(content)

	def place_of(self, content: dict) -> tuple:
		"""What records are sorted by."""
		return self.name_plainly(content), *self._read_keys(content), self.number_of(content)

	def _read_keys(self, content: dict) -> tuple[str, ...]:
		return tuple(str(content.get(key) or "") for key in self.keys)

	def get_field(self, name: str) -> Field | None:
		"""A field by its name."""
		return next((field for field in self.fields if field.name == name), None)


# In the order they are made: what others point at comes first.
_SECTIONS = {
	"city_texts": (SETTINGS, (), "city_name"),
	"departments": ("Municipal Department", ("code",), "department_name"),
	"categories": ("Service Category", ("code",), "category_name"),
	"articles": ("HD Article", ("title", "category"), "title"),
	"areas": ("Service Area", ("code",), "area_name"),
	"services": ("Municipal Service", ("code",), "title"),
	"translations": (
		"Catalogue Translation",
		("reference_doctype", "reference_name", "language"),
		"reference_name",
	),
	"notice_templates": ("Notice Template", ("notice", "language"), "subject"),
}
SECTIONS = tuple(_SECTIONS)
# Nothing keeps two articles from having one title and category; the oldest has no number in a file.
NUMBER_FIELD = "number"
_NUMBER = Field(NUMBER_FIELD, "Number", NUMBER, default="1")
_ARTICLE = (
	Field("title", "Title", TEXT, required=True),
	Field("category", "Category", TEXT),
	_NUMBER,
	Field("status", "Status", TEXT, default="Draft", choices=("Published", "Draft", "Archived")),
	Field("content", "Content", LINES),
)
# An article has a random name on each site, so a service names it by its title and category.
_ARTICLE_ROW = (
	Field("article", "Article", TEXT, required=True),
	Field("category", "Category of the article", TEXT),
	_NUMBER,
	Field("note", "Note", TEXT),
)


@lru_cache(maxsize=1)
def get_kinds() -> dict[str, Kind]:
	"""The kinds of record by their section, in the order they are made; of the settings only what residents read."""
	kinds = {}
	for section, (doctype, keys, title) in _SECTIONS.items():
		fields = _ARTICLE if doctype == "HD Article" else _read_fields(doctype, keys)
		if doctype == SETTINGS:
			fields = tuple(field for field in fields if field.name in FIELDS[SETTINGS])
		kinds[section] = Kind(section, doctype, keys, title, fields)
	return kinds


def get_kind_of(doctype: str) -> Kind:
	"""The kind of a doctype.

	:raises KeyError: if records of this doctype are in no catalogue file.
	"""
	return {kind.doctype: kind for kind in get_kinds().values()}[doctype]


def _read_fields(doctype: str, keys: tuple[str, ...] = ()) -> tuple[Field, ...]:
	rows = json.loads(_find_file(doctype).read_text(encoding="utf-8"))["fields"]
	left_out = _LEFT_OUT.get(doctype, frozenset())
	fields = [
		_make_field(doctype, row)
		for row in rows
		if row["fieldtype"] in _TYPES
		and row["fieldname"] not in left_out
		and not row["fieldname"].startswith(_LEFT_OUT_PREFIX)
		and not row.get("is_virtual")
	]
	# What names a record stands first.
	first = (*keys, NUMBER_FIELD, _ROW_KEYS.get(doctype, ""))
	if doctype == "Catalogue Translation":
		fields.append(_NUMBER)
	return tuple(sorted(fields, key=lambda field: field.name not in first))


def _make_field(doctype: str, row: dict) -> Field:
	name, options = row["fieldname"], row.get("options") or ""
	type_ = LIST if (doctype, name) in _LISTS else _TYPES[row["fieldtype"]]
	return Field(
		name=name,
		label=row.get("label") or name,
		type=type_,
		default=str(row.get("default") or ""),
		required=bool(row.get("reqd")),
		choices=tuple(options.split("\n")) if row["fieldtype"] == "Select" else (),
		target=options if type_ in (LINK, ROWS) else "",
		rows=_read_rows(options) if type_ == ROWS else (),
		key=_ROW_KEYS.get(options, ""),
		only_if=_read_condition(row.get("depends_on") or ""),
	)


def _read_condition(expression: str) -> tuple[tuple[str, str], ...]:
	"""Other fields and the values they need for this one to mean anything; only plain comparisons are read."""
	parts = [_COMPARISON.fullmatch(part.strip()) for part in expression.removeprefix("eval:").split("&&")]
	return tuple((part[1], part[2]) for part in parts if part) if all(parts) else ()


def _read_rows(doctype: str) -> tuple[Field, ...]:
	return _ARTICLE_ROW if doctype == "Service Article" else _read_fields(doctype)


def _find_file(doctype: str) -> Path:
	name = doctype.lower().replace(" ", "_")
	return DOCTYPES / name / f"{name}.json"
