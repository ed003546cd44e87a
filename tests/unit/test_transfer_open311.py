"""Another city's list after GeoReport v2, in both of its shapes, and what strangers may hide in it."""

import json

import pytest

from citizen_support.catalogue.rules import is_code
from citizen_support.transfer.addresses import is_public
from citizen_support.transfer.batch import Batch, check_batch
from citizen_support.transfer.open311 import (
	CATEGORY_LENGTH,
	LABEL_LENGTH,
	ORIGIN_LENGTH,
	SUMMARY_LENGTH,
	TITLE_LENGTH,
	list_definitions,
	list_services,
	make_batch,
	make_list_code,
	needs_definition,
	read_open311,
)
from citizen_support.transfer.rules import Unreadable, read_given
from citizen_support.transfer.schema import DOCTYPES, get_kinds

SERVICES = [
	{
		"service_code": "001",
		"service_name": "Cans left out 24x7",
		"description": "Garbage or recycling cans that have been left out for more than 24 hours after collection.",
		"metadata": True,
		"type": "realtime",
		"keywords": "lorem, cans,bins",
		"group": "Sanitation",
	},
	{
		"service_code": "b/2",
		"service_name": "Graffiti <b>removal</b>",
		"description": "",
		"metadata": "false",
		"type": "batch",
		"keywords": None,
		"group": "",
	},
	{"service_code": "003", "service_name": "Cans left out 24x7", "metadata": "true", "group": "Sanitation"},
]
DEFINITION = {
	"service_code": "001",
	"attributes": [
		{
			"variable": True,
			"code": "WHISPAWN",
			"datatype": "singlevaluelist",
			"required": True,
			"datatype_description": "Choose one.",
			"order": 2,
			"description": "What kind of can is it?",
			"values": [
				{"key": 123, "name": "Garbage"},
				{"key": 124, "name": "Recycling"},
				{"key": 125, "name": "Garbage"},
			],
		},
		{
			"variable": False,
			"code": "NOTE",
			"datatype": "text",
			"required": False,
			"order": 1,
			"description": "Cans may stand out from 6 p.m. & not <earlier>.",
		},
		{
			"variable": "true",
			"code": "SINCE",
			"datatype": "datetime",
			"required": "false",
			"order": "10",
			"description": "Since when?",
		},
		{
			"variable": True,
			"code": "COUNT",
			"datatype": "number",
			"required": False,
			"order": 3,
			"description": "How many?",
		},
		{
			"variable": True,
			"code": "MORE",
			"datatype": "multivaluelist",
			"order": 4,
			"description": "What else?",
			"values": [{"key": "a", "name": "Only one"}],
		},
		{
			"variable": True,
			"code": "SINCE",
			"datatype": "string",
			"order": 11,
			"description": "",
			"required": False,
		},
	],
}
SERVICES_XML = """<?xml version="1.0" encoding="iso-8859-1"?>
<services>
	<service>
		<service_code>001</service_code>
		<service_name>Cans left out 24x7</service_name>
		<description>Garbage or recycling cans that have been left out for more than 24 hours after collection.</description>
		<metadata>true</metadata>
		<type>realtime</type>
		<keywords>lorem, cans,bins</keywords>
		<group>Sanitation</group>
	</service>
</services>"""
DEFINITION_XML = """<?xml version="1.0" encoding="utf-8"?>
<service_definition>
	<service_code>001</service_code>
	<attributes>
		<attribute>
			<variable>true</variable><code>WHISPAWN</code><datatype>singlevaluelist</datatype><required>true</required>
			<datatype_description>Choose one.</datatype_description><order>1</order>
			<description>What kind of can is it?</description>
			<values><value><key>123</key><name>Garbage</name></value><value><key>124</key><name>Recycling</name></value></values>
		</attribute>
	</attributes>
</service_definition>"""


def read(services: object = SERVICES, definition: object = DEFINITION, source: str = "elsewhere") -> Batch:
	batch = make_batch(
		list_services(read_open311(json.dumps(services))),
		list_definitions(read_open311(json.dumps(definition))),
		source,
		"streets",
	)
	check_batch(batch)
	return batch


def test_services_become_drafts_with_a_lasting_origin() -> None:
	first, second, third = read().sections["services"]

	assert first["origin"] == "open311:elsewhere:001"
	assert (first["code"], first["title"]) == ("cans-left-out-24x7", "Cans left out 24x7")
	assert first["summary"].startswith("Garbage or recycling cans")
	assert first["synonyms"].split("\n") == ["lorem", "cans", "bins"]
	assert first["department"] == "streets" and first["category"] == "sanitation"
	assert (second["title"], second["category"]) == ("Graffiti removal", "other-services")
	assert third["code"] == "cans-left-out-24x7-003"


def test_groups_become_categories() -> None:
	assert read().sections["categories"] == [
		{"code": "sanitation", "category_name": "Sanitation"},
		{"code": "other-services", "category_name": "Other services"},
	]


def test_attributes_become_questions_in_their_order() -> None:
	service = read().sections["services"][0]

	asked = [(row["question_key"], row["question_type"], row["required"]) for row in service["questions"]]
	assert asked == [
		("place", "Place", "1"),
		("whispawn", "Choice", "1"),
		("count", "Number", "0"),
		("more", "Short text", "0"),
		("since", "Date", "0"),
		("since_2", "Short text", "0"),
	]
	choice = service["questions"][1]
	assert choice["choices"] == ["Garbage", "Recycling"]
	assert choice["help_text"] == "Choose one."
	assert service["questions"][-1]["label"] == "SINCE"


def test_what_is_only_to_be_read_goes_into_the_description_as_text() -> None:
	service = read().sections["services"][0]

	assert service["description"] == "<p>Cans may stand out from 6 p.m. &amp; not .</p>"


def test_every_service_of_the_list_is_one_a_service_can_be() -> None:
	sections = read().sections

	assert len(sections["services"]) == len(SERVICES)
	for section, records in sections.items():
		for record in records:
			# Raises if a field cannot be what is given; nothing that was given is left out.
			assert set(read_given(get_kinds()[section].fields, record)) >= set(record)


def test_the_xml_shape_says_the_same() -> None:
	services = list_services(read_open311(SERVICES_XML))
	definitions = list_definitions(read_open311(DEFINITION_XML))
	assert [needs_definition(row) for row in services] == [True]

	service = make_batch(services, definitions, "elsewhere", "streets").sections["services"][0]

	assert service == {
		**read().sections["services"][0],
		"description": "",
		"questions": read().sections["services"][0]["questions"][:2],
	}


def test_a_service_twice_in_the_list_comes_once() -> None:
	assert len(read([SERVICES[0], SERVICES[0]]).sections["services"]) == 1


@pytest.mark.parametrize(
	"document", [[], {}, [{"service_name": "No code"}], {"services": "x"}, "text", 7, [None], {"error": "x"}]
)
def test_what_holds_no_services_is_told(document: object) -> None:
	with pytest.raises(Unreadable) as refusal:
		list_services(document)

	assert refusal.value.problem == "not open311"


ENTITY = '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><services><service><service_code>&x;</service_code></service></services>'
LAUGHS = '<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><services>&b;</services>'


@pytest.mark.parametrize(
	("text", "problem"),
	[
		(ENTITY, "xml with a dtd"),
		(LAUGHS, "xml with a dtd"),
		('<!DOCTYPE s SYSTEM "http://127.0.0.1/x.dtd"><services/>', "xml with a dtd"),
		("<services><service>", "not xml"),
		("<services>&unknown;</services>", "not xml"),
		("<a>" * 100, "too deep"),
		("[" * 100_000, "not json"),
		('{"a": ', "not json"),
		("{'a': 1}", "not json"),
	],
)
def test_what_strangers_hide_is_refused(text: str, problem: str) -> None:
	with pytest.raises(Unreadable) as refusal:
		read_open311(text)

	assert refusal.value.problem == problem


def test_odd_values_do_no_harm() -> None:
	odd = [
		{
			"service_code": 5,
			"service_name": ["x"],
			"keywords": {"a": 1},
			"group": 7,
			"description": True,
			"attributes": "x",
		}
	]
	definition = {
		"service_code": "5",
		"attributes": [
			{"values": {"a": 1}},
			"x",
			{"datatype": "singlevaluelist", "values": ["Red", "Blue"], "order": "x"},
		],
	}

	service = read(odd, definition).sections["services"][0]

	assert service["title"] == "5"
	assert [row["question_type"] for row in service["questions"]] == ["Place", "Short text", "Choice"]


@pytest.mark.parametrize(
	"address",
	[
		"127.0.0.1",
		"10.1.2.3",
		"192.168.0.1",
		"172.16.5.5",
		"169.254.169.254",
		"100.64.0.1",
		"0.0.0.0",
		"224.0.0.1",
		"255.255.255.255",
		"::1",
		"fe80::1",
		"fe80::1%eth0",
		"fc00::1",
		"::ffff:10.0.0.1",
		"::ffff:127.0.0.1",
		"64:ff9b::a00:1",
		"64:ff9b::808:808",
		"2002:7f00:1::",
		"64:ff9b:1::1",
		"ff02::1",
		"fec0::1",
		"feff::1",
		"5f00::1",
		"3fff::1",
		"3fff:fff::1",
		"192.88.99.1",
		"::",
	],
)
def test_addresses_of_private_networks_are_not_public(address: str) -> None:
	assert not is_public(address)


@pytest.mark.parametrize(
	"address", ["8.8.8.8", "93.184.216.34", "192.88.98.1", "2606:2800:220:1:248:1893:25c8:1946"]
)
def test_addresses_of_the_internet_are(address: str) -> None:
	assert is_public(address)


def test_groups_in_other_scripts_stay_apart_and_keep_their_codes() -> None:
	services = [
		{"service_code": "1", "service_name": "Λακκούβα", "group": "Δρόμοι"},
		{"service_code": "2", "service_name": "Παγκάκι", "group": "Πάρκα"},
		{"service_code": "3", "service_name": "Πεζοδρόμιο", "group": "Δρόμοι"},
		{"service_code": "4", "service_name": "Άλλο", "group": ""},
	]

	batch = make_batch(services, {}, "city", "roads")
	again = make_batch(services[1:], {}, "city", "roads")

	roads, parks, more_roads, other = (row["category"] for row in batch.sections["services"])
	assert roads == more_roads and len({roads, parks, other}) == 3
	assert other == "other-services"
	assert [row["category_name"] for row in batch.sections["categories"]] == [
		"Δρόμοι",
		"Πάρκα",
		"Other services",
	]
	assert again.sections["services"][0]["category"] == parks
	assert all(is_code(row["code"]) for row in batch.sections["categories"])


@pytest.mark.parametrize(
	("doctype", "fieldname", "length"),
	[
		("municipal_service", "title", TITLE_LENGTH),
		("municipal_service", "summary", SUMMARY_LENGTH),
		("municipal_service", "origin", ORIGIN_LENGTH),
		("service_category", "category_name", CATEGORY_LENGTH),
		("service_question", "label", LABEL_LENGTH),
	],
)
def test_texts_are_as_long_as_their_fields(doctype: str, fieldname: str, length: int) -> None:
	fields = json.loads((DOCTYPES / doctype / f"{doctype}.json").read_text(encoding="utf-8"))["fields"]

	# Frappe's own length, where a field names none.
	assert [row.get("length") or 140 for row in fields if row["fieldname"] == fieldname] == [length]


def test_long_names_are_cut_where_a_word_ends() -> None:
	long = "Bulky waste " * 30
	attribute = {"code": "X", "datatype": "string", "description": long}
	definition = {"service_code": "1", "attributes": [attribute]}

	batch = read(
		[{"service_code": "1", "service_name": long, "description": long, "group": long}], definition
	)

	(service,), (category,) = batch.sections["services"], batch.sections["categories"]
	cut = [
		(service["title"], TITLE_LENGTH),
		(service["summary"], SUMMARY_LENGTH),
		(category["category_name"], CATEGORY_LENGTH),
		(service["questions"][1]["label"], LABEL_LENGTH),
	]
	for text, length in cut:
		assert length - 12 < len(text) <= length
		assert text.endswith(("Bulky…", "waste…"))
	assert service["description"] == f"<p>{long.strip()}</p>"


def test_a_name_that_just_fits_is_not_cut() -> None:
	(service,) = read([{"service_code": "1", "service_name": "x" * TITLE_LENGTH}]).sections["services"]

	assert service["title"] == "x" * TITLE_LENGTH


def test_lists_of_all_scripts_have_codes_of_their_own() -> None:
	names = ["Elsewhere", "Αθήνα", "東京", "大阪", "東京 2", "大阪 2", "311"]

	codes = [make_list_code(name) for name in names]

	assert len({*codes, ""}) == len(names) + 1
	assert all(map(is_code, codes))
	assert (codes[0], codes[-1]) == ("elsewhere", "311")
	assert make_list_code(" 東京 ") == codes[2]


@pytest.mark.parametrize("name", ["", "  ", "...", "-"])
def test_a_name_of_nothing_is_none(name: str) -> None:
	assert make_list_code(name) == ""
