"""A ticket that carries a service: what it needs when it is made, and when staff change it."""

from citizen_support.requests.concerns import tell_managers
from citizen_support.requests.service import (
	assign_changed,
	assign_new,
	became_request,
	clear_inner_fields,
	note_reason,
)

__all__ = [
	"assign_changed",
	"assign_new",
	"became_request",
	"clear_inner_fields",
	"note_reason",
	"tell_managers",
]
