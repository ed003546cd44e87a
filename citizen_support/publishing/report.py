"""What a pilot has shown, against the goals stated beforehand. Counts and means; nothing about anybody."""

from collections.abc import Mapping
from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, get_url, getdate, now_datetime

from citizen_support import languages
from citizen_support.host import pilot_figures
from citizen_support.publishing import pilots, words
from citizen_support.publishing.goals import list_goals
from citizen_support.publishing.life import get_for_manager
from citizen_support.publishing.rules import PILOT, Figures, find_value
from citizen_support.publishing.versions import find_pilot

MEASURES = (
	"Requests",
	"Answered on time",
	"Done on time",
	"Feedback",
	"Sent back to the resident",
	"Replies for each request",
	"Hours to the first answer",
	"Handling time (hours)",
)


def get_pilot(service: str) -> dict:
	"""Links and report of a pilot, for those who may publish it; both links are None where it has no key yet."""
	doc = get_for_manager(service)
	has_key = bool(doc.pilot_key)
	return {
		"link": make_link(doc) if has_key and doc.status == PILOT else None,
		"report_link": make_report_link(doc) if has_key else None,
		"report": make_report(doc) if doc.pilot_starts_on else None,
	}


def make_link(doc: Document) -> str:
	"""The address that lets in to the pilot."""
	return get_url(f"/services/{doc.name}?pilot={_make_seal(doc, pilots.KEY)}")


def make_report_link(doc: Document) -> str:
	"""The address of the report, for people without a login."""
	return get_url(f"/citizen-support/pilots/{doc.name}?key={_make_seal(doc, pilots.REPORT)}")


def _make_seal(doc: Document, purpose: str) -> str:
	return pilots.make_seal({"code": doc.name, "pilot_key": doc.pilot_key}, purpose)


def find_report(code: str, key: str) -> dict | None:
	"""The report that a key opens, for whoever has it; None for a wrong key as for an unknown service."""
	row = frappe.db.get_value("Municipal Service", code, ["name as code", "pilot_key"], as_dict=True)
	if not row or not pilots.is_report_key(row, key):
		return None
	doc = frappe.get_cached_doc("Municipal Service", code)
	return make_report(doc) if doc.pilot_starts_on else None


def make_report(doc: Document) -> dict:
	"""The report of the service's last pilot."""
	pilot = find_pilot(doc.name)
	# A pilot from before versions were kept is known by its day alone.
	since = get_datetime(pilot.began_on or doc.pilot_starts_on)
	ended = None if doc.status == PILOT else pilot.ended_on
	figures = read_figures(doc.name, since, ended)
	return {
		"title": languages.say(doc, "title"),
		"code": doc.name,
		"since": str(getdate(since)),
		"until": str(getdate(ended)) if ended else None,
		"planned_end": str(doc.pilot_ends_on) if doc.pilot_ends_on else None,
		"is_on": doc.status == PILOT,
		"figures": [_show_figure(measure, figures) for measure in MEASURES],
		"goals": list_goals(doc, pilot, figures),
		"made_on": str(now_datetime().replace(microsecond=0)),
	}


def read_figures(service: str, since: datetime, ended: datetime | None = None) -> Figures:
	"""Everything that is measured, in four statements whatever the number of requests."""
	now = now_datetime()
	until = ended or now
	row = pilot_figures.read_requests(service, since, until, now)
	return Figures(
		requests=row.requests,
		answer_due=int(row.answer_due),
		answered_on_time=int(row.answered_on_time),
		end_due=int(row.end_due),
		done_on_time=int(row.done_on_time),
		feedback=_number(row.feedback),
		feedback_count=row.feedback_count,
		sent_back=pilot_figures.count_sent_back(service, since, until),
		replies=pilot_figures.count_replies(service, since, until),
		hours_to_answer=_number(row.hours_to_answer),
		hours_in_hand=pilot_figures.read_hours_in_hand(service, since, until),
	)


def _number(value: object) -> float | None:
	return None if value is None else float(value)


def _show_figure(measure: str, figures: Figures) -> dict:
	return {
		"measure": measure,
		"label": _(measure),
		"value": words.describe_value(measure, find_value(measure, figures)),
		"note": _note(measure, figures),
	}


def _note(measure: str, figures: Figures) -> str:
	"""What exactly is counted, so that nobody reads more into it than it says."""
	notes: Mapping[str, str] = {
		"Requests": _("Received since the pilot began; those merged into another one are left out."),
		"Answered on time": _("{0} of {1} answers that are there or were due.").format(
			figures.answered_on_time, figures.answer_due
		),
		"Done on time": _("{0} of {1} that are done or were due; only requests with a promised end.").format(
			figures.done_on_time, figures.end_due
		),
		"Feedback": _("Mean of {0} ratings by residents.").format(figures.feedback_count),
		"Sent back to the resident": _(
			"{0} requests that staff wrote about and the resident wrote back before they were done."
		).format(figures.sent_back),
		"Replies for each request": _("{0} messages that staff sent to residents.").format(figures.replies),
		"Hours to the first answer": _("Mean from receipt; nights, weekends and holidays are counted in."),
		"Handling time (hours)": _(
			"Mean from being given to a person to the first answer, by the clock. It is not the time somebody worked "
			"on it: nobody measures that."
		),
	}
	return notes[measure]
