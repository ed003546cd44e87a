"""What the portal needs of the catalogue, read once and remembered until something in it is saved.

A published service is one plain dict, so that a form page costs no query for the service itself.
"""

from collections.abc import Callable

import frappe

from citizen_support.catalogue.rules import (
	LIVE,
	PILOT,
	PUBLISHED,
	Question,
	is_code,
	split_lines,
	split_words,
)
from citizen_support.host.articles import get_published_articles
from citizen_support.host.rehearsal import is_rehearsing

CACHE_KEY = "citizen_support:catalogue"
PAGES_KEY = "citizen_support:page"
_OVERVIEW = "*overview*"
_PILOTS = "*pilots*"
_CARD_FIELDS = (
	"name as code",
	"title",
	"summary",
	"kind",
	"category",
	"department",
	"synonyms",
	"description",
	"response_target",
	"response_unit",
	"featured",
	"position",
)
_SERVICE_FIELDS = (
	"title",
	"summary",
	"kind",
	"status",
	"category",
	"department",
	"description",
	"needs",
	"emergency_notice",
	"disclaimer",
	"response_target",
	"response_unit",
	"resolution_target",
	"resolution_unit",
	"ask_name",
	"ask_email",
	"ask_phone",
	"contact_required",
	"ticket_type",
	"priority",
	"version",
	"pilot_access",
	"pilot_area",
	"pilot_share",
	"pilot_key",
)


def clear_catalogue(doc: object = None, method: str | None = None) -> None:
	"""Forget the remembered catalogue, now and again after the commit.

	Once is not enough: between now and the commit another process may read the old rows and remember them.
	"""
	forget_catalogue()
	frappe.db.after_commit.add(forget_catalogue)


def forget_catalogue() -> None:
	"""Forget the remembered catalogue now, where nothing of it has been changed for good."""
	frappe.cache.delete_value(CACHE_KEY)
	frappe.cache.delete_keys(PAGES_KEY)


def get_service(code: str) -> dict | None:
	"""A service that is published or piloted, with its questions, rules and articles; None for any other.

	A pilot is not for everybody: whoever shows it asks `publishing.may_use` first.
	"""
	if not is_code(code):
		return None
	service = frappe.cache.hget(CACHE_KEY, code)
	if service is None:
		service = _read_service(code)
		# Only what exists is remembered: made-up codes must not fill the cache.
		if service:
			frappe.cache.hset(CACHE_KEY, code, service)
	return service


def get_overview() -> dict:
	"""All published services as cards, and the categories that hold them."""
	return frappe.cache.hget(CACHE_KEY, _OVERVIEW, generator=_read_overview)


def get_pilots() -> list[dict]:
	"""All piloted services as cards, with whom they are for."""
	return frappe.cache.hget(CACHE_KEY, _PILOTS, generator=_read_pilots)


def remember(field: str, make: Callable[[], object]) -> object:
	"""What another room reads of the catalogue's records; forgotten with the catalogue.

	:param field: begins with a star, which no service's code does.
	"""
	if is_rehearsing():
		return make()
	return frappe.cache.hget(CACHE_KEY, field, generator=make)


def read_service(doc: object) -> dict:
	"""The dict of a Municipal Service document, whatever its status."""
	service = {field: doc.get(field) for field in _SERVICE_FIELDS}
	service["code"] = doc.name
	service["questions"] = read_questions(doc)
	service["rules"] = [_read_rule(row) for row in doc.routing_rules]
	service["articles"] = [row.article for row in doc.articles]
	return service


def read_questions(doc: object) -> list[Question]:
	"""The questions of a Municipal Service document."""
	return [
		Question(
			key=row.question_key or "",
			label=row.label or "",
			type=row.question_type,
			required=bool(row.required),
			help=row.help_text or "",
			choices=split_lines(row.choices),
			show_if=row.show_if_question or None,
			show_values=split_lines(row.show_if_values),
			personal=bool(row.personal_data),
			minimum=row.minimum or "",
			maximum=row.maximum or "",
			end_values=split_lines(row.end_values),
			end_message=row.end_message or "",
			end_phone=row.end_phone or "",
		)
		for row in doc.questions
	]


def _read_service(code: str) -> dict | None:
	if len(code) > 140 or not frappe.db.exists("Municipal Service", {"name": code, "status": ("in", LIVE)}):
		return None
	service = read_service(frappe.get_doc("Municipal Service", code))
	service["articles"] = get_published_articles(service["articles"])
	return service


def _read_rule(row: object) -> dict:
	return {
		"match_on": row.match_on,
		"question_key": row.question_key,
		"values": split_lines(row.match_values),
		"department": row.department,
		"team": row.team,
		"priority": row.priority,
		"note": row.note,
		"service_area": row.service_area,
		"time_when": row.time_when,
		"time_days": row.time_days,
		"time_from": row.time_from,
		"time_to": row.time_to,
		"response_target": row.response_target,
		"response_unit": row.response_unit,
		"resolution_target": row.resolution_target,
		"resolution_unit": row.resolution_unit,
	}


def _read_overview() -> dict:
	services = _read_cards(PUBLISHED)
	categories = frappe.get_all(
		"Service Category",
		fields=["name as code", "category_name", "parent_service_category as parent", "description", "icon"],
		order_by="position, category_name",
		limit_page_length=0,
	)
	return {"services": services, "categories": categories}


def _read_pilots() -> list[dict]:
	return _read_cards(PILOT, "pilot_access", "pilot_share")


def _read_cards(status: str, *more: str) -> list[dict]:
	services = frappe.get_all(
		"Municipal Service",
		filters={"status": status},
		fields=[*_CARD_FIELDS, *more],
		order_by="position, title",
		limit_page_length=0,
	)
	for service in services:
		service.synonyms = split_words(service.synonyms)
		service.description = frappe.utils.strip_html(service.description or "")[:500]
	return services
