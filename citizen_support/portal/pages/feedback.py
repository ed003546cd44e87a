"""A resident says how it went, on the request's own page."""

from werkzeug.wrappers import Response

import frappe

from citizen_support import intake, limits, tracking
from citizen_support.intake.rules import clean_text
from citizen_support.portal import feedback, forms, gate, responses
from citizen_support.portal.pages import request as request_page
from citizen_support.portal.pages.find import show_locked
from citizen_support.portal.views import make_department
from citizen_support.tracking.service import Request, add_feedback


def show_or_give(reference: str) -> Response:
	"""Take what was said; whoever only opens the address is sent to the request's page."""
	written = tracking.read_reference(reference)
	request = request_page.try_key(written, frappe.local.request.cookies.get(request_page.COOKIE))
	if not request:
		return show_locked(written or "")
	if frappe.local.request.method != "POST" or not request.may_be_judged:
		return request_page.send_to(request.reference)
	return give(request)


def give(request: Request) -> Response:
	"""Keep it, or show it again with what is wrong with it. Said twice, the first word counts."""
	form = frappe.local.request.form
	form_key = forms.read_form_key() or forms.make_form_key()
	stars = feedback.read_stars(form.get(feedback.RATING) or "")
	text = clean_text(form.get(feedback.TEXT) or "", keep_lines=True)
	if request.stars:
		return thank(request)
	if refusal := limits.check_reply(request.reference):
		return show_refused(request, feedback.make_feedback(request, form_key, stars, text), refusal)
	problems = find_problems(stars, text)
	if problems or forms.is_trapped():
		again = feedback.make_feedback(request, form_key, stars, text, problems)
		return request_page.show(request, 422, feedback=again)
	add_feedback(request, stars, text)
	return thank(request)


def find_problems(stars: int, text: str) -> dict[str, intake.Problem]:
	"""What is wrong with it, by field."""
	problems = {}
	if not stars:
		problems[feedback.RATING] = intake.Problem("missing rating")
	if len(text) > feedback.LENGTH:
		problems[feedback.TEXT] = intake.Problem("too long", (str(feedback.LENGTH),))
	return problems


def thank(request: Request) -> Response:
	"""Send the browser to the page that says thank you."""
	return responses.redirect(f"/requests/{request.reference}?said=1#how")


def show_refused(request: Request, again: dict, refusal: limits.Refusal) -> Response:
	"""Everything as it was typed, and when it may be sent."""
	stop = gate.Stop(refusal.reason, again["form_key"], refusal.retry_after)
	note = gate.explain(stop, make_department(request.department))
	response = request_page.show(request, stop.status, feedback={**again, "note": note})
	response.headers["Retry-After"] = str(stop.retry_after)
	return response
