"""Which department and team get a request, and the sentence that says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.utils import cint

from citizen_support import promise
from citizen_support.catalogue.rules import LIVE
from citizen_support.host.teams import find_team_problem
from citizen_support.promise.rules import TARGET_FIELDS, Target
from citizen_support.routing.rules import (
	TIME,
	Decision,
	Facts,
	Match,
	Rule,
	decide,
	match_value,
)
from citizen_support.routing.times import EVERY_DAY, Span, read_seconds
from citizen_support.routing.words import (
	describe_rule as describe,
)
from citizen_support.routing.words import (
	explain_default,
	explain_match,
	find_department,
)

SETTINGS = "Citizen Support Settings"
SERVICE = "Municipal Service"
RULE = "Service Routing Rule"
# What a rule says, but for the values it looks for, which its destination does not hang on.
_RULE_FIELDS = (
	"match_on",
	"question_key",
	"department",
	"team",
	"priority",
	"note",
	"service_area",
	"time_when",
	"time_days",
	"time_from",
	"time_to",
	*TARGET_FIELDS,
)
WINS, TOO_LATE, DOES_NOT_MATCH = "wins", "matches too late", "does not match"


@dataclass(frozen=True)
class Route:
	"""Where a request goes.

	:ivar team: None only if not even the front desk's team can take it; the department stands all the same.
	:ivar reason: one plain sentence for staff.
	:ivar concern: what the manager should mend, if anything.
	:ivar targets: the four target fields that hold: the service's, or those of the rule.
	:ivar position: number of the rule that decided, 1 = first; None if none did.
	"""

	department: str
	team: str | None
	priority: str
	reason: str
	concern: str | None = None
	targets: Mapping = field(default_factory=dict, hash=False)
	position: int | None = None


@dataclass(frozen=True)
class Verdict:
	"""What became of one rule for one request.

	:ivar sentence: the rule in words.
	:ivar value: what made it apply; None if it does not.
	:ivar state: "wins", "matches too late" or "does not match".
	"""

	position: int
	sentence: str
	value: str | None
	state: str


def route(service: Mapping, facts: Facts) -> Route:
	"""Decide where a request for `service` goes.

	The first rule that applies, else the service's own department; a team that cannot take it makes it fall to
	the front desk.
	"""
	decision = decide(
		read_rules(service["rules"]), facts, service["department"], get_front_desk(), _get_team, _find_problem
	)
	match = decision.match
	return Route(
		department=decision.department or "",
		team=decision.team,
		priority=(match.rule.priority if match else None) or service["priority"] or "Medium",
		reason=_explain(service, decision, facts),
		concern=" ".join(filter(None, (decision.problem, decision.front_desk_problem))) or None,
		targets=get_targets(service, match.rule if match else None),
		position=match.position if match else None,
	)


def explain(service: Mapping, facts: Facts) -> list[Verdict]:
	"""What each rule makes of a request, in order: the first that applies wins, later ones come too late."""
	verdicts: list[Verdict] = []
	has_won = False
	for position, rule in enumerate(read_rules(service["rules"]), start=1):
		value = match_value(rule, facts)
		state = DOES_NOT_MATCH if value is None else TOO_LATE if has_won else WINS
		has_won = has_won or state == WINS
		verdicts.append(Verdict(position, describe(service, rule), value, state))
	return verdicts


def describe_rule(service: Mapping, rule: Rule | Mapping) -> str:
	"""A rule as one sentence for staff.

	:param rule: a rule, or its row in the service's dict.
	"""
	return describe(service, rule if isinstance(rule, Rule) else read_rule(rule))


def get_targets(service: Mapping, rule: Rule | None = None) -> dict:
	"""The four target fields that hold for a request: the rule's where it has its own, else the service's."""
	targets = {name: service[name] for name in TARGET_FIELDS}
	if rule and rule.response:
		targets |= {"response_target": rule.response.amount, "response_unit": rule.response.unit}
	if rule and rule.resolution:
		targets |= {"resolution_target": rule.resolution.amount, "resolution_unit": rule.resolution.unit}
	return targets


def list_destinations(service: Mapping) -> list[tuple[int | None, str, dict]]:
	"""Everywhere a request for the service may go with which targets: rule number (None: no rule), department, targets."""
	places: list[tuple[int | None, str, dict]] = []
	if service["department"]:
		places.append((None, service["department"], get_targets(service, None)))
	for position, rule in enumerate(read_rules(service["rules"]), start=1):
		if department := rule.department or service["department"]:
			places.append((position, department, get_targets(service, rule)))
	return places


def ensure_agreements(service: Mapping, department: str | None = None) -> None:
	"""Helpdesk has the agreements of a service before the first request asks for one.

	:param department: only those that are counted with this department's hours.
	"""
	for _position, code, targets in list_destinations(service):
		if department in (None, code) and not promise.find_service_problem(targets, code):
			promise.ensure_agreement(targets, code)


def list_services_for(department: str) -> list[dict]:
	"""Services residents can use that may send requests to a department, with what `list_destinations` looks at."""
	sent = frappe.get_all(
		RULE, {"department": department, "parenttype": SERVICE}, pluck="parent", distinct=True
	)
	services = frappe.get_all(
		SERVICE,
		filters={"status": ("in", LIVE)},
		or_filters={"department": department, "name": ("in", sent)},
		fields=["name", "department", *TARGET_FIELDS],
		limit_page_length=0,
	)
	rows = frappe.get_all(
		RULE,
		{"parent": ("in", [service.name for service in services])},
		["parent", *_RULE_FIELDS],
		order_by="idx",
		limit_page_length=0,
	)
	return [
		{**service, "rules": [{**row, "values": ()} for row in rows if row.parent == service.name]}
		for service in services
	]


def read_rules(rows: Sequence[Mapping]) -> list[Rule]:
	"""Routing rules of a service as the rules module wants them."""
	return [read_rule(row) for row in rows]


def read_rule(row: Mapping) -> Rule:
	"""One routing rule of a service's dict."""
	return Rule(
		match_on=row["match_on"] or "",
		values=tuple(row["values"]),
		department=row["department"],
		question_key=row["question_key"],
		team=row["team"],
		priority=row["priority"],
		note=row["note"],
		service_area=row["service_area"],
		span=_read_span(row) if row["match_on"] == TIME else None,
		response=_read_target(row, "response"),
		resolution=_read_target(row, "resolution"),
	)


def get_front_desk() -> str | None:
	"""The department that gets what has nowhere else to go."""
	return frappe.get_cached_doc(SETTINGS).front_desk_department


def _read_span(row: Mapping) -> Span:
	return Span(
		row["time_when"] or "",
		row["time_days"] or EVERY_DAY,
		read_seconds(row["time_from"]),
		read_seconds(row["time_to"]),
	)


def _read_target(row: Mapping, name: str) -> Target | None:
	amount = cint(row[f"{name}_target"])
	return Target(amount, row[f"{name}_unit"]) if amount > 0 else None


def _get_team(department: str | None) -> str | None:
	doc = find_department(department)
	return doc.team if doc else None


def _find_problem(department: str | None, team: str | None) -> str | None:
	doc = find_department(department)
	if not doc:
		if department:
			return _("The department “{0}” does not exist any more.").format(department)
		return _("No department is chosen.")
	if not doc.enabled:
		return _("{0} takes no requests at present.").format(doc.department_name)
	return find_team_problem(team)


def _explain(service: Mapping, decision: Decision, facts: Facts) -> str:
	match: Match | None = decision.match
	reason = explain_match(service, match, facts) if match else explain_default(service)
	if not decision.problem:
		return reason
	if decision.team:
		return _("{0} But: {1} So the front desk has it.").format(reason, decision.problem)
	problem = " ".join(filter(None, (decision.problem, decision.front_desk_problem)))
	return _("{0} But: {1} It waits without a team.").format(reason, problem)
