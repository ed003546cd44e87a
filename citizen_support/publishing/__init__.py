"""The life of a service: what stands against publishing it, who a pilot is for, and every version of it."""

from citizen_support.publishing.life import (
	check_save,
	compare_version,
	examine_service,
	get_history,
	go_back,
	make_new_key,
	set_status,
)
from citizen_support.publishing.lint import LintFinding, lint
from citizen_support.publishing.pilots import (
	AREA,
	LINK,
	SEAL_COOKIE,
	VISITOR_COOKIE,
	is_chosen,
	is_in_area,
	is_key,
	make_seal,
	make_visitor,
	may_ask_place,
	may_use,
	read_visitor,
)
from citizen_support.publishing.report import find_report, get_pilot
from citizen_support.publishing.versions import (
	find_targets_at,
	forget_versions,
	keep_first_versions,
	keep_translations,
	keep_version,
	read_service_in,
)

__all__ = [
	"AREA",
	"LINK",
	"SEAL_COOKIE",
	"VISITOR_COOKIE",
	"LintFinding",
	"check_save",
	"compare_version",
	"examine_service",
	"find_report",
	"find_targets_at",
	"forget_versions",
	"get_history",
	"get_pilot",
	"go_back",
	"is_chosen",
	"is_in_area",
	"is_key",
	"keep_first_versions",
	"keep_translations",
	"keep_version",
	"lint",
	"make_new_key",
	"make_seal",
	"make_visitor",
	"may_ask_place",
	"may_use",
	"read_service_in",
	"read_visitor",
	"set_status",
]
