"""Whether everything stands that a citizen's request needs, and how to mend what does not."""

from citizen_support.health.rules import ADVICE, AREAS, IT, MANAGER, SERIOUS, Finding
from citizen_support.health.service import examine
from citizen_support.health.words import Explanation, explain, name_area

__all__ = [
	"ADVICE",
	"AREAS",
	"IT",
	"MANAGER",
	"SERIOUS",
	"Explanation",
	"Finding",
	"examine",
	"explain",
	"name_area",
]
