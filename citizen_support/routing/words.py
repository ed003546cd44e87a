"""Routing in words, for staff: a rule, why a request is where it is, and what the rules make of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import frappe
from frappe import _

from citizen_support import promise
from citizen_support.host.locale import join_or
from citizen_support.promise.rules import WEEKDAYS
from citizen_support.routing.areas import get_area
from citizen_support.routing.rules import (
	ANSWER,
	AREA,
	CHANNEL,
	KIND,
	KNOWN,
	NEW,
	POSTCODE,
	SERVICE_AREA,
	TIME,
	Facts,
	Match,
	Rule,
)
from citizen_support.routing.times import AT_TIMES, EVERY_DAY, OUTSIDE, Span, write_seconds

# Stands for what is still to be chosen, while somebody writes a rule.
GAP = "…"


def describe_rule(service: Mapping, rule: Rule) -> str:
	"""The rule as one sentence: "If …, then it goes to …"."""
	consequences = [_("it goes to {0}").format(name_department(rule.department or service["department"]))]
	if rule.team:
		consequences.append(_("team {0}").format(rule.team))
	if rule.priority:
		consequences.append(_("priority {0}").format(_(rule.priority)))
	if rule.response:
		consequences.append(_("answer within {0}").format(promise.describe_target(rule.response)))
	if rule.resolution:
		consequences.append(_("done within {0}").format(promise.describe_target(rule.resolution)))
	return _("If {0}, then {1}.").format(_describe_condition(service, rule), ", ".join(consequences))


def explain_match(service: Mapping, match: Match, facts: Facts) -> str:
	"""Why a rule sent a request where it went."""
	sentence = _("It went to {0} because {1} (rule {2} of “{3}”).").format(
		name_department(match.rule.department or service["department"]),
		_describe_reason(service, match, facts),
		match.position,
		service["title"],
	)
	return f"{sentence} {match.rule.note}" if match.rule.note else sentence


def explain_default(service: Mapping) -> str:
	"""Why a request went to the service's own department."""
	name = name_department(service["department"])
	if not service["rules"]:
		return _("It went to {0}, which answers “{1}”.").format(name, service["title"])
	return _("It went to {0}, which answers “{1}”; no rule asked for another.").format(name, service["title"])


def name_department(code: str | None) -> str:
	"""What a department is called; its code if it is gone."""
	doc = find_department(code)
	return doc.department_name if doc else code or GAP


def find_department(code: str | None) -> object | None:
	"""A department by its code, or None: a draft may not have chosen one yet."""
	if not code:
		return None
	try:
		return frappe.get_cached_doc("Municipal Department", code)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return None


def find_label(service: Mapping, key: str | None) -> str:
	"""The words of a question."""
	return next((question.label for question in service["questions"] if question.key == key), key or GAP)


def name_area(code: str | None) -> str:
	"""What an area is called."""
	area = get_area(code) if code else None
	return area.name if area else code or GAP


def _describe_condition(service: Mapping, rule: Rule) -> str:
	writers = {
		ANSWER: lambda: _("the answer to “{0}” is {1}").format(
			find_label(service, rule.question_key), _join(_quote(rule.values))
		),
		POSTCODE: lambda: _("the postcode of the place is {0}").format(_join(rule.values)),
		AREA: lambda: _("the place is in {0}").format(_join(rule.values)),
		SERVICE_AREA: lambda: _("the place is in the area “{0}”").format(name_area(rule.service_area)),
		TIME: lambda: _describe_span(service, rule.span),
		KIND: lambda: _join([_describe_kind(value) for value in rule.values]),
		CHANNEL: lambda: _("it comes by {0}").format(_join([_(value) for value in rule.values])),
	}
	writer = writers.get(rule.match_on)
	return writer() if writer else GAP


def _describe_span(service: Mapping, span: Span | None) -> str:
	if not span or not span.when:
		return GAP
	if span.when != AT_TIMES:
		sentence = (
			_("it comes outside the opening hours of {0}")
			if span.when == OUTSIDE
			else _("it comes within the opening hours of {0}")
		)
		return sentence.format(name_department(service["department"]))
	if span.is_always:
		return _("it comes at any time")
	days = _describe_days(span.days)
	if span.start is None and span.end is None:
		return _("it comes {0}").format(days)
	start, end = write_seconds(span.start or 0), write_seconds(span.end or 0) if span.end else "24:00"
	if span.is_over_midnight and span.end:
		return _("it comes {0} from {1} to {2} the next morning").format(days, start, end)
	return _("it comes {0} from {1} to {2}").format(days, start, end)


def _describe_days(days: str) -> str:
	if days in WEEKDAYS:
		return _("on a {0}").format(_(days))
	return {
		"Monday to Friday": _("from Monday to Friday"),
		"Saturday and Sunday": _("on a Saturday or Sunday"),
	}.get(days or EVERY_DAY, _("on any day"))


def _describe_kind(value: str) -> str:
	return {
		"person": _("it is from a person"),
		"business": _("it is from a business"),
		"association": _("it is from an association"),
		"authority": _("it is from an authority"),
		NEW.casefold(): _("it is from somebody who has not written before"),
		KNOWN.casefold(): _("it is from somebody who has written before"),
	}.get(value.strip().casefold(), value)


def _describe_reason(service: Mapping, match: Match, facts: Facts) -> str:
	rule = match.rule
	writers = {
		ANSWER: lambda: _("the answer to “{0}” is “{1}”").format(
			find_label(service, rule.question_key), match.value
		),
		POSTCODE: lambda: _("the place has the postcode {0}").format(match.value),
		AREA: lambda: _("the place is in {0}").format(match.value),
		SERVICE_AREA: lambda: _("the place is in the area “{0}”").format(name_area(match.value)),
		TIME: lambda: _describe_moment(service, rule.span, facts.received_at),
		KIND: lambda: _describe_kind(match.value),
	}
	writer = writers.get(rule.match_on)
	return writer() if writer else _("it came by {0}").format(_(facts.channel))


def _describe_moment(service: Mapping, span: Span, moment: datetime | None) -> str:
	if not moment:
		return _describe_span(service, span)
	came = _("it came on {0} at {1}").format(_(WEEKDAYS[moment.weekday()]), moment.strftime("%H:%M"))
	if span.when == AT_TIMES:
		return came
	sentence = (
		_("{0}, outside the opening hours of {1}")
		if span.when == OUTSIDE
		else _("{0}, within the opening hours of {1}")
	)
	return sentence.format(came, name_department(service["department"]))


def _quote(values: Sequence[str]) -> list[str]:
	return [_("“{0}”").format(value) for value in values]


def _join(values: Sequence[str]) -> str:
	"""The values, of which one is enough."""
	return join_or(values) if values else GAP
