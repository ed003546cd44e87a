"""XML of strangers as dicts and lists, without entities, document types or anything else that reaches out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from citizen_support.transfer.rules import Unreadable

DEEPEST = 30


@dataclass
class _Element:
	name: str
	text: list[str] = field(default_factory=list)
	children: list["_Element"] = field(default_factory=list)


class _Reader:
	"""Collects elements as expat meets them."""

	def __init__(self) -> None:
		self.root = _Element("")
		self.open = [self.root]

	def start(self, name: str, _attributes: dict) -> None:
		if len(self.open) > DEEPEST:
			raise Unreadable("too deep", (), "1")
		element = _Element(name.rpartition(":")[2])
		self.open[-1].children.append(element)
		self.open.append(element)

	def end(self, _name: str) -> None:
		self.open.pop()

	def say(self, text: str) -> None:
		self.open[-1].text.append(text)


def read_xml(text: str, lists: Mapping[str, str]) -> dict:
	"""An XML document as dicts of its elements.

	:param lists: elements that are lists, each with the name of its entries.
	:raises Unreadable: if it is no XML, or declares a document type: entities of it could read files of the server or
		grow without bound.
	"""
	reader = _Reader()
	parser = expat.ParserCreate()
	parser.buffer_text = True
	parser.StartElementHandler = reader.start
	parser.EndElementHandler = reader.end
	parser.CharacterDataHandler = reader.say
	parser.StartDoctypeDeclHandler = _refuse
	parser.EntityDeclHandler = _refuse
	parser.ExternalEntityRefHandler = _refuse
	try:
		parser.Parse(_drop_encoding(text).encode("utf-8"), True)
	except expat.ExpatError as error:
		raise Unreadable("not xml", (), str(error.lineno)) from None
	except UnicodeEncodeError:
		raise Unreadable("not xml", (), "1") from None
	return _convert(reader.root, lists)


def _refuse(*_arguments: object) -> None:
	raise Unreadable("xml with a dtd")


def _drop_encoding(text: str) -> str:
	"""The text is decoded already, so what the first line says of its encoding no longer holds."""
	text = text.lstrip("\ufeff \t\r\n")
	return text.partition("?>")[2] if text.startswith("<?xml") else text


def _convert(element: _Element, lists: Mapping[str, str]) -> object:
	if element.name in lists:
		return [_convert(child, lists) for child in element.children if child.name == lists[element.name]]
	if not element.children:
		return "".join(element.text).strip()
	return {child.name: _convert(child, lists) for child in element.children}
