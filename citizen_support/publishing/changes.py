"""What differs between two versions of a service. Pure: plain dicts in, plain changes out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

FIELD, QUESTION, RULE, ARTICLE, PILOT, GOAL = "field", "question", "rule", "article", "pilot", "goal"
# A text in another language, and many of one language at once.
TRANSLATION, MANY_TRANSLATIONS = "translation", "many translations"
CHANGED, ADDED, REMOVED, MOVED = "changed", "added", "removed", "moved"
QUESTIONS, RULES, ARTICLES, GOALS = "questions", "routing_rules", "articles", "pilot_goals"
PILOT_PART, TRANSLATIONS = "pilot", "translations"
# More texts of one language than this are counted, not named.
MOST_TEXTS = 5
# Two fields that only say something together.
PAIRS = {"response_target": "response_unit", "resolution_target": "resolution_unit"}
_TABLES = frozenset({QUESTIONS, RULES, ARTICLES, GOALS, PILOT_PART, TRANSLATIONS})


@dataclass(frozen=True)
class Change:
	"""One difference.

	:ivar kind: what kind of thing is different, see the constants above.
	:ivar what: changed, added, removed or moved.
	:ivar name: of the thing, as people know it: a question's or an article's words, a rule's number; of a
		translation its language.
	:ivar field: fieldname of what changed in it; of a translation the text's path.
	:ivar before, after: values; of rules and goals whole rows, of a promise amount and unit; of many translations
		how many there are (`after`).
	"""

	kind: str
	what: str
	name: str = ""
	field: str = ""
	before: object = None
	after: object = None


def find_changes(before: Mapping, after: Mapping) -> list[Change]:
	"""Every difference between two contents of a service, in the order of the form."""
	return [
		*_compare_fields(FIELD, "", before, after),
		*_compare_questions(before.get(QUESTIONS) or [], after.get(QUESTIONS) or []),
		*_compare_rows(RULE, before.get(RULES) or [], after.get(RULES) or []),
		*_compare_articles(before.get(ARTICLES) or [], after.get(ARTICLES) or []),
		*compare_translations(before.get(TRANSLATIONS), after.get(TRANSLATIONS)),
		*_compare_pilots(before.get(PILOT_PART) or {}, after.get(PILOT_PART) or {}),
	]


def compare_translations(before: Mapping | None, after: Mapping | None) -> list[Change]:
	"""What differs in the texts in other languages; nothing where one side knows nothing of them.

	A translation looked at again, after its text was reworded, is the same for residents.
	"""
	if before is None or after is None:
		return []
	changes = []
	for language in dict.fromkeys([*before, *after]):
		found: dict[str, list[Change]] = {ADDED: [], CHANGED: [], REMOVED: []}
		old, new = (_read_texts(side.get(language) or {}) for side in (before, after))
		for path in dict.fromkeys([*old, *new]):
			if old.get(path) != new.get(path):
				what = ADDED if path not in old else CHANGED if path in new else REMOVED
				found[what].append(Change(TRANSLATION, what, language, path, old.get(path), new.get(path)))
		for what, several in found.items():
			many = len(several) > MOST_TEXTS
			changes += [Change(MANY_TRANSLATIONS, what, language, after=len(several))] if many else several
	return changes


def _read_texts(texts: Mapping) -> dict[str, str]:
	return {path: text.get("translation") or "" for path, text in texts.items()}


def _compare_fields(kind: str, name: str, before: Mapping, after: Mapping) -> list[Change]:
	seconds = {unit: amount for amount, unit in PAIRS.items()}
	changes = []
	for field in dict.fromkeys([*before, *after]):
		if field in _TABLES or (field in seconds and seconds[field] in {*before, *after}):
			continue
		values = [_read(content, field) for content in (before, after)]
		if values[0] != values[1]:
			changes.append(Change(kind, CHANGED, name, field, *values))
	return changes


def _read(content: Mapping, field: str) -> object:
	"""A value; of a promise amount and unit, and whatever the unit nothing where the amount is 0."""
	value = content.get(field)
	if field not in PAIRS:
		return value or None
	return (int(value), content.get(PAIRS[field]) or "") if value else None


def _compare_questions(before: Sequence[Mapping], after: Sequence[Mapping]) -> list[Change]:
	old, new = _by_key(before, "question_key"), _by_key(after, "question_key")
	changes = [Change(QUESTION, REMOVED, str(old[key].get("label") or "")) for key in old if key not in new]
	for key, row in new.items():
		name = str(row.get("label") or "")
		if key not in old:
			changes.append(Change(QUESTION, ADDED, name))
		else:
			changes += _compare_fields(QUESTION, str(old[key].get("label") or ""), old[key], row)
	if [key for key in old if key in new] != [key for key in new if key in old]:
		changes.append(Change(QUESTION, MOVED))
	return changes


def _compare_rows(kind: str, before: Sequence[Mapping], after: Sequence[Mapping]) -> list[Change]:
	"""Rows without a key of their own: what stands in another place unchanged has moved."""
	old, new = [_freeze(row) for row in before], [_freeze(row) for row in after]
	if old != new and sorted(old) == sorted(new):
		return [Change(kind, MOVED)]
	changes = []
	for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
		if what == "equal":
			continue
		both = min(i2 - i1, j2 - j1)
		changes += [
			Change(kind, CHANGED, str(j1 + step + 1), before=before[i1 + step], after=after[j1 + step])
			for step in range(both)
		]
		changes += [Change(kind, REMOVED, str(i + 1), before=before[i]) for i in range(i1 + both, i2)]
		changes += [Change(kind, ADDED, str(j + 1), after=after[j]) for j in range(j1 + both, j2)]
	return changes


def _compare_articles(before: Sequence[Mapping], after: Sequence[Mapping]) -> list[Change]:
	"""An article is the same one under another title; older versions know only titles."""
	records = {row.get("article"): row["record"] for row in (*before, *after) if row.get("record")}

	def name(rows: Sequence[Mapping]) -> dict[str, str]:
		return {
			str(row.get("record") or records.get(row.get("article")) or row.get("article") or ""): str(
				row.get("article") or ""
			)
			for row in rows
		}

	old, new = name(before), name(after)
	changes = [Change(ARTICLE, REMOVED, title) for record, title in old.items() if record not in new]
	changes += [Change(ARTICLE, ADDED, title) for record, title in new.items() if record not in old]
	if not changes and list(old) != list(new):
		changes.append(Change(ARTICLE, MOVED))
	return changes


def _compare_pilots(before: Mapping, after: Mapping) -> list[Change]:
	return [
		*_compare_fields(PILOT, "", before, after),
		*_compare_rows(GOAL, before.get(GOALS) or [], after.get(GOALS) or []),
	]


def _by_key(rows: Sequence[Mapping], key: str) -> dict[str, Mapping]:
	return {str(row.get(key) or row.get("label") or number): row for number, row in enumerate(rows)}


def _freeze(row: Mapping) -> str:
	return json.dumps(row, sort_keys=True, default=str)
