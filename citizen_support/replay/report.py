"""What a replay found, in words and tables for the one who asked. Everything is escaped by the template."""

import json
from collections.abc import Mapping

import frappe
from frappe import _
from frappe.utils import format_date, format_datetime, get_datetime

from citizen_support import promise, routing
from citizen_support.catalogue import read_service
from citizen_support.host.drafts import read_draft
from citizen_support.host.locale import write_number
from citizen_support.host.templates import render
from citizen_support.promise.rules import Target
from citizen_support.replay.rules import ANSWER, END, KEPT, LATE, OPEN, share

DOCTYPE = "Routing Replay"
TEMPLATE = "desk/replay.html"


def show_report(name: str) -> str:
	"""The report of a finished replay as HTML; empty for one that found nothing out."""
	doc = frappe.get_doc(DOCTYPE, name)
	doc.check_permission("read")
	if not doc.result:
		return ""
	service = read_service(read_draft("Municipal Service", doc.draft, "read"))
	return render(TEMPLATE, {"report": make_report(doc, service, json.loads(doc.result))})


def make_report(doc: Mapping, service: Mapping, found: Mapping) -> dict:
	"""Sentences and tables for the template, as plain text."""
	return {
		"head": _("The draft was tried on the requests for “{0}” from {1} to {2}: {3} in all.").format(
			service["title"], format_date(doc.from_date), format_date(doc.to_date), _number(found["requests"])
		),
		"moved": _describe_moved(found),
		"moves": [
			[
				name_department(move["from"]),
				name_department(move["to"]),
				_number(move["count"]),
				_number(move["foreseen"]),
			]
			for move in found["moves"]
		],
		"teams": [
			[name_department(row["department"]), row["from"], row["to"], _number(row["count"])]
			for row in found["teams"]
		],
		"rules": _describe_rules(service, found),
		"no_rule": _number(found["no_rule"]),
		"promises": [
			{"title": _("Answer"), "lines": _describe_change(found[ANSWER])},
			{"title": _("Done"), "lines": _describe_change(found[END])},
		],
		"kept": _describe_kept(found["kept"]),
		"paces": [_describe_pace(pace) for pace in found["paces"]],
		"warnings": _list_warnings(found),
		"samples": [_describe_sample(sample) for sample in found["samples"]],
	}


def name_department(code: str | None) -> str:
	"""The department's name; its code if it is gone."""
	if not code:
		return _("no department")
	return frappe.db.get_value("Municipal Department", code, "department_name", cache=True) or code


def describe_length(shift: Mapping) -> str:
	"""A length of working time as people say it: days from one day on, hours below."""
	if shift["days"] >= 1:
		days = write_number(shift["days"], 1)
		return _("1 working day") if shift["days"] == 1 else _("{0} working days").format(days)
	hours = write_number(shift["hours"], 1)
	return _("1 working hour") if shift["hours"] == 1 else _("{0} working hours").format(hours)


def _describe_moved(found: Mapping) -> list[str]:
	if not found["moved"]:
		return [_("None of them would have gone to another department.")]
	lines = [
		_("{0} of them ({1}) would have gone to another department.").format(
			_number(found["moved"]), _percent(found["moved"] / found["requests"])
		)
	]
	if found["foreseen"]:
		lines.append(
			_("Your colleagues had already moved {0} of these there by hand.").format(
				_number(found["foreseen"])
			)
		)
	return lines


def _describe_rules(service: Mapping, found: Mapping) -> list[dict]:
	rows = []
	for position, rule in enumerate(service["rules"], start=1):
		count = found["rules"].get(str(position), 0)
		hidden = found["hidden"].get(str(position), 0)
		rows.append(
			{
				"position": position,
				"sentence": routing.describe_rule(service, rule),
				"count": _number(count),
				"note": _describe_rule_use(count, hidden),
				"is_idle": not count,
			}
		)
	return rows


def _describe_rule_use(count: int, hidden: int) -> str:
	if count:
		return _("It matches {0} more, which an earlier rule had.").format(_number(hidden)) if hidden else ""
	if hidden:
		return _("Never applied: an earlier rule had all that match ({0}).").format(_number(hidden))
	return _("Never applied: none of these requests matches.")


def _describe_change(change: Mapping) -> list[str]:
	lines = []
	if change["same"]:
		lines.append(_("{0} as before").format(_number(change["same"])))
	for name, text in (
		("sooner", _("{0} sooner: mostly by {1}, at most by {2}")),
		("later", _("{0} later: mostly by {1}, at most by {2}")),
	):
		if change[name]["count"]:
			lengths = (describe_length(change[name]["middle"]), describe_length(change[name]["most"]))
			lines.append(text.format(_number(change[name]["count"]), *lengths))
	if change["new"]:
		lines.append(_("{0} promised that had no date before").format(_number(change["new"])))
	if change["gone"]:
		lines.append(_("{0} without the date they had before").format(_number(change["gone"])))
	return lines or [_("nothing to compare")]


def _describe_kept(kept: Mapping) -> list[list[str]]:
	"""One row for each promise, as it was made and as the draft would make it; rows without any date are left out."""
	labels = {
		f"{ANSWER} as promised": _("Answer, as it was promised"),
		f"{ANSWER} with the draft": _("Answer, as the draft promises"),
		f"{END} as promised": _("Done, as it was promised"),
		f"{END} with the draft": _("Done, as the draft promises"),
	}
	rows = []
	for name, label in labels.items():
		counts = kept.get(name, {})
		if not any(counts.get(state) for state in (KEPT, LATE, OPEN)):
			continue
		part = share(counts)
		rows.append(
			[
				label,
				_number(counts.get(KEPT, 0)),
				_number(counts.get(LATE, 0)),
				_number(counts.get(OPEN, 0)),
				"–" if part is None else _percent(part),
			]
		)
	return rows


def _describe_pace(pace: Mapping) -> str:
	"""What a department would get, and how much of it would be late at its present pace."""
	details = [name_department(pace["department"]), _number(pace["moved"])]
	known = []
	for key in (ANSWER, END):
		target = pace["targets"].get(key)
		if target and pace[key]["share"] is not None:
			known.append(key)
			words = promise.describe_target(Target(target["amount"], target["unit"]))
			details += [_percent(pace[key]["share"]), words, _number(pace[key]["late"])]
	sentence = {
		(): _(
			"{0} would get {1} more. Nothing can be said of its pace: none of its own requests of that time has an end yet."
		),
		(ANSWER,): _(
			"{0} would get {1} more. It answers {2} of its own requests within {3}; at this pace about {4} of the new ones would be answered late."
		),
		(END,): _(
			"{0} would get {1} more. It is done with {2} of its own requests within {3}; at this pace about {4} of the new ones would be done late."
		),
		(ANSWER, END): _(
			"{0} would get {1} more. It answers {2} of its own requests within {3} and is done with {5} of them within {6}; at this pace about {4} of the new ones would be answered late and about {7} done late."
		),
	}[tuple(known)]
	return sentence.format(*details)


def _list_warnings(found: Mapping) -> list[str]:
	lines = [
		_(
			"With the hours of {0} the draft’s promise cannot be counted, so its requests have no dates here."
		).format(name_department(department))
		for department in found["unpromised"]
	]
	return lines + [
		_("Some would fall to the front desk: {0}").format(concern) for concern in found["concerns"]
	]


def _describe_sample(sample: Mapping) -> dict:
	return {
		"reference": sample["reference"],
		"received_at": format_datetime(get_datetime(sample["received_at"])),
		"from": name_department(sample["from"]),
		"to": name_department(sample["to"]),
		"rule": sample["rule"] or "–",
	}


def _number(count: int) -> str:
	return write_number(count)


def _percent(part: float) -> str:
	"""Whole percents; what is not nothing is never called 0 %, what is not all never 100 %."""
	whole = round(part * 100)
	if whole == 0 and part > 0:
		return _("less than 1 %")
	if whole == 100 and part < 1:
		return _("more than 99 %")
	return _("{0} %").format(whole)
