"""HTML of messages, as the page of a request shows it."""

import re
import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.catalogue.sanitize import TAGS
from citizen_support.portal.message_html import make_safe_message

# What a page shows of one message.
LONGEST = 100_000
# About 0.1 on a quiet machine; the one for texts of staff took 2, and did not come to an end with some of them.
SECONDS = 2
SPITEFUL = (
	*(
		"<p>x</p>",
		"<b><p>",
		"<div>",
		"<b>",
		"<table><tr><td>",
		"<ul><li>",
		"<a href=x>",
		"<p><b></p>",
		"</p>",
	),
	*(
		"<",
		"<![",
		"<!--",
		"&#",
		"&amp;",
		"<blockquote>",
		"<svg><desc>",
		"<select><option>",
		"</body>",
		"</body ",
	),
	*("<font size=1><p>", "<a ", '<p class="gmail_quote">', "<style>", "\x00", "\ud800"),
)


@pytest.mark.parametrize(
	("given_html", "shown"),
	[
		("<p>Hello <b>you</b><br>there</p>", "<p>Hello <b>you</b><br>there</p>"),
		("plain & <i>simple", "plain &amp; <i>simple</i>"),
		("<h1>Big</h1><h4>small</h4>", "<h3>Big</h3><h4>small</h4>"),
		("<div style='color:red'>x<span>y</span></div>z", "xyz"),
		('<a href="https://a.example/?b=1&amp;c=2">x</a>', '<a href="https://a.example/?b=1&amp;c=2">x</a>'),
		(
			"<a href='https://a.example/\"onclick=\"x'>x</a>",
			'<a href="https://a.example/&quot;onclick=&quot;x">x</a>',
		),
		('<a href=" mailto:a@b.example">x</a>', '<a href="mailto:a@b.example">x</a>'),
		('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
		('<a href="java&#10;script:alert(1)">x</a>', "<a>x</a>"),
		('<a href="//elsewhere.example">x</a>', "<a>x</a>"),
		('<a href="/api/method/logout">x</a>', "<a>x</a>"),
		('<img src=x onerror="alert(1)">x', "x"),
		("<svg><style><img src=x></style></svg>x", "x"),
		("<textarea><p onclick=x>y</textarea>", "&lt;p onclick=x&gt;y"),
		("<p>new</p><blockquote>old<p>older</p></blockquote>end", "<p>new</p>end"),
		('<p>new</p><div class="x gmail_quote">old</div>', "<p>new</p>"),
		('<p>new</p><div data-type="quote">old</div>', "<p>new</p>"),
		("<head><title>t</title></head><style>p{}</style><script>x</script><p>y</p>", "<p>y</p>"),
		(
			"<html><body><p>mail</p></body></html>\n<p>note of a gateway</p>",
			"<p>mail</p>\n<p>note of a gateway</p>",
		),
		("<?xml version='1.0' encoding='utf-16'?><p>ü €</p>", "<p>ü €</p>"),
		("<table><tr><td>1</td></tr></table>", "<table><tr><td>1</td></tr></table>"),
	],
)
def test_of_a_message_only_text_lists_emphasis_and_links_are_shown(given_html: str, shown: str) -> None:
	assert make_safe_message(given_html) == shown


@pytest.mark.parametrize(
	"given_html", ["", " ", "<p></p>", "<br>", "<!-- x -->", "<p>&nbsp;</p>", "<style>x", "\x00<"]
)
def test_nothing_to_read_is_nothing(given_html: str) -> None:
	assert not make_safe_message(given_html).strip("\ufffd&lt;")


@given(text=st.text(alphabet="<>/ \"'=&;:!-abscriptonlhrefjv\x00", max_size=80))
def test_nothing_that_runs_or_loads_survives(text: str) -> None:
	shown = BeautifulSoup(make_safe_message(text), "html.parser")

	assert {tag.name for tag in shown.find_all(True)} <= TAGS
	assert {name for tag in shown.find_all(True) for name in tag.attrs} <= {"href"}
	assert all(re.match("https?:|mailto:|tel:", tag["href"]) for tag in shown.find_all(href=True))


@pytest.mark.parametrize("piece", SPITEFUL, ids=ascii)
def test_the_work_grows_with_the_length_alone(piece: str) -> None:
	began = time.process_time()

	shown = make_safe_message((piece * LONGEST)[:LONGEST])

	assert time.process_time() - began < SECONDS
	assert len(shown) <= LONGEST * 5


def test_thousands_of_attributes_cost_little_either() -> None:
	began = time.process_time()

	assert make_safe_message("<p " + " ".join(f"a{number}" for number in range(14_000)) + ">x") == "<p>x</p>"

	assert time.process_time() - began < SECONDS
