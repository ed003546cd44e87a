"""What a finding is, and how one check after the other is made so that none can break the rest. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

SERIOUS, ADVICE = "Serious", "Advice"
SEVERITIES = (SERIOUS, ADVICE)
# Areas in the order in which they are shown.
CITY, DELIVERY, HELPDESK, SECURITY, SERVER = "city", "delivery", "helpdesk", "security", "server"
AREAS = (CITY, DELIVERY, HELPDESK, SECURITY, SERVER)
# Who can mend something.
MANAGER, IT = "manager", "it"
NOT_CHECKED = "not checked"
SETTINGS = "Citizen Support Settings"


@dataclass(frozen=True)
class Finding:
	"""What is wrong: a short name that never changes, how bad it is, what its sentence needs, where it is mended.

	:ivar doctype: the record, or the list of records, that has to be looked at; None if it is not in the desk.
	"""

	problem: str
	severity: str
	details: tuple[str, ...] = ()
	doctype: str | None = None
	name: str | None = None
	area: str = CITY

	@property
	def identity(self) -> tuple[str, str, str]:
		"""What makes it the same finding tomorrow, whatever has been counted since."""
		return self.problem, self.doctype or "", self.name or ""


Finder = Callable[[Any], Iterable[Finding]]


@dataclass(frozen=True)
class Check:
	"""One thing that is looked at: how its facts are read, and what can be wrong with them.

	:ivar name: in words, for when the check itself fails.
	:ivar needs_database: whether it can be made while the database is away.
	"""

	name: str
	area: str
	read: Callable[[], Any]
	finders: tuple[Finder, ...]
	needs_database: bool = True


def make_check(check: Check) -> list[Finding]:
	"""What one check finds. One that fails is a finding itself: it must never hide what the others find."""
	try:
		facts = check.read()
	except Exception as error:
		return [_make_not_checked(check, error)]
	findings = []
	for find in check.finders:
		try:
			findings += [replace(finding, area=check.area) for finding in find(facts)]
		except Exception as error:
			findings.append(_make_not_checked(check, error))
	return findings


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
	"""The serious first, then by area."""
	return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), AREAS.index(one.area)))


def find_new(findings: Iterable[Finding], known: Iterable[Iterable[str]]) -> list[Finding]:
	"""Serious findings whose identity is not among the known ones."""
	told = {tuple(identity) for identity in known}
	return [one for one in findings if one.severity == SERIOUS and one.identity not in told]


def _make_not_checked(check: Check, error: Exception) -> Finding:
	"""Only the kind of the error is told: its words may quote records."""
	return Finding(NOT_CHECKED, ADVICE, (check.name, type(error).__name__), name=check.name, area=check.area)
