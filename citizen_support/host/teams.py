"""Whether a Helpdesk team can take a request."""

from collections.abc import Iterable

import frappe
from frappe import _

# Helpdesk writes the name between two of these into the condition of the team's assignment rule (HDTeam.assign_condition),
# which then cannot be read: nobody is ever assigned, and by now Frappe refuses to save such a team.
FORBIDDEN_IN_NAME = "'"


def find_team_problem(team: str | None) -> str | None:
	"""Why this team cannot take a request, as a sentence for staff, or None if it can.

	A team without members makes saving the ticket fail in Helpdesk 1.26 and later (IndexError in the
	assignment rule), so it must never be set on one.
	"""
	return find_team_problems([team])[team]


def find_team_problems(teams: Iterable[str | None]) -> dict[str | None, str | None]:
	"""As `find_team_problem`, for many teams in one statement: the sentence or None, by team."""
	names = dict.fromkeys(teams)
	states = _read_states([name for name in names if name])
	return {name: _describe_problem(name, states.get(name)) for name in names}


def _describe_problem(team: str | None, row: frappe._dict | None) -> str | None:
	if not team:
		return _("No Helpdesk team is set.")
	if not row:
		return _("The team “{0}” does not exist any more.").format(team)
	if FORBIDDEN_IN_NAME in team:
		return _(
			"The team “{0}” has an apostrophe in its name, which Helpdesk cannot handle. Please rename it."
		).format(team)
	if row.get("disabled"):
		return _("The team “{0}” is switched off.").format(team)
	if not row.has_member:
		return _("The team “{0}” has no members.").format(team)
	if not row.has_working_rule:
		return _(
			"The team “{0}” does not hand out requests to its members (its assignment rule is off)."
		).format(team)
	return None


def list_pool(team: str) -> tuple[list[str], str | None, bool]:
	"""Who gets the team's requests.

	:returns: users in the order of the team's assignment rule, who had the last request, and whether they take turns
		(otherwise whoever has the fewest open ones is next).
	"""
	rule = frappe.db.get_value("HD Team", team, "assignment_rule")
	if not rule:
		return [], None, False
	doc = frappe.get_cached_doc("Assignment Rule", rule)
	users = frappe.get_all(
		"User", {"name": ("in", [row.user for row in doc.users]), "enabled": 1}, pluck="name"
	)
	last = frappe.db.get_value("Assignment Rule", rule, "last_user")
	return [row.user for row in doc.users if row.user in users], last, doc.rule == "Round Robin"


def ensure_team(team: str, members: list[str]) -> None:
	"""Make a team with these users if there is none of that name; an existing one is left alone."""
	if frappe.db.exists("HD Team", team):
		return
	doc = frappe.new_doc("HD Team")
	doc.team_name = team
	for user in members:
		doc.append("users", {"user": user})
	doc.insert(ignore_permissions=True)
	_enable_rule(doc.assignment_rule, members)


def ensure_agent(user: str, full_name: str) -> None:
	"""Make the user an agent of Helpdesk."""
	if not frappe.db.exists("HD Agent", {"user": user}):
		frappe.get_doc({"doctype": "HD Agent", "user": user, "agent_name": full_name}).insert(
			ignore_permissions=True
		)


def _enable_rule(rule: str | None, members: list[str]) -> None:
	"""Before 1.26 a team's rule is made without users and switched off; later versions have done this already."""
	if not rule or _has_working_rule(rule):
		return
	doc = frappe.get_doc("Assignment Rule", rule)
	known = {row.user for row in doc.users}
	for user in members:
		if user not in known:
			doc.append("users", {"user": user})
	doc.disabled = 0
	doc.save(ignore_permissions=True)


def _read_states(teams: list[str]) -> dict[str, frappe._dict]:
	"""What there is to know of teams, in one statement: every request on its way in asks for one."""
	if not teams:
		return {}
	rows = frappe.db.sql(
		"""
		SELECT
			team.*,
			EXISTS (
				SELECT 1 FROM `tabHD Team Member` member JOIN `tabUser` user ON user.name = member.user
				WHERE member.parent = team.name AND member.parenttype = 'HD Team' AND user.enabled = 1
			) AS has_member,
			EXISTS (
				SELECT 1 FROM `tabAssignment Rule` rule JOIN `tabAssignment Rule User` assignee
				ON assignee.parent = rule.name AND assignee.parenttype = 'Assignment Rule'
				WHERE rule.name = team.assignment_rule AND rule.disabled = 0
			) AS has_working_rule
		FROM `tabHD Team` team WHERE team.name IN %s
		""",
		[teams],
		as_dict=True,
	)
	return {row.name: row for row in rows}


def _has_working_rule(rule: str | None) -> bool:
	if not rule or frappe.db.get_value("Assignment Rule", rule, "disabled") != 0:
		return False
	return bool(frappe.db.exists("Assignment Rule User", {"parent": rule, "parenttype": "Assignment Rule"}))
