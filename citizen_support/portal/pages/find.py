"""Finding a request again: its reference and the address it was made with send a fresh link."""

from werkzeug.wrappers import Response

import frappe
from frappe import _
from frappe.utils.password import decrypt, encrypt

from citizen_support import intake, limits, notices, tracking
from citizen_support.host.errors import background_job, log_failure
from citizen_support.portal import forms, responses
from citizen_support.tracking.service import find_request, is_contact_of

SETTINGS = "Citizen Support Settings"


def show_or_send() -> Response:
	if frappe.local.request.method == "POST":
		return send()
	return responses.page("find", {"form": make_form()}, title=_("Find a request"))


def show_locked(reference: str) -> Response:
	"""The one answer to a wrong key, an old one and a reference that does not exist."""
	title = _("This link does not open a request")
	return responses.page("locked", {"form": make_form(reference)}, title=title, status=403, personal=True)


def send() -> Response:
	"""Send a fresh link if the request is known by this contact; the answer never says whether it is."""
	form = frappe.local.request.form
	typed, contact = (form.get("reference") or "")[:40], (form.get("contact") or "")[:254].strip()
	reference = tracking.read_reference(typed)
	errors = []
	if not reference:
		name = "not a reference" if typed.strip() else "missing reference"
		errors.append({"href": "#reference", "message": intake.explain(intake.Problem(name))})
	if not contact:
		errors.append({"href": "#contact", "message": intake.explain(intake.Problem("missing contact"))})
	if errors or forms.is_trapped():
		context = {"form": make_form(typed, contact, errors)}
		return responses.page("find", context, title=_("Find a request"), status=422)
	if limits.check_link_request(contact):
		_start_sending(reference, contact)
	return responses.page("find", {"form": make_form(sent=True)}, title=_("Find a request"), personal=True)


def send_link_if_known(reference: str, contact: str) -> None:
	"""The part of `send` that depends on whether the request exists; runs in a worker, where nobody can time it."""
	request = find_request(reference)
	region = frappe.get_cached_doc(SETTINGS).holiday_country
	if request and is_contact_of(request, contact, region):
		notices.send_fresh_link(reference)


@background_job
def open_and_send(reference: str, sealed: str) -> None:
	"""`send_link_if_known` for a worker: workers write the arguments of their jobs into their log."""
	send_link_if_known(reference, decrypt(sealed))


def make_form(
	reference: str = "", contact: str = "", errors: list[dict] | None = None, sent: bool = False
) -> dict:
	return {
		"action": "/requests",
		"form_key": forms.BLANK_KEY,
		"reference": reference,
		"contact": contact,
		"errors": errors or [],
		"sent": sent,
	}


def _start_sending(reference: str, contact: str) -> None:
	try:
		frappe.enqueue(open_and_send, queue="short", reference=reference, sealed=encrypt(contact))
	except Exception:
		# Without Redis there is no worker to ask; the resident gets the link all the same.
		log_failure("No worker for a fresh link")
		send_link_if_known(reference, contact)
