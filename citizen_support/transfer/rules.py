"""Records of a catalogue as plain data: what a file holds of a record, and what a record gets from a file. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from difflib import get_close_matches

from citizen_support.catalogue.rules import split_lines, split_words
from citizen_support.transfer import schema
from citizen_support.transfer.schema import Field

Content = dict[str, object]
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?")
# Lists whose entries have no commas in them, so that people may type them with commas between.
WORD_LISTS = frozenset({"synonyms", "postcodes"})
_TRUE, _FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off", ""})


class Unreadable(Exception):
	"""A value that cannot be what its field wants; `problem` names it, `place` says where it stands."""

	def __init__(self, problem: str, place: tuple[str, ...] = (), *details: str) -> None:
		super().__init__(problem, place, *details)
		self.problem = problem
		self.place = place
		self.details = details

	def within(self, *place: str) -> "Unreadable":
		"""The same, seen from further out."""
		return Unreadable(self.problem, (*place, *self.place), *self.details)


def write_record(fields: tuple[Field, ...], get: Callable[[str], object]) -> Content:
	"""What a file holds of a record: its values without empty ones and those that are the default anyway.

	Required ones always stand there, so that nobody has to know a default to read a promise.

	:param get: gives the record's value of a field; for child tables, a list of such functions.
	"""
	content: Content = {}
	for field in fields:
		if any(str(get(name) or "") != needed for name, needed in field.only_if):
			# Left over from what the rule looked at before.
			continue
		value = write_value(field, get(field.name))
		if value == "" and field.choices and "" not in field.choices:
			# Nobody can choose nothing there: a field of a rule that looks at something else.
			value = field.default
		if field.required or value != write_value(field, field.default):
			content[field.name] = value
	return content


def write_value(field: Field, value: object) -> object:
	"""One value as a file holds it."""
	if field.type == schema.ROWS:
		return [write_record(field.rows, row) for row in value or ()]
	if field.type == schema.FLAG:
		return str(value or "").lower() in _TRUE
	if field.type == schema.NUMBER:
		return int(value or 0)
	if field.type == schema.TIME:
		return write_time(value)
	if field.type == schema.LIST:
		return list(_split(field, str(value or "")))
	return str(value if value is not None else "").replace("\r\n", "\n").replace("\r", "\n")


def read_record(fields: tuple[Field, ...], content: Mapping[str, object]) -> Content:
	"""A record's values from a file, for every field: what a file does not name gets its default or nothing.

	:raises Unreadable: with the place, if a field is not known or a value is none of its kind.
	"""
	values = complete(fields, read_given(fields, content))
	for field in fields:
		if field.required and values[field.name] in (None, "", []):
			raise Unreadable("value missing", (field.name,))
	return values


def read_given(fields: tuple[Field, ...], content: Mapping[str, object]) -> Content:
	"""Like `read_record`, but only the fields the file names."""
	if not isinstance(content, Mapping):
		raise Unreadable("not a record")
	known = {field.name: field for field in fields}
	values: Content = {}
	for name, value in content.items():
		field = known.get(str(name))
		if not field:
			near = get_close_matches(str(name), known, 1)
			raise Unreadable("field unknown", (str(name),), near[0] if near else "")
		try:
			values[field.name] = read_value(field, value)
		except Unreadable as problem:
			raise problem.within(field.name) from None
	return values


def complete(fields: tuple[Field, ...], given: Content) -> Content:
	"""The values with those of the other fields: the default, or nothing."""
	return {
		field.name: given[field.name] if field.name in given else read_value(field, field.default)
		for field in fields
	}


def read_value(field: Field, value: object) -> object:
	"""One value as a record has it: numbers and flags as integers, lists as text with a line each."""
	if field.type == schema.ROWS:
		return _read_rows(field, value)
	if field.type == schema.FLAG:
		return _read_flag(value)
	if field.type == schema.NUMBER:
		return _read_number(value)
	text = _read_text(value)
	if field.type == schema.LIST:
		return "\n".join(_split(field, text))
	if field.type == schema.TIME:
		return _read_time(text)
	text = text.replace("\r\n", "\n").replace("\r", "\n")
	if field.choices and text and text not in field.choices:
		raise Unreadable("not a choice", (), text, ", ".join(choice for choice in field.choices if choice))
	return text


def find_changes(fields: tuple[Field, ...], before: Content, after: Content) -> list[Field]:
	"""The fields in which two contents differ."""
	return [field for field in fields if before.get(field.name) != after.get(field.name)]


def write_time(value: object) -> str:
	"""A time of day as "08:00", with seconds only where there are some."""
	if isinstance(value, timedelta):
		seconds = int(value.total_seconds())
		value = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
	matched = _TIME.fullmatch(str(value or "").strip())
	if not matched:
		return ""
	hours, minutes, seconds = matched.groups()
	short = f"{int(hours):02d}:{minutes}"
	return f"{short}:{seconds}" if seconds and seconds != "00" else short


def _read_rows(field: Field, value: object) -> list[Content]:
	if value in (None, ""):
		return []
	if not isinstance(value, list):
		raise Unreadable("not a list")
	rows: list[Content] = []
	for number, entry in enumerate(value, start=1):
		try:
			rows.append(read_record(field.rows, entry))
			_check_key(field, rows)
		except Unreadable as problem:
			raise problem.within(str(number)) from None
	return rows


def _check_key(field: Field, rows: list[Content]) -> None:
	key = rows[-1][field.key] if field.key else None
	if key and any(row[field.key] == key for row in rows[:-1]):
		raise Unreadable("key twice", (field.key,), str(key))


def _read_flag(value: object) -> int:
	text = _read_text(value).strip().lower()
	if text not in _TRUE | _FALSE:
		raise Unreadable("not yes or no", (), text)
	return int(text in _TRUE)


def _read_number(value: object) -> int:
	text = _read_text(value).strip()
	if not re.fullmatch(r"[+-]?\d{1,9}|", text):
		raise Unreadable("not a number", (), text)
	return int(text or 0)


def _read_time(text: str) -> str | None:
	if not text.strip():
		return None
	written = write_time(text)
	if not written or not ("00:00" <= written < "24:00") or written[3:5] > "59":
		raise Unreadable("not a time", (), text)
	return written if len(written) > 5 else f"{written}:00"


def _read_text(value: object) -> str:
	if isinstance(value, Mapping):
		raise Unreadable("not a text")
	if isinstance(value, list):
		if any(isinstance(entry, Mapping | list) for entry in value):
			raise Unreadable("not a text")
		return "\n".join(_read_text(entry) for entry in value)
	if isinstance(value, bool):
		return "Yes" if value else "No"
	return "" if value is None else str(value)


def _split(field: Field, text: str) -> tuple[str, ...]:
	return split_words(text) if field.name in WORD_LISTS else split_lines(text)
