"""The app's translations as files: the template `locale/main.pot` and one `locale/<language>.po` for each language."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from devtools.pot import APP, Text, list_texts

FOLDER = APP / "locale"
TEMPLATE = FOLDER / "main.pot"
COMPLETE = ("ar", "de", "es", "fr")  # the languages the app promises to speak
_HEADER = "# The app's own texts. Kept by `bin/locale`; see CONTRIBUTING.md.\n#"
_LONGEST_COMMENT = 72  # longer ones are wrapped, and read back as several
_PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)s|%s")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")

Key = tuple[str, str | None]  # msgid and context


class Fault(NamedTuple):
	"""Why a translation cannot be used as it is."""

	msgid: str
	reason: str


def make_template(texts: Iterable[Text]) -> Catalog:
	"""A template of these texts. Files are named without lines, so that it changes only when a text does."""
	catalog = _make_catalog(None)
	for text in texts:
		comments = [text.comment[:_LONGEST_COMMENT]] if text.comment else []
		catalog.add(text.msgid, locations=[(text.file, 0)], auto_comments=comments, context=text.context)
	return catalog


def get_keys(catalog: Catalog) -> set[Key]:
	"""What a catalog has a line for."""
	return {(str(message.id), message.context) for message in list_messages(catalog)}


def list_messages(catalog: Catalog) -> Iterator[Message]:
	"""Its messages, without the header."""
	return (message for message in catalog if message.id)


def read_template() -> Catalog:
	"""The template as it stands in the folder."""
	return _read(TEMPLATE)


def read_language(language: str) -> Catalog:
	"""What is translated into a language; empty if nothing is."""
	path = find_path(language)
	return _read(path, language) if path.exists() else _make_catalog(language)


def find_path(language: str) -> Path:
	"""Where a language's translations stand."""
	return FOLDER / f"{language}.po"


def list_languages() -> list[str]:
	"""Languages that have a file, and those that have to have one."""
	return sorted({path.stem for path in FOLDER.glob("*.po")} | set(COMPLETE))


def update() -> None:
	"""Read the sources anew; give each language the new texts, and mark what was made from a similar older one."""
	template = make_template(list_texts())
	if TEMPLATE.exists() and get_keys(template) == get_keys(before := read_template()):
		template.creation_date = before.creation_date
	_write(TEMPLATE, template)
	for language in list_languages():
		translated = read_language(language)
		translated.update(template)
		write_language(language, translated)


def write_language(language: str, catalog: Catalog) -> None:
	"""Write a language's file, sorted, without what is no longer used."""
	_write(find_path(language), catalog)


def find_missing(catalog: Catalog) -> list[str]:
	"""Msgids without a translation, or with one that was only guessed."""
	return [str(message.id) for message in list_messages(catalog) if not message.string or message.fuzzy]


def find_faults(catalog: Catalog) -> list[Fault]:
	"""Translations that lost a placeholder or a tag, or the spaces around them."""
	return [
		Fault(str(message.id), reason)
		for message in list_messages(catalog)
		if message.string and not message.fuzzy and (reason := compare(str(message.id), str(message.string)))
	]


def compare(msgid: str, msgstr: str) -> str | None:
	"""What a translation has other than its source, of what must be the same; None if nothing."""
	for pattern, name in ((_PLACEHOLDER, "placeholders"), (_TAG, "tags")):
		wanted, found = Counter(pattern.findall(msgid)), Counter(pattern.findall(msgstr))
		if wanted != found:
			return f"{name} differ: {sorted(wanted.elements())} became {sorted(found.elements())}"
	for name, cut in (("beginning", (None, 1)), ("end", (-1, None))):
		if msgid[slice(*cut)].isspace() != msgstr[slice(*cut)].isspace():
			return f"space at the {name} differs"
	return None


def fill(catalog: Catalog, translations: Mapping[str, str]) -> list[Fault]:
	"""Write translations into a catalog; those that cannot be used are left out and returned."""
	faults = []
	messages = {str(message.id): message for message in list_messages(catalog)}
	for msgid, msgstr in translations.items():
		message = messages.get(msgid)
		reason = compare(msgid, msgstr) if message else "the app has no such text"
		if reason or message is None:
			faults.append(Fault(msgid, str(reason)))
			continue
		message.string = msgstr
		message.flags.discard("fuzzy")
	return faults


def _make_catalog(language: str | None) -> Catalog:
	return Catalog(
		locale=language,
		domain="messages",
		header_comment=_HEADER,
		project="Citizen Support",
		copyright_holder="Citizen Support contributors",
		msgid_bugs_address="hello@citizen-support.example",
		last_translator="hello@citizen-support.example",
		language_team="hello@citizen-support.example",
		creation_date=datetime.now(timezone.utc),
		fuzzy=False,
	)


def _read(path: Path, language: str | None = None) -> Catalog:
	with path.open("rb") as file:
		return read_po(file, locale=language, domain="messages")


def _write(path: Path, catalog: Catalog) -> None:
	catalog.revision_date = catalog.creation_date
	with path.open("wb") as file:
		write_po(file, catalog, sort_output=True, ignore_obsolete=True, include_lineno=False, width=None)
