"""What stands against letting residents use a service, as plain findings. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from citizen_support.catalogue.rules import PILOT, find_findings
from citizen_support.publishing.reach import find_dead
from citizen_support.publishing.rules import BY_AREA, BY_SHARE
from citizen_support.publishing.shadows import find_shadows

STOPS, WARNS = "stops", "warns"
QUESTIONS, RULES, GOALS = "questions", "routing_rules", "pilot_goals"
DEPARTMENT, SETTINGS, HOLIDAY_LIST = (
	"Municipal Department",
	"Citizen Support Settings",
	"HD Service Holiday List",
)
HOLIDAY_DAYS = 60
NOT_ASKED = "Not asked"
# Before the problem of a question that also keeps a service from being saved.
QUESTION = "question: "
# What only warns; everything else stops.
_WARNINGS = frozenset(
	{
		"front desk instead",
		"rule department",
		"nobody asked for contact",
		"holidays end",
		"no holidays",
		"texts missing",
		"texts outdated",
		"article not published",
		"pilot without goals",
		"pilot over",
	}
)


@dataclass(frozen=True)
class Place:
	"""A field of another record than the service."""

	doctype: str
	name: str
	fieldname: str


@dataclass(frozen=True)
class Finding:
	"""One thing to mend.

	:ivar problem: its short name, which no translation changes.
	:ivar fieldname: of the service, where it is mended, or where the record stands that is to be mended.
	:ivar row: place in that table, 0 = first; None if it is not about one row.
	:ivar details: what its sentence needs.
	:ivar elsewhere: where it is mended, if not in the service itself.
	"""

	problem: str
	fieldname: str
	row: int | None = None
	details: tuple[str, ...] = ()
	elsewhere: Place | None = None

	@property
	def severity(self) -> str:
		return WARNS if self.problem in _WARNINGS else STOPS


@dataclass(frozen=True)
class Department:
	"""What there is to know of a department.

	:ivar problem: why it or its team cannot take requests, as a sentence.
	:ivar problem_field: its field that mends that.
	:ivar promise_problem: why a promise of the service cannot be counted with its hours, as a sentence.
	:ivar holidays_end: name of its list of holidays and the last day in it.
	:ivar has_holidays: whether any list of holidays counts for it, its own or the city's.
	"""

	name: str
	problem: str | None = None
	promise_problem: str | None = None
	has_contact: bool = True
	holidays_end: tuple[str, date] | None = None
	problem_field: str = "team"
	has_holidays: bool = True


@dataclass(frozen=True)
class Circumstances:
	"""What the service stands among.

	:ivar departments: by code, all the service may send requests to.
	:ivar city_holidays: name of the city's own list of holidays; "" if it has none.
	:ivar front_desk_problem: why the front desk cannot take what the department cannot; "" if it can.
	:ivar rule_faults: why a rule could never work, as a sentence, by the rule's place (0 = first).
	:ivar rule_problems: why the team a rule names cannot take requests, by the rule's place.
	:ivar days_promised: how far the longest promise reaches, in days of an ordinary week.
	:ivar missing_texts, outdated_texts: for each language that lacks some, how many and the first of them.
	:ivar unpublished: titles of articles nobody is shown, by their place.
	"""

	departments: Mapping[str, Department]
	today: date
	front_desk_problem: str = ""
	city_holidays: str = ""
	rule_faults: Mapping[int, str] = field(default_factory=dict)
	rule_problems: Mapping[int, str] = field(default_factory=dict)
	days_promised: float = 0
	missing_texts: Mapping[str, tuple[int, str]] = field(default_factory=dict)
	outdated_texts: Mapping[str, tuple[int, str]] = field(default_factory=dict)
	unpublished: Mapping[int, str] = field(default_factory=dict)


def examine(service: Mapping, around: Circumstances, status: str) -> list[Finding]:
	"""Everything to mend before the service has this status, what stops it first."""
	examiners: tuple[Callable[[Mapping, Circumstances], list[Finding]], ...] = (
		_examine_departments,
		_examine_questions,
		_examine_rules,
		_examine_contact,
		_examine_holidays,
		_examine_texts,
		*((_examine_pilot,) if status == PILOT else ()),
	)
	findings = [finding for examiner in examiners for finding in examiner(service, around)]
	return sorted(findings, key=lambda finding: finding.severity != STOPS)


def _examine_departments(service: Mapping, around: Circumstances) -> list[Finding]:
	code = service["department"] or ""
	own = around.departments.get(code)
	if not own:
		return [Finding("no department", "department")]
	findings = []
	if own.problem:
		problem = "no team" if around.front_desk_problem else "front desk instead"
		where = Place(DEPARTMENT, code, own.problem_field)
		findings.append(Finding(problem, "department", details=(own.name, own.problem), elsewhere=where))
	for code, department in around.departments.items():
		if not department.has_contact:
			where = Place(DEPARTMENT, code, "phone")
			findings.append(
				Finding("no way to reach", "department", details=(department.name,), elsewhere=where)
			)
		if department.promise_problem:
			details = (department.name, department.promise_problem)
			findings.append(Finding("promise", "response_target", details=details))
	return findings


def _examine_questions(service: Mapping, around: Circumstances) -> list[Finding]:
	questions = service["questions"]
	labels = [question.label for question in questions]
	findings = [
		Finding(
			QUESTION + found.problem,
			QUESTIONS,
			labels.index(found.label) if found.label in labels else None,
			(found.label, found.detail),
		)
		for found in find_findings(questions)
	]
	if findings:
		return findings
	keys = [question.key for question in questions]
	return [
		Finding(
			"question never reached" if dead.is_ended else "question never asked",
			QUESTIONS,
			keys.index(dead.key),
			(labels[keys.index(dead.key)], labels[keys.index(dead.because)]),
		)
		for dead in find_dead(questions)
	]


def _examine_rules(service: Mapping, around: Circumstances) -> list[Finding]:
	if around.rule_faults:
		return [
			Finding("rule at fault", RULES, place, (sentence,))
			for place, sentence in around.rule_faults.items()
		]
	findings = []
	for shadow in find_shadows(service["rules"], service["questions"]):
		problem = "rule without requests"
		if shadow.by:
			problem = "rule repeats" if shadow.repeats else "rule never applies"
		numbers = ", ".join(map(str, shadow.by))
		findings.append(Finding(problem, RULES, shadow.position - 1, (str(shadow.position), numbers)))
	for place, rule in enumerate(service["rules"]):
		department = around.departments.get(rule["department"] or service["department"] or "")
		is_own = rule["department"] in (None, "", service["department"])
		# A team that the rule itself names is chosen in the rule.
		of_rule = around.rule_problems.get(place)
		problem = of_rule or (None if is_own or not department else department.problem)
		if department and problem:
			details = (str(place + 1), department.name, problem)
			where = None if of_rule else Place(DEPARTMENT, rule["department"], department.problem_field)
			findings.append(Finding("rule department", RULES, place, details, where))
	return findings


def _examine_contact(service: Mapping, around: Circumstances) -> list[Finding]:
	asks = (service.get("ask_email"), service.get("ask_phone"))
	return [Finding("nobody asked for contact", "ask_email")] if set(asks) == {NOT_ASKED} else []


def _examine_holidays(service: Mapping, around: Circumstances) -> list[Finding]:
	"""Lists that end before the longest promise does, or within two months; and departments for which none counts."""
	needed = around.today + timedelta(days=max(HOLIDAY_DAYS, round(around.days_promised)))
	departments = around.departments.values()
	ends = dict.fromkeys(department.holidays_end for department in departments if department.holidays_end)
	findings = [
		Finding("holidays end", "department", None, (name, last.isoformat()), _find_holidays(name, around))
		for name, last in ends
		if last < needed
	]
	without = next((department.name for department in departments if not department.has_holidays), None)
	if without:
		where = Place(SETTINGS, SETTINGS, "holiday_country")
		findings.append(Finding("no holidays", "department", None, (without,), where))
	return findings


def _find_holidays(name: str, around: Circumstances) -> Place:
	"""Where a list of holidays is filled: the city's by its settings, another one by itself."""
	if name == around.city_holidays:
		return Place(SETTINGS, SETTINGS, "fill_holidays")
	return Place(HOLIDAY_LIST, name, "to_date")


def _examine_texts(service: Mapping, around: Circumstances) -> list[Finding]:
	findings = [
		Finding(problem, "languages_html", details=(language, str(count), first))
		for problem, texts in (
			("texts missing", around.missing_texts),
			("texts outdated", around.outdated_texts),
		)
		for language, (count, first) in texts.items()
	]
	return findings + [
		Finding(
			"article not published",
			"articles",
			place,
			(title,),
			Place("HD Article", str(service["articles"][place]), "status"),
		)
		for place, title in around.unpublished.items()
	]


def _examine_pilot(service: Mapping, around: Circumstances) -> list[Finding]:
	findings = []
	if service.get("pilot_access") == BY_AREA and not service.get("pilot_area"):
		findings.append(Finding("pilot without area", "pilot_area"))
	if service.get("pilot_access") == BY_SHARE and not 1 <= int(service.get("pilot_share") or 0) <= 100:
		findings.append(Finding("pilot share", "pilot_share"))
	if not service.get("pilot_goals"):
		findings.append(Finding("pilot without goals", GOALS))
	ends_on: date | None = service.get("pilot_ends_on")
	if ends_on and ends_on < around.today:
		findings.append(Finding("pilot over", "pilot_ends_on", details=(ends_on.isoformat(),)))
	return findings


def leave_only_new(findings: Sequence[Finding], before: Sequence[Finding]) -> list[Finding]:
	"""The findings that were not there before, wherever their row stood."""
	known = {(finding.problem, finding.details) for finding in before}
	return [finding for finding in findings if (finding.problem, finding.details) not in known]
