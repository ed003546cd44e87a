"""What the city offers: services, questions, answers, search."""

from citizen_support.catalogue.kept import keep
from citizen_support.catalogue.sanitize import make_safe
from citizen_support.catalogue.search import Index
from citizen_support.catalogue.sentences import explain_question
from citizen_support.catalogue.snapshots import (
	clear_catalogue,
	forget_catalogue,
	get_overview,
	get_pilots,
	get_service,
	read_questions,
	read_service,
	remember,
)

__all__ = [
	"Index",
	"clear_catalogue",
	"explain_question",
	"forget_catalogue",
	"get_overview",
	"get_pilots",
	"get_service",
	"keep",
	"make_safe",
	"read_questions",
	"read_service",
	"remember",
]
