"""Residents' text in the host's HTML, and staff's HTML on public pages."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.catalogue.sanitize import make_safe
from citizen_support.host.plain import defuse, drop_styles, make_harmless, make_message_html, make_title
from tests.support.markup import list_running

# The pattern Frappe looks for in a finished mail, after it has undone the escaping
# (frappe/email/email_body.py, replace_filename_with_cid).
EMBED = "embed="
EMBEDS = [
	'embed="/private/files/x.pdf"',
	"embed='/etc/passwd'",
	'<img embed="x">',
	"embed=&quot;x&quot;",
	"embed&#61;&quot;x&quot;",
	"embed&#061;x",
	"embed&#x3d;x",
	"embed&#X03D;x",
	"embed&equals;x",
	"EMBED=x",
	"Embed =x",
	"embed\n=x",
	"embed \t = x",
	"embedembed==",
	"&lt;img embed=&#34;x&#34;&gt;",
]


@pytest.mark.parametrize("text", EMBEDS)
def test_no_way_of_writing_embed_survives(text: str) -> None:
	shown = html.unescape(defuse(text)).lower()

	assert EMBED not in "".join(shown.split())


@pytest.mark.parametrize("text", ["We embed the pipe.", "embedded = yes", "a = b", "", "members=5"])
def test_other_texts_stay_as_they_are(text: str) -> None:
	assert defuse(text) == text


@given(before=st.text(max_size=10), trick=st.sampled_from(EMBEDS), after=st.text(max_size=10))
def test_embed_survives_in_no_surroundings(before: str, trick: str, after: str) -> None:
	shown = html.unescape(make_message_html([before + trick + after])).lower()

	assert EMBED not in "".join(shown.replace("<br>", "").split())


@given(text=st.text(max_size=80))
def test_a_message_holds_no_markup_but_our_own(text: str) -> None:
	message = make_message_html([text])

	assert message.replace("<p>", "").replace("</p>", "").replace("<br>", "").count("<") == 0


def test_line_breaks_and_paragraphs_are_kept() -> None:
	assert make_message_html(["a\nb", " ", '<c> & "d"']) == "<p>a<br>b</p><p>‹c› &amp; &#34;d&#34;</p>"


@pytest.mark.parametrize(
	("given_html", "safe"),
	[
		("<p>Text <strong>bold</strong></p>", "<p>Text <strong>bold</strong></p>"),
		("<h1>Big</h1><h2>Less</h2>", "<h3>Big</h3><h3>Less</h3>"),
		('<a href="https://example.org">x</a>', '<a href="https://example.org">x</a>'),
		('<a href="tel:+12025550143">x</a>', '<a href="tel:+12025550143">x</a>'),
		('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
		('<a href="java&#10;script:alert(1)">x</a>', "<a>x</a>"),
		('<a href="data:text/html,x">x</a>', "<a>x</a>"),
		('<p style="position:fixed" onclick="x()" class="y">x</p>', "<p>x</p>"),
		('<img src=x onerror="alert(1)">x', "x"),
		("<svg onload=alert(1)>x</svg>", "x"),
		("<form action=/x><input name=y>x</form>", "x"),
		("<h1 onclick=x()>Big</h1>", "<h3>Big</h3>"),
	],
)
def test_html_of_staff_keeps_only_text_lists_emphasis_and_links(given_html: str, safe: str) -> None:
	assert make_safe(given_html) == safe


@pytest.mark.parametrize("given_html", [None, "", "<p></p>", "<div><br></div>", "  ", '<img src="x">'])
def test_html_without_anything_to_read_is_none(given_html: str | None) -> None:
	assert make_safe(given_html) is None


@given(text=st.text(alphabet="<>/ \"'=&;abscriptonlhrefjv:", max_size=60))
def test_nothing_that_runs_survives(text: str) -> None:
	assert list_running(str(make_safe(text) or "")) == []


@pytest.mark.parametrize(
	"text",
	[
		"<script>x()</script>",
		"<a href='javascript:x()'>x</a>",
		"<a href='java\nscript:x()'>x</a>",
		"<p onclick=x()>x</p>",
		"<img src=x onerror=x()>",
	],
)
def test_what_runs_is_seen_before_and_gone_after(text: str) -> None:
	assert list_running(text)
	assert list_running(str(make_safe(text) or "")) == []


def test_a_reference_to_a_file_is_broken_however_it_is_written() -> None:
	for text in ('embed="/etc/passwd"', 'embed&#61"x"', 'EMBED &#x3d"x"', 'embed&equals"x"', "embed\n='x'"):
		assert "embed" not in make_harmless(text).lower()


def test_a_message_that_reads_as_json_is_escaped_as_the_host_would_not() -> None:
	assert make_harmless('"<img src=x onerror=alert(1)>"') == "&#34;‹img src=x onerror=alert(1)›&#34;"


@pytest.mark.parametrize(
	("html", "left"),
	[
		("<p>a</p><style>@import url(http://x)</style><p>b</p>", "<p>a</p><p>b</p>"),
		("<STYLE type='a>b'>x</Style >b", "b"),
		("<link rel=stylesheet href=http://x>b", "<col rel=stylesheet href=http://x>b"),
		("<LINK/rel=stylesheet>", "<col/rel=stylesheet>"),
		("<style>never ended", "<col>never ended"),
		("<sty<style>x</style>le>@import</style>", "<col>@import</style>"),
		("<p style='color:red'>styled links</p>", "<p style='color:red'>styled links</p>"),
	],
)
def test_style_sheets_are_left_out(html: str, left: str) -> None:
	assert drop_styles(html) == left


@given(
	parts=st.lists(st.sampled_from(["<", "style", "link", "</", ">", "<style>", "</style>", "<link ", "col"]))
)
def test_no_style_sheet_is_made_of_what_stood_around_another(parts: list[str]) -> None:
	left = drop_styles("".join(parts)).lower()

	assert "<style" not in left and "<link" not in left


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", " =HYPERLINK(1)"])
def test_no_title_begins_as_a_formula_does(text: str) -> None:
	assert make_title(text)[0] not in "=+-@\t\r "


@pytest.mark.parametrize(
	"text", ["&lt;img&gt;", "&#60;img", "&#x3C;img&#x3e;", "&LT;img", "&ltimg", "&amp;lt;img", "<&#60;"]
)
def test_a_title_read_as_html_is_no_markup(text: str) -> None:
	assert "<" not in html.unescape(make_title(text))


@pytest.mark.parametrize("text", ["Q&A", "R & B", "Tom & Ann"])
def test_a_title_keeps_its_and(text: str) -> None:
	assert make_title(text) == text


@pytest.mark.parametrize(
	"text", ["&lt;img&gt;", "&LT;img", "&#60;img", "&#0060;", "&#x3c;", '"&lt;img&gt;"', '"<img>"']
)
def test_a_message_turned_into_text_is_no_markup(text: str) -> None:
	assert "<" not in html.unescape(make_harmless(text))
