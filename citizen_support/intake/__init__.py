"""From any channel to exactly one ticket."""

from citizen_support.intake.filing import file_submission, read_answers, sweep
from citizen_support.intake.messages import explain
from citizen_support.intake.rules import Problem, check_answers, check_contact
from citizen_support.intake.service import (
	Incoming,
	find_submission,
	get_facts,
	hash_key,
	is_recent,
	is_same,
	receive,
)

__all__ = [
	"Incoming",
	"Problem",
	"check_answers",
	"check_contact",
	"explain",
	"file_submission",
	"find_submission",
	"get_facts",
	"hash_key",
	"is_recent",
	"is_same",
	"read_answers",
	"receive",
	"sweep",
]
