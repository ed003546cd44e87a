"""The app's own texts: found in every kind of source, and complete in the languages it promises."""

import pytest

pytest.importorskip("babel")

from devtools import catalogs, pot, records


def find(texts: object) -> set[str]:
	return {text.msgid for text in texts}


def test_the_template_has_the_texts_of_the_sources() -> None:
	wanted = catalogs.get_keys(catalogs.make_template(pot.list_texts()))

	found = catalogs.get_keys(catalogs.read_template())

	assert (sorted(wanted - found, key=str), sorted(found - wanted, key=str)) == ([], []), (
		"run bin/locale update"
	)


@pytest.mark.parametrize("language", catalogs.COMPLETE)
def test_a_promised_language_lacks_nothing(language: str) -> None:
	catalog = catalogs.read_language(language)

	absent = catalogs.get_keys(catalogs.read_template()) - catalogs.get_keys(catalog)

	assert (sorted(absent, key=str), catalogs.find_missing(catalog)) == ([], [])


@pytest.mark.parametrize("language", catalogs.list_languages())
def test_no_translation_lost_a_placeholder_or_a_tag(language: str) -> None:
	assert catalogs.find_faults(catalogs.read_language(language)) == []


def test_texts_of_python_are_found_also_when_one_of_two_is_chosen() -> None:
	source = 'def f(n):\n\treturn _("one") if n else frappe._("a" "b" if n else "other").format(_("inner"))'

	assert find(pot.read_python(source)) == {"one", "ab", "other", "inner"}


def test_labels_and_options_of_added_fields_are_found() -> None:
	source = 'FIELD = {"fieldtype": "Select", "label": "Channel", "options": "\\nPortal\\nPhone"}'

	assert find(pot.read_python(source, of_fields=True)) >= {"Channel", "Portal", "Phone"}


def test_texts_of_scripts_are_found_in_template_strings_and_as_values_of_others() -> None:
	source = """
		frm.add(__("Outer {0}", [__("inner")]));  // __("not this")
		const html = `<b>${__("in a string")} ${say({ label: __("deep") })}</b>`;
		show(__("long " + "text"));
	"""

	assert find(pot.read_script(source)) == {"Outer {0}", "inner", "in a string", "deep", "long text"}


def test_texts_of_templates_are_found() -> None:
	source = (
		'{% if x %}{{ _("Hello {0}").format(name) }}{{ _("a" if y else "b") }}{{ other("no") }}{% endif %}'
	)

	assert find(pot.read_template(source)) == {"Hello {0}", "a", "b"}


def test_texts_of_forms_are_found() -> None:
	form = {
		"doctype": "DocType",
		"name": "Thing",
		"fields": [
			{"fieldtype": "Select", "label": "Kind", "options": "A\n\n7", "description": "Which."},
			{"fieldtype": "Data", "label": "Title", "default": "Our thing"},
			{"fieldtype": "Int", "label": "Count", "default": "3"},
		],
		"permissions": [{"role": "Keeper"}],
	}

	found = {text for text, _comment in records.read_record(form) if text}

	assert found == {"Thing", "Kind", "A", "Which.", "Title", "Our thing", "Count", "Keeper"}


def test_texts_of_a_guide_are_found() -> None:
	tour = {
		"doctype": "Form Tour",
		"name": "x",
		"title": "Tour",
		"steps": [{"title": "S", "description": "D"}],
	}

	assert {text for text, _comment in records.read_record(tour) if text} == {"Tour", "S", "D"}


@pytest.mark.parametrize(
	("msgid", "msgstr"),
	[
		("{0} of {1}", "{1} von {0}"),
		("<b>Bold</b> {service}", "{service}: <b>Fett</b>"),
		(" or ", " oder "),
	],
)
def test_a_translation_may_turn_its_parts_around(msgid: str, msgstr: str) -> None:
	assert catalogs.compare(msgid, msgstr) is None


@pytest.mark.parametrize(
	("msgid", "msgstr"),
	[
		("{0} of {1}", "{0} von"),
		("{service} is done", "{dienst} ist fertig"),
		("<b>Bold</b>", "Fett"),
		(" or ", "oder"),
	],
)
def test_a_translation_that_lost_something_is_refused(msgid: str, msgstr: str) -> None:
	catalog = catalogs.make_template([pot.Text(msgid, "x.py")])

	faults = catalogs.fill(catalog, {msgid: msgstr})

	assert [fault.msgid for fault in faults] == [msgid]
	assert catalogs.find_missing(catalog) == [msgid]


def test_a_translation_guessed_from_a_similar_text_is_still_missing() -> None:
	catalog = catalogs.make_template([pot.Text("The request has been sent.", "x.py")])
	catalogs.fill(catalog, {"The request has been sent.": "Das Anliegen wurde gesendet."})

	catalog.update(catalogs.make_template([pot.Text("The request has been sent!", "x.py")]))

	assert catalogs.find_missing(catalog) == ["The request has been sent!"]


def test_no_text_begins_or_ends_with_a_space() -> None:
	# Frappe's `_()` strips a text before it looks it up, so the translation would never be found.
	texts = [text for text in pot.list_texts() if text.msgid != text.msgid.strip()]

	assert [(text.file, text.msgid) for text in texts if text.file.endswith((".py", ".html", ".txt"))] == []
