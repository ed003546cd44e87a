"""Another city's list of services after Open311's GeoReport v2, as services of this app. Pure.

https://wiki.open311.org/GeoReport_v2 : a list of services, and for those with `metadata` a definition with attributes.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from html import escape, unescape

from citizen_support.catalogue.rules import KEY_LENGTH, make_code, make_question_key, split_lines, split_words
from citizen_support.transfer.batch import OPEN311, Batch
from citizen_support.transfer.plain_xml import read_xml
from citizen_support.transfer.rules import Content, Unreadable

# A service of the list says nothing of these; what they are here stays, and a new one takes the importer's.
ONLY_NEW = frozenset({"code", "kind", "department", "category", "response_target", "response_unit"})
# Characters the fields have room for.
TITLE_LENGTH = CATEGORY_LENGTH = 100
SUMMARY_LENGTH = ORIGIN_LENGTH = 140
LABEL_LENGTH = 200
_TYPES = {
	"string": "Short text",
	"text": "Long text",
	"number": "Number",
	"datetime": "Date",
	"singlevaluelist": "Choice",
	"multivaluelist": "Multiple choice",
}
_TRUE = frozenset({"true", "1", "yes"})
_LISTS = {
	"services": "service",
	"attributes": "attribute",
	"values": "value",
	"service_definitions": "service_definition",
}


def read_open311(text: str) -> object:
	"""A document of GeoReport v2, JSON or XML, as dicts and lists.

	:raises Unreadable: if it is neither.
	"""
	if text.lstrip().startswith("<"):
		return read_xml(text, _LISTS)
	try:
		return json.loads(text)
	except json.JSONDecodeError as error:
		raise Unreadable("not json", (), str(error.lineno)) from None
	except (RecursionError, ValueError):
		raise Unreadable("not json", (), "1") from None


def list_services(document: object) -> list[Mapping]:
	"""The services of a document that was read.

	:raises Unreadable: if there are none in it.
	"""
	if isinstance(document, Mapping):
		document = document.get("services", document.get("service"))
	services = document if isinstance(document, list) else []
	found = [row for row in services if isinstance(row, Mapping) and _text(row.get("service_code"))]
	if not found:
		raise Unreadable("not open311")
	return found


def list_definitions(document: object) -> dict[str, list[Mapping]]:
	"""Attributes by service code, of one definition or a list of them."""
	if isinstance(document, Mapping):
		inner = document.get("service_definitions", document.get("service_definition"))
		document = inner if inner is not None else [document]
	if isinstance(document, Mapping):
		document = [document]
	definitions = {}
	for row in document if isinstance(document, list) else []:
		if not isinstance(row, Mapping):
			continue
		row = row["definition"] if isinstance(row.get("definition"), Mapping) else row
		attributes = row.get("attributes")
		code = _text(row.get("service_code"))
		if code and isinstance(attributes, list):
			definitions[code] = [one for one in attributes if isinstance(one, Mapping)]
	return definitions


def needs_definition(service: Mapping) -> bool:
	"""Whether the list says that there is a definition of this service."""
	return _text(service.get("metadata")).lower() in _TRUE


def make_list_code(name: str) -> str:
	"""What a list is called in the origins of its services: the same each time, also where its script has no letters
	a code is made of. Empty for a name of nothing but blanks and signs.
	"""
	code = make_code(name)
	if re.search("[a-z]", code) or name.isascii():
		return code
	return f"list-{_hash(name)}"


def make_batch(
	services: Iterable[Mapping], definitions: Mapping[str, list[Mapping]], source: str, department: str
) -> Batch:
	"""Services and categories of this app for a list of another city.

	:param source: what the list is called, so that importing it again finds the same services, and those of no other
		list; never empty.
	:param department: code of the department that answers; Open311 names none.
	"""
	records: list[Content] = []
	categories: dict[str, Content] = {}
	taken: set[str] = set()
	origins: set[str] = set()
	for service in services:
		record = _make_service(service, definitions, source, department, taken)
		if record["origin"] in origins:
			continue
		origins.add(str(record["origin"]))
		taken.add(str(record["code"]))
		group = _plain(service.get("group")) or "Other services"
		record["category"] = _make_category_code(group)
		categories.setdefault(
			str(record["category"]),
			{"code": record["category"], "category_name": _shorten(group, CATEGORY_LENGTH)},
		)
		records.append(record)
	# A category that is here already keeps its name and its place.
	return Batch(
		OPEN311,
		{"categories": list(categories.values()), "services": records},
		partial=True,
		only_new=ONLY_NEW | {"category_name"},
		by_origin=True,
	)


def _make_category_code(group: str) -> str:
	"""The same code for the same group each time, also where its script has no letters a code is made of."""
	code = make_code(group)
	if re.search("[a-z]", code):
		return code
	return f"group-{_hash(group)}"


def _hash(text: str) -> str:
	return hashlib.sha256(text.strip().casefold().encode()).hexdigest()[:10]


def _make_service(
	service: Mapping, definitions: Mapping[str, list[Mapping]], source: str, department: str, taken: set[str]
) -> Content:
	service_code = _text(service.get("service_code"))
	title = _shorten(_plain(service.get("service_name")) or service_code, TITLE_LENGTH)
	about = _plain(service.get("description"))
	attributes = definitions.get(service_code) or _list(service.get("attributes"))
	attributes = sorted(attributes, key=lambda row: _number(row.get("order")))
	told = [text for row in attributes if not _is_asked(row) and (text := _plain(row.get("description")))]
	record: Content = {
		"origin": f"open311:{source}:{service_code}"[:ORIGIN_LENGTH],
		"code": _make_free_code(title, service_code, taken),
		"title": title,
		"kind": "Request",
		"department": department,
		"response_target": "2",
		"response_unit": "Working days",
		"summary": _shorten(about, SUMMARY_LENGTH),
		"description": "\n".join(
			f"<p>{escape(text, quote=False)}</p>" for text in (_long(about), *told) if text
		),
		"synonyms": "\n".join(split_words(_plain(service.get("keywords")))),
		"questions": _make_questions(attributes),
	}
	return record


def _make_questions(attributes: list[Mapping]) -> list[Content]:
	"""Every request of Open311 has a place, so that is asked first."""
	questions: list[Content] = [
		{"question_key": "place", "label": "Where is it?", "question_type": "Place", "required": "1"}
	]
	keys = {"place"}
	for attribute in attributes:
		if _is_asked(attribute):
			question = _make_question(attribute, keys)
			keys.add(str(question["question_key"]))
			questions.append(question)
	return questions


def _make_question(attribute: Mapping, taken: set[str]) -> Content:
	asked = _plain(attribute.get("description")) or _text(attribute.get("code")) or "Question"
	label = _shorten(asked, LABEL_LENGTH)
	kind = _TYPES.get(_text(attribute.get("datatype")).lower(), "Short text")
	choices = _read_choices(attribute.get("values")) if kind in ("Choice", "Multiple choice") else ()
	if kind in ("Choice", "Multiple choice") and len(choices) < 2:
		kind, choices = "Short text", ()
	question: Content = {
		"question_key": make_question_key(_text(attribute.get("code"))[:KEY_LENGTH] or label, taken),
		"label": label,
		"question_type": kind,
		"required": "1" if _text(attribute.get("required")).lower() in _TRUE else "0",
	}
	if help_text := _plain(attribute.get("datatype_description")):
		question["help_text"] = help_text
	if choices:
		question["choices"] = list(choices)
	return question


def _read_choices(values: object) -> tuple[str, ...]:
	names = [
		_plain(row.get("name")) or _text(row.get("key")) if isinstance(row, Mapping) else _plain(row)
		for row in _list(values)
	]
	return split_lines("\n".join(names))


def _make_free_code(title: str, service_code: str, taken: set[str]) -> str:
	code = make_code(title) or make_code(f"service {service_code}") or "service"
	if code not in taken:
		return code
	longer = make_code(f"{title[:40]} {service_code}") or code
	number = 2
	while longer in taken:
		longer = f"{code[:56]}-{number}"
		number += 1
	return longer


def _is_asked(attribute: Mapping) -> bool:
	"""`variable: false` is a text to read, not a question."""
	return _text(attribute.get("variable", "true")).lower() in _TRUE


def _list(value: object) -> list:
	return value if isinstance(value, list) else []


def _text(value: object) -> str:
	if isinstance(value, bool):
		return "true" if value else "false"
	return "" if value is None or isinstance(value, Mapping | list) else str(value).strip()


def _number(value: object) -> int:
	text = _text(value)
	return int(text) if re.fullmatch(r"-?\d{1,9}", text) else 0


def _plain(value: object) -> str:
	"""Text on one line without markup; cities write HTML into descriptions."""
	return " ".join(unescape(re.sub(r"<[^<>]{0,500}>", " ", _text(value))).split())


def _shorten(text: str, length: int) -> str:
	if len(text) <= length:
		return text
	return f"{text[: length - 1].rpartition(' ')[0] or text[: length - 1]}…"


def _long(text: str) -> str:
	"""The whole text, where the sentence above is not all of it."""
	return text if len(text) > SUMMARY_LENGTH else ""
