"""Texts in the records an app ships as JSON: forms, workspaces, guides, tours. As Frappe's own extractors read them."""

import json
import re
from collections.abc import Iterator

Found = tuple[str, str]  # a text, and what a translator should know of it
TYPES_OF_WORDS = frozenset({"Data", "Small Text", "Text", "Long Text", "Text Editor"})
TEXTS_OF = {
	"Module Onboarding": ("title", "subtitle", "success_message"),
	"Onboarding Step": (
		"title",
		"action_label",
		"description",
		"report_description",
		"callback_title",
		"callback_message",
	),
	"Form Tour": ("title",),
	"Number Card": ("label",),
	"Dashboard Chart": ("chart_name",),
	"Report": ("report_name",),
}
ROWS_OF = {
	"Form Tour": {"steps": ("title", "description")},
	"Workspace": {
		"charts": ("label",),
		"number_cards": ("label",),
		"links": ("label", "description"),
		"shortcuts": ("label", "format"),
		"quick_lists": ("label",),
		"custom_blocks": ("label",),
	},
}


def read_record(record: dict) -> Iterator[Found]:
	"""The texts of one record that Frappe translates when it shows it."""
	kind, name = str(record.get("doctype") or ""), record.get("name")
	if kind == "DocType":
		yield from _read_form(record)
	elif kind == "Workspace":
		yield from _read_workspace(record)
	for key in TEXTS_OF.get(kind, ()):
		yield record.get(key) or "", f"{key} of {kind} “{name}”"
	for table, keys in ROWS_OF.get(kind, {}).items():
		yield from _read_rows(record, table, keys, f"in {kind} “{name}”")


def _read_rows(record: dict, table: str, keys: tuple[str, ...], where: str) -> Iterator[Found]:
	for row in record.get(table) or ():
		yield from ((row.get(key) or "", f"{key} {where}") for key in keys)


def _read_form(record: dict) -> Iterator[Found]:
	name = record["name"]
	yield name, "Name of a DocType"
	yield record.get("description") or "", f"Description of {name}"
	for field in record.get("fields") or ():
		yield from _read_field(field, name)
	yield from _read_rows(record, "links", ("group", "link_doctype"), f"of connections of {name}")
	yield from _read_rows(record, "actions", ("label",), f"of a button on {name}")
	yield from _read_rows(record, "states", ("title",), f"of a state of {name}")
	yield from _read_rows(record, "permissions", ("role",), "that people can have")


def _read_field(field: dict, doctype: str) -> Iterator[Found]:
	kind, label = field.get("fieldtype"), field.get("label") or field.get("fieldname")
	where = f"“{label}” ({doctype})"
	for key in ("label", "description", "placeholder"):
		if field.get(key):
			yield field[key], f"{key.capitalize()} of {where}"
	if kind == "Select":
		for option in str(field.get("options") or "").split("\n"):
			if option and not option.isdigit():
				yield option, f"Option of {where}"
	elif kind == "HTML" and field.get("options"):
		yield field["options"], f"Content of {where}"
	elif kind in TYPES_OF_WORDS and re.search("[A-Za-z]", str(field.get("default") or "")):
		yield field["default"], f"Beginning value of {where}"


def _read_workspace(record: dict) -> Iterator[Found]:
	yield record["label"], "Name of a workspace"
	for block in json.loads(record.get("content") or "[]"):
		if block.get("type") in ("header", "paragraph") and block["data"].get("text"):
			yield block["data"]["text"], f"Text in the workspace '{record['label']}'"
