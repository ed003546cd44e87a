"""Tables come back from a spreadsheet as they went out, and no cell is a formula."""

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.transfer.rules import Unreadable, read_given
from citizen_support.transfer.schema import Field, get_kinds
from citizen_support.transfer.sheets import (
	BOM,
	STANDARD_WEEK,
	complete_new,
	defuse,
	defuse_back,
	read_table,
	write_table,
)
from tests.support.sources import APP

DEPARTMENTS = get_kinds()["departments"].fields


def name_column(field: Field) -> str:
	return field.label


@given(st.text())
def test_a_text_is_defused_and_comes_back(text: str) -> None:
	assert defuse(text)[:1] not in tuple("=+-@\t\r")
	assert defuse_back(defuse(text)) == text


@given(
	st.lists(
		st.fixed_dictionaries(
			{
				"code": st.from_regex(r"[a-z]{1,8}", fullmatch=True),
				"department_name": st.text(
					st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30
				),
				"public_note": st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60),
				"enabled": st.booleans(),
			}
		),
		min_size=1,
		max_size=4,
	)
)
def test_a_list_comes_back_as_it_went_out(records: list[dict]) -> None:
	batch = read_table(write_table("departments", records, name_column), name_column)

	read = [read_given(DEPARTMENTS, record) for record in batch.sections["departments"]]
	for before, after in zip(records, read, strict=True):
		assert {name: after[name] for name in before} == {**before, "enabled": int(before["enabled"])}


def test_it_is_a_table_spreadsheets_understand() -> None:
	text = write_table("departments", [{"code": "a", "department_name": "=1+1; “x”\nline"}], name_column)

	assert text.startswith(BOM)
	header, row = csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=";")
	assert header[:3] == ["Code", "Name residents know", "Takes requests"]
	assert row[:3] == ["a", "'=1+1; “x”\nline", "yes"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("header", [("Code", "name residents know"), ("code", "department_name")])
def test_columns_are_known_in_words_and_as_fieldnames(delimiter: str, header: tuple[str, str]) -> None:
	batch = read_table(f"{delimiter.join(header)}\r\n\r\nfire{delimiter}Fire Service\r\n", name_column)

	assert batch.partial
	assert batch.sections == {"departments": [{"code": "fire", "department_name": "Fire Service"}]}


def test_a_new_line_needs_no_code() -> None:
	batch = read_table("department_name\nStreet Cleaning\n", name_column)

	assert batch.sections["departments"][0]["code"] == "street-cleaning"


@pytest.mark.parametrize(
	("text", "section"),
	[
		("code;category_name;position\nx;X;1\n", "categories"),
		("code;title;kind\nx;X;Request\n", "services"),
		("code;department_name\nx;X\n", "departments"),
	],
)
def test_the_columns_tell_which_list_it_is(text: str, section: str) -> None:
	assert list(read_table(text, name_column).sections) == [section]


@pytest.mark.parametrize(
	("text", "problem"),
	[
		("", "empty"),
		("a;b;c\n1;2;3\n", "list unknown"),
		("code;department_name;colour\nx;X;red\n", "column unknown"),
		("code;code;department_name\nx;x;X\n", "key twice"),
		("phone;email\n1;2\n", "columns missing"),
		('code;department_name\nx;"X\n', "csv unreadable"),
		("code;department_name\nx;X;more\n", "csv unreadable"),
	],
)
def test_what_is_no_list_is_refused(text: str, problem: str) -> None:
	with pytest.raises(Unreadable) as refusal:
		read_table(text, name_column)

	assert refusal.value.problem == problem


def complete(text: str, here: set[str]) -> list[dict]:
	"""The records of a table after those that are not here were completed."""
	table = read_table(text, name_column)
	(section,) = table.sections
	return complete_new(table, section, here).sections[section]


def test_an_empty_cell_says_nothing_of_a_new_record_and_empties_one_that_is_here() -> None:
	new, known = complete("code;category_name;position;icon\nx;X;; \nWaste;Waste;;\n", {"waste"})

	assert new == {"code": "x", "category_name": "X"}
	assert known == {"code": "Waste", "category_name": "Waste", "position": "", "icon": ""}


def test_what_a_new_record_says_stays() -> None:
	(new,) = complete("code;category_name;position\nx;X;0\n", set())

	assert new == {"code": "x", "category_name": "X", "position": "0"}


def test_only_a_new_department_gets_hours() -> None:
	new, known = complete("code;department_name\nfire;Fire\nparks;Parks\n", {"parks"})
	(area,) = complete("code;area_name;postcodes\nx;X;1015\n", set())

	assert new["opening_hours"] == [{"workday": day} for day in STANDARD_WEEK]
	assert len(read_given(DEPARTMENTS, new)["opening_hours"]) == 5
	assert "opening_hours" not in known
	assert "opening_hours" not in area


def test_a_code_the_database_may_take_for_another_changes_no_hours() -> None:
	(row,) = complete("code;department_name\nstraße;X\n", {"strasse"})

	assert "opening_hours" not in row


def test_the_form_begins_with_the_same_week() -> None:
	form = APP / "citizen_support" / "doctype" / "municipal_department" / "municipal_department.js"
	(days,) = re.findall(r"WORKDAYS = (\[.*?\]);", form.read_text(encoding="utf-8"))

	assert tuple(json.loads(days)) == STANDARD_WEEK
