"""Nothing can be called or asked for that does not stand in docs/access-matrix.md. The cells are asked on a site."""

import json

from tests.support.access import ROLES, read_matrix
from tests.support.sources import APP, list_modules, list_whitelisted

DOCTYPES = [
	json.loads(path.read_text(encoding="utf-8"))["name"]
	for path in sorted((APP / "citizen_support" / "doctype").glob("*/*.json"))
]


def test_every_function_a_browser_can_call_is_listed() -> None:
	there = {
		".".join([*path.with_suffix("").parts, function.name])
		for path in list_modules()
		for function, _decorator in list_whitelisted(path)
	}

	assert {row["function"] for row in read_matrix()["Functions"]} == there


def test_every_kind_of_record_is_listed() -> None:
	listed = {row["record"].partition(":")[0] for row in read_matrix()["Records"]}

	assert set(DOCTYPES) - listed == set()


def test_every_cell_is_filled() -> None:
	for rows in read_matrix().values():
		assert rows
		assert all(row[role] for row in rows for role in ROLES)


def test_nothing_is_listed_twice() -> None:
	for rows in read_matrix().values():
		keys = [tuple(value for name, value in row.items() if name not in ROLES) for row in rows]
		assert len(keys) == len(set(keys))
