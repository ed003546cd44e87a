"""How it went: what a resident is asked on the page of a request that is done, and what they have said."""

import frappe
from frappe import _

from citizen_support import intake
from citizen_support.portal import form_fields
from citizen_support.tracking.service import Request

RATING, TEXT = "rating", "feedback"
LENGTH = 1000


def get_words() -> dict[int, str]:
	"""What one can say of how it went, by stars, best first."""
	return {5: _("Very good"), 4: _("Good"), 3: _("Fair"), 2: _("Poor"), 1: _("Very poor")}


def read_stars(typed: str) -> int:
	"""The stars of a choice that was sent; 0 for anything that is none."""
	return next((stars for stars in get_words() if str(stars) == typed), 0)


def make_feedback(
	request: Request,
	form_key: str,
	stars: int = 0,
	text: str = "",
	problems: dict[str, intake.Problem] | None = None,
) -> dict | None:
	"""What the page says of it: `said` and `text` once something was said, before it a form; None while it goes on.

	:param stars, text: what was typed.
	:param problems: what is wrong with it, by field.
	"""
	if request.stars:
		return make_said(request)
	if not request.may_be_judged:
		return None
	errors = {name: intake.explain(problem) for name, problem in (problems or {}).items()}
	rating, comment = make_rating(stars, errors.get(RATING)), make_comment(text, errors.get(TEXT))
	return {
		"said": None,
		"action": f"/requests/{request.reference}/feedback",
		"form_key": form_key,
		"rating": rating,
		"comment": comment,
		"note": None,
		"errors": [{"href": f"#{name}", "message": message} for name, message in errors.items()],
	}


def make_said(request: Request) -> dict:
	"""What was said, once it was."""
	return {
		"said": get_words().get(request.stars),
		"text": request.ticket.feedback_extra or "",
		"is_new": bool(frappe.local.request.args.get("said")),
		"note": None,
		"errors": [],
	}


def make_rating(stars: int, error: str | None) -> dict:
	"""The question as a field, with a radio button for each answer."""
	options = [
		{"id": f"{RATING}-{value}", "value": value, "label": label, "checked": value == stars}
		for value, label in get_words().items()
	]
	field = form_fields.make_blank_field(RATING, RATING, "choice", _("How did it go?"))
	return {**field, "required": True, "options": options, "error": error}


def make_comment(text: str, error: str | None) -> dict:
	"""The field for words of one's own."""
	field = form_fields.make_blank_field(TEXT, TEXT, "long_text", _("Anything you want to tell us about it"))
	hint = _("At most {0} characters. Staff read it with your request.").format(LENGTH)
	return {**field, "help": hint, "value": text, "maxlength": LENGTH, "error": error}
