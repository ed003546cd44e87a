"""A pilot's goals: how far each is reached, and whether it was really stated beforehand."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, global_date_format

from citizen_support.publishing import words
from citizen_support.publishing.changes import GOALS, PILOT_PART
from citizen_support.publishing.content import read_content
from citizen_support.publishing.rules import (
	OWN_WORDS,
	Figures,
	Goal,
	find_value,
	is_reached,
	make_goal_key,
)
from citizen_support.publishing.versions import Pilot, list_contents_since

History = Sequence[tuple[datetime, Sequence[Mapping]]]


def list_goals(doc: Document, pilot: Pilot, figures: Figures) -> list[dict]:
	"""The goals of the service with what has come of them, and those that were goals when the pilot began.

	:returns: for each its `text`, `note`, `state` with its `label`, the `value` measured so far, and `changed`: a
		sentence if it was not stated like this when the pilot began.
	"""
	now = read_content(doc)[PILOT_PART][GOALS]
	history = read_history(doc.name, pilot, now)
	rows = zip(doc.pilot_goals, now, strict=True)
	goals = [{**judge(row, figures), "changed": describe_origin(goal, history)} for row, goal in rows]
	return goals + list_dropped(now, history)


def read_history(service: str, pilot: Pilot, now: Sequence[Mapping]) -> History:
	"""The goals when the pilot began and in each version after it; empty if nobody knows."""
	if not pilot.number:
		return []
	contents = list_contents_since(service, pilot.number)
	return [(moment, (content.get(PILOT_PART) or {}).get(GOALS) or []) for moment, content in contents]


def describe_origin(goal: Mapping, history: History) -> str:
	"""When a goal was changed into this, or added; empty if the pilot began with it."""
	key = make_goal_key(goal)
	has_it = [(moment, key in map(make_goal_key, goals)) for moment, goals in history]
	if not has_it or has_it[0][1]:
		return ""
	since = next((moment for moment, is_there in has_it if is_there), None)
	if since is None:
		return _("Not like this when the pilot began.")
	return _("Not like this when the pilot began: changed on {0}.").format(global_date_format(since))


def list_dropped(now: Sequence[Mapping], history: History) -> list[dict]:
	"""Goals the pilot began with that are none any more."""
	if not history:
		return []
	kept = {make_goal_key(goal) for goal in now}
	dropped = [goal for goal in history[0][1] if make_goal_key(goal) not in kept]
	return [
		{
			"text": words.describe_goal(goal),
			"note": "",
			"state": "dropped",
			"label": _("Not a goal any more"),
			"value": "",
			"changed": describe_end(goal, history),
		}
		for goal in dropped
	]


def describe_end(goal: Mapping, history: History) -> str:
	"""When a goal the pilot began with was changed or taken out."""
	key = make_goal_key(goal)
	without = [moment for moment, goals in history if key not in map(make_goal_key, goals)]
	if not without:
		return _("A goal when the pilot began; changed since.")
	return _("A goal when the pilot began; changed on {0}.").format(global_date_format(without[0]))


def judge(row: Document, figures: Figures) -> dict:
	"""How far a goal is reached."""
	goal = Goal(row.measure, row.comparison or "", flt(row.target))
	if row.measure == OWN_WORDS:
		state = "reached" if row.reached else "open"
		value = _("ticked on {0}").format(global_date_format(row.reached_on)) if row.reached else ""
	else:
		reached = is_reached(goal, figures)
		state = "open" if reached is None else "reached" if reached else "missed"
		value = words.describe_value(row.measure, find_value(row.measure, figures))
	labels = {"reached": _("Reached"), "missed": _("Not reached so far"), "open": _("Not decided yet")}
	return {
		"text": words.describe_goal(row.as_dict()),
		"note": (row.words or "") if row.measure != OWN_WORDS else "",
		"state": state,
		"label": labels[state],
		"value": value,
	}
