"""Whatever people write into a service, it leaves and arrives the same: through a file, a database and the controllers."""

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

import frappe

from citizen_support import transfer
from citizen_support.catalogue.rules import split_words
from citizen_support.transfer.batch import CATALOGUE, Batch
from citizen_support.transfer.catalogue_file import read_catalogue, write_catalogue
from citizen_support.transfer.export import collect
from citizen_support.transfer.run import UNTOUCHED, play

CODE = "property-service"
AWKWARD = [
	"Yes",
	"null",
	"~",
	"12:30",
	"007",
	"a < b & c",
	"<b>bold</b>",
	"{{ 7 }}",
	" x",
	"- y",
	"# z",
	"é\u2028ü",
	"“q”",
	"مرحبا",
	"😀",
	"a: b",
	"'",
	'"',
	"=1+1",
	"<script>x</script>",
	"a\x85b",
]
words = st.one_of(
	st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
)
sentences = st.lists(words, min_size=1, max_size=3).map("\n".join)
labels = words.map(lambda text: f"Q {text}"[:100])
plain_words = st.from_regex(r"[a-zé]{1,12}", fullmatch=True)
# Frappe escapes "<" in a text with markup and not in one without: choices and conditions with it do not stay equal.
choices = st.lists(
	words.map(lambda text: " ".join(text.split())).filter(lambda text: text and "<" not in text),
	min_size=2,
	max_size=4,
	unique=True,
)


@st.composite
def services(draw: st.DrawFn) -> dict:
	"""Services nobody would refuse."""
	options = draw(choices)
	questions = [
		{
			"question_key": "kind",
			"label": draw(labels),
			"question_type": "Choice",
			"required": True,
			"choices": options,
		},
		{
			"question_key": "more",
			"label": draw(labels),
			"question_type": draw(st.sampled_from(["Short text", "Long text", "Date", "Place"])),
			"help_text": draw(sentences),
			"show_if_question": "kind",
			"show_if_values": options[:1],
		},
	]
	rule = {
		"match_on": "Answer",
		"question_key": "kind",
		"match_values": options[1:2],
		"department": "parks",
		"response_target": draw(st.sampled_from([0, 1])),
		"note": draw(words)[:100],
	}
	return {
		"code": CODE,
		"title": f"T {draw(words)}"[:100],
		"summary": draw(words)[:100],
		"department": "streets",
		"category": "streets",
		"kind": "Request",
		"response_target": draw(st.integers(1, 20)),
		"response_unit": "Working days",
		"priority": draw(st.sampled_from(["", "Low", "Medium"])),
		"featured": draw(st.booleans()),
		"position": draw(st.integers(0, 999)),
		"description": draw(sentences),
		"emergency_notice": draw(sentences),
		"synonyms": draw(st.lists(words, max_size=3)),
		"ask_name": "Optional",
		"ask_email": "Optional",
		"ask_phone": "Optional",
		"questions": questions,
		"routing_rules": [rule],
	}


def read_values() -> dict:
	"""Everything the service has in the database, but for when and by whom it was made and its version."""
	doc = frappe.get_doc("Municipal Service", CODE).as_dict(no_default_fields=True)
	# Words may stand on lines or between commas; sanitised ones have semicolons in them.
	doc["synonyms"] = split_words(doc["synonyms"])
	rows = {
		key: [_leave_names(row) for row in value] for key, value in doc.items() if isinstance(value, list)
	}
	return {**{key: value or None for key, value in doc.items() if key != "version"}, **rows}


def _leave_names(row: dict) -> dict:
	return {key: value or None for key, value in row.items() if key not in ("name", "doctype")}


@settings(
	max_examples=20,
	deadline=None,
	suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(services())
def test_any_service_leaves_and_arrives_the_same(service: dict) -> None:
	frappe.db.savepoint("property")
	first = play(Batch(CATALOGUE, {"services": [service]}), write=True)
	if not first.written:
		# What a controller refuses is none.
		frappe.db.rollback(save_point="property")
	assume(first.written)
	text = transfer.export_records("Municipal Service", [CODE], with_needs=False)
	values = read_values()
	frappe.delete_doc("Municipal Service", CODE, force=True)

	second = play(Batch(CATALOGUE, read_catalogue(text)), write=True)
	arrived = read_values()
	again = transfer.export_records("Municipal Service", [CODE], with_needs=False)
	third = play(Batch(CATALOGUE, read_catalogue(text)), write=True)
	frappe.db.rollback(save_point="property")

	assert second.written, second.steps
	assert again.encode() == text.encode()
	assert arrived == values
	assert [step.action for step in third.steps] == [UNTOUCHED]


@st.composite
def catalogues(draw: st.DrawFn) -> dict[str, list[dict]]:
	"""A record of each part that can point at another, with rules of every kind."""
	service = draw(services())
	options = service["questions"][0]["choices"]
	rules = [
		{"match_on": "Answer", "question_key": "kind", "match_values": options[1:2]},
		{"match_on": "Postcode", "match_values": ["1015", "102*", "1030-1039"]},
		{"match_on": "Area", "match_values": [f"A {draw(plain_words)}"]},
		{"match_on": "Service Area", "service_area": CODE},
		{"match_on": "Time", "time_when": "Outside opening hours"},
		{
			"match_on": "Time",
			"time_when": "At these times",
			"time_days": "Sunday",
			"time_from": "22:00",
			"time_to": "06:00",
		},
		{"match_on": "Kind of citizen", "match_values": ["Business", "New"]},
		{"match_on": "Channel", "match_values": ["Phone", "Counter"]},
	]
	outcomes = st.fixed_dictionaries(
		{
			"department": st.sampled_from(["", "parks", CODE]),
			"priority": st.sampled_from(["", "Urgent"]),
			"response_target": st.sampled_from([0, 3]),
			"note": words.map(lambda text: text[:100]),
		}
	)
	chosen = draw(st.permutations(rules))[: draw(st.integers(1, len(rules)))]
	service |= {"department": CODE, "category": CODE}
	service["routing_rules"] = [{**rule, **draw(outcomes)} for rule in chosen]
	texts = {"title": draw(words), "question:kind:label": draw(labels), "description": draw(sentences)}
	return {
		"departments": [
			{
				"code": CODE,
				"department_name": f"D {draw(words)}"[:100],
				"team": "Parks",
				"public_note": draw(sentences),
				"opening_hours": [
					{
						"workday": day,
						"start_time": "08:00",
						"end_time": draw(st.sampled_from(["12:00", "17:30"])),
					}
					for day in draw(st.permutations(["Monday", "Tuesday", "Friday"]))
				],
			}
		],
		"categories": [
			{"code": CODE, "category_name": f"C {draw(words)}"[:100], "description": draw(sentences)}
		],
		"areas": [
			{
				"code": CODE,
				"area_name": f"A {draw(words)}"[:100],
				"postcodes": ["1015", "102*"],
				"names": ["Elm"],
			}
		],
		"services": [service],
		"translations": [
			{
				"reference_doctype": doctype,
				"reference_name": CODE,
				"language": language,
				"texts": [
					{"path": path, "source": "S", "translation": text}
					for path, text in texts.items()
					if text.strip()
				],
			}
			for doctype, language in (
				("Municipal Service", "de"),
				("Municipal Service", "ar"),
				("Service Area", "de"),
			)
		],
	}


def write_parts() -> str:
	names = {section: [CODE] for section in ("departments", "categories", "areas", "services")}
	filters = {"reference_name": CODE}
	return write_catalogue(
		collect({**names, "translations": frappe.get_all("Catalogue Translation", filters, pluck="name")})
	)


@settings(
	max_examples=12,
	deadline=None,
	suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(catalogues())
def test_any_part_of_a_catalogue_leaves_and_arrives_the_same(catalogue: dict) -> None:
	frappe.db.savepoint("property")
	first = play(Batch(CATALOGUE, catalogue), write=True)
	if not first.written:
		frappe.db.rollback(save_point="property")
	assume(first.written)
	text, values = write_parts(), read_values()
	for doctype in ("Municipal Service", "Service Area", "Service Category", "Municipal Department"):
		frappe.delete_doc(doctype, CODE, force=True)
	assert not frappe.db.exists("Catalogue Translation", {"reference_name": CODE})

	second = play(Batch(CATALOGUE, read_catalogue(text)), write=True)
	arrived, again = read_values(), write_parts()
	third = play(Batch(CATALOGUE, read_catalogue(text)), write=True)
	frappe.db.rollback(save_point="property")

	assert second.written, second.steps
	assert again.encode() == text.encode()
	assert arrived == values
	assert {step.action for step in third.steps} == {UNTOUCHED}


def test_a_catalogue_of_every_part_is_not_refused() -> None:
	"""Without this the property above could hold because nothing ever arrived."""
	arrived = []

	@settings(max_examples=1, deadline=None, database=None, phases=[Phase.generate])
	@given(catalogues())
	def send(catalogue: dict) -> None:
		arrived.append(play(Batch(CATALOGUE, catalogue), write=False))

	send()

	assert arrived[0].count("Conflict") == 0, arrived[0].steps


@pytest.mark.parametrize("word", AWKWARD)
def test_awkward_words_are_not_refused(word: str) -> None:
	"""Without this the property above could hold because nothing ever arrived."""
	service = {
		"code": CODE,
		"title": f"T {word}",
		"department": "streets",
		"category": "streets",
		"kind": "Request",
		"response_target": 2,
		"response_unit": "Working days",
		"ask_name": "Optional",
		"ask_email": "Optional",
		"ask_phone": "Optional",
		"emergency_notice": word,
	}

	outcome = play(Batch(CATALOGUE, {"services": [service]}), write=True)

	assert outcome.written, outcome.steps
