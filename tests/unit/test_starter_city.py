"""The starter city is data people read and machines load: every reference, choice and promise in it must hold.

In these files a list of strings is one text, a line each; a list of objects is a child table.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

Record = dict[str, Any]

APP = Path(__file__).parents[2] / "citizen_support"
CITY = APP / "setup" / "starter_city"
DOCTYPES = APP / "citizen_support" / "doctype"

PRIORITIES = frozenset({"Low", "Medium", "High", "Urgent"})
CHANNELS = frozenset({"Portal", "E-mail", "Phone", "Counter", "SMS", "Chat", "API"})
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TAGS = frozenset({"p", "ul", "li", "strong", "a"})
CITY_CONTACT = re.compile(r"mailto:[a-z-]+@riverton\.example|tel:\+1202555\d{4}")
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
POSTCODE = re.compile(r"\d{5}(-\d{5})?|\d{1,4}\*")
HOST_WORDS = re.compile(r"\b(tickets?|SLA)\b", re.IGNORECASE)
DATA_LENGTH = 140  # of a Data field that states no length


def load(name: str) -> Any:
	return json.loads((CITY / name).read_text(encoding="utf-8"))


def load_fields(doctype: str) -> dict[str, Record]:
	folder = doctype.lower().replace(" ", "_")
	schema = json.loads((DOCTYPES / folder / f"{folder}.json").read_text(encoding="utf-8"))
	return {field["fieldname"]: field for field in schema["fields"]}


DEPARTMENTS: list[Record] = load("departments.json")
CATEGORIES: list[Record] = load("categories.json")
ARTICLES: list[Record] = load("articles.json")
TEAMS: Record = load("teams.json")
SETTINGS: Record = load("settings.json")
SERVICES: list[Record] = [service for row in CATEGORIES for service in load(f"services/{row['code']}.json")]

DEPARTMENT_BY_CODE = {row["code"]: row for row in DEPARTMENTS}
TEAM_NAMES = {row["team_name"] for row in TEAMS["teams"]}
ARTICLE_TITLES = {row["title"] for row in ARTICLES}
PAGES = {"/requests", "/privacy", "/accessibility", *(f"/services/{row['code']}" for row in SERVICES)}
LINKS = {
	"HD Article": ARTICLE_TITLES,
	"HD Team": TEAM_NAMES,
	"HD Ticket Priority": PRIORITIES,
	"Municipal Department": set(DEPARTMENT_BY_CODE),
	"Service Category": {row["code"] for row in CATEGORIES},
}

each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda row: row["code"])


class TagReader(HTMLParser):
	"""Collects tags and links, and notices other attributes and what is not closed in order."""

	def __init__(self) -> None:
		super().__init__()
		self.open: list[str] = []
		self.tags: set[str] = set()
		self.links: list[str] = []
		self.bad: list[str] = []

	def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
		self.open.append(tag)
		self.tags.add(tag)
		self.links += [value or "" for _name, value in attrs]
		if [name for name, _value in attrs] != (["href"] if tag == "a" else []):
			self.bad.append(f"attributes of <{tag}>: {attrs}")

	def handle_endtag(self, tag: str) -> None:
		if not self.open or self.open.pop() != tag:
			self.bad.append(f"</{tag}> out of order")

	def handle_data(self, data: str) -> None:
		if data.strip() and not self.open:
			self.bad.append(f"text outside a block: {data.strip()}")


def text(value: str | list[str]) -> str:
	return value if isinstance(value, str) else "\n".join(value)


def find_texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
	"""Every string below a record with the field it stands in."""
	if isinstance(value, str):
		yield key, value
	elif isinstance(value, list):
		for item in value:
			yield from find_texts(item, key)
	elif isinstance(value, dict):
		for name, item in value.items():
			yield from find_texts(item, name)


def assert_clean_html(html: str, tags: frozenset[str] = TAGS) -> None:
	reader = TagReader()
	reader.feed(html)
	reader.close()
	assert not reader.bad and not reader.open
	assert reader.tags <= tags
	assert all(link in PAGES or CITY_CONTACT.fullmatch(link) for link in reader.links)


def assert_fits(record: Record, doctype: str) -> None:
	"""The doctype can hold the record: known fields, nothing required missing, values it allows."""
	fields = load_fields(doctype)
	assert set(record) <= set(fields)
	assert {name for name, field in fields.items() if field.get("reqd") and "default" not in field} <= set(
		record
	)
	for name, value in record.items():
		assert_value_fits(value, fields[name])


def assert_value_fits(value: Any, field: Record) -> None:
	options = field.get("options")
	match field["fieldtype"]:
		case "Table":
			for row in value:
				assert_fits(row, options)
		case "Select":
			assert value in options.split("\n")
		case "Link":
			assert value in LINKS[options]
		case "Data":
			assert len(value) <= int(field.get("length") or DATA_LENGTH)
		case "Check":
			assert value in (0, 1)
		case "Int":
			assert isinstance(value, int) and value >= 0
		case _:
			assert text(value)


def answers_of(question: Record) -> set[str]:
	return {"Yes", "No"} if question["question_type"] == "Yes or no" else set(question.get("choices", []))


def departments_of(service: Record) -> list[Record]:
	"""Every department a request may come to."""
	codes = {service["department"], *(rule["department"] for rule in service.get("routing_rules", []))}
	return [DEPARTMENT_BY_CODE[code] for code in sorted(codes)]


def hours_by_day(department: Record) -> list[float]:
	def hours(clock: str) -> float:
		hour, minute, _second = (int(part) for part in clock.split(":"))
		return hour + minute / 60

	return [hours(row["end_time"]) - hours(row["start_time"]) for row in department["opening_hours"]]


def most_days(target: int, unit: str, department: Record) -> int:
	"""The most calendar days a target can take where a closed weekend and a holiday fall into it."""
	if unit == "Calendar days":
		return target
	open_days = hours_by_day(department)
	days = math.ceil(target / min(open_days)) if unit == "Working hours" else target
	weeks, rest = divmod(days, len(open_days))
	return 7 * weeks + rest + (7 - len(open_days)) + 1


def is_sound(service: Record, department: Record) -> bool:
	"""The end is not promised before the answer, however the days fall."""
	response, unit = service["response_target"], service["response_unit"]
	resolution, resolution_unit = service["resolution_target"], service["resolution_unit"]
	if not resolution or unit == resolution_unit:
		return not resolution or response <= resolution
	if (unit, resolution_unit) == ("Working hours", "Working days"):
		return math.ceil(response / min(hours_by_day(department))) <= resolution
	return resolution_unit == "Calendar days" and most_days(response, unit, department) <= resolution


def test_the_city_is_as_large_as_promised() -> None:
	assert len(DEPARTMENTS) >= 10
	assert len(CATEGORIES) == 12
	assert len(SERVICES) >= 45
	assert len(ARTICLES) >= 14
	assert {path.stem for path in (CITY / "services").iterdir()} == LINKS["Service Category"]


def test_names_places_and_contacts_are_unique() -> None:
	places = [(row["category"], row["position"]) for row in SERVICES]
	assert len(set(places)) == len(places)
	for records in (DEPARTMENTS, CATEGORIES, SERVICES):
		assert len({row["code"] for row in records}) == len(records)
		assert all(CODE.fullmatch(row["code"]) for row in records)
	for records, field in ((SERVICES, "title"), (CATEGORIES, "category_name"), (ARTICLES, "title")):
		assert len({row[field].casefold() for row in records}) == len(records)
	for field in ("department_name", "phone", "email", "team"):
		assert len({row[field] for row in DEPARTMENTS}) == len(DEPARTMENTS)


# They look at a map, at night hours or at people, and those are a city's own.
OWN_RULES = {"Service Area", "Time", "Kind of citizen"}


def test_every_kind_type_and_unit_is_used() -> None:
	questions = [question for service in SERVICES for question in service["questions"]]
	rules = [rule for service in SERVICES for rule in service.get("routing_rules", [])]

	def options(doctype: str, field: str) -> set[str]:
		return set(load_fields(doctype)[field]["options"].split("\n"))

	assert {row["kind"] for row in SERVICES} == options("Municipal Service", "kind")
	assert {row["question_type"] for row in questions} == options("Service Question", "question_type")
	assert {row["match_on"] for row in rules} == options("Service Routing Rule", "match_on") - OWN_RULES
	assert {row["response_unit"] for row in SERVICES} == options("Municipal Service", "response_unit")
	promised = {row["resolution_unit"] for row in SERVICES if row["resolution_target"]}
	assert promised == options("Municipal Service", "resolution_unit")


def test_special_cases_are_shown_and_stay_special() -> None:
	targets = ("response_target", "response_unit", "resolution_target", "resolution_unit")
	assert len({tuple(row[field] for field in targets) for row in SERVICES}) <= 12
	assert any(not row["resolution_target"] for row in SERVICES)
	assert 5 <= sum("disclaimer" in row for row in SERVICES) <= 15
	assert all(
		"911" in row["emergency_notice"] for row in SERVICES if "call" in row.get("emergency_notice", "")
	)
	assert 6 <= sum(row["featured"] for row in SERVICES) <= 9


def test_texts_are_plain() -> None:
	for record in [*DEPARTMENTS, *CATEGORIES, *SERVICES, *ARTICLES, TEAMS, SETTINGS]:
		for key, value in find_texts(record):
			assert value and value == value.strip()
			assert not re.search(r"{{|{%|\t|  |lorem", value), value
			assert key == "synonyms" or not HOST_WORDS.search(value), value


@pytest.mark.parametrize("path", sorted(CITY.rglob("*.json")), ids=lambda path: path.stem)
def test_files_are_written_in_one_manner(path: Path) -> None:
	source = path.read_text(encoding="utf-8")
	assert source == json.dumps(json.loads(source), indent="\t", ensure_ascii=False) + "\n"


@pytest.mark.parametrize("department", DEPARTMENTS, ids=lambda row: row["code"])
def test_department_can_be_reached(department: Record) -> None:
	days = [row["workday"] for row in department["opening_hours"]]
	assert_fits(department, "Municipal Department")
	assert re.fullmatch(r"\+1 202-555-01\d\d", department["phone"])
	assert department["email"].endswith("@riverton.example") and department["lead_name"]
	assert days == [day for day in WEEKDAYS if day in days]
	assert all(hours > 0 for hours in hours_by_day(department))


def test_team_names_are_safe_for_assignment_rules() -> None:
	assert all(re.fullmatch(r"[A-Za-z]+( [A-Za-z]+)*", name) for name in TEAM_NAMES)
	assert len(TEAM_NAMES) == len(TEAMS["teams"])
	assert {row["team"] for row in DEPARTMENTS} == TEAM_NAMES


def test_teams_have_two_or_three_agents_and_agents_one_or_two_teams() -> None:
	agents = [row["user"] for row in TEAMS["agents"]]
	members = [[row["user"] for row in team["users"]] for team in TEAMS["teams"]]
	places = Counter(user for users in members for user in users)
	assert all(2 <= len(set(users)) == len(users) <= 3 for users in members)
	assert set(places) == set(agents) and len(agents) == len(set(agents))
	assert max(places.values()) <= 2
	for agent in TEAMS["agents"]:
		assert agent["user"] == f"{agent['first_name']}.{agent['last_name']}@riverton.example".lower()


def test_settings_are_complete() -> None:
	assert_fits(SETTINGS, "Citizen Support Settings")
	assert (SETTINGS["holiday_country"], SETTINGS["holiday_subdivision"]) == ("US", "CA")
	for field in ("privacy_text", "accessibility_text"):
		assert_clean_html(text(SETTINGS[field]), TAGS | {"h2"})


def test_categories_are_complete_and_in_order() -> None:
	for category in CATEGORIES:
		assert_fits(category, "Service Category")
		assert category["icon"] and category["description"]
	positions = [row["position"] for row in CATEGORIES]
	assert positions == sorted(set(positions))


@pytest.mark.parametrize("article", ARTICLES, ids=lambda row: row["title"])
def test_article_is_short_clean_and_shelved(article: Record) -> None:
	content = text(article["content"])
	assert article["category"] in {row["category_name"] for row in CATEGORIES}
	assert len(article["title"]) <= DATA_LENGTH
	assert 200 <= len(content) <= 1200
	assert_clean_html(content)


def test_every_article_helps_a_service() -> None:
	linked = {row["article"] for service in SERVICES for row in service.get("articles", [])}
	assert linked == ARTICLE_TITLES


@each_service
def test_service_fits_its_doctype_and_file(service: Record) -> None:
	assert_fits(service, "Municipal Service")
	assert service["status"] == "Published"
	assert service in load(f"services/{service['category']}.json")


@each_service
def test_service_texts_are_short_and_clean(service: Record) -> None:
	plain = [service["summary"], service.get("disclaimer", ""), service.get("emergency_notice", "")]
	assert len(service["title"]) <= 60
	assert service["summary"].endswith(".")
	assert not re.search(r"[<>]", "".join(plain))
	assert 2 <= len(re.findall(r"<(?:p|ul)>", text(service["description"]))) <= 4
	assert_clean_html(text(service["description"]))
	assert_clean_html(text(service.get("needs", "")))


@each_service
def test_service_is_found_by_the_words_people_type(service: Record) -> None:
	words = service["synonyms"]
	assert len(words) >= 8
	assert len(words) == len(set(words))
	assert not any("," in word for word in words)


@each_service
def test_promise_is_sound_in_every_department_it_may_come_to(service: Record) -> None:
	assert service["response_target"] > 0
	assert all(is_sound(service, department) for department in departments_of(service))


@each_service
def test_required_contact_can_be_given(service: Record) -> None:
	ways = {service["ask_email"], service["ask_phone"]}
	assert not service["contact_required"] or ways != {"Not asked"}
	assert service["contact_required"] or "Required" not in ways
	assert service["kind"] != "Question" or service["ask_email"] == "Required"


@each_service
def test_questions_are_few_and_one_is_always_required(service: Record) -> None:
	keys = [question["question_key"] for question in service["questions"]]
	assert 2 <= len(keys) <= 7
	assert len(keys) == len(set(keys))
	assert all(KEY.fullmatch(key) for key in keys)
	assert any(row.get("required") and "show_if_question" not in row for row in service["questions"])


@each_service
def test_choices_belong_to_choice_questions(service: Record) -> None:
	for question in service["questions"]:
		choices = question.get("choices", [])
		assert len(choices) == len(set(choices))
		assert (len(choices) >= 2) == (question["question_type"] in ("Choice", "Multiple choice"))


@each_service
def test_limits_belong_to_numbers_and_dates(service: Record) -> None:
	for question in service["questions"]:
		limits = [question[name] for name in ("minimum", "maximum") if name in question]
		if question["question_type"] == "Number":
			numbers = [float(limit) for limit in limits]
			assert numbers == sorted(numbers)
		else:
			assert not limits or question["question_type"] == "Date"
			assert all(re.fullmatch(r"today|\d{4}-\d\d-\d\d", limit) for limit in limits)


@each_service
def test_conditions_point_to_an_earlier_choice(service: Record) -> None:
	answers: dict[str, set[str]] = {}
	for question in service["questions"]:
		assert ("show_if_question" in question) == ("show_if_values" in question)
		if "show_if_question" in question:
			assert question["show_if_values"]
			assert set(question["show_if_values"]) <= answers[question["show_if_question"]]
		answers[question["question_key"]] = answers_of(question)


@each_service
def test_routing_rules_can_match_and_change_something(service: Record) -> None:
	questions = {question["question_key"]: question for question in service["questions"]}
	for rule in service.get("routing_rules", []):
		values = set(rule["match_values"])
		assert values and rule["note"]
		assert any(rule.get(field, service[field]) != service[field] for field in ("department", "priority"))
		match rule["match_on"]:
			case "Answer":
				assert values <= answers_of(questions[rule["question_key"]])
			case "Channel":
				assert values <= CHANNELS
			case "Postcode":
				assert all(POSTCODE.fullmatch(value) for value in values)
		if rule["match_on"] in ("Postcode", "Area"):
			assert "Place" in {question["question_type"] for question in service["questions"]}
