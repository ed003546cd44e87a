"""Which department and team get a request, and why."""

from citizen_support.routing.areas import (
	check_area,
	explain_bad_shape,
	find_named_areas,
	find_uses,
	get_area,
	keep_used_area,
)
from citizen_support.routing.checks import RuleProblem, find_rule_problems, tidy_rules
from citizen_support.routing.facts import make_facts
from citizen_support.routing.rules import Facts
from citizen_support.routing.service import (
	Route,
	Verdict,
	describe_rule,
	ensure_agreements,
	explain,
	get_front_desk,
	get_targets,
	list_destinations,
	list_services_for,
	read_rules,
	route,
)

__all__ = [
	"Facts",
	"Route",
	"RuleProblem",
	"Verdict",
	"check_area",
	"describe_rule",
	"ensure_agreements",
	"explain",
	"explain_bad_shape",
	"find_named_areas",
	"find_rule_problems",
	"find_uses",
	"get_area",
	"get_front_desk",
	"get_targets",
	"keep_used_area",
	"list_destinations",
	"list_services_for",
	"make_facts",
	"read_rules",
	"route",
	"tidy_rules",
]
