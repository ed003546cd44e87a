"""What differs between two versions of a service. Pure: plain dicts in, plain changes out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

FIELD, QUESTION, RULE, ARTICLE, PILOT, GOAL = "field", "question", "rule", "article", "pilot", "goal"
CHANGED, ADDED, REMOVED, MOVED = "changed", "added", "removed", "moved"
QUESTIONS, RULES, ARTICLES, GOALS = "questions", "routing_rules", "articles", "pilot_goals"
PILOT_PART = "pilot"
# Two fields that only say something together.
PAIRS = {"response_target": "response_unit", "resolution_target": "resolution_unit"}
_TABLES = frozenset({QUESTIONS, RULES, ARTICLES, GOALS, PILOT_PART})


@dataclass(frozen=True)
class Change:
	"""One difference.

	:ivar kind: what kind of thing is different, see the constants above.
	:ivar what: changed, added, removed or moved.
	:ivar name: of the thing, as people know it: a question's or an article's words, a rule's number.
	:ivar field: fieldname of what changed in it.
	:ivar before, after: values; of rules and goals whole rows, of a promise amount and unit.
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
		*_compare_pilots(before.get(PILOT_PART) or {}, after.get(PILOT_PART) or {}),
	]


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
	old, new = ([str(row.get("article") or "") for row in rows] for rows in (before, after))
	changes = [Change(ARTICLE, REMOVED, name) for name in old if name not in new]
	changes += [Change(ARTICLE, ADDED, name) for name in new if name not in old]
	if not changes and old != new:
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
