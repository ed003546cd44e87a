"""The guide's records fit together and name only what is there: what is wrong in them would stop a migrate."""

import ast
import json

import pytest

from tests.support.sources import APP

MODULE = APP / "citizen_support"
GUIDE = json.loads((MODULE / "module_onboarding" / "citizen_support" / "citizen_support.json").read_text())
WORKSPACE = json.loads((MODULE / "workspace" / "citizen_support" / "citizen_support.json").read_text())


def read_all(kind: str) -> list[dict]:
	return [json.loads(path.read_text()) for path in sorted((MODULE / kind).glob("*/*.json"))]


def read_doctype(name: str) -> dict | None:
	folder = name.lower().replace(" ", "_").replace("-", "_")
	path = MODULE / "doctype" / folder / f"{folder}.json"
	return json.loads(path.read_text()) if path.exists() else None


def list_ticked() -> set[str]:
	"""Steps that `setup/onboarding.py` ticks off by itself."""
	tree = ast.parse((APP / "setup" / "onboarding.py").read_text())
	steps = next(
		node.value for node in tree.body if isinstance(node, ast.AnnAssign) and node.target.id == "STEPS"
	)
	names = {
		target.id: value.value
		for node in tree.body
		if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)
		for target, value in zip(node.targets[0].elts, node.value.elts, strict=True)
		if isinstance(value, ast.Constant)
	}
	keys = [key for doctype in steps.values for key in doctype.keys]
	# What is ticked off by a trial is in no doctype's list.
	return {names["TRY"], *(names[key.id] if isinstance(key, ast.Name) else key.value for key in keys)}


def test_each_step_of_the_guide_is_there_and_in_it() -> None:
	assert [row["step"] for row in GUIDE["steps"]] and {row["step"] for row in GUIDE["steps"]} == {
		step["name"] for step in read_all("onboarding_step")
	}


def test_each_step_is_ticked_off_by_itself() -> None:
	assert list_ticked() == {row["step"] for row in GUIDE["steps"]}


def test_the_guide_is_for_managers_and_in_the_workspace() -> None:
	blocks = json.loads(WORKSPACE["content"])

	assert GUIDE["allow_roles"] == [{"role": "Citizen Support Manager"}]
	assert [block["data"]["onboarding_name"] for block in blocks if block["type"] == "onboarding"] == [
		GUIDE["name"]
	]


@pytest.mark.parametrize("step", read_all("onboarding_step"), ids=lambda step: step["name"])
def test_what_a_step_leads_to_is_there(step: dict) -> None:
	doctype = read_doctype(step.get("reference_document") or "")
	if doctype and step.get("field"):
		assert step["field"] in {field["fieldname"] for field in doctype["fields"]}
	if step["show_form_tour"]:
		assert step["form_tour"] in {tour["name"] for tour in read_all("form_tour")}
	assert step["action"] != "Go to Page" or step["path"].startswith(("List/", "Workspaces/"))
	assert step["description"].startswith("# ")


@pytest.mark.parametrize("tour", read_all("form_tour"), ids=lambda tour: tour["name"])
def test_a_tour_names_fields_of_its_form(tour: dict) -> None:
	fields = {field["fieldname"]: field for field in read_doctype(tour["reference_doctype"])["fields"]}

	assert {step["fieldname"] for step in tour["steps"]} <= set(fields)
	assert all(fields[step["fieldname"]]["fieldtype"] == step["fieldtype"] for step in tour["steps"])


def test_everything_in_the_workspace_stands_on_it() -> None:
	blocks = json.loads(WORKSPACE["content"])
	shown = {block["data"].get("shortcut_name") or block["data"].get("card_name") for block in blocks}

	assert {shortcut["label"] for shortcut in WORKSPACE["shortcuts"]} <= shown
	assert {link["label"] for link in WORKSPACE["links"] if link["type"] == "Card Break"} <= shown


def test_each_card_says_how_many_links_follow() -> None:
	told = 0
	for link in WORKSPACE["links"]:
		if link["type"] == "Card Break":
			assert told == 0
			told = link["link_count"]
		else:
			told -= 1
	assert told == 0
