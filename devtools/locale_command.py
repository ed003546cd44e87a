"""`bin/locale`: the app's own texts and their translations."""

import argparse
import json
import sys
from pathlib import Path

from devtools import catalogs

USAGE = """bin/locale update | stats | missing LANGUAGE | fill LANGUAGE FILE... | check

  bin/locale update                   read every text of the app into main.pot, and into each language's file
  bin/locale stats                    how much of each language is done
  bin/locale missing de > new.json    what has no translation yet, as JSON: {"text": ""}
  bin/locale fill de new.json         take over {"text": "translation"}; refuses what lost a placeholder or a tag
  bin/locale check                    what is wrong, as the tests see it"""


def main(arguments: list[str]) -> int:
	"""Do what was asked for; the exit code is 1 if something is left to do."""
	parser = argparse.ArgumentParser(prog="bin/locale", usage=USAGE)
	parser.add_argument("command", choices=sorted(COMMANDS))
	parser.add_argument("language", nargs="?")
	parser.add_argument("files", nargs="*", type=Path)
	wanted = parser.parse_args(arguments)
	if wanted.command in ("missing", "fill") and not wanted.language:
		parser.error("which language?")
	return COMMANDS[wanted.command](wanted.language, wanted.files)


def update(_language: str | None, _files: list[Path]) -> int:
	catalogs.update()
	return stats(None, [])


def stats(_language: str | None, _files: list[Path]) -> int:
	total = len(catalogs.get_keys(catalogs.read_template()))
	print(f"{total} texts")
	for language in catalogs.list_languages():
		catalog = catalogs.read_language(language)
		fuzzy = sum(message.fuzzy for message in catalogs.list_messages(catalog))
		done = len(catalogs.get_keys(catalog)) - len(catalogs.find_missing(catalog))
		print(f"{language:8}{done:6} translated {total - done:6} missing {fuzzy:6} to be looked at (fuzzy)")
	return 0


def missing(language: str, _files: list[Path]) -> int:
	texts = catalogs.find_missing(catalogs.read_language(language))
	print(json.dumps(dict.fromkeys(texts, ""), ensure_ascii=False, indent=1))
	return 0


def fill(language: str, files: list[Path]) -> int:
	catalog = catalogs.read_language(language)
	faults = []
	for file in files:
		given = json.loads(file.read_text(encoding="utf-8"))
		faults += catalogs.fill(catalog, {text: words for text, words in given.items() if words})
	catalogs.write_language(language, catalog)
	for fault in faults:
		print(f"left out: {fault.msgid!r}: {fault.reason}", file=sys.stderr)
	print(f"{language}: {len(catalogs.find_missing(catalog))} missing")
	return 1 if faults else 0


def check(_language: str | None, _files: list[Path]) -> int:
	wanted = catalogs.get_keys(catalogs.make_template(catalogs.list_texts()))
	problems = [f"main.pot: {text!r}" for text, _ in wanted ^ catalogs.get_keys(catalogs.read_template())]
	for language in catalogs.COMPLETE:
		catalog = catalogs.read_language(language)
		problems += [f"{language}: missing {text!r}" for text in catalogs.find_missing(catalog)]
		problems += [
			f"{language}: {fault.msgid!r}: {fault.reason}" for fault in catalogs.find_faults(catalog)
		]
	print("\n".join(problems) or "all is well")
	return 1 if problems else 0


COMMANDS = {
	"update": update,
	"stats": stats,
	"missing": missing,
	"fill": fill,
	"check": check,
}
