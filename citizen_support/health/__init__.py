"""Whether everything stands that a citizen's request needs, and how to mend what does not."""

from citizen_support.health.messages import explain
from citizen_support.health.rules import ADVICE, SERIOUS, Finding, find_findings
from citizen_support.health.service import examine, read_facts

__all__ = ["ADVICE", "SERIOUS", "Finding", "examine", "explain", "find_findings", "read_facts"]
