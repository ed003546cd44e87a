"""Reading a submitted form, and the fields a form page shows."""

import os
import re
import time
from collections.abc import Mapping, Sequence
from typing import IO

import frappe
from frappe import _
from frappe.utils import cint, getdate, nowdate

from citizen_support import intake, limits
from citizen_support.catalogue import rules as catalogue
from citizen_support.catalogue.rules import Question
from citizen_support.host.errors import log_failure
from citizen_support.host.locale import join_or
from citizen_support.host.site_secret import get_secret
from citizen_support.intake import held
from citizen_support.intake.files import ACCEPT, CleanFile, clean_file
from citizen_support.intake.rules import LENGTHS, NAME_LENGTH, NOT_ASKED, REQUIRED, SHORT_LENGTH
from citizen_support.limits.rules import HOUR, RANDOM_BYTES, read_form_key_time
from citizen_support.limits.rules import make_form_key as make_stamped_key
from citizen_support.portal.site import make_phone_link
from citizen_support.portal.views import describe_size, describe_wait

SETTINGS = "Citizen Support Settings"
TRAP = "website"
# Stands for the key in a form that nobody has filled in yet; the answer puts a fresh one in its place.
BLANK_KEY = "@@form-key@@"
REQUEST_BYTES = 25 * 1024 * 1024
_FORM_KEY = re.compile(r"^[A-Za-z0-9_-]{20,64}$")
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


def make_form_key() -> str:
	"""The secret that makes one visit's form one request, however often it is sent."""
	return make_stamped_key(get_secret("form"), time.time(), os.urandom(RANDOM_BYTES))


def get_age(form_key: str) -> float | None:
	"""Seconds since the page of a form was made; None if we have not made its key."""
	made_at = read_form_key_time(get_secret("form"), form_key)
	return None if made_at is None else time.time() - made_at


def read_form_key() -> str | None:
	"""The key the form came with, if it is one of ours."""
	key = frappe.local.request.form.get("form_key") or ""
	return key if _FORM_KEY.fullmatch(key) else None


def is_trapped() -> bool:
	"""Whether the field that no person sees was filled in."""
	return bool((frappe.local.request.form.get(TRAP) or "").strip())


def read_answers(questions: Sequence[Question]) -> dict[str, list[str]]:
	"""What was typed, by question key; for places with `.lat` and `.lon`."""
	form = frappe.local.request.form
	typed = {}
	for question in questions:
		for suffix in ("", ".lat", ".lon") if question.type == catalogue.PLACE else ("",):
			typed[question.key + suffix] = form.getlist(f"q.{question.key}{suffix}")
	return typed


def read_contact() -> dict[str, str]:
	"""Typed name, e-mail and phone."""
	form = frappe.local.request.form
	return {name: form.get(f"contact.{name}") or "" for name in ("name", "email", "phone")}


def take_uploads(form_key: str, fields: Mapping[str, str]) -> dict[str, list[intake.Problem]]:
	"""Check what was uploaded and keep the sound files with those kept before; returns problems by question.

	:param fields: form field name by question key.
	"""
	settings = frappe.get_cached_doc(SETTINGS)
	most_bytes = cint(settings.max_file_mb) * 1024 * 1024
	held.drop(form_key, set(frappe.local.request.form.getlist("remove_file")))
	count = len(held.list_held(form_key))
	if problems := refuse_uploads(fields):
		return problems
	for key, field in fields.items():
		for upload in frappe.local.request.files.getlist(field):
			if not upload.filename:
				continue
			if count >= cint(settings.max_files):
				problem = intake.Problem(
					"too many files", (str(cint(settings.max_files)), upload.filename[:100])
				)
				problems.setdefault(key, []).append(problem)
				continue
			outcome = clean_file(upload.filename, upload.stream.read(most_bytes + 1), most_bytes)
			if isinstance(outcome, CleanFile):
				outcome = hold(form_key, key, outcome)
				count += outcome is None
			if outcome and outcome not in problems.get(key, ()):
				problems.setdefault(key, []).append(outcome)
	return problems


def hold(form_key: str, question: str, file: CleanFile) -> intake.Problem | None:
	"""Keep a file for the form; a problem if there is no room for it on the disk."""
	try:
		held.hold(form_key, question, file)
	except OSError:
		log_failure("An uploaded file could not be kept")
		return intake.Problem("no more files now", (describe_wait(HOUR),))
	return None


def refuse_uploads(fields: Mapping[str, str]) -> dict[str, list[intake.Problem]]:
	"""Problems by question if what is uploaded is more than is held for this visitor, or for all of them."""
	files = frappe.local.request.files
	uploads = {
		key: [upload for upload in files.getlist(field) if upload.filename] for key, field in fields.items()
	}
	streams = [upload.stream for several in uploads.values() for upload in several]
	if not streams:
		return {}
	byte_count = sum(map(measure, streams))
	refusal = limits.check_uploads(byte_count, len(streams), held.measure())
	if refusal and refusal.reason == "disk" and held.purge():
		refusal = limits.check_uploads(byte_count, len(streams), held.measure())
	if not refusal:
		return {}
	problem = intake.Problem("no more files now", (describe_wait(refusal.retry_after),))
	return {key: [problem] for key, several in uploads.items() if several}


def measure(stream: IO[bytes]) -> int:
	"""Bytes of an upload; browsers do not say how large each one is."""
	stream.seek(0, os.SEEK_END)
	size = stream.tell()
	stream.seek(0)
	return size


def has_uploads(form_key: str) -> bool:
	"""Whether the form brings files, sound or not, or some are kept from its last try."""
	is_sent = any(upload.filename for _name, upload in frappe.local.request.files.items(multi=True))
	return is_sent or held.has_any(form_key)


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


def get_file_limits() -> dict:
	"""What may be uploaded, for the browser and in words."""
	settings = frappe.get_cached_doc(SETTINGS)
	together = get_megabytes_at_once()
	files, each = cint(settings.max_files), min(cint(settings.max_file_mb), together)
	note = _("Up to {0} files, {1} MB each: photos or PDF").format(files, each)
	if files * each > together:
		note = _("Up to {0} files, {1} MB each and {2} MB together: photos or PDF").format(
			files, each, together
		)
	return {
		"accept": ACCEPT,
		"max_files": files,
		"max_file_mb": each,
		"max_total_mb": together,
		"file_note": note,
	}


def get_megabytes_at_once() -> int:
	"""What Frappe takes in one request (`frappe.app.init_request`), less some room for the answers."""
	return (cint(frappe.conf.get("max_file_size")) or REQUEST_BYTES) * 24 // (25 * 1024 * 1024) or 1


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
