"""One service: what it is, and its form."""

from collections.abc import Mapping

from werkzeug.wrappers import Response

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from citizen_support import intake, promise
from citizen_support.catalogue import get_service, make_safe
from citizen_support.catalogue.rules import FILE, find_visible
from citizen_support.host.errors import log_failure
from citizen_support.intake import held
from citizen_support.portal import forms, responses
from citizen_support.portal.pages.catalogue import show_not_found
from citizen_support.portal.pages.request import let_in, send_to
from citizen_support.portal.views import describe_kind, make_department, make_promise

SETTINGS = "Citizen Support Settings"
SENT_COOKIE = "cs_sent"
SENT_SECONDS = 3600
# With more choices than these the template shows a list to choose from (macros/fields.html).
MOST_BOXES = 6


def show_or_submit(code: str) -> Response:
	service = get_service(code)
	if not service:
		return show_not_found(code.replace("-", " ")[:100])
	if frappe.local.request.method == "POST":
		return submit(service)
	return show(service)


def show(service: Mapping, status: int = 200, form: dict | None = None) -> Response:
	"""The page of a service."""
	context = {
		"service": make_service(service),
		"dept": make_department(service["department"]),
		"promise": get_promise(service),
		"form": form or make_form(service, forms.make_form_key(), {}, {}, {}),
	}
	return responses.page(
		"service",
		context,
		title=_(service["title"]),
		status=status,
		description=_(service["summary"] or ""),
		personal=status != 200,
	)


def submit(service: Mapping) -> Response:
	"""Take the form in, or show it again with everything that was typed and what is wrong with it."""
	form_key = forms.read_form_key()
	if form_key and (known := intake.find_submission(form_key)):
		return let_in(known, sent=True) if intake.is_recent(known) else send_to(known)
	form_key = form_key or forms.make_form_key()
	questions = service["questions"]
	typed, contact = forms.read_answers(questions), forms.read_contact()
	if forms.is_trapped():
		note = _("One field has to stay empty. Please clear it and send the form again.")
		return show(service, 422, make_form(service, form_key, typed, contact, {}, note))
	file_fields = {question.key: f"q.{question.key}" for question in questions if question.type == FILE}
	file_problems = forms.take_uploads(form_key, file_fields)
	checked, details, errors = check(service, typed, contact, form_key)
	errors |= {key: " ".join(map(intake.explain, found)) for key, found in file_problems.items()}
	if errors:
		return show(service, 422, make_form(service, form_key, typed, contact, errors))
	visible = {
		question.key for question in find_visible(questions, {a.key: a.values for a in checked.answers})
	}
	kept = [(key, file) for _id, key, file in held.list_held(form_key) if key in visible]
	language = frappe.local.lang or "en"
	incoming = intake.Incoming(service, checked.answers, details, kept, form_key, language)
	just_sent = find_just_sent(incoming)
	reference = just_sent or intake.receive(incoming)
	held.release(form_key)
	response = let_in(reference, sent=True)
	return response if just_sent else remember_sent(response, service["code"], form_key)


def find_just_sent(incoming: intake.Incoming) -> str | None:
	"""The request this browser has just sent in with the same words.

	After "back" many browsers fetch the page anew and put the old answers into it, but not the old form's key.
	"""
	known = intake.find_submission(frappe.local.request.cookies.get(SENT_COOKIE) or "")
	return known if known and intake.is_same(known, incoming) else None


def remember_sent(response: Response, code: str, form_key: str) -> Response:
	"""Keep the key of the form with this browser for a while, for this service only."""
	return responses.set_cookie(response, SENT_COOKIE, form_key, f"/services/{code}", SENT_SECONDS)


def check(service: Mapping, typed: Mapping, contact: Mapping, form_key: str) -> tuple:
	"""Answers and contact details that hold, and sentences for what does not, by field."""
	region = frappe.get_cached_doc(SETTINGS).holiday_country
	counts: dict[str, int] = {}
	for _id, key, _file in held.list_held(form_key):
		counts[key] = counts.get(key, 0) + 1
	checked = intake.check_answers(service["questions"], typed, counts, getdate(nowdate()), region)
	asks = {name: service[f"ask_{name}"] for name in ("name", "email", "phone")}
	details, problems = intake.check_contact(asks, contact, bool(service["contact_required"]), region)
	errors = {key: intake.explain(problem) for key, problem in checked.problems.items()}
	errors |= {f"contact.{name}": intake.explain(problem) for name, problem in problems.items()}
	return checked, details, errors


def make_service(service: Mapping) -> dict:
	"""What the page says of the service."""
	category = frappe.get_cached_value("Service Category", service["category"], "category_name")
	return {
		"code": service["code"],
		"title": _(service["title"]),
		"kind": service["kind"],
		"kind_label": describe_kind(service["kind"]),
		"summary": _(service["summary"] or ""),
		"description": make_safe(_(service["description"] or ""), highest=2),
		"needs": make_safe(_(service["needs"] or "")),
		"category": {"title": _(category or ""), "url": f"/services?category={service['category']}"},
		"emergency_notice": _(service["emergency_notice"] or "") or None,
		"articles": [
			{"title": _(article.title), "body": body}
			for article in service["articles"]
			if (body := make_safe(article.content))
		],
	}


def get_promise(service: Mapping) -> dict | None:
	"""The promise to a request sent now; a page without one is better than no page."""
	try:
		department = service["department"]
		return make_promise(promise.preview_promise(service, department), dict(service))
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
	"""The form with what was typed, and what is wrong with it on top."""
	fields = forms.make_fields(
		service["questions"], typed, errors, form_key if frappe.local.request.method == "POST" else None
	)
	contact_errors = {
		key.removeprefix("contact."): text for key, text in errors.items() if key.startswith("contact.")
	}
	contact_fields = forms.make_contact_fields(service, contact, contact_errors)
	return {
		"action": f"/services/{service['code']}",
		"form_key": form_key,
		"errors": [
			{"href": f"#{get_target(field)}", "message": _("{0}: {1}").format(field["label"], field["error"])}
			for field in [*fields, *contact_fields]
			if field["error"]
		],
		"note": note,
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
			"You need not say who you are. With an e-mail address you get our answer; without one, keep the link."
		)
	return _("We use this only to answer you about this request.")
