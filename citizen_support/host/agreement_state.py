"""Whether the HD Service Level Agreements are still as the app made them."""

import frappe
from frappe.model.document import Document
from frappe.utils import cint, to_timedelta

from citizen_support.host.agreements import DOCTYPE, NO_HOLIDAYS, find_agreement
from citizen_support.promise.rules import Agreement

OFF, CHANGED = "off", "changed"


def find_flaw(agreement: Agreement) -> tuple[str, str] | None:
	"""Name of the HD SLA that stands for this agreement, and whether it is off or was changed; None if it is sound.

	One that does not exist is no flaw: it is made when the first request needs it.
	"""
	name = find_agreement(agreement.key)
	if not name:
		return None
	doc = frappe.get_doc(DOCTYPE, name)
	if not doc.enabled:
		return name, OFF
	return None if _describe(doc) == _expect(agreement) else (name, CHANGED)


def list_defaults() -> list[str]:
	"""Default agreements that are enabled; Helpdesk takes any of them."""
	return frappe.get_all(DOCTYPE, {"default_sla": 1, "enabled": 1}, pluck="name", order_by="name")


def _describe(doc: Document) -> dict:
	windows = {
		(row.workday, _seconds(row.start_time), _seconds(row.end_time)) for row in doc.support_and_resolution
	}
	ends = {cint(row.resolution_time) for row in doc.priorities} if doc.apply_sla_for_resolution else set()
	return {
		"condition": (doc.condition or "").strip(),
		"default": cint(doc.default_sla),
		"period": (doc.get("start_date"), doc.get("end_date")),
		"holiday_list": doc.holiday_list,
		"windows": windows,
		"promises_end": cint(doc.apply_sla_for_resolution),
		"answers": {cint(row.response_time) for row in doc.priorities},
		"ends": ends,
		"lacking": _list_priorities() - {row.priority for row in doc.priorities},
	}


def _expect(agreement: Agreement) -> dict:
	"""As `agreements.ensure_agreement` makes it; a row's answer is never later than its end."""
	answer, end = agreement.response_seconds, agreement.resolution_seconds
	clock = agreement.resolution_clock
	return {
		"condition": "",
		"default": 0,
		"period": (None, None),
		"holiday_list": clock.holiday_list or NO_HOLIDAYS,
		"windows": {(window.weekday, window.start, window.end) for window in clock.windows},
		"promises_end": cint(end is not None),
		"answers": {min(answer, end) if end else answer},
		"ends": {end} if end else set(),
		"lacking": set(),
	}


def _list_priorities() -> set[str]:
	filters = {"disabled": 0} if frappe.get_meta("HD Ticket Priority").has_field("disabled") else {}
	return set(frappe.get_all("HD Ticket Priority", filters=filters, pluck="name"))


def _seconds(value: object) -> int:
	return int((to_timedelta(value) if isinstance(value, str) else value).total_seconds())
