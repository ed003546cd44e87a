"""A request's own page: where it stands, what was said, and a reply."""

from werkzeug.wrappers import Response

import frappe
from frappe import _
from frappe.utils import get_datetime

from citizen_support import intake, languages, limits, tracking
from citizen_support.catalogue.rules import DATE, YES_OR_NO
from citizen_support.host.files import is_own_picture, read_file
from citizen_support.intake import held
from citizen_support.intake.rules import LONG_LENGTH, clean_text
from citizen_support.notices import describe_state
from citizen_support.notices.message import get_outcome
from citizen_support.portal import forms, gate, responses, uploads
from citizen_support.portal.conversation import make_files, make_messages
from citizen_support.portal.feedback import make_feedback
from citizen_support.portal.pages.find import show_locked
from citizen_support.portal.timeline import make_timeline
from citizen_support.portal.views import (
	describe_day,
	describe_past,
	make_department,
	make_promise,
)
from citizen_support.residents import mask_email
from citizen_support.tracking.service import (
	Request,
	add_reply,
	find_file,
	find_request,
	get_conversation,
	get_files,
	open_request,
)

COOKIE = "cs_key"
COOKIE_SECONDS = 90 * 86400
FILE_FIELD = "files"
UNFILED_SECONDS = 60
PROMISE_FIELDS = ("response_target", "response_unit", "resolution_target", "resolution_unit", "disclaimer")


def show_or_reply(reference: str) -> Response:
	written = tracking.read_reference(reference)
	arguments = frappe.local.request.args
	if written and arguments.get("key"):
		return enter(written, arguments["key"])
	request = try_key(written, frappe.local.request.cookies.get(COOKIE))
	if not request:
		return show_locked(written or "")
	if frappe.local.request.method == "POST":
		return reply(request)
	return show(request)


def enter(reference: str, key: str) -> Response:
	"""Take the key out of the address into a cookie, so that it is not copied along or kept in a history."""
	if not try_key(reference, key):
		return show_locked(reference)
	return _set_cookie(responses.redirect(f"/requests/{reference}"), reference, key)


def try_key(reference: str | None, key: str | None) -> Request | None:
	"""The request, if the key opens it and its visitor may try.

	Everything is done in every case, and what does not open counts as a wrong try: wrong key, unknown reference, locked
	and locked with the right key take the same time.
	"""
	if not reference or not key:
		return open_request(reference, None)
	may_open = limits.may_open(reference)
	request = open_request(reference, key)
	if request and may_open:
		return request
	limits.note_wrong_key(reference, key)
	return None


def let_in(reference: str, sent: bool = False) -> Response:
	"""Send whoever has just sent in the request to its page."""
	key = tracking.get_key(reference, find_request(reference).key_version)
	return _set_cookie(
		responses.redirect(f"/requests/{reference}{'?sent=1' if sent else ''}"), reference, key
	)


def let_in_new(reference: str) -> Response:
	"""The same for a request taken in this very moment: its key is the first one, no need to look."""
	key = tracking.get_key(reference, 1)
	return _set_cookie(responses.redirect(f"/requests/{reference}?sent=1"), reference, key)


def send_to(reference: str) -> Response:
	"""Send a visitor to a request's page without its key; who has the key already gets in."""
	return responses.redirect(f"/requests/{reference}")


def show(
	request: Request, status: int = 200, reply_form: dict | None = None, feedback: dict | None = None
) -> Response:
	"""The page of a request.

	:param feedback: what was just said of it, if it has to be looked at again.
	"""
	service = frappe.get_cached_doc("Municipal Service", request.service)
	context = make_context(
		request, service, reply_form or make_reply_form(request, forms.BLANK_KEY), feedback
	)
	title = _("{0} – {1}").format(request.reference, languages.say(service, "title"))
	return responses.page("request", context, title=title, status=status, personal=True)


def make_context(request: Request, service: object, reply_form: dict, feedback: dict | None = None) -> dict:
	"""What the page's template is given."""
	return {
		"request": make_request(request, service),
		"dept": make_department(request.department),
		"promise": make_kept_promise(request, service),
		"track_url": f"/requests/{request.reference}",
		"reply": reply_form,
		"feedback": feedback or make_feedback(request, forms.BLANK_KEY),
	}


def reply(request: Request) -> Response:
	"""Add the resident's message and files to the conversation."""
	form_key = forms.read_form_key() or forms.make_form_key()
	text = clean_text(frappe.local.request.form.get("message") or "", keep_lines=True)
	if not request.ticket:
		return show_unfiled(request, form_key, text)
	refusal = limits.check_reply(request.reference)
	file_problems = uploads.take_uploads(form_key, {FILE_FIELD: FILE_FIELD}).get(FILE_FIELD, [])
	kept = held.list_held(form_key)
	problem = None
	if len(text) > LONG_LENGTH:
		problem = intake.Problem("too long", (str(LONG_LENGTH),))
	elif not text and not kept:
		problem = intake.Problem("missing message")
	if refusal:
		return show_reply_again(
			request, make_reply_form(request, form_key, text, None, file_problems), refusal
		)
	if problem or file_problems or forms.is_trapped():
		return show(request, 422, make_reply_form(request, form_key, text, problem, file_problems))
	files = [file for _question, file in held.read_held(form_key, {FILE_FIELD})]
	add_reply(request, text, files, form_key)
	held.release(form_key)
	return responses.redirect(f"/requests/{request.reference}?replied=1#conversation")


def show_unfiled(request: Request, form_key: str, text: str) -> Response:
	"""There is no ticket yet that a message could be added to: the reply with everything in it, to be sent again."""
	file_problems = uploads.take_uploads(form_key, {FILE_FIELD: FILE_FIELD}).get(FILE_FIELD, [])
	note = _(
		"We are still filing your request. Please send your message again in a minute; what you wrote is still here."
	)
	form = make_reply_form(request, form_key, text, None, file_problems)
	response = show(request, 503, {**form, "note": note})
	response.headers["Retry-After"] = str(UNFILED_SECONDS)
	return response


def show_reply_again(request: Request, form: dict, refusal: limits.Refusal) -> Response:
	"""The reply with everything in it, and when it may be sent."""
	stop = gate.Stop(refusal.reason, form["form_key"], refusal.retry_after)
	note = gate.explain(stop, make_department(request.department))
	response = show(request, stop.status, {**form, "note": note})
	response.headers["Retry-After"] = str(stop.retry_after)
	return response


def show_file(reference: str, name: str) -> Response:
	"""One file of the request, to whoever holds its key."""
	request = try_key(tracking.read_reference(reference), frappe.local.request.cookies.get(COOKIE))
	row = find_file(request, name) if request else None
	content = read_file(row.file_url) if row else None
	if content is None:
		return show_locked(tracking.read_reference(reference) or "")
	return responses.file(row.file_name, content, is_own_picture(row.file_url))


def make_request(request: Request, service: object) -> dict:
	"""What the page says of the request."""
	ticket = request.ticket
	has_answered = bool(ticket and ticket.first_responded_on)
	key, label, sentence = describe_state(request.category, has_answered)
	conversation = get_conversation(request)
	files = get_files(request, conversation.messages)
	arguments = frappe.local.request.args
	return {
		"reference": request.reference,
		"service_title": languages.say(service, "title"),
		"service_url": f"/services/{service.name}",
		"state_key": key,
		"state_label": label,
		"state_sentence": sentence,
		"sent": bool(arguments.get("sent")),
		"received": describe_past(request.received_at),
		"copy_sent_to": mask_email(request.email) if request.email else None,
		"answers": make_answers(request),
		"timeline": make_timeline(request),
		"messages": make_messages(request, conversation, files),
		"has_earlier_messages": conversation.has_earlier,
		"files": make_files(request.reference, files.get("", [])),
		"closed": key == "done",
		"outcome": get_outcome(ticket) or None if ticket and key == "done" else None,
		"has_answered": has_answered,
	}


def make_kept_promise(request: Request, service: object) -> dict | None:
	"""The promised dates, and when they were met."""
	said = {field: service.get(field) for field in PROMISE_FIELDS}
	said["disclaimer"] = languages.say(service, "disclaimer")
	shown = make_promise(request.promise, {**said, **request.targets})
	ticket = request.ticket
	if shown and ticket and ticket.first_responded_on:
		shown["response"]["done"] = describe_past(get_datetime(ticket.first_responded_on))
	if shown and shown["resolution"] and ticket and ticket.resolution_date:
		shown["resolution"]["done"] = describe_past(get_datetime(ticket.resolution_date))
	return shown


def make_answers(request: Request) -> list[dict]:
	"""What was sent in, question by question."""
	if not request.submission:
		return []
	rows = []
	for answer in intake.read_answers(request.submission):
		label, values = languages.say_answer(request.service, answer.key, answer.label, answer.values)
		if answer.type == YES_OR_NO:
			values = [_(value) for value in answer.values]
		if answer.type == DATE:
			values = [describe_day(value) for value in values]
		rows.append({"label": label, "text": "\n".join(values)})
	return rows


def make_reply_form(
	request: Request,
	form_key: str,
	text: str = "",
	problem: intake.Problem | None = None,
	file_problems: list[intake.Problem] | None = None,
) -> dict:
	"""The form for a reply, with what was typed and what is wrong with it."""
	message_error = intake.explain(problem) if problem else None
	file_error = " ".join(map(intake.explain, file_problems or [])) or None
	errors = [("#message", message_error), ("#files", file_error)]
	file_limits = uploads.get_file_limits()
	return {
		"action": f"/requests/{request.reference}",
		"form_key": form_key,
		"value": text,
		"errors": [{"href": href, "message": message} for href, message in errors if message],
		"error_message": message_error,
		"file_error": file_error,
		"note": None,
		"sent": bool(frappe.local.request.args.get("replied")),
		"maxlength": LONG_LENGTH,
		**file_limits,
	}


def _set_cookie(response: Response, reference: str, key: str) -> Response:
	"""Keep the key with this browser, for this one request's page."""
	return responses.set_cookie(response, COOKIE, key, f"/requests/{reference}", COOKIE_SECONDS)
