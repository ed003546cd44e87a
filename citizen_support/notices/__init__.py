"""What the resident is told, when, and in which language."""

from citizen_support.notices.facts import describe_moment, describe_state, get_department_facts
from citizen_support.notices.fresh_links import ask_for_link
from citizen_support.notices.message import Example, describe_event, make_message
from citizen_support.notices.service import confirm, tell_changes

__all__ = [
	"Example",
	"ask_for_link",
	"confirm",
	"describe_event",
	"describe_moment",
	"describe_state",
	"get_department_facts",
	"make_message",
	"tell_changes",
]
