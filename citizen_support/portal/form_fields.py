"""The fields a form page shows, with what was typed and what is wrong with it."""

from collections.abc import Mapping, Sequence

from frappe import _
from frappe.utils import getdate, nowdate

from citizen_support.catalogue import rules as catalogue
from citizen_support.catalogue.rules import Question
from citizen_support.host.locale import join_or
from citizen_support.intake import held
from citizen_support.intake.rules import LENGTHS, NAME_LENGTH, NOT_ASKED, REQUIRED, SHORT_LENGTH
from citizen_support.portal.site import make_phone_link
from citizen_support.portal.uploads import get_file_limits
from citizen_support.portal.views import describe_size

_TYPES = {
	catalogue.SHORT_TEXT: "short_text",
	catalogue.LONG_TEXT: "long_text",
	catalogue.CHOICE: "choice",
	catalogue.MULTIPLE_CHOICE: "multiple_choice",
	catalogue.YES_OR_NO: "yes_no",
	catalogue.NUMBER: "number",
	catalogue.DATE: "date",
	catalogue.EMAIL: "email",
	catalogue.PHONE: "phone",
	catalogue.PLACE: "place",
	catalogue.FILE: "file",
}
_INPUT_MODES = {"number": "decimal", "email": "email", "phone": "tel"}


def make_fields(
	questions: Sequence[Question],
	typed: Mapping[str, Sequence[str]],
	errors: Mapping[str, str],
	form_key: str | None,
) -> list[dict]:
	"""The fields of a form's questions, with what was typed and what is wrong with it."""
	kept = held.list_held(form_key) if form_key else []
	by_key = {question.key: question for question in questions}
	fields = []
	for question in questions:
		field = make_field(question, list(typed.get(question.key, ())), errors.get(question.key), by_key)
		if question.type == catalogue.PLACE:
			field["latitude"] = next(iter(typed.get(f"{question.key}.lat", ())), "")
			field["longitude"] = next(iter(typed.get(f"{question.key}.lon", ())), "")
		if question.type == catalogue.FILE:
			field["files"] = [
				{"id": file.id, "name": file.name, "size_text": describe_size(file.size)}
				for file in kept
				if file.question == question.key
			]
		fields.append(field)
	return fields


def make_field(
	question: Question, values: list[str], error: str | None, others: Mapping[str, Question]
) -> dict:
	"""One field as the template wants it.

	:param others: the form's questions by key, for the one it depends on.
	"""
	kind = _TYPES[question.type]
	low, high = get_bounds(question)
	return {
		**make_blank_field(f"q-{question.key}", f"q.{question.key}", kind, question.label),
		"help": question.help or None,
		"required": question.required,
		"value": values if kind == "multiple_choice" else (values[0] if values else ""),
		"options": [
			{
				"id": f"q-{question.key}-{number}",
				"value": option,
				"label": name_option(question, option),
				"checked": option in values,
			}
			for number, option in enumerate(question.options, start=1)
		],
		"error": error,
		"inputmode": _INPUT_MODES.get(kind),
		"maxlength": LENGTHS.get(question.type, SHORT_LENGTH),
		"min": low,
		"max": high,
		"depends": make_condition(question, others.get(question.show_if or "")),
		"ending": make_ending(question),
		**(get_file_limits() if kind == "file" else {}),
	}


def make_contact_fields(service: Mapping, typed: Mapping[str, str], errors: Mapping[str, str]) -> list[dict]:
	"""Fields for name, e-mail and phone, as far as the service asks for them."""
	kinds = {
		"name": (_("Name"), "short_text", "name", NAME_LENGTH),
		"email": (_("E-mail"), "email", "email", 254),
		"phone": (_("Phone"), "phone", "tel", 40),
	}
	fields = []
	for name, (label, kind, autocomplete, length) in kinds.items():
		ask = service[f"ask_{name}"]
		if ask == NOT_ASKED:
			continue
		fields.append(
			{
				**make_blank_field(f"contact-{name}", f"contact.{name}", kind, label),
				"required": ask == REQUIRED,
				"value": typed.get(name) or "",
				"error": errors.get(name),
				"autocomplete": autocomplete,
				"inputmode": _INPUT_MODES.get(kind),
				"maxlength": length,
			}
		)
	return fields


def make_condition(question: Question, decider: Question | None) -> dict | None:
	"""When the question applies, for the script and in words for those without it."""
	if not question.show_if:
		return None
	answers = [name_option(decider, value) if decider else value for value in question.show_values]
	either = join_or([_("“{0}”").format(answer) for answer in answers])
	label = decider.label if decider else ""
	sentence = _("Only if your answer to “{0}” is {1}").format(label, either)
	return {"name": f"q.{question.show_if}", "values": list(question.show_values), "sentence": sentence}


def name_option(question: Question, option: str) -> str:
	"""What residents read for an answer; yes and no are the app's own words, choices are the city's."""
	return _(option) if question.type == catalogue.YES_OR_NO else question.label_of(option)


def make_ending(question: Question) -> dict | None:
	"""Which answers end the form, and what is said then; the values for the script, the words for everybody."""
	if not question.end_values:
		return None
	return {
		"values": list(question.end_values),
		"message": question.end_message,
		"phone": question.end_phone or None,
		"phone_href": make_phone_link(question.end_phone),
	}


def get_bounds(question: Question) -> tuple[str | None, str | None]:
	"""Smallest and largest value, for the browser."""
	if question.type == catalogue.DATE:
		today = getdate(nowdate())
		bounds = (catalogue.read_bound(bound, today) for bound in (question.minimum, question.maximum))
		low, high = (bound.isoformat() if bound else None for bound in bounds)
		return low, high
	if question.type == catalogue.NUMBER:
		return question.minimum or None, question.maximum or None
	return None, None


def make_blank_field(field_id: str, name: str, kind: str, label: str) -> dict:
	"""A field with everything a template asks of one, and nothing in it."""
	return {
		"id": field_id,
		"name": name,
		"type": kind,
		"label": label,
		"help": None,
		"required": False,
		"value": "",
		"options": [],
		"error": None,
		"autocomplete": None,
		"inputmode": None,
		"maxlength": None,
		"min": None,
		"max": None,
		"depends": None,
		"ending": None,
		"files": [],
		"accept": None,
		"file_note": None,
		"max_files": None,
		"max_file_mb": None,
		"max_total_mb": None,
		"latitude": "",
		"longitude": "",
	}
