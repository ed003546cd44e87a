"""A catalogue file is written in one manner, read without guessing, and dangerous ones are refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citizen_support.languages.rules import FIELDS, SETTINGS
from citizen_support.transfer import schema
from citizen_support.transfer.batch import (
	CATALOGUE,
	Batch,
	check_batch,
	choose,
	move_to,
	put_in_order,
	put_parents_first,
)
from citizen_support.transfer.catalogue_file import MOST_BYTES, load_yaml, read_catalogue, write_catalogue
from citizen_support.transfer.rules import Unreadable, read_record, write_record, write_time
from citizen_support.transfer.schema import Field, Kind, get_kinds
from tests.support.sources import APP

STARTERS = sorted((APP / "setup" / "catalogues").glob("*.yaml"))
HEAD = "format: citizen-support-catalogue\nversion: 1\n"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
# What has been known to turn into something else on its way through YAML.
tricky = st.sampled_from(
	[
		"Yes",
		"no",
		"~",
		"null",
		"12:30",
		"01234",
		"1e3",
		"2026-01-31",
		"- x",
		"a: b",
		"# c",
		" x ",
		"a\n",
		"\n",
		"%",
		"=",
		"<<",
		"é",
		"\ufeff",
		"\u2028",
		"x\t",
		"'",
		'"',
		"!!python/object:os.system",
		"&a",
		"*a",
		"|",
		">",
	]
)
lines = st.lists(st.one_of(texts, tricky), max_size=4).map("\n".join)


def make_values(field: Field) -> st.SearchStrategy:
	"""Values a document may have for a field."""
	if field.type == schema.ROWS:
		return st.lists(make_record(field.rows), max_size=3).map(lambda rows: _number_keys(rows, field.key))
	if field.type == schema.FLAG:
		return st.sampled_from([0, 1])
	if field.type == schema.NUMBER:
		return st.integers(-999_999, 999_999)
	if field.type == schema.TIME:
		return st.integers(0, 86_399).map(lambda seconds: timedelta(seconds=seconds))
	if field.choices:
		return st.sampled_from(field.choices)
	return st.one_of(texts, tricky, lines, st.none())


def make_record(fields: tuple[Field, ...]) -> st.SearchStrategy:
	"""Documents, as dicts of what their fields hold."""
	return st.fixed_dictionaries({field.name: make_values(field) for field in fields}).map(
		lambda values: _fill_required(fields, values)
	)


def _fill_required(fields: tuple[Field, ...], values: dict) -> dict:
	filler = {schema.ROWS: [], schema.TIME: timedelta(hours=8)}
	for field in fields:
		if field.required and field.type != schema.ROWS and values[field.name] in (None, "", [], {}):
			values[field.name] = filler.get(field.type, "x")
	return values


def _number_keys(rows: list[dict], key: str) -> list[dict]:
	"""Rows no two of which have the same key: a new one where people make it up, one of each where they choose it."""
	if key == "workday":
		return list({row[key]: row for row in rows}.values())
	return [{**row, key: f"key_{position}"} if key else row for position, row in enumerate(rows)]


def look(values: dict) -> Callable[[str], object]:
	"""A record as `write_record` looks at it."""

	def get(name: str) -> object:
		value = values.get(name)
		return [look(row) for row in value] if isinstance(value, list) else value

	return get


def make_catalogues() -> st.SearchStrategy:
	def make_section(kind: Kind) -> st.SearchStrategy:
		return st.lists(make_record(kind.fields), max_size=2)

	return st.fixed_dictionaries({section: make_section(kind) for section, kind in get_kinds().items()})


def write_all(catalogue: dict[str, list[dict]]) -> str:
	return write_catalogue(
		{
			section: [write_record(get_kinds()[section].fields, look(row)) for row in rows]
			for section, rows in catalogue.items()
		}
	)


@settings(
	max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(make_catalogues())
def test_out_in_and_out_again_is_the_same_to_the_byte(catalogue: dict[str, list[dict]]) -> None:
	for kind in get_kinds().values():
		for row in catalogue[kind.section]:
			for field in kind.fields:
				if field.required and field.type == schema.ROWS and not row[field.name]:
					row[field.name] = [{"workday": "Monday", "start_time": "08:00", "end_time": "09:00"}]
	written = write_all(catalogue)

	read = {
		section: [read_record(get_kinds()[section].fields, record) for record in records]
		for section, records in read_catalogue(written).items()
	}

	assert write_all(read).encode() == written.encode()


@given(st.one_of(texts, tricky, lines))
def test_a_text_comes_back_as_it_was(text: str) -> None:
	assert load_yaml(write_catalogue({"services": [{"code": text}]}))["services"][0]["code"] == text


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_starter_catalogues_are_written_as_an_export_writes_them(path: object) -> None:
	source = path.read_text(encoding="utf-8")
	batch = Batch(CATALOGUE, read_catalogue(source))
	check_batch(batch)

	again = {
		section: [
			write_record(get_kinds()[section].fields, look(read_record(get_kinds()[section].fields, record)))
			for record in records
		]
		for section, records in batch.sections.items()
	}

	assert write_catalogue(again) == source
	assert all(len(records) <= 30 for records in batch.sections.values())


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_starter_catalogues_stand_by_themselves(path: object) -> None:
	sections = read_catalogue(path.read_text(encoding="utf-8"))
	codes = {
		name: {row["code"] for row in sections[name]} for name in ("departments", "categories", "services")
	}
	for service in sections["services"]:
		needed = {service["department"], *(rule["department"] for rule in service.get("routing_rules", []))}
		assert needed <= codes["departments"]
		assert service["category"] in codes["categories"]
	for department in sections["departments"]:
		assert not {"team", "holiday_list", "lead_name", "email", "phone"} & set(department)
	assert "Riverton" not in path.read_text(encoding="utf-8")


def test_the_stray_cat_is_among_them_with_all_it_needs() -> None:
	path = next(path for path in STARTERS if path.stem == "municipality")
	batch = Batch(CATALOGUE, read_catalogue(path.read_text(encoding="utf-8")))

	chosen = choose(batch, [("services", "stray-cat")]).sections

	assert [row["code"] for row in chosen["services"]] == ["stray-cat"]
	assert [row["code"] for row in chosen["departments"]] == ["animal-services"]
	assert [row["code"] for row in chosen["categories"]] == ["animals"]


def test_a_service_for_another_department_takes_its_rules_along() -> None:
	service = {"code": "a", "department": "old", "category": "c", "routing_rules": [{"department": "other"}]}
	batch = Batch(
		CATALOGUE, {"departments": [{"code": "old"}], "categories": [{"code": "c"}], "services": [service]}
	)

	moved = move_to(batch, "mine").sections

	assert moved["services"][0]["department"] == "mine"
	assert moved["services"][0]["routing_rules"] == [{"department": "mine"}]
	assert "departments" not in moved and "categories" in moved
	assert service["department"] == "old"


def test_parents_come_first_and_a_circle_ends() -> None:
	rows = [
		{"code": "leaf", "parent_service_category": "branch"},
		{"code": "branch", "parent_service_category": "root"},
		{"code": "root"},
		{"code": "a", "parent_service_category": "b"},
		{"code": "b", "parent_service_category": "a"},
	]

	ordered = [row["code"] for row in put_parents_first(rows)]

	assert ordered[:3] == ["root", "branch", "leaf"]
	assert sorted(ordered[3:]) == ["a", "b"]


BOMB = "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\n"


@pytest.mark.parametrize(
	("text", "problem"),
	[
		(HEAD + BOMB, "alias"),
		(HEAD + "services: &x []\n", "alias"),
		("[" * 500, "too deep"),
		("a: 1\na: 2\n", "key twice in line"),
		("? [a]\n: b\n", "not a record"),
		("a: !!python/object/apply:os.system [ls]\n", "not yaml"),
		("a: !!int 1:1:1\n", "not yaml"),
		("a: !!bool x\n", "not yaml"),
		("a: 'b\n", "not yaml"),
		("a: \x00", "not yaml"),
		("\t- a", "not yaml"),
		("", "not a catalogue"),
		("just words", "not a catalogue"),
		("format: something-else\n", "not a catalogue"),
		("format: citizen-support-catalogue\nversion: 2\n", "version unknown"),
		(HEAD + "users: []\n", "section unknown"),
		(HEAD + "services: x\n", "not a list"),
		(HEAD + "services:\n" + "  - code: x\n" * 20_001, "too many records"),
		("x" * (MOST_BYTES + 1), "too large"),
	],
)
def test_what_is_no_sound_file_is_refused(text: str, problem: str) -> None:
	with pytest.raises(Unreadable) as refusal:
		read_catalogue(text)

	assert refusal.value.problem == problem


def read_service(**values: object) -> dict:
	return read_record(
		get_kinds()["services"].fields,
		{"code": "a", "title": "A", "department": "d", "category": "c", **values},
	)


@pytest.mark.parametrize(
	("values", "problem", "place"),
	[
		({"titel": "x"}, "field unknown", ("titel",)),
		({"status": "Published"}, "field unknown", ("status",)),
		({"owner": "Administrator"}, "field unknown", ("owner",)),
		({"pilot_share": "100"}, "field unknown", ("pilot_share",)),
		({"title": ""}, "value missing", ("title",)),
		({"title": {"a": "b"}}, "not a text", ("title",)),
		({"kind": "Wish"}, "not a choice", ("kind",)),
		({"featured": "maybe"}, "not yes or no", ("featured",)),
		({"response_target": "two"}, "not a number", ("response_target",)),
		({"questions": "x"}, "not a list", ("questions",)),
		({"questions": ["x"]}, "not a record", ("questions", "1")),
		({"questions": [{"label": "A"}, {"label": ""}]}, "value missing", ("questions", "2", "label")),
		({"questions": [{"label": "A", "parent": "x"}]}, "field unknown", ("questions", "1", "parent")),
		(
			{"questions": [{"label": "A", "question_key": "a"}, {"label": "B", "question_key": "a"}]},
			"key twice",
			("questions", "2", "question_key"),
		),
	],
)
def test_a_mistake_is_named_with_its_place(values: dict, problem: str, place: tuple[str, ...]) -> None:
	with pytest.raises(Unreadable) as refusal:
		read_service(**values)

	assert (refusal.value.problem, refusal.value.place) == (problem, place)


@pytest.mark.parametrize("value", ["25:00", "08:61", "8", "noon", "24:00"])
def test_a_time_has_to_be_one(value: str) -> None:
	hours = {"workday": "Monday", "start_time": value, "end_time": "17:00"}
	with pytest.raises(Unreadable) as refusal:
		read_record(
			get_kinds()["departments"].fields, {"code": "a", "department_name": "A", "opening_hours": [hours]}
		)

	assert refusal.value.place == ("opening_hours", "1", "start_time")


def test_what_is_not_named_gets_its_default_and_nothing_else() -> None:
	read = read_service()

	assert (read["response_target"], read["response_unit"], read["priority"]) == (2, "Working days", "Medium")
	assert read["questions"] == [] and read["emergency_notice"] == ""


def test_an_empty_value_where_the_default_is_another_survives() -> None:
	fields = get_kinds()["services"].fields

	content = write_record(fields, look(read_service(priority="")))

	assert content["priority"] == ""
	assert read_record(fields, content)["priority"] == ""


def test_what_a_rule_does_not_look_at_is_no_part_of_it() -> None:
	rules = next(field for field in get_kinds()["services"].fields if field.name == "routing_rules")
	times = {"department": "d", "time_when": "At these times", "time_days": "Monday", "time_from": "08:00"}

	by_answer = write_record(rules.rows, look({**times, "match_on": "Answer"}))
	by_time = write_record(rules.rows, look({**times, "match_on": "Time"}))

	assert not {"time_when", "time_days", "time_from"} & set(by_answer)
	assert (by_time["time_when"], by_time["time_days"], by_time["time_from"]) == (
		"At these times",
		"Monday",
		"08:00",
	)


@pytest.mark.parametrize(
	("value", "written"),
	[(timedelta(hours=8), "08:00"), ("8:05:00", "08:05"), ("08:00:30", "08:00:30"), (None, ""), ("x", "")],
)
def test_times_are_short(value: object, written: str) -> None:
	assert write_time(value) == written


@pytest.mark.parametrize(
	("sections", "problem", "place"),
	[
		({"services": [{"code": "a"}, {"code": "A"}]}, "key twice", ("services",)),
		({"services": [{"title": "x"}]}, "value missing", ("services", "1", "code")),
		({"services": ["x"]}, "not a record", ("services", "1")),
		({"services": [{"code": ["a"]}]}, "value missing", ("services", "1", "code")),
		({"notice_templates": [{"notice": "Done"}]}, "value missing", ("notice_templates", "1", "language")),
	],
)
def test_records_need_a_name_of_their_own(sections: dict, problem: str, place: tuple[str, ...]) -> None:
	with pytest.raises(Unreadable) as refusal:
		check_batch(Batch(CATALOGUE, sections))

	assert (refusal.value.problem, refusal.value.place) == (problem, place)


def make_article(**values: object) -> dict:
	return {"title": "Dogs", "category": "Pets", **values}


def test_several_articles_of_one_name_are_told_apart_by_their_numbers() -> None:
	articles = [make_article(), make_article(number="2"), make_article(number="10")]
	other_split = make_article(title="Dogs / Pets", category="")

	check_batch(Batch(CATALOGUE, {"articles": [*articles, other_split]}))

	kind = get_kinds()["articles"]
	assert [kind.name_of(row) for row in articles] == ["Dogs / Pets", "Dogs / Pets (2)", "Dogs / Pets (10)"]
	backwards = articles[::-1]
	assert sorted(backwards, key=kind.place_of) == articles
	assert put_in_order("articles", backwards) == articles


@pytest.mark.parametrize("second", [{}, {"number": 1}, {"number": "0"}, {"category": "pets"}])
def test_two_articles_without_a_number_are_one_too_many(second: dict) -> None:
	with pytest.raises(Unreadable) as refusal:
		check_batch(Batch(CATALOGUE, {"articles": [make_article(), make_article(**second)]}))

	assert refusal.value.problem == "key twice"


def test_a_service_gets_the_articles_of_its_category_and_no_others() -> None:
	service = {"code": "a", "articles": [{"article": "Dogs", "category": "Pets", "number": "2"}]}
	articles = [make_article(), make_article(number="2"), make_article(category="Other"), {"title": "Dogs"}]
	batch = Batch(CATALOGUE, {"articles": articles, "services": [service]})

	assert choose(batch, [("services", "a")]).sections["articles"] == articles[:2]


def test_no_state_of_a_city_and_no_user_is_in_a_file() -> None:
	def list_names(fields: tuple[Field, ...]) -> set[str]:
		return {field.name for field in fields} | {
			name for field in fields for name in list_names(field.rows)
		}

	def list_targets(fields: tuple[Field, ...]) -> set[str]:
		return {field.target for field in fields} | {
			name for field in fields for name in list_targets(field.rows)
		}

	for section, kind in get_kinds().items():
		names = list_names(kind.fields)
		assert "User" not in list_targets(kind.fields)
		assert not {name for name in names if name.startswith("pilot_")} | (
			names & {"version", "lft", "rgt", "owner"}
		)
		assert ("status" in names) == (section == "articles")


def test_five_hundred_services_in_five_languages_fit_into_a_file() -> None:
	text = "<p>A sentence that tells residents what this is for, and what they should have at hand.</p>"
	paths = [
		f"question:question_{number}:{part}" for number in range(10) for part in ("label", "help", "choice")
	]
	service = {
		"code": "a-service",
		"title": "A service with a name",
		"description": text * 5,
		"questions": [{"question_key": path, "label": text, "help_text": text} for path in paths],
	}
	translation = {
		"reference_doctype": "Municipal Service",
		"texts": [{"path": path, "source": text, "translation": text} for path in paths]
		+ [{"path": "description", "source": text * 5, "translation": text * 5}],
	}

	written = write_catalogue({"services": [service], "translations": [translation] * 4})

	assert len(written.encode()) * 500 < MOST_BYTES


def test_of_the_settings_exactly_the_public_texts_are_moved() -> None:
	kind = get_kinds()["city_texts"]

	assert kind.is_single and {field.name for field in kind.fields} == set(FIELDS[SETTINGS])
