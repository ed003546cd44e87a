"""What the benchmarks make of their measurements: the arithmetic, the tables, the references of seeded requests."""

import json
import sqlite3
import sys
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from benchmarks.figures import (
	NOTHING,
	is_flat,
	make_table,
	median,
	percentile,
	show_bytes,
	show_number,
	show_ratio,
	spread,
)
from benchmarks.forms import HiddenFields, judge_ours, make_our_messages, make_stock_messages
from benchmarks.inside.numbers import make_reference, sql_reference
from benchmarks.ledger import Ledger
from benchmarks.load import Outcome, Reply
from benchmarks.pages import read_wrk
from citizen_support.tracking.rules import read_reference
from tests.support.sources import ROOT, list_imports


@pytest.mark.parametrize(
	("share", "expected"), [(0, 1), (0.01, 1), (0.5, 50), (0.501, 51), (0.95, 95), (0.99, 99), (1, 100)]
)
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: int) -> None:
	assert percentile(list(range(100, 0, -1)), share) == expected


def test_a_percentile_of_one_value_is_that_value() -> None:
	assert percentile([7.5], 0.95) == 7.5


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1], 1.5), ([1], -0.1)])
def test_a_percentile_of_nothing_is_an_error(values: list[float], share: float) -> None:
	with pytest.raises(ValueError, match="no percentile"):
		percentile(values, share)


def test_the_median_of_an_even_number_lies_between_the_middle_two() -> None:
	assert median([4, 1, 3, 2]) == 2.5
	assert median([9, 1, 5]) == 5


def test_a_spread_tells_middle_lowest_and_highest() -> None:
	assert spread([61.24, 58, 63.9]).show() == "61.2 (58.0–63.9)"
	assert spread([12.0]).show() == "12.0"


def test_numbers_read_well() -> None:
	assert [show_number(value) for value in (None, 0.25, 999.94, 1234.5)] == [
		NOTHING,
		"0.2",
		"999.9",
		"1,234",
	]
	assert [show_bytes(count) for count in (512, 14_400, 3_145_728)] == ["512 B", "14.1 KB", "3.0 MB"]
	assert (show_ratio(60, 12), show_ratio(60, 0)) == ("5.0 x", NOTHING)


@pytest.mark.parametrize(
	("values", "flat"),
	[([10, 11, 12], True), ([10, 12.1], False), ([10, 9, 5], True), ([10, 20, 10], False), ([10], True)],
)
def test_flat_is_what_grows_by_no_more_than_a_fifth(values: list[float], flat: bool) -> None:
	assert is_flat(values) is flat


def test_small_figures_may_differ_by_the_clocks_own_noise() -> None:
	assert is_flat([0.3, 1.9], floor=2.0)
	assert not is_flat([0.3, 2.4], floor=2.0)


def test_a_table_is_markdown_and_lines_up() -> None:
	table = make_table(("Page", "requests/s"), [("form", "250.1"), ("catalogue", 9)])

	assert table.splitlines() == [
		"| Page      | requests/s |",
		"| --------- | ---------: |",
		"| form      |      250.1 |",
		"| catalogue |          9 |",
	]


def test_rates_count_good_answers_only() -> None:
	outcome = Outcome(seconds=2.0, times=[0.1, 0.2, 0.3, 0.4])
	outcome.errors["HTTP 500"] += 6

	figures = outcome.as_dict()

	assert (figures["rate"], figures["p50"], figures["p99"]) == (2.0, 200.0, 400.0)
	assert figures["errors"] == {"HTTP 500": 6}


def test_what_wrk_says_is_read() -> None:
	figures = read_wrk("Running 10s test\nFIGURES 2500 10000000 15000 17500 21000 100\n")

	assert (figures["rate"], figures["p50"], figures["p95"], figures["p99"]) == (240.0, 15.0, 17.5, 21.0)
	assert figures["errors"] == {"wrk": 100}


def test_a_ledger_goes_on_where_a_run_was_broken_off(tmp_path: Path) -> None:
	file = tmp_path / "run.json"
	Ledger(file, go_on=False).put("pages/form/0", 1)

	again = Ledger(file, go_on=True)

	assert again.measure("pages/form/0", lambda: pytest.fail("measured twice")) == 1
	assert again.measure("pages/form/1", lambda: 2) == 2
	assert again.find("pages/form") == [1, 2]
	assert json.loads(file.read_text()) == {"pages/form/0": 1, "pages/form/1": 2}
	assert not Ledger(file, go_on=False).results


def test_every_form_carries_its_own_hidden_fields_resident_and_address() -> None:
	parser = HiddenFields()
	parser.feed(
		'<input type="hidden" name="form_key" value="abc"><input name="q.place"><input type="hidden">'
	)

	first, second = make_our_messages([parser.fields, {"form_key": "def"}])

	assert parser.fields == {"form_key": "abc"}
	assert b"abc" in first.body[0] and b"def" in second.body[0]
	assert first.headers["X-Forwarded-For"] != second.headers["X-Forwarded-For"]
	assert first.body != second.body


def test_a_stock_form_names_the_photo_that_was_uploaded_before_it() -> None:
	upload = next(make_stock_messages("report", b"\xff\xd8 not really a photo"))

	form = upload.then(Reply(200, {}, b'{"message": {"file_url": "/private/files/photo.jpg"}}'))

	data = json.loads(parse_qs(b"".join(form.body).decode())["data"][0])
	assert b"not really a photo" in b"".join(upload.body)
	assert data["attachment"] == "/private/files/photo.jpg"
	assert form.then is None


@pytest.mark.parametrize(
	("status", "location", "reference"),
	[
		(303, "/requests/ABCD-1234?sent=1", "ABCD-1234"),
		(303, "/services/pothole", None),
		(200, None, None),
		(422, "/requests/ABCD-1234", None),
	],
)
def test_only_a_way_to_the_request_counts_as_taken_in(
	status: int, location: str | None, reference: str | None
) -> None:
	headers = {"Location": location} if location else {}

	assert judge_ours(Reply(status, headers, b"")) == reference


def test_seeded_requests_have_sound_references_that_never_repeat() -> None:
	references = [make_reference(number) for number in range(1, 20_001)]

	assert len(set(references)) == len(references)
	assert all(read_reference(reference) == reference for reference in references[:500])


def test_the_database_writes_the_reference_that_python_asks_for() -> None:
	"""SQLite reads the same expression, but for `concat`, which older versions lack, and the size of numbers."""
	database = sqlite3.connect(":memory:")
	database.create_function("concat", -1, lambda *parts: "".join(map(str, parts)))

	for number in (1, 2, 77, 199_999, 1_000_000):
		[(written,)] = database.execute(f"select {sql_reference(str(number))}")
		assert written == make_reference(number)


@pytest.mark.parametrize("path", sorted(ROOT.glob("benchmarks/*.py")), ids=lambda path: path.name)
def test_what_measures_from_outside_needs_nothing_but_python(path: Path) -> None:
	own = {"benchmarks", "devtools"}

	foreign = {
		dotted
		for dotted in list_imports(path)
		if dotted.partition(".")[0] not in sys.stdlib_module_names | own
	}

	assert not foreign
	assert not [dotted for dotted in list_imports(path) if dotted.startswith("benchmarks.inside")]
