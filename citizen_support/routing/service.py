"""Which department and team get a request, and the sentence that says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import frappe
from frappe import _

from citizen_support.host.teams import find_team_problem
from citizen_support.routing.rules import ANSWER, AREA, POSTCODE, Facts, Match, Rule, find_match

SETTINGS = "Citizen Support Settings"


@dataclass(frozen=True)
class Route:
	"""Where a request goes.

	:ivar team: None only if not even the front desk's team can take it; the department stands all the same.
	:ivar reason: one plain sentence for staff.
	:ivar concern: what the manager should mend, if anything.
	"""

	department: str
	team: str | None
	priority: str
	reason: str
	concern: str | None = None


def route(service: Mapping, facts: Facts) -> Route:
	"""Decide where a request for `service` goes.

	The first rule that applies, else the service's own department; a team that cannot take it makes it fall to
	the front desk.
	"""
	match = find_match(read_rules(service["rules"]), facts)
	department = match.rule.department if match else service["department"]
	team = (match.rule.team if match else None) or _get_department(department).team
	priority = (match.rule.priority if match else None) or service["priority"] or "Medium"
	reason = _explain(match, facts, service) if match else _explain_default(service, department)
	problem = _find_problem(department, team)
	if not problem:
		return Route(department, team, priority, reason)
	return _fall_to_front_desk(department, priority, reason, problem)


def read_rules(rows: Sequence[Mapping]) -> list[Rule]:
	"""Routing rules of a service as the rules module wants them."""
	return [
		Rule(
			match_on=row["match_on"],
			values=tuple(row["values"]),
			department=row["department"],
			question_key=row["question_key"],
			team=row["team"],
			priority=row["priority"],
			note=row["note"],
		)
		for row in rows
	]


def get_front_desk() -> str | None:
	"""The department that gets what has nowhere else to go."""
	return frappe.get_cached_doc(SETTINGS).front_desk_department


def _find_problem(department: str, team: str | None) -> str | None:
	doc = _get_department(department)
	if not doc.enabled:
		return _("{0} takes no requests at present.").format(doc.department_name)
	return find_team_problem(team)


def _fall_to_front_desk(department: str, priority: str, reason: str, problem: str) -> Route:
	front_desk = get_front_desk()
	if front_desk and front_desk != department:
		team = _get_department(front_desk).team
		front_desk_problem = _find_problem(front_desk, team)
		if not front_desk_problem:
			told = _("{0} But: {1} So the front desk has it.").format(reason, problem)
			return Route(front_desk, team, priority, told, problem)
		problem = f"{problem} {front_desk_problem}"
	told = _("{0} But: {1} It waits without a team.").format(reason, problem)
	return Route(department, None, priority, told, problem)


def _explain(match: Match, facts: Facts, service: Mapping) -> str:
	department = _get_department(match.rule.department).department_name
	because = {
		ANSWER: _("the answer to “{0}” is “{1}”").format(
			_find_label(service, match.rule.question_key), match.value
		),
		POSTCODE: _("the place has the postcode {0}").format(match.value),
		AREA: _("the place is in {0}").format(match.value),
	}.get(match.rule.match_on, _("it came by {0}").format(facts.channel))
	sentence = _("It went to {0} because {1} (rule {2} of “{3}”).").format(
		department, because, match.position, service["title"]
	)
	return f"{sentence} {match.rule.note}" if match.rule.note else sentence


def _explain_default(service: Mapping, department: str) -> str:
	name = _get_department(department).department_name
	if not service["rules"]:
		return _("It went to {0}, which answers “{1}”.").format(name, service["title"])
	return _("It went to {0}, which answers “{1}”; no rule asked for another.").format(name, service["title"])


def _find_label(service: Mapping, key: str | None) -> str:
	return next((question.label for question in service["questions"] if question.key == key), key or "")


def _get_department(code: str) -> object:
	return frappe.get_cached_doc("Municipal Department", code)
