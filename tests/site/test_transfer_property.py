"""Whatever people write into a service, it leaves and arrives the same: through a file, a database and the controllers."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import frappe

from citizen_support import transfer
from citizen_support.catalogue.rules import split_words
from citizen_support.transfer.batch import CATALOGUE, Batch
from citizen_support.transfer.catalogue_file import read_catalogue
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
	max_examples=40,
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
