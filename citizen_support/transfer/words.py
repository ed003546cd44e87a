"""What transfer has to say, in sentences for the citizen-support team."""

from collections.abc import Iterable

from frappe import _

from citizen_support.transfer import schema
from citizen_support.transfer.rules import Content, Unreadable, find_changes
from citizen_support.transfer.schema import Field, Kind

_ARROW = " → "
_LONGEST = 60


def name_section(section: str) -> str:
	"""A section of a file, in words."""
	return {
		"city_texts": _("Texts of the city"),
		"departments": _("Departments"),
		"categories": _("Categories"),
		"articles": _("Articles"),
		"areas": _("Service areas"),
		"services": _("Services"),
		"translations": _("Texts in other languages"),
		"notice_templates": _("Message texts"),
	}[section]


def explain(problem: Unreadable) -> str:
	"""What is wrong with a file, with the place: “services → stray-cat → questions → 2: …”."""
	sentences = {
		"alias": _(
			"Line {0} refers to another part of the file (with & or *). Please write it out; such references are refused because they can be built to fill any memory."
		),
		"csv unreadable": _("Line {0} cannot be read as a row of a table."),
		"column unknown": _("The column “{0}” is not known. Known columns: {1}."),
		"columns missing": _("A column is missing that names the records: {0}."),
		"empty": _("There is nothing in this file."),
		"field unknown": _("A field of this name is not known. Please correct or remove it."),
		"key twice": _("“{0}” appears twice. Please remove one of them."),
		"list unknown": _(
			"The columns fit none of the lists. The first line has to name the columns, as in a list that was exported here."
		),
		"key twice in line": _("Line {1}: “{0}” appears twice. Please remove one of them."),
		"namesake missing": _(
			"“{0}” is neither here nor in the file. Please add it to the file, or make it here first."
		),
		"not a catalogue": _(
			"This is not a catalogue file: it has to begin with “format: {0}”. A table (CSV) or an Open311 list of services can be imported, too."
		),
		"not a choice": _("“{0}” cannot be chosen. Possible are: {1}."),
		"not a list": _("A list is expected here."),
		"not a number": _("“{0}” is not a whole number."),
		"not a record": _("A record with named fields is expected here."),
		"not a text": _("A text is expected here."),
		"not a time": _("“{0}” is not a time of day such as 08:30."),
		"not json": _("The file cannot be read as JSON: see line {0}."),
		"not open311": _("There are no Open311 services in it."),
		"not text": _("The file is not text in UTF-8. Please save it as UTF-8 and try again."),
		"not xml": _("The file cannot be read as XML: see line {0}."),
		"not yaml": _(
			"The file cannot be read: see line {0}. Often a line is indented wrongly, or a quote is not closed."
		),
		"not yes or no": _("“{0}” is neither “true” nor “false”."),
		"record missing": _("“{0}” is neither here nor in the file, so there is nothing to translate."),
		"section unknown": _("A part of this name is not known. Known are: {0}."),
		"too deep": _("Line {0} is nested too deeply for a catalogue."),
		"too large": _("The file is larger than {0} MB. Please export fewer things at a time."),
		"too many records": _(
			"{0} records are too many for one file; at most {1} can be imported at a time."
		),
		"value missing": _("A value is needed here."),
		"version unknown": _(
			"The file is of version {0} of the format; this app reads version {1}. Please update the app, or export the file anew."
		),
		"xml with a dtd": _(
			"The file declares a document type (DOCTYPE). Please remove that line; it is refused for safety."
		),
	}
	sentence = sentences[problem.problem].format(*problem.details)
	if problem.problem == "field unknown" and problem.details[0]:
		sentence = _("A field of this name is not known. Did you mean “{0}”?").format(problem.details[0])
	return f"{_ARROW.join(problem.place)}: {sentence}" if problem.place else sentence


def explain_missing(doctype: str, name: str, place: Iterable[str], kept: bool) -> str:
	"""What it means that something a record points at is not on this site.

	:param kept: the record keeps what it had there.
	"""
	team = (
		_("The team “{0}” is not here; the team stays as it is.")
		if kept
		else _(
			"The team “{0}” is not here, so it arrives without a team. Please choose one before the first request."
		)
	)
	needed = _("“{0}” is neither here nor in the file. Please add it to the file, or make it here first.")
	sentence = {
		"HD Team": team,
		"HD Article": _("The article “{0}” is neither here nor in the file, so it is left out."),
		"HD Ticket Type": _("The ticket type “{0}” is not here and is left as it is.")
		if kept
		else _("The ticket type “{0}” is not here, so none is set."),
		"HD Ticket Priority": _("The priority “{0}” is not here and is left as it is.")
		if kept
		else _("The priority “{0}” is not here, so none is set."),
		"HD Service Holiday List": _(
			"The list of holidays “{0}” is not here; the city’s own list counts until you choose one."
		),
		"Language": _("The language “{0}” is not known here. Please switch it on first."),
	}.get(doctype, needed)
	where = _ARROW.join(place)
	return f"{where}: {sentence.format(name)}" if where else sentence.format(name)


def describe_changes(kind: Kind, before: Content, after: Content) -> list[str]:
	"""What changes in a record, a phrase for each field."""
	return [_describe(field, before, after) for field in find_changes(kind.fields, before, after)]


def _describe(field: Field, before: Content, after: Content) -> str:
	label = _(field.label)
	old, new = before.get(field.name, field.default), after.get(field.name, field.default)
	if field.type == schema.ROWS:
		return f"{label}: {_describe_rows(field, old or [], new or [])}"
	if field.type == schema.LIST:
		added = [entry for entry in new or [] if entry not in (old or [])]
		gone = [entry for entry in old or [] if entry not in (new or [])]
		parts = [_("new: {0}").format(", ".join(added))] if added else []
		parts += [_("gone: {0}").format(", ".join(gone))] if gone else []
		return _shorten(f"{label}: {'; '.join(parts) or _('in another order')}", 3 * _LONGEST)
	if field.type == schema.FLAG:
		return f"{label}: {_show_flag(old)}{_ARROW}{_show_flag(new)}"
	if field.type == schema.LINES and max(len(str(old)), len(str(new))) > _LONGEST:
		return _("{0}: reworded").format(label)
	return f"{label}: {_show(old)}{_ARROW}{_show(new)}"


def _describe_rows(field: Field, old: list[Content], new: list[Content]) -> str:
	# Several articles may have one title, so it is no key of theirs, but it is what they are known by.
	key = field.key or ("article" if field.name == "articles" else "")
	first = next((one.name for one in field.rows if one.required), field.rows[0].name)
	shown = next((one.name for one in field.rows if one.name == "label"), key or first)
	before, after = (
		{str(row.get(key) if key else number): row for number, row in enumerate(rows, start=1)}
		for rows in (old, new)
	)
	parts = [
		_("{0} “{1}”").format(word, _shorten(str(row.get(shown) or name), _LONGEST))
		for word, row, name in [
			*((_("new"), row, name) for name, row in after.items() if name not in before),
			*((_("changed"), row, name) for name, row in after.items() if before.get(name, row) != row),
			*((_("gone"), row, name) for name, row in before.items() if name not in after),
		]
	]
	return ", ".join(parts) or _("in another order")


def _show(value: object) -> str:
	return f"“{_shorten(str(value), _LONGEST)}”" if value not in (None, "") else _("nothing")


def _show_flag(value: object) -> str:
	return _("Yes") if value in (True, "1", 1) else _("No")


def _shorten(text: str, length: int) -> str:
	text = " ".join(text.split())
	return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
