"""Where a made-up request for a draft would go, what it would be promised, and what its resident would read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, get_fullname, getdate, now_datetime

from citizen_support import intake, languages, promise, routing
from citizen_support.catalogue.rules import FILE, PLACE
from citizen_support.designer import rules
from citizen_support.designer.drafts import Draft, explain_length, read_draft
from citizen_support.designer.preview import (
	View,
	choose_language,
	list_languages,
	make_confirmation_mail,
	make_view,
)
from citizen_support.designer.promised import describe_promise
from citizen_support.designer.visit import as_visitor
from citizen_support.host.teams import find_team_problem, list_pool
from citizen_support.intake.rules import Checked, clean_text, read_coordinate
from citizen_support.routing.rules import CHANNELS, CITIZEN_KINDS, KNOWN, NEW, Facts
from citizen_support.setup import onboarding

SETTINGS = "Citizen Support Settings"
PLACE_LENGTH = 300
MOST_CHARACTERS = 200_000


@dataclass(frozen=True)
class Trial:
	"""A request nobody sent.

	:ivar answers: what is typed, by the question's place in the form: "1" is the first.
	:ivar at: when it arrives, in the site's time zone, naive.
	"""

	answers: Mapping[str, Sequence[str]]
	place: str
	latitude: float | None
	longitude: float | None
	channel: str
	at: datetime
	kinds: frozenset[str]
	language: str


def try_out(text: str, trial_text: str) -> dict:
	"""What would become of a request for the draft that a form sends. Nothing of it is stored.

	:returns: only `findings` while there are any; otherwise what `describe_outcome` says.
	"""
	if too_long := explain_length(text):
		return {"findings": [too_long]}
	draft = read_draft(text, "write")
	if draft.findings:
		return {"findings": draft.findings}
	trial = read_trial(_parse(trial_text))
	checked = check_answers(draft, trial)
	if not checked.problems:
		onboarding.note_trial()
	if checked.ending:
		return {"findings": [], "problems": [], "ending": describe_ending(draft, checked)}
	return {"findings": [], "ending": None, **describe_outcome(draft, trial, checked)}


def read_trial(values: object) -> Trial:
	"""A trial as the form sends it; what makes no sense counts as not given."""
	values = values if isinstance(values, dict) else {}
	answers = values.get("answers") if isinstance(values.get("answers"), dict) else {}
	channel, kind = values.get("channel"), values.get("kind")
	return Trial(
		answers={key: _read_texts(value) for key, value in list(answers.items())[:200]},
		place=clean_text(str(values.get("place") or ""))[:PLACE_LENGTH],
		latitude=read_coordinate(str(values.get("latitude") or ""), 90),
		longitude=read_coordinate(str(values.get("longitude") or ""), 180),
		channel=channel if channel in CHANNELS else CHANNELS[0],
		at=_read_moment(values.get("at")),
		kinds=frozenset(
			{kind if kind in CITIZEN_KINDS else CITIZEN_KINDS[0], KNOWN if cint(values.get("known")) else NEW}
		),
		language=choose_language(str(values.get("language") or "")),
	)


def check_answers(draft: Draft, trial: Trial) -> Checked:
	"""The typed answers, checked as the portal checks them; a photo counts as given."""
	typed = {
		row.question_key: trial.answers.get(str(number), ())
		for number, row in enumerate(draft.doc.questions, start=1)
	}
	files = {question.key: 1 for question in draft.service["questions"] if question.type == FILE}
	region = frappe.get_cached_doc(SETTINGS).holiday_country
	return intake.check_answers(draft.service["questions"], typed, files, getdate(trial.at), region)


def make_facts(service: Mapping, checked: Checked, trial: Trial) -> Facts:
	"""What routing looks at: the answers, and the place, moment, channel and resident that were chosen."""
	answers = list(checked.answers)
	if trial.place or trial.latitude is not None:
		places = (trial.place,) if trial.place else ()
		answers.append(
			intake.Answer("", "", PLACE, places, latitude=trial.latitude, longitude=trial.longitude)
		)
	return routing.make_facts(service, answers, trial.channel, trial.at, kinds=trial.kinds)


def describe_ending(draft: Draft, checked: Checked) -> dict:
	"""What ends the form instead of sending it."""
	question = checked.ending
	return {"question": question.label, "message": question.end_message, "phone": question.end_phone}


def describe_outcome(draft: Draft, trial: Trial, checked: Checked) -> dict:
	"""Department, team and its members, the rules in order, priority, promise and the first message."""
	service = draft.service
	facts = make_facts(service, checked, trial)
	route = routing.route(service, facts)
	return {
		"problems": list_problems(service, checked),
		"department": frappe.get_cached_value("Municipal Department", route.department, "department_name"),
		"team": route.team,
		"pool": describe_pool(route.team),
		"priority": route.priority,
		"reason": route.reason,
		"concern": route.concern,
		"rules": [vars(verdict) for verdict in routing.explain(service, facts)],
		"has_default": route.position is None,
		"languages": list_languages(),
		**describe_words(draft, route, trial),
	}


def list_problems(service: Mapping, checked: Checked) -> list[str]:
	"""What the form would ask again, a sentence for each question."""
	labels = {question.key: question.label for question in service["questions"]}
	return [
		_("“{0}”: {1}").format(labels[key], intake.explain(problem))
		for key, problem in checked.problems.items()
	]


def describe_words(draft: Draft, route: routing.Route, trial: Trial) -> dict:
	"""What the resident is promised and reads, in the language of the trial."""
	service = {**draft.service, **route.targets, "department": route.department}
	problem = promise.find_service_problem(service, route.department)
	promised = None if problem else promise.make_promise(service, route.department, trial.at)
	with as_visitor("/services/preview", trial.language):
		view = View(make_view(replace(draft, service=service)).service, promised)
		mail = make_confirmation_mail(view)
		words = describe_promise(languages.localise(view.service), route.department, promised, trial.at)
	return {
		"promise": words,
		"promise_problem": problem,
		"mail": {"subject": mail["subject"], "text": mail["text"]},
	}


def describe_pool(team: str | None) -> dict:
	"""Who of the team gets it: the names in turn, and how the next one is chosen, in a sentence."""
	if problem := find_team_problem(team):
		return {"members": [], "sentence": problem}
	users, last, takes_turns = list_pool(team)
	members = [get_fullname(user) for user in (rules.turn(users, last) if takes_turns else users)]
	if takes_turns:
		sentence = _("They get requests in turn, {0} the next one.").format(members[0]) if members else ""
	else:
		sentence = _("Whoever has the fewest open requests gets the next one.")
	return {"members": members, "sentence": sentence}


def _parse(text: str) -> object:
	try:
		return json.loads(text[:MOST_CHARACTERS])
	except (ValueError, RecursionError):
		return None


def _read_texts(value: object) -> list[str]:
	values = value if isinstance(value, list) else [value]
	return [str(text)[:20_000] for text in values[:60] if text not in (None, "")]


def _read_moment(value: object) -> datetime:
	now = now_datetime()
	try:
		moment = get_datetime(str(value)) if value else now
	except ValueError:
		moment = now
	return (moment or now).replace(microsecond=0, tzinfo=None)
