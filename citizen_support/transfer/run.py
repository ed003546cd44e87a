"""Carrying an import out, for real or as a rehearsal: the same steps, so that a dry run cannot tell anything else.

Every record goes through its own controller. A rehearsal is taken back as a whole, and so is an import in which one
record is refused.
"""

import hashlib
import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.model.document import Document

from citizen_support.catalogue import forget_catalogue
from citizen_support.host import articles
from citizen_support.host.rehearsal import Rehearsal, rehearse
from citizen_support.transfer import content, schema
from citizen_support.transfer.batch import Batch, check_batch, put_in_order
from citizen_support.transfer.rules import Content, Unreadable
from citizen_support.transfer.schema import SECTIONS, Kind, get_kinds
from citizen_support.transfer.words import describe_changes, explain, explain_missing

CREATED, CHANGED, UNTOUCHED, KEPT, CONFLICT = (
	"Created",
	"Changed",
	"Untouched",
	"Kept as it is here",
	"Conflict",
)
# Digits of a print that shares a field with another one.
SHORT_DIGEST = 32
# In place of the print of a record that is not here.
ABSENT = "absent"
_SAVE_POINT = "citizen_support_record"
# Of the name by which a record is remembered, in characters.
_LONGEST_NAME = 140
_REFUSALS = (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError)


class _Incomplete(Exception):
	"""A record points in vain at what it cannot be without; its step says so."""


@dataclass
class Step:
	"""What becomes of one record.

	:ivar before: print of what stood here before, or `ABSENT`.
	:ivar digest: print of what stands here now.
	"""

	section: str
	name: str
	title: str
	action: str
	sentences: list[str] = field(default_factory=list)
	before: str = ABSENT
	digest: str = ""


@dataclass
class Outcome:
	"""What became of all of them, and whether it stands."""

	steps: list[Step]
	written: bool

	@property
	def digest(self) -> str:
		"""A short print of what it met here and what it came to, in whatever language that is told."""
		said = [(step.section, step.name, step.action, step.before) for step in self.steps]
		return make_digest(said)[:SHORT_DIGEST]

	def count(self, action: str) -> int:
		"""How many records this became of."""
		return sum(step.action == action for step in self.steps)


def play(
	batch: Batch,
	write: bool,
	overwrite: bool = False,
	tell: Callable[[int, int], None] = lambda done, total: None,
	seen: str | None = None,
) -> Outcome:
	"""Import a batch: all of it, or nothing if there is a conflict or `write` is false.

	:param overwrite: take the file's side where a record was changed here since it was last imported.
	:param tell: called with how many of how many records are done.
	:param seen: the digest of the outcome that was looked at; with another one, nothing is written either.
	:raises Unreadable: if the file names a record twice, or something in it is no record.
	"""
	check_batch(batch)
	steps: list[Step] = []
	total = batch.count()
	with rehearse() as rehearsal:
		for section in SECTIONS:
			for record in put_in_order(section, batch.sections.get(section, [])):
				steps.append(_take(get_kinds()[section], record, batch, overwrite, rehearsal))
				tell(len(steps), total)
		outcome = Outcome(steps, written=False)
		if write and not outcome.count(CONFLICT) and seen in (None, outcome.digest):
			outcome.written = True
			rehearsal.keep()
	forget_catalogue()
	return outcome


def make_digest(record: Mapping | list) -> str:
	"""A short print of a record, to see later whether it was changed."""
	return hashlib.sha256(json.dumps(record, sort_keys=True, default=str).encode()).hexdigest()


def shorten_name(name: str) -> str:
	"""The name by which a record is remembered: itself, or as much of it as fits and a print that no other has."""
	if len(name) <= _LONGEST_NAME:
		return name
	tail = f"…{hashlib.sha256(name.encode()).hexdigest()[:16]}"
	return name[: _LONGEST_NAME - len(tail)] + tail


def _take(kind: Kind, record: Content, batch: Batch, overwrite: bool, rehearsal: Rehearsal) -> Step:
	name = kind.name_of(record)
	step = Step(kind.section, name, str(record.get(kind.title) or name), UNTOUCHED)
	frappe.db.savepoint(_SAVE_POINT)
	frappe.flags.error_message, said = None, len(frappe.local.message_log)
	try:
		_put(kind, record, batch, overwrite, step, rehearsal)
	except _Incomplete:
		_refuse(step)
	except Unreadable as problem:
		_refuse(step, explain(problem.within(kind.section, name)))
	except _REFUSALS as refusal:
		_refuse(step, _read_refusal(refusal, said))
	return step


def _refuse(step: Step, *sentences: str) -> None:
	frappe.db.rollback(save_point=_SAVE_POINT)
	step.action = CONFLICT
	step.sentences.extend(sentences)


def _put(
	kind: Kind, record: Content, batch: Batch, overwrite: bool, step: Step, rehearsal: Rehearsal
) -> None:
	local = find_local(kind, record, batch.by_origin)
	doc = frappe.get_doc(kind.doctype, local) if local else None
	if doc and kind.keys == ("code",):
		step.name = doc.name
	before = content.export_record(doc) if doc else None
	if doc:
		step.before = make_digest(before)
		record = {key: value for key, value in record.items() if key not in batch.only_new}
	elif kind.section == "services" and batch.by_origin:
		record = _find_free_code(record, step)
	applied = content.apply_record(kind.doctype, record, doc, partial=batch.partial)
	if _tell_missing(applied, step):
		raise _Incomplete
	if before is not None and content.export_record(applied.doc) == before:
		step.sentences, step.digest = [], step.before
		return
	if before is not None and not overwrite and _was_changed_here(kind, step.name, before):
		step.action = KEPT
		step.sentences = [_("It was changed here since it was last imported.")]
		return
	_warn_of_namesake(kind, applied.doc, step)
	_save(applied.doc)
	rehearsal.hold(applied.doc)
	_judge(kind, applied.doc, before, step)


def _judge(kind: Kind, doc: Document, before: Content | None, step: Step) -> None:
	"""Say what the saving has come to: its controller may have put a value right that makes no difference then."""
	after = content.export_record(doc)
	step.digest = make_digest(after)
	if after == before:
		frappe.db.rollback(save_point=_SAVE_POINT)
		step.sentences = []
		return
	step.action = CREATED if before is None else CHANGED
	if before is not None:
		step.sentences = [*describe_changes(kind, before, after), *step.sentences]


def find_local(kind: Kind, record: Content, by_origin: bool = False) -> str | None:
	"""The name of this site's record that a record of a file means, if there is one."""
	if kind.is_single:
		return kind.doctype
	if kind.doctype == content.ARTICLE:
		return _find_article(kind, record)
	if kind.doctype == content.TRANSLATION:
		named = (record["reference_doctype"], record["reference_name"], kind.number_of(record))
		reference = content.find_record(*named)
		if not reference:
			return None
		record = {**record, "reference_name": reference}
	if by_origin and kind.section == "services":
		return frappe.db.get_value(kind.doctype, {"origin": record["origin"]})
	if kind.keys == ("code",):
		code = str(record["code"]).strip().lower()
		return frappe.db.exists(kind.doctype, code)
	# Of several templates a file means the one in use, and else the latest.
	order = "enabled desc, creation desc" if kind.doctype == content.NOTICE_TEMPLATE else "creation"
	filters = {key: record[key] for key in kind.keys}
	return next(iter(frappe.get_all(kind.doctype, filters, pluck="name", order_by=order, limit=1)), None)


def _find_article(kind: Kind, record: Content) -> str | None:
	title, category, number = str(record["title"]), str(record.get("category") or ""), kind.number_of(record)
	found = articles.find_article(title, category, number)
	if not found and category and record.get("status") == articles.ARCHIVED:
		# Helpdesk has taken its category off when it was archived.
		category = ""
		found = articles.find_article(title, category, number)
	if not found and number - articles.count_articles(title, category) > 1:
		before = {**record, schema.NUMBER_FIELD: number - 1}
		raise Unreadable("namesake missing", (schema.NUMBER_FIELD,), kind.name_of(before))
	return found


def _find_free_code(record: Content, step: Step) -> Content:
	"""A new service of another city's list under a code that is not taken here."""
	code = str(record["code"])
	number = 2
	while frappe.db.exists(content.SERVICE, code):
		code = f"{str(record['code'])[:56]}-{number}"
		number += 1
	if code != record["code"]:
		step.sentences.append(
			_("There is another service with the code “{0}” here, so this one gets the code “{1}”.").format(
				record["code"], code
			)
		)
		step.name = code
	return {**record, "code": code}


def _tell_missing(applied: content.Applied, step: Step) -> bool:
	"""Say what a record points at in vain; whether it cannot be without."""
	for missing in applied.missing:
		step.sentences.append(
			explain_missing(missing.doctype, missing.name, missing.place, kept=missing.kept)
		)
	return any(missing.is_needed for missing in applied.missing)


def _was_changed_here(kind: Kind, name: str, now: Content) -> bool:
	known = frappe.get_all(
		"Catalogue Import Record",
		filters={"section": kind.section, "record": shorten_name(name), "digest": ("is", "set")},
		fields=["digest"],
		order_by="creation desc, idx desc",
		limit=1,
	)
	return bool(known) and known[0].digest != make_digest(now)


def _warn_of_namesake(kind: Kind, doc: Document, step: Step) -> None:
	if not doc.is_new() or kind.keys != ("code",):
		return
	other = frappe.db.get_value(
		kind.doctype, {kind.title: doc.get(kind.title), "name": ("!=", doc.get("code"))}
	)
	if other:
		step.sentences.append(
			_("“{0}” is here already with the code “{1}”; this makes a second one of that name.").format(
				doc.get(kind.title), other
			)
		)


def _save(doc: Document) -> None:
	if doc.doctype == content.ARTICLE:
		articles.save_article(doc, doc.flags.category_name or "")
	else:
		doc.save()


def _read_refusal(refusal: Exception, said: int) -> str:
	"""The controller's sentences; they were also put up as a message for a form that is not open.

	:param said: how many messages were put up before, for other records.
	"""
	# Frappe says there, and nowhere else, which permission is missing.
	message = None if str(refusal) else frappe.flags.error_message
	if not message and (new := frappe.local.message_log[said:]):
		message = frappe._dict(frappe.parse_json(new[-1])).message
	message = message or str(refusal) or type(refusal).__name__
	lines = message if isinstance(message, list) else [message]
	return "\n".join(html.unescape(frappe.utils.strip_html(str(line))).strip() for line in lines)
