"""What the city offers: services, questions, answers, search."""

from citizen_support.catalogue.sanitize import make_safe
from citizen_support.catalogue.search import search, suggest
from citizen_support.catalogue.snapshots import (
	clear_catalogue,
	get_overview,
	get_service,
	read_questions,
	read_service,
)

__all__ = [
	"clear_catalogue",
	"get_overview",
	"get_service",
	"make_safe",
	"read_questions",
	"read_service",
	"search",
	"suggest",
]
