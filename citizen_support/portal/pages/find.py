"""Finding a request again: its reference and the address it was made with send a fresh link."""

from werkzeug.wrappers import Response

import frappe
from frappe import _

from citizen_support import intake, limits, notices, tracking
from citizen_support.portal import forms, responses


def show_or_send() -> Response:
	if frappe.local.request.method == "POST":
		return send()
	return responses.page("find", {"form": make_form()}, title=_("Find a request"))


def show_locked(reference: str) -> Response:
	"""The one answer to a wrong key, an old one and a reference that does not exist."""
	title = _("This link does not open a request")
	return responses.page("locked", {"form": make_form(reference)}, title=title, status=403, personal=True)


def send() -> Response:
	"""Have a fresh link sent if the request is known by this contact; the answer never says whether it is."""
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
	if limits.check_link_request():
		notices.ask_for_link(reference, contact)
	return responses.page("find", {"form": make_form(sent=True)}, title=_("Find a request"), personal=True)


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
