"""Text out of the bytes a server sends, by what it says of their encoding. Pure."""

import codecs
import re

from citizen_support.transfer.rules import Unreadable

# A mark at the beginning is surer than what is said beside it.
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Python's names for what lists are written in. All others are refused: some are no encodings of text at all, and what
# is read with the wrong one looks like a list and is none.
_KNOWN = {
	"ascii": "utf-8",
	"utf-8": "utf-8",
	"utf-8-sig": "utf-8",
	"utf-16": "utf-16-le",
	"utf-16-le": "utf-16-le",
	"utf-16-be": "utf-16-be",
	# As browsers do: servers say so and send the quotation marks of Windows.
	"iso8859-1": "cp1252",
	"cp1252": "cp1252",
	"iso8859-15": "iso8859-15",
	"iso8859-2": "iso8859-2",
	"cp1250": "cp1250",
	"cp1251": "cp1251",
}
_IN_HEADER = re.compile(r"(?:^|;)\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.ASCII | re.IGNORECASE)
_IN_XML = re.compile(rb"\s*<\?xml\s[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")


def decode(content: bytes, content_type: str = "") -> str:
	"""The text, without a byte order mark.

	:param content_type: the header of that name; it counts for more than the declaration of an XML document.
	:raises Unreadable: if it is not written as is said, or in a way that is not known. Nothing is said: UTF-8.
	"""
	for mark, codec in _MARKS:
		if content.startswith(mark):
			return _decode(content.removeprefix(mark), codec)
	if said := _IN_HEADER.search(content_type):
		return _decode(content, _find_codec(said[1]))
	declared = _IN_XML.match(content)
	codec = _find_codec(declared[1].decode("ascii")) if declared else "utf-8"
	# A declaration that can be read byte by byte is not in UTF-16, whatever it says.
	return _decode(content, "utf-8" if codec.startswith("utf-16") else codec)


def _find_codec(name: str) -> str:
	try:
		return _KNOWN[codecs.lookup(name).name]
	except LookupError:
		raise Unreadable("not text") from None


def _decode(content: bytes, codec: str) -> str:
	try:
		return content.decode(codec)
	except UnicodeDecodeError:
		raise Unreadable("not text") from None
