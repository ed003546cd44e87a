"""When a resident hears from us, and how sure that is."""

from citizen_support.promise.service import (
	Promise,
	attach_zone,
	describe_target,
	ensure_agreement,
	find_service_problem,
	forget_counted,
	get_agreement,
	get_targets,
	make_promise,
	read_promise,
	start_clock,
)

__all__ = [
	"Promise",
	"attach_zone",
	"describe_target",
	"ensure_agreement",
	"find_service_problem",
	"forget_counted",
	"get_agreement",
	"get_targets",
	"make_promise",
	"read_promise",
	"start_clock",
]
