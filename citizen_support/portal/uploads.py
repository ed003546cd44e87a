"""Uploads of a form: what may be sent, and taking in what was."""

import os
from collections.abc import Mapping
from typing import IO

import frappe
from frappe import _
from frappe.utils import cint

from citizen_support import intake, limits
from citizen_support.host.errors import log_failure
from citizen_support.intake import held
from citizen_support.intake.files import ACCEPT, CleanFile, clean_file
from citizen_support.limits.rules import HOUR
from citizen_support.portal.views import describe_wait

SETTINGS = "Citizen Support Settings"
REQUEST_BYTES = 25 * 1024 * 1024


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
