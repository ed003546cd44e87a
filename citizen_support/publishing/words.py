"""Versions and what changed in them, in words for the team."""

from collections.abc import Callable, Mapping, Sequence

import frappe
from frappe import _
from frappe.utils import cint, flt, strip_html

from citizen_support import languages, promise, routing
from citizen_support.catalogue import read_service
from citizen_support.host.locale import write_number
from citizen_support.promise.rules import Target
from citizen_support.publishing import changes as found
from citizen_support.publishing.changes import Change
from citizen_support.publishing.content import fill_service
from citizen_support.publishing.rules import OWN_WORDS
from citizen_support.transfer.rules import Unreadable

SERVICE = "Municipal Service"
LONGEST_SHOWN = 80
_WRITTEN = frozenset({"Data", "Small Text", "Text", "Text Editor"})
_DOCTYPES = {found.FIELD: SERVICE, found.PILOT: SERVICE, found.QUESTION: "Service Question"}


def name_event(version: Mapping) -> str:
	"""What a version is, as a heading."""
	titles = {
		"Pilot began": _("Pilot began"),
		"Published": _("Published"),
		"Retired": _("Retired"),
		"Back to draft": _("Taken back to draft"),
		"Changed": _("Changed"),
		"Translated": _("Translated"),
		"Taken over": _("In use before versions were kept"),
	}
	if version["what_happened"] == "Went back":
		return _("Went back to version {0}").format(version["went_back_to"])
	return titles.get(version["what_happened"], version["what_happened"])


def describe_changes(changes: Sequence[Change], before: Mapping, after: Mapping) -> list[dict]:
	"""Each change as a `sentence`; for long texts with `before` and `after` to be read below it."""
	sides = _Sides(before, after)
	return [_describe(change, sides) for change in changes]


def describe_goal(goal: Mapping) -> str:
	"""A goal in words, for example "Answered on time: at least 90 %"."""
	if goal.get("measure") == OWN_WORDS:
		return goal.get("words") or ""
	sentence = _("{0}: at most {1}") if goal.get("comparison") == "At most" else _("{0}: at least {1}")
	measure = goal.get("measure") or ""
	return sentence.format(_(measure), describe_value(measure, flt(goal.get("target"))))


def describe_value(measure: str, value: float | None) -> str:
	"""A figure of the pilot report with its unit."""
	if value is None:
		return _("nothing to say yet")
	number = write_number(value, 1)
	return {
		"Answered on time": _("{0} %"),
		"Done on time": _("{0} %"),
		"Sent back to the resident": _("{0} %"),
		"Feedback": _("{0} of 5 stars"),
		"Hours to the first answer": _("{0} hours"),
		"Handling time (hours)": _("{0} hours"),
	}.get(measure, "{0}").format(number)


def read_as_service(content: Mapping) -> dict:
	"""The content of a version as the dict of a service.

	:raises Unreadable: if the version holds what no service may have any more.
	"""
	return read_service(fill_service(content))


class _Sides:
	"""The service before and after, for words that need the whole of it; each is read only if something asks."""

	def __init__(self, before: Mapping, after: Mapping) -> None:
		self._contents = {"before": before, "after": after}
		self._services: dict[str, dict | None] = {}

	def describe_rule(self, side: str, row: Mapping) -> str:
		"""A rule in the service it stood in."""
		service = self._read(side)
		if not service:
			return _("(made by an older release and cannot be shown)")
		rows = self._contents[side].get(found.RULES) or []
		return routing.describe_rule(service, service["rules"][rows.index(row)])

	def name_text(self, path: str) -> str:
		"""What to call the text at a path; the path itself where no side has it any more."""
		for side in ("after", "before"):
			labels = languages.name_texts(self._read(side)) if self._read(side) else {}
			if path in labels:
				return labels[path]
		return path

	def _read(self, side: str) -> dict | None:
		"""None for a version that holds what no service may have any more."""
		if side not in self._services:
			try:
				self._services[side] = read_as_service(self._contents[side])
			except Unreadable:
				self._services[side] = None
		return self._services[side]


def _describe(change: Change, sides: _Sides) -> dict:
	if change.kind == found.TRANSLATION:
		return _describe_translation(change, sides)
	describers: dict[str, Callable[[], str]] = {
		found.QUESTION: lambda: _describe_question(change),
		found.RULE: lambda: _describe_rule(change, sides),
		found.ARTICLE: lambda: _describe_article(change),
		found.GOAL: lambda: _describe_goal(change),
		found.MANY_TRANSLATIONS: lambda: _describe_translations(change),
	}
	describer = describers.get(change.kind)
	sentence = describer() if describer else ""
	if sentence:
		return {"sentence": sentence}
	return _describe_value(change)


def _describe_value(change: Change) -> dict:
	"""A field that was one thing and is another."""
	label = _label(change)
	before, after = (_show(change, value) for value in (change.before, change.after))
	if max(len(before), len(after)) > LONGEST_SHOWN or "\n" in before + after:
		sentence = _("“{0}” was reworded.").format(label)
		if change.kind == found.QUESTION:
			sentence = _("Question “{0}”: “{1}” was reworded.").format(change.name, label)
		return {"sentence": sentence, "before": before, "after": after}
	if change.kind == found.QUESTION:
		sentence = _("Question “{0}”: “{1}” changed from {2} to {3}.").format(
			change.name, label, before, after
		)
		return {"sentence": sentence}
	return {"sentence": _("“{0}” changed from {1} to {2}.").format(label, before, after)}


def _describe_question(change: Change) -> str:
	sentences = {
		found.ADDED: _("New question: “{0}”."),
		found.REMOVED: _("The question “{0}” was taken away."),
		found.MOVED: _("The questions stand in another order."),
	}
	if change.what in sentences:
		return sentences[change.what].format(change.name)
	if change.field == "label":
		return _("The question “{0}” now reads “{1}”.").format(change.before or "", change.after or "")
	return ""


def _describe_rule(change: Change, sides: _Sides) -> str:
	if change.what == found.ADDED:
		return _("New rule {0}: {1}").format(change.name, sides.describe_rule("after", change.after))
	if change.what == found.REMOVED:
		return _("Rule {0} was taken away: {1}").format(
			change.name, sides.describe_rule("before", change.before)
		)
	if change.what == found.MOVED:
		return _("The rules stand in another order.")
	return _("Rule {0} was: {1} Now: {2}").format(
		change.name, sides.describe_rule("before", change.before), sides.describe_rule("after", change.after)
	)


def _describe_translation(change: Change, sides: _Sides) -> dict:
	sentence = {
		found.ADDED: _("{0}: “{1}” is now translated."),
		found.REMOVED: _("{0}: “{1}” is no longer translated."),
	}.get(change.what, _("{0}: the translation of “{1}” was changed."))
	before, after = (_quote("Text Editor", str(text or "")) for text in (change.before, change.after))
	label = sides.name_text(change.field)
	return {
		"sentence": sentence.format(languages.name_language(change.name), label),
		"before": before,
		"after": after,
	}


def _describe_translations(change: Change) -> str:
	return {
		found.ADDED: _("{0}: {1} texts are now translated."),
		found.REMOVED: _("{0}: {1} texts are no longer translated."),
	}.get(change.what, _("{0}: {1} translations were changed.")).format(
		languages.name_language(change.name), change.after
	)


def _describe_article(change: Change) -> str:
	return {
		found.ADDED: _("New help article above the form: “{0}”."),
		found.REMOVED: _("The help article “{0}” was taken away."),
	}.get(change.what, _("The help articles stand in another order.")).format(change.name)


def _describe_goal(change: Change) -> str:
	if change.what == found.MOVED:
		return _("The goals of the pilot stand in another order.")
	before, after = (describe_goal(row) if row else "" for row in (change.before, change.after))
	return {
		found.ADDED: _("New goal of the pilot: {1}."),
		found.REMOVED: _("A goal of the pilot was taken away: {0}."),
	}.get(change.what, _("A goal of the pilot was: {0}. Now: {1}.")).format(before, after)


def _label(change: Change) -> str:
	field = frappe.get_meta(_DOCTYPES[change.kind]).get_field(change.field)
	return _(field.label) if field and field.label else change.field


def _show(change: Change, value: object) -> str:
	"""A value as people read it; what is not named in a content has its field's default."""
	if change.field in found.PAIRS:
		return _show_target(change, value)
	field = frappe.get_meta(_DOCTYPES[change.kind]).get_field(change.field)
	if value is None and field:
		value = field.default
	if field and field.fieldtype == "Check":
		return _("on") if value is True or cint(value) else _("off")
	if isinstance(value, (list, tuple)):
		return ", ".join(map(str, value)) or _("empty")
	if field and field.fieldtype == "Link" and value:
		return _find_title(field.options, str(value))
	return _quote(field.fieldtype if field else "", str(value or ""))


def _quote(fieldtype: str, text: str) -> str:
	"""Words somebody wrote stand in quotes; what was chosen does not."""
	if fieldtype == "Text Editor":
		text = strip_html(text).strip()
	if not text:
		return _("empty")
	if fieldtype == "Select":
		return _(text)
	return _("“{0}”").format(text) if fieldtype in _WRITTEN and len(text) <= LONGEST_SHOWN else text


def _show_target(change: Change, value: object) -> str:
	if not value:
		return _("not promised")
	amount, unit = value
	return promise.describe_target(Target(cint(amount), unit or _get_default(found.PAIRS[change.field])))


def _get_default(fieldname: str) -> str:
	return frappe.get_meta(SERVICE).get_field(fieldname).default or ""


def _find_title(doctype: str, name: str) -> str:
	title_field = frappe.get_meta(doctype).get_title_field()
	return frappe.db.get_value(doctype, name, title_field, cache=True) or name
