"""A service as residents will see it, before it is saved: the form, what follows it, and the mail."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, nowdate

from citizen_support import languages, promise
from citizen_support.designer import rules
from citizen_support.designer.drafts import DOCTYPE, Draft, explain_length, read_draft
from citizen_support.designer.frame import make_frame, make_script_tag, make_style_tag
from citizen_support.designer.visit import as_visitor, get_origin
from citizen_support.desk.notices import EXAMPLE_REFERENCE, make_ticket, show_message
from citizen_support.host.articles import get_published_articles
from citizen_support.host.templates import render
from citizen_support.intake.rules import NOT_ASKED
from citizen_support.notices import Example, make_message
from citizen_support.notices.rules import CONFIRMATION
from citizen_support.portal.language import make_switch
from citizen_support.portal.pages import request as request_page
from citizen_support.portal.pages import service as service_page
from citizen_support.portal.site import PUBLIC, get_city
from citizen_support.portal.views import make_promise
from citizen_support.tracking.service import Request

# For the team only: what stands in another language than the page is what is not translated yet.
MARK_UNTRANSLATED = "main [lang] { outline: 2px dashed #c2570c; outline-offset: 2px; }"
_NAMES = {"Municipal Department": "department", "Service Category": "category"}


@dataclass(frozen=True)
class View:
	"""What there is to show of a draft.

	:ivar promised: what a request sent now would be promised; None if nothing can be.
	"""

	service: dict
	promised: promise.Promise | None


def preview(text: str, part: str, language: str) -> dict:
	"""One page of the draft that a form sends, for a frame.

	:param part: form, confirmation or mail.
	:returns: `html` of the page, the `findings` that keep the draft from being saved, the `language` it is in, all
		`languages` there are to choose from, and `untranslated`, a sentence about texts that are not in that language.
	"""
	if part not in rules.PARTS:
		frappe.throw(_("Choose what to show: the form, the confirmation or the mail."))
	language = choose_language(language)
	if too_long := explain_length(text):
		return _answer("", [too_long], language)
	draft = read_draft(text, "read")
	origin = get_origin()
	path = f"/requests/{EXAMPLE_REFERENCE}?sent=1" if part == rules.CONFIRMATION else "/services/preview"
	with as_visitor(path, language):
		html = _MAKERS[part](make_view(draft), origin)
	return _answer(html, draft.findings, language, describe_untranslated(draft, language))


def _answer(html: str, findings: list[str], language: str, untranslated: str | None = None) -> dict:
	return {
		"html": html,
		"findings": findings,
		"language": language,
		"languages": list_languages(),
		"untranslated": untranslated,
	}


def describe_untranslated(draft: Draft, language: str) -> str | None:
	"""How many texts of the draft residents would read in the language they were written in; None if none."""
	missing = languages.find_missing([draft.doc], [language]).get(language, [])
	count = sum(not text.outdated for text in missing)
	if not count:
		return None
	name = languages.name_language(language, frappe.local.lang)
	if count == 1:
		return _("One text is not translated into {0} yet.").format(name)
	return _("{0} texts are not translated into {1} yet.").format(count, name)


def list_languages() -> list[dict[str, str]]:
	"""The languages residents can choose, each by its own name; the one the catalogue is written in first."""
	return [{"value": code, "label": languages.name_language(code)} for code in languages.get_offered()]


def choose_language(wanted: str) -> str:
	"""The wanted language if residents can choose it, else the one the catalogue is written in."""
	return wanted if wanted in languages.get_offered() else languages.get_source_language()


def make_view(draft: Draft) -> View:
	"""The draft with whatever is missing in it left out, so that any page can show it; the pages translate it."""
	service = {**draft.service, "title": draft.service["title"] or _("(no name yet)")}
	for doctype, field in _NAMES.items():
		if service[field] and not frappe.db.exists(doctype, service[field], cache=True):
			service[field] = None
	service["questions"] = rules.make_showable(service["questions"])
	service["articles"] = get_published_articles(service["articles"])
	return View(service, make_sound_promise(service))


def make_sound_promise(service: Mapping) -> promise.Promise | None:
	"""What is promised now, if it can be counted; what stands against it is among the findings."""
	department = service["department"]
	if not department or promise.find_service_problem(service, department):
		return None
	return promise.make_promise(service, department)


def _make_form_page(view: View, origin: str) -> str:
	form = service_page.make_form(view.service, "", {}, {}, {})
	promised = make_promise(view.promised, languages.localise(view.service))
	return _frame_page("service", service_page.make_context(view.service, form, promised), origin)


def _make_confirmation(view: View, origin: str) -> str:
	request = Request(EXAMPLE_REFERENCE, _make_submission(view), None)
	reply = request_page.make_reply_form(request, "")
	return _frame_page("request", request_page.make_context(request, make_stand_in(view), reply), origin)


def _make_submission(view: View) -> frappe._dict:
	"""What somebody could have sent in a moment ago."""
	service, promised = view.service, view.promised
	answers = rules.make_example_answers(
		service["questions"], _("What the resident wrote"), _("12 Oak Street"), getdate(nowdate())
	)
	return frappe._dict(
		service=service["code"],
		department=service["department"],
		received_at=now_datetime(),
		response_by=promised.response_by if promised else None,
		resolution_by=promised.resolution_by if promised else None,
		contact_email="resident@example.org" if service["ask_email"] != NOT_ASKED else None,
		answers=json.dumps([answer.as_dict() for answer in answers]),
	)


def _make_mail(view: View, origin: str) -> str:
	mail = make_confirmation_mail(view)
	context = {
		"site": get_city(),
		"subject": mail["subject"],
		# Escaped by the notice's own template.
		"body": Markup(mail["html"]),
		"is_sent": view.service["ask_email"] != NOT_ASKED,
	}
	return make_frame(
		render("designer/mail.html", context), (), "", (_read_asset("js/preview_frame.js"),), origin
	)


def make_confirmation_mail(view: View) -> dict[str, str]:
	"""Subject, HTML and text of the first message to the resident."""
	service = view.service
	ticket = make_ticket(CONFIRMATION, service["code"], service["department"], view.promised)
	example = Example(make_stand_in(view), view.promised)
	return show_message(make_message(ticket, CONFIRMATION, [], example=example))


def make_stand_in(view: View) -> frappe._dict:
	"""Stands where a page or a message looks for the stored service."""
	return frappe._dict(view.service, doctype=DOCTYPE, name=view.service["code"])


def _frame_page(template: str, context: dict, origin: str) -> str:
	# A token of the session that looks has no business in the page.
	site = {**get_city(), "csrf_token": None, "languages": make_switch()}
	page = {"title": _("Preview"), "description": "", "noindex": True}
	html = render(f"portal/{template}.html", {**context, "site": site, "page": page})
	tags = make_style_tag(site["css_url"]), make_script_tag(site["js_url"])
	scripts = _read_asset("js/portal.js"), _read_asset("js/preview_frame.js")
	return make_frame(html, tags, _read_asset("css/portal.css") + MARK_UNTRANSLATED, scripts, origin)


@lru_cache(maxsize=8)
def _read_asset(path: str) -> str:
	return (PUBLIC / path).read_text(encoding="utf-8")


_MAKERS: dict[str, Callable[[View, str], str]] = {
	rules.FORM: _make_form_page,
	rules.CONFIRMATION: _make_confirmation,
	rules.MAIL: _make_mail,
}
