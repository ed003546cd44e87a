"""Which texts there are to translate, how they are found again, and which language is shown."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.catalogue.rules import CHOICE, SHORT_TEXT, YES_OR_NO, Question, ends_form, find_visible
from citizen_support.languages import rules
from citizen_support.languages.rules import (
	DONE,
	MISSING,
	OUTDATED,
	SERVICE,
	Stored,
	Untranslated,
	choose_language,
	find_state,
	list_texts,
	localise_question,
	make_choice_path,
	make_question_path,
)

WHERE = Question("where", "Where is it?", CHOICE, choices=("Street", "Park", "12"), help="Roughly.")
DOG = Question(
	"dog",
	"Is it a dog?",
	YES_OR_NO,
	show_if="where",
	show_values=("Park",),
	end_values=("Yes",),
	end_message="Call the vet.",
)


def list_paths(values: dict, questions: tuple[Question, ...] = ()) -> list[str]:
	return [text.path for text in list_texts(SERVICE, values, questions)]


def test_texts_are_listed_with_lasting_paths() -> None:
	paths = list_paths({"title": "Stray cat", "summary": "", "needs": "<p><br></p>"}, (WHERE, DOG))

	assert paths == [
		"title",
		"question:where:label",
		"question:where:help",
		"question:where:choice:Street",
		"question:where:choice:Park",
		"question:dog:label",
		"question:dog:end_message",
	]


def test_a_message_that_no_answer_leads_to_need_not_be_translated() -> None:
	assert list_paths({}, (Question("a", "A?", CHOICE, end_message="Call."),)) == ["question:a:label"]


@pytest.mark.parametrize(("source", "says"), [("12–14", False), ("<p>&nbsp;</p>", False), ("قطة", True)])
def test_only_words_are_translated(source: str, says: bool) -> None:
	assert rules.says_something(source) is says


@pytest.mark.parametrize(
	("stored", "state"),
	[
		(None, MISSING),
		(Stored("Stray cat", "  "), MISSING),
		(Stored("Stray cat", "Katze"), DONE),
		(Stored(" Stray cat\r\n", "Katze"), DONE),
		(Stored("Lost cat", "Katze"), OUTDATED),
	],
)
def test_a_reworded_text_makes_its_translation_outdated(stored: Stored | None, state: str) -> None:
	(text,) = list_texts(SERVICE, {"title": "Stray cat"})

	assert find_state(text, stored) == state


def test_a_translated_question_keeps_everything_answers_and_rules_rest_on() -> None:
	texts = {
		make_question_path("where", "label"): "Wo ist es?",
		make_choice_path("where", "Park"): "Im Park",
	}

	shown = localise_question(WHERE, texts, "en")

	assert (shown.key, shown.choices, shown.options) == (WHERE.key, WHERE.choices, WHERE.options)
	assert (shown.label, shown.label_of("Park"), shown.label_of("12")) == ("Wo ist es?", "Im Park", "12")
	assert [str(part) for part in (shown.help, shown.label_of("Street"))] == ["Roughly.", "Street"]


def test_what_is_not_translated_says_which_language_it_is_in() -> None:
	shown = localise_question(WHERE, {}, "en")

	assert rules.get_language(shown.label) == "en"
	assert rules.get_language(shown.label_of("Street")) == "en"
	assert rules.get_language(shown.label_of("12")) is None
	assert str(rules.mark_text(shown.label)) == ' lang="en" dir="ltr"'
	assert str(rules.mark_text("Wo?")) == ""


def test_an_untranslated_text_survives_the_cache() -> None:
	again = pickle.loads(pickle.dumps(Untranslated("Cat", "en")))

	assert (again, again.language) == ("Cat", "en")


def test_a_text_without_a_source_is_never_shown() -> None:
	assert rules.translate({"needs": "Ausweis"}, "needs", "", "en") == ""


def test_a_translated_question_translated_again_stays_as_it_is() -> None:
	texts = {make_question_path("where", "label"): "Wo?", make_choice_path("where", "Park"): "Im Park"}
	once = localise_question(WHERE, texts, "en")

	assert localise_question(once, texts, "en") == once


words = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=12)


@given(
	st.lists(words, min_size=2, max_size=6, unique=True),
	st.dictionaries(words, words),
	st.data(),
)
def test_no_translation_changes_what_an_answer_leads_to(
	choices: list[str], translations: dict[str, str], data: st.DataObject
) -> None:
	chosen = data.draw(st.sampled_from(choices))
	wanted = data.draw(st.sampled_from(choices))
	first = Question("a", "A?", CHOICE, choices=tuple(choices), end_values=(wanted,), end_message="Call.")
	second = Question("b", "B?", SHORT_TEXT, show_if="a", show_values=(wanted,))
	texts = {make_choice_path("a", choice): text for choice, text in translations.items()}
	texts |= {
		make_choice_path("a", choice): other for choice, other in zip(choices, choices[::-1], strict=True)
	}
	shown = [localise_question(question, texts, "en") for question in (first, second)]

	assert ends_form(shown[0], [chosen]) == ends_form(first, [chosen])
	assert [question.key for question in find_visible(shown, {"a": [chosen]})] == [
		question.key for question in find_visible([first, second], {"a": [chosen]})
	]


@pytest.mark.parametrize(
	("wanted", "offered", "chosen"),
	[
		(["de"], ["en", "de"], "de"),
		(["de-AT"], ["en", "de"], "de"),
		(["pt"], ["en", "pt-BR"], "pt-BR"),
		(["pt_BR"], ["en", "pt", "pt-BR"], "pt-BR"),
		(["pl", "ar"], ["en", "de", "ar"], "ar"),
		(["pl"], ["de", "en"], "de"),
		([None, ""], ["de", "en"], "de"),
		([], ["en"], "en"),
	],
)
def test_the_first_wanted_language_that_is_offered_is_shown(
	wanted: list[str | None], offered: list[str], chosen: str
) -> None:
	assert choose_language(wanted, offered) == chosen


def test_a_kind_of_a_language_reads_the_texts_of_the_language() -> None:
	assert rules.list_codes("de-AT") == ("de", "de-AT")
	assert rules.list_codes("de") == ("de",)


def test_words_of_a_region_lie_over_those_of_its_language_and_empty_ones_do_not() -> None:
	general = {"title": Stored("Cat", "Gato"), "summary": Stored("A cat.", "Un gato.")}
	own = {
		"title": Stored("Old cat", "Michi"),
		"summary": Stored("A cat.", " "),
		"needs": Stored("ID", "DNI"),
	}

	assert rules.lay_over([general, own]) == {
		"title": own["title"],
		"summary": general["summary"],
		"needs": own["needs"],
	}


@pytest.mark.parametrize(("language", "is_so"), [("ar", True), ("fa-AF", True), ("de", False)])
def test_languages_written_from_the_right_are_known(language: str, is_so: bool) -> None:
	assert rules.is_right_to_left(language) is is_so
