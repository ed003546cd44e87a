"""When a resident hears from us, and how sure that is."""

from citizen_support.promise.counting import PromiseCounter, WorkingTime
from citizen_support.promise.service import (
	Promise,
	attach_zone,
	describe_target,
	ensure_agreement,
	find_service_problem,
	forget_counted,
	get_agreement,
	get_calendar,
	get_targets,
	make_promise,
	read_promise,
	start_clock,
)

__all__ = [
	"Promise",
	"PromiseCounter",
	"WorkingTime",
	"attach_zone",
	"describe_target",
	"ensure_agreement",
	"find_service_problem",
	"forget_counted",
	"get_agreement",
	"get_calendar",
	"get_targets",
	"make_promise",
	"read_promise",
	"start_clock",
]
