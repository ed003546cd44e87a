"""The catalogue in other languages: what residents read, what is still to translate."""

from citizen_support.languages.coverage import Missing, find_missing, name_texts
from citizen_support.languages.editing import get_coverage, get_languages, get_rows, save_text
from citizen_support.languages.kept import put_translations, read_translations
from citizen_support.languages.names import name_language
from citizen_support.languages.service import (
	localise,
	localise_cards,
	localise_overview,
	say,
	say_answer,
	say_text,
)
from citizen_support.languages.texts import (
	WITH_RECORD,
	forget_offered,
	forget_texts,
	get_offered,
	get_source_language,
	remove_texts,
)

__all__ = [
	"WITH_RECORD",
	"Missing",
	"find_missing",
	"forget_offered",
	"forget_texts",
	"get_coverage",
	"get_languages",
	"get_offered",
	"get_rows",
	"get_source_language",
	"localise",
	"localise_cards",
	"localise_overview",
	"name_language",
	"name_texts",
	"put_translations",
	"read_translations",
	"remove_texts",
	"save_text",
	"say",
	"say_answer",
	"say_text",
]
