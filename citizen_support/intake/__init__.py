"""From any channel to exactly one ticket."""

from citizen_support.intake.filing import file_submission, read_answers, sweep
from citizen_support.intake.keys import hash_key, make_key, make_reply_key
from citizen_support.intake.messages import explain
from citizen_support.intake.rules import Answer, Problem, check_answers, check_contact
from citizen_support.intake.service import (
	Incoming,
	find_submission,
	has_files,
	is_recent,
	receive,
)

__all__ = [
	"Answer",
	"Incoming",
	"Problem",
	"check_answers",
	"check_contact",
	"explain",
	"file_submission",
	"find_submission",
	"has_files",
	"hash_key",
	"is_recent",
	"make_key",
	"make_reply_key",
	"read_answers",
	"receive",
	"sweep",
]
