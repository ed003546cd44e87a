"""One service: what it is, and its form."""

from collections.abc import Mapping, Sequence

from werkzeug.wrappers import Response

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from citizen_support import intake, languages, limits, promise
from citizen_support.catalogue import get_service, make_safe
from citizen_support.catalogue.rules import FILE, Question, find_visible
from citizen_support.host.errors import log_failure
from citizen_support.intake import held
from citizen_support.intake.files import CleanFile
from citizen_support.intake.rules import Checked
from citizen_support.languages.rules import get_language
from citizen_support.portal import form_fields, forms, gate, pilots, responses, uploads
from citizen_support.portal.pages import pilot
from citizen_support.portal.pages.catalogue import show_not_found
from citizen_support.portal.pages.request import let_in, let_in_new, send_to
from citizen_support.portal.views import describe_kind, make_department, make_promise

SETTINGS = "Citizen Support Settings"
SENT_COOKIE = "cs_sent"
SENT_SECONDS = 3600
# With more choices than these the template shows a list to choose from (macros/fields.html).
MOST_BOXES = 6


def show_or_submit(code: str) -> Response:
	service = get_service(code)
	query = code.replace("-", " ")[:100]
	if not service:
		return show_not_found(query)
	if pilots.is_pilot(service) and (answer := pilot.stop(service, query)):
		return answer
	if frappe.local.request.method == "POST":
		return submit(service)
	return show(service)


def show(service: Mapping, status: int = 200, form: dict | None = None) -> Response:
	"""The page of a service."""
	service = languages.localise(service)
	form = form or make_form(service, forms.BLANK_KEY, {}, {}, {})
	return responses.page(
		"service",
		make_context(service, form, get_promise(service)),
		title=service["title"],
		status=status,
		description=service["summary"] or "",
		personal=status != 200 or pilots.is_pilot(service),
	)


def make_context(service: Mapping, form: dict, promised: dict | None) -> dict:
	"""What the page's template is given."""
	return {
		"service": make_service(service),
		"dept": make_department(service["department"]),
		"promise": promised,
		"form": form,
	}


def submit(service: Mapping) -> Response:
	"""Take the form in, or show it again with everything that was typed and what is wrong with it."""
	form_key = forms.read_form_key() or forms.make_form_key()
	typed, contact = forms.read_answers(service["questions"]), forms.read_contact()
	if forms.is_trapped():
		limits.count_refusal("trap")
		note = _("One field has to stay empty. Please clear it and send the form again.")
		return show(service, 422, make_form(service, form_key, typed, contact, {}, note))
	words, details, errors = check(service, typed, contact)
	if words.ending:
		return show_ending(service, words, form_key, typed, contact)
	known = find_known(service, form_key, words.answers, details)
	if known and not uploads.has_uploads(form_key):
		return send_to_known(known)
	if not errors and (stop := gate.find_stop(form_key)):
		return show_again(service, stop, form_key, words.answers, typed, contact)
	errors |= check_files(service, form_key, words.answers)
	kept = find_files(service, form_key, words.answers) if known or not errors else []
	contents = [file.content for _key, file in kept] if known else []
	if known and intake.has_files(known, contents):
		held.release(form_key)
		limits.take_back_submission()
		return send_to_known(known)
	if errors:
		limits.take_back_submission()
		return show(service, 422, make_form(service, form_key, typed, contact, errors))
	key = intake.make_key(form_key, service["code"], words.answers, details, contents)
	language = frappe.local.lang or "en"
	reference = intake.receive(intake.Incoming(service, words.answers, details, kept, key, language))
	held.release(form_key)
	return remember_sent(let_in_new(reference), service["code"], form_key)


def show_again(
	service: Mapping,
	stop: gate.Stop,
	form_key: str,
	answers: Sequence[intake.Answer],
	typed: Mapping,
	contact: Mapping,
) -> Response:
	"""The form with everything in it, files as well, and what to do so that it is taken in."""
	if stop.form_key != form_key:
		held.hand_over(form_key, stop.form_key)
	errors = check_files(service, stop.form_key, answers) if stop.keeps_files else {}
	note = gate.explain(stop, make_department(service["department"]))
	form = make_form(service, stop.form_key, typed, contact, errors, note)
	response = show(service, stop.status, {**form, "proof": stop.proof})
	if stop.retry_after:
		response.headers["Retry-After"] = str(stop.retry_after)
	return response


def show_ending(
	service: Mapping, words: Checked, form_key: str, typed: Mapping, contact: Mapping
) -> Response:
	"""What an answer that ends the form leads to: nothing is taken in, everything typed is kept, files as well."""
	check_files(service, form_key, words.answers)
	form = make_form(service, form_key, typed, contact, {})
	field = next(field for field in form["questions"] if field["name"] == f"q.{words.ending.key}")
	form["ending"] = {**field["ending"], "label": field["label"], "href": f"#{get_target(field)}"}
	return show(service, 422, form)


def send_to_known(reference: str) -> Response:
	"""Send whoever sends the same thing again to what it has become."""
	return let_in(reference, sent=True) if intake.is_recent(reference) else send_to(reference)


def find_known(
	service: Mapping, form_key: str, answers: Sequence[intake.Answer], contact: Mapping
) -> str | None:
	"""The request that was sent in with the very same words, by this form or the one this browser sent just before.

	After "back" many browsers fetch the page anew and put the old answers into it, but not the old form's key.
	"""
	just_sent = frappe.local.request.cookies.get(SENT_COOKIE)
	for key in filter(None, (form_key, just_sent)):
		if known := intake.find_submission(intake.make_key(key, service["code"], answers, contact)):
			return known
	return None


def check_files(service: Mapping, form_key: str, answers: Sequence[intake.Answer]) -> dict[str, str]:
	"""Take the uploads, and say what is wrong with them or which are missing, by question."""
	asked = {question.key: question for question in service["questions"] if question.type == FILE}
	if not asked:
		return {}
	found = uploads.take_uploads(form_key, {key: f"q.{key}" for key in asked})
	errors = {key: " ".join(map(intake.explain, problems)) for key, problems in found.items()}
	given = {file.question for file in held.list_held(form_key)}
	for question in find_shown(service, answers):
		if question.key in asked and question.required and question.key not in given:
			errors.setdefault(question.key, intake.explain(intake.Problem("missing file")))
	return errors


def find_files(
	service: Mapping, form_key: str, answers: Sequence[intake.Answer]
) -> list[tuple[str, CleanFile]]:
	"""The files that go with the request: those of questions that were shown."""
	shown = {question.key for question in find_shown(service, answers) if question.type == FILE}
	return held.read_held(form_key, shown) if shown else []


def find_shown(service: Mapping, answers: Sequence[intake.Answer]) -> Sequence[Question]:
	"""The questions that apply, given these answers."""
	return find_visible(service["questions"], {answer.key: answer.values for answer in answers})


def remember_sent(response: Response, code: str, form_key: str) -> Response:
	"""Keep the key of the form with this browser for a while, for this service only."""
	return responses.set_cookie(response, SENT_COOKIE, form_key, f"/services/{code}", SENT_SECONDS)


def check(service: Mapping, typed: Mapping, contact: Mapping) -> tuple:
	"""Answers and contact details that hold, and sentences for what does not, by field; files come after."""
	region = frappe.get_cached_doc(SETTINGS).holiday_country
	files = {question.key: 1 for question in service["questions"] if question.type == FILE}
	checked = intake.check_answers(service["questions"], typed, files, getdate(nowdate()), region)
	asks = {name: service[f"ask_{name}"] for name in ("name", "email", "phone")}
	details, problems = intake.check_contact(asks, contact, bool(service["contact_required"]), region)
	errors = {key: intake.explain(problem) for key, problem in checked.problems.items()}
	errors |= {f"contact.{name}": intake.explain(problem) for name, problem in problems.items()}
	return checked, details, errors


def make_service(service: Mapping) -> dict:
	"""What the page says of the service, in the language of the moment."""
	service = languages.localise(service)
	category = frappe.get_cached_value("Service Category", service["category"], "category_name")
	category = languages.say_text("Service Category", service["category"], "category_name", category)
	return {
		"code": service["code"],
		"title": service["title"],
		"kind": service["kind"],
		"kind_label": describe_kind(service["kind"]),
		"summary": service["summary"] or "",
		"description": make_safe(service["description"] or "", highest=2),
		"needs": make_safe(service["needs"] or ""),
		"languages": {name: get_language(service[name]) for name in ("description", "needs")},
		"category": {"title": category, "url": f"/services?category={service['category']}"},
		"emergency_notice": service["emergency_notice"] or None,
		"pilot_note": describe_pilot(service),
		"articles": [
			{"title": article.title, "body": body, "language": get_language(article.content)}
			for article in service["articles"]
			if (body := make_safe(article.content))
		],
	}


def describe_pilot(service: Mapping) -> str | None:
	"""What a page of a pilot says of itself."""
	if not pilots.is_pilot(service):
		return None
	return _(
		"We are trying this service out and want to learn from it. Your request is handled like any other."
	)


def get_promise(service: Mapping) -> dict | None:
	"""The promise to a request sent now; a page without one is better than no page."""
	try:
		department = service["department"]
		return make_promise(promise.make_promise(service, department), languages.localise(service))
	except Exception:
		log_failure(f"No promise could be shown for {service['code']}")
		return None


def make_form(
	service: Mapping,
	form_key: str,
	typed: Mapping,
	contact: Mapping,
	errors: Mapping,
	note: str | None = None,
) -> dict:
	"""The form with what was typed, and what is wrong with it on top; its words are of the language of the moment."""
	service = languages.localise(service)
	fields = form_fields.make_fields(
		service["questions"], typed, errors, form_key if frappe.local.request.method == "POST" else None
	)
	contact_errors = {
		key.removeprefix("contact."): text for key, text in errors.items() if key.startswith("contact.")
	}
	contact_fields = form_fields.make_contact_fields(service, contact, contact_errors)
	return {
		"action": f"/services/{service['code']}",
		"form_key": form_key,
		"errors": [
			{"href": f"#{get_target(field)}", "message": _("{0}: {1}").format(field["label"], field["error"])}
			for field in [*fields, *contact_fields]
			if field["error"]
		],
		"note": note,
		"ending": None,
		"proof": gate.get_given_proof(),
		"questions": fields,
		"contact": contact_fields,
		"contact_note": get_contact_note(service),
		"submit_label": {"Question": _("Send question"), "Complaint": _("Send complaint")}.get(
			service["kind"], _("Send request")
		),
		"privacy_text_url": "/privacy" if frappe.get_cached_doc(SETTINGS).privacy_text else None,
	}


def get_target(field: Mapping) -> str:
	"""Where a link to the field leads: its first choice, where the choices are boxes of their own."""
	is_list = field["type"] == "choice" and len(field["options"]) > MOST_BOXES
	return field["options"][0]["id"] if field["options"] and not is_list else field["id"]


def get_contact_note(service: Mapping) -> str | None:
	asks = [service[f"ask_{name}"] for name in ("name", "email", "phone")]
	if service["contact_required"] and "Required" not in asks[1:]:
		return _("Please give an e-mail address or a phone number, so that we can answer you.")
	if all(ask == "Not asked" for ask in asks):
		return None
	if "Required" not in asks:
		return _(
			"You don’t have to give your name. With an e-mail address you get our answer; without one, keep the link."
		)
	return _("We use this only to answer you about this request.")
