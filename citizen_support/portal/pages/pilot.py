"""The way into a pilot, and the report of one."""

from collections.abc import Mapping

from werkzeug.wrappers import Response

import frappe
from frappe import _

from citizen_support import languages, publishing
from citizen_support.catalogue.rules import PLACE, Question
from citizen_support.intake.rules import PLACE_LENGTH, clean_text, read_coordinate
from citizen_support.portal import form_fields, forms, pilots, responses
from citizen_support.portal.pages.catalogue import show_not_found
from citizen_support.portal.views import describe_day, make_department

PLACE_KEY = "pilot_place"
FIELD = f"q.{PLACE_KEY}"


def stop(service: Mapping, query: str) -> Response | None:
	"""What a visit of a pilot gets instead of its page; None if it is for this visitor.

	:param query: what the page for an unknown address looks for.
	"""
	request = frappe.local.request
	key = request.args.get(pilots.KEY_ARGUMENT)
	if key and request.method != "POST" and publishing.is_key(service, key):
		return pilots.let_in(service, publishing.LINK)
	if publishing.may_use(service, request):
		return None
	if not publishing.may_ask_place(service):
		return show_not_found(query)
	return answer_place(service) if request.method == "POST" else ask_place(service)


def answer_place(service: Mapping) -> Response:
	"""Let in whoever is in the area; all others are told kindly that it is not there for them yet."""
	form = frappe.local.request.form
	if FIELD not in form or forms.is_trapped():
		return ask_place(service, 422)
	text = clean_text(form.get(FIELD) or "")[:PLACE_LENGTH]
	latitude = read_coordinate(form.get(f"{FIELD}.lat"), 90)
	longitude = read_coordinate(form.get(f"{FIELD}.lon"), 180)
	position = None if latitude is None or longitude is None else (latitude, longitude)
	if not text and not position:
		return ask_place(service, 422, error=_("Please give a postcode or an address."))
	if publishing.is_in_area(service, text, position):
		return pilots.let_in(service, publishing.AREA)
	return ask_place(service, is_outside=True, typed=text)


def ask_place(
	service: Mapping, status: int = 200, error: str = "", is_outside: bool = False, typed: str = ""
) -> Response:
	"""The page before a pilot that is on in one area only."""
	service = languages.localise(service)
	title = service["title"]
	question = Question(PLACE_KEY, _("Postcode or address"), PLACE, required=True)
	field = {
		**form_fields.make_field(question, [typed] if typed else [], error or None, {}),
		"latitude": "",
		"longitude": "",
	}
	area = frappe.get_cached_value("Service Area", service["pilot_area"], "area_name")
	area = languages.say_text("Service Area", service["pilot_area"], "area_name", area)
	context = {
		"service": {"title": title, "summary": service["summary"] or ""},
		"area": area or "",
		"dept": make_department(service["department"]),
		"is_outside": is_outside,
		"form": {
			"action": f"/services/{service['code']}",
			"field": field,
			"errors": [{"href": f"#{field['id']}", "message": error}] if error else [],
		},
	}
	return responses.page("pilot_area", context, title=title, status=status, personal=True)


def show_report(code: str) -> Response:
	"""The report of a pilot for whoever has its link; for all others there is nothing here."""
	report = publishing.find_report(code, str(frappe.local.request.args.get("key") or "")[:100])
	if not report:
		return show_not_found()
	context = {
		"report": report,
		"since": describe_day(report["since"]),
		"until": describe_day(report["until"]) if report["until"] else None,
		"planned_end": describe_day(report["planned_end"]) if report["planned_end"] else None,
		"made_on": describe_day(report["made_on"][:10]),
	}
	title = _("Pilot report: {0}").format(report["title"])
	return responses.page("pilot_report", context, title=title, personal=True)
