"""What a server sends is read as it says, or refused: never as something else that looks like text."""

import codecs

import pytest

from citizen_support.transfer.charset import decode
from citizen_support.transfer.rules import Unreadable

TEXT = '[{"service_name": "Straßenlöcher in Łódź"}]'
WESTERN = "Straßenlöcher"
XML = '<?xml version="1.0" encoding="{0}"?><services><name>Straßenlöcher</name></services>'


@pytest.mark.parametrize("content_type", ["", "application/json", "text/xml", "text/plain; charset"])
def test_without_a_word_it_is_utf_8(content_type: str) -> None:
	assert decode(TEXT.encode(), content_type) == TEXT


@pytest.mark.parametrize(
	"content",
	[
		codecs.BOM_UTF8 + TEXT.encode(),
		codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
		codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
	],
)
@pytest.mark.parametrize("content_type", ["", "text/xml; charset=iso-8859-1", "x; charset=zip"])
def test_a_byte_order_mark_decides_and_is_taken_off(content: bytes, content_type: str) -> None:
	assert decode(content, content_type) == TEXT


@pytest.mark.parametrize(
	("name", "codec"),
	[
		("utf-8", "utf-8"),
		("UTF8", "utf-8"),
		("us-ascii", "utf-8"),
		("utf-16le", "utf-16-le"),
		("utf-16BE", "utf-16-be"),
		("ISO-8859-1", "latin-1"),
		("latin1", "cp1252"),
		("iso-8859-15", "iso8859-15"),
		("windows-1252", "cp1252"),
		("ISO-8859-2", "iso8859-2"),
	],
)
@pytest.mark.parametrize("written", ["text/xml;charset={0}", 'text/xml; a=b; Charset = "{0}" ; c=d'])
def test_the_header_says_how_it_is_written(name: str, codec: str, written: str) -> None:
	assert decode(WESTERN.encode(codec), written.format(name)) == WESTERN


def test_an_xml_document_says_it_itself_where_the_header_does_not() -> None:
	text = XML.format("ISO-8859-1")

	assert decode(text.encode("latin-1"), "text/xml") == text
	assert decode(text.encode(), "text/xml; charset=utf-8") == text


def test_a_declaration_of_utf_16_that_is_not_written_so_is_not_believed() -> None:
	text = XML.format("utf-16")

	assert decode(text.encode()) == text


@pytest.mark.parametrize(
	("content", "content_type"),
	[
		(WESTERN.encode("latin-1"), ""),
		(WESTERN.encode("latin-1"), "application/json; charset=utf-8"),
		(XML.format("utf-8").encode("latin-1"), ""),
		(codecs.BOM_UTF8 + WESTERN.encode("latin-1"), "text/xml; charset=iso-8859-1"),
		(b"\xff\xd8\xff\xe0 a picture", "image/jpeg"),
		(b"\x81", "text/xml; charset=windows-1252"),
		(b"odd", "text/xml; charset=utf-16"),
	],
)
def test_what_is_not_written_as_it_says_is_refused(content: bytes, content_type: str) -> None:
	with pytest.raises(Unreadable) as refusal:
		decode(content, content_type)

	assert refusal.value.problem == "not text"


@pytest.mark.parametrize(
	"name",
	"zip bz2 hex base64 quopri uu rot13 utf-7 unicode_escape raw_unicode_escape idna punycode undefined utf-32 "
	"iso-2022-jp shift_jis none __init__ aliases ..os".split(),
)
def test_other_ways_are_not_tried(name: str) -> None:
	for content, content_type in ((b"[]", f"a/b; charset={name}"), (XML.format(name).encode(), "text/xml")):
		with pytest.raises(Unreadable):
			decode(content, content_type)
