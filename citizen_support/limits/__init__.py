"""How much of everything: who may send how often, so that nobody is flooded and nobody is shut out."""

from citizen_support.limits.recipients import may_notify
from citizen_support.limits.rules import Refusal
from citizen_support.limits.service import (
	check_link_request,
	check_reply,
	check_submission,
	check_uploads,
	count_refusal,
	count_unnamed_today,
	get_client,
	get_limits,
	get_refusals_today,
	is_busy,
	is_proof_wanted,
	may_open,
	note_wrong_key,
	take_back_submission,
)

__all__ = [
	"Refusal",
	"check_link_request",
	"check_reply",
	"check_submission",
	"check_uploads",
	"count_refusal",
	"count_unnamed_today",
	"get_client",
	"get_limits",
	"get_refusals_today",
	"is_busy",
	"is_proof_wanted",
	"may_notify",
	"may_open",
	"note_wrong_key",
	"take_back_submission",
]
