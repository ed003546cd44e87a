"""The text of a catalogue file: YAML that people can read, written always in the same way. Pure.

Every plain value is read as text and gets its type from the field it is for, so that a postcode keeps its zero,
the answer "Yes" is no switch, and 12:30 is no number.
"""

from collections.abc import Mapping
from typing import ClassVar

import yaml

from citizen_support.transfer.rules import Content, Unreadable
from citizen_support.transfer.schema import SECTIONS

FORMAT = "citizen-support-catalogue"
VERSION = 1
# Some 500 services with all their texts in four more languages; Frappe takes no larger upload either.
MOST_BYTES = 25 * 1024 * 1024
DEEPEST = 20
MOST_RECORDS = 20_000
_HEAD = "# A catalogue of Citizen Support. What may stand here: docs/catalogue-format.md\n"
# PyYAML writes these as line ends in any style but the double-quoted one, and reads them back as blanks.
_ODD_BREAKS = frozenset("\x85\u2028\u2029\ufeff")
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
	"""The safe loader without guesses at types, which refuses a key that stands twice."""

	yaml_implicit_resolvers: ClassVar[dict] = {}

	def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
		seen: set[str] = set()
		for key, _value in node.value:
			if not isinstance(key.value, str):
				raise Unreadable("not a record", (), str(node.start_mark.line + 1))
			if key.value in seen:
				raise Unreadable("key twice in line", (), key.value, str(key.start_mark.line + 1))
			seen.add(key.value)
		return super().construct_mapping(node, deep=True)


class _Dumper(yaml.SafeDumper):
	"""Texts of several lines as blocks, lists set in."""

	def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
		super().increase_indent(flow, False)

	def ignore_aliases(self, data: object) -> bool:
		return True


def _write_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
	style = "|" if "\n" in text else None
	if _ODD_BREAKS & set(text):
		style = '"'
	return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _write_text)


def write_catalogue(sections: Mapping[str, list[Content]]) -> str:
	"""The text of a file. The records come in the order given; an empty section is left out."""
	content = {"format": FORMAT, "version": VERSION}
	content |= {section: sections[section] for section in SECTIONS if sections.get(section)}
	body = yaml.dump(
		content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=100
	)
	return _HEAD + body


def read_catalogue(text: str) -> dict[str, list]:
	"""The records of a file by section, each as the file has it, not looked at yet.

	:raises Unreadable: if it is not such a file, is of a newer version, or is built to fill the memory.
	"""
	content = load_yaml(text)
	if not isinstance(content, Mapping) or content.get("format") != FORMAT:
		raise Unreadable("not a catalogue", (), FORMAT)
	if str(content.get("version")) != str(VERSION):
		raise Unreadable("version unknown", (), str(content.get("version")), str(VERSION))
	sections = {name: records for name, records in content.items() if name not in ("format", "version")}
	for name, records in sections.items():
		if name not in SECTIONS:
			raise Unreadable("section unknown", (str(name),), ", ".join(SECTIONS))
		if not isinstance(records, list):
			raise Unreadable("not a list", (name,))
	count = sum(map(len, sections.values()))
	if count > MOST_RECORDS:
		raise Unreadable("too many records", (), str(count), str(MOST_RECORDS))
	return {name: sections[name] for name in SECTIONS if name in sections}


def load_yaml(text: str) -> object:
	"""YAML as texts, lists and dicts of texts.

	:raises Unreadable: for what is not YAML, for references to earlier parts (a few lines of them can grow
		beyond any memory) and for nesting no catalogue has.
	"""
	if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
		raise Unreadable("too large", (), str(MOST_BYTES // 1024 // 1024))
	try:
		_check_events(text)
		return yaml.load(text, Loader=_Loader)
	except yaml.MarkedYAMLError as error:
		mark = error.problem_mark or error.context_mark
		raise Unreadable("not yaml", (), str(mark.line + 1 if mark else 1)) from None
	except (yaml.YAMLError, ValueError, UnicodeError):
		raise Unreadable("not yaml", (), "1") from None


def _check_events(text: str) -> None:
	depth = 0
	for event in yaml.parse(text, Loader=_SafeLoader):
		if getattr(event, "tag", None):
			# A type named in the file would be read by PyYAML's own rules, which take for ever over some numbers.
			raise Unreadable("not yaml", (), str(event.start_mark.line + 1))
		if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
			raise Unreadable("alias", (), str(event.start_mark.line + 1))
		if isinstance(event, yaml.CollectionStartEvent):
			depth += 1
			if depth > DEEPEST:
				raise Unreadable("too deep", (), str(event.start_mark.line + 1))
		elif isinstance(event, yaml.CollectionEndEvent):
			depth -= 1
