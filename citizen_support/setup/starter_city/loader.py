"""Reading the starter city's files and making what is missing.

What exists by its code or name is left exactly as the city has it, so loading again only adds what is new.
"""

import json
from pathlib import Path

import frappe
from frappe.model.document import Document

from citizen_support.host import articles, teams
from citizen_support.promise.holidays import fill_holidays

FOLDER = Path(__file__).resolve().parent
SETTINGS = "Citizen Support Settings"
AGENT_ROLES = ("Agent",)
# Fields of which a list in the files is a text, joined with this.
_LINE_BREAK = "\n"


def load() -> dict[str, int]:
	"""Load the starter city; returns how many records of each kind were made."""
	made = {"agents": load_agents(), "teams": load_teams()}
	made["departments"] = load_records("Municipal Department", _read("departments.json"))
	load_settings()
	fill_holidays()
	made["categories"] = load_records("Service Category", _read("categories.json"))
	made["articles"] = load_articles()
	made["services"] = load_services()
	return made


def load_agents() -> int:
	"""Agents with a login but without a password: they set one by mail, or IT does."""
	made = 0
	for row in _read("teams.json")["agents"]:
		if frappe.db.exists("User", row["user"]):
			continue
		user = frappe.new_doc("User")
		user.update({"email": row["user"], "first_name": row["first_name"], "last_name": row["last_name"]})
		user.send_welcome_email = 0
		user.append_roles(*AGENT_ROLES)
		user.insert(ignore_permissions=True)
		teams.ensure_agent(user.name, f"{row['first_name']} {row['last_name']}")
		made += 1
	return made


def load_teams() -> int:
	rows = _read("teams.json")["teams"]
	missing = [row for row in rows if not frappe.db.exists("HD Team", row["team_name"])]
	for row in missing:
		teams.ensure_team(row["team_name"], [member["user"] for member in row["users"]])
	return len(missing)


def load_records(doctype: str, rows: list[dict]) -> int:
	"""Records that are named by their code."""
	missing = [row for row in rows if not frappe.db.exists(doctype, row["code"])]
	for row in missing:
		make_record(doctype, row)
	return len(missing)


def load_settings() -> None:
	"""Settings nobody has touched yet; a city that has given its name keeps all of its own."""
	settings = frappe.get_doc(SETTINGS)
	default_name = settings.meta.get_field("city_name").default
	if settings.city_name and settings.city_name != default_name:
		return
	settings.update(_join_texts(_read("settings.json"), settings.meta))
	settings.save(ignore_permissions=True)


def load_articles() -> int:
	made = 0
	for row in _read("articles.json"):
		content = _LINE_BREAK.join(row["content"]) if isinstance(row["content"], list) else row["content"]
		made += articles.ensure_article(row["title"], row["category"], content)
	return made


def load_services() -> int:
	made = 0
	for path in sorted((FOLDER / "services").glob("*.json")):
		rows = [
			row
			for row in json.loads(path.read_text())
			if not frappe.db.exists("Municipal Service", row["code"])
		]
		for row in rows:
			titles = [entry["article"] for entry in row.get("articles", [])]
			row["articles"] = [{"article": name} for name in articles.find_by_titles(titles)]
			make_record("Municipal Service", row)
		made += len(rows)
	return made


def make_record(doctype: str, row: dict) -> Document:
	"""Insert one record of a file."""
	doc = frappe.new_doc(doctype)
	doc.update(_join_texts(row, doc.meta))
	return doc.insert(ignore_permissions=True)


def _join_texts(row: dict, meta: object) -> dict:
	"""A list of strings is one text, written in lines so that people can read the file."""
	joined = {}
	for name, value in row.items():
		field = meta.get_field(name)
		if field and field.fieldtype in ("Table", "Table MultiSelect"):
			child = frappe.get_meta(field.options)
			joined[name] = [_join_texts(entry, child) for entry in value]
		else:
			joined[name] = _LINE_BREAK.join(value) if isinstance(value, list) else value
	return joined


def _read(name: str) -> list | dict:
	return json.loads((FOLDER / name).read_text())
