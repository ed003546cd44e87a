"""Endpoints of the back-office forms. Each hands on to the desk room, which checks the permission."""

import frappe

from citizen_support.desk import (
	categories,
	findings,
	notices,
	outbox,
	places,
	promises,
	residents,
	submissions,
)
from citizen_support.promise.holidays import fill_holidays
from citizen_support.setup import onboarding


@frappe.whitelist(methods=["GET"])
def describe_promise(
	department: str,
	response_target: int,
	response_unit: str,
	resolution_target: int = 0,
	resolution_unit: str = "",
) -> dict:
	"""The promise to a request sent now, in words."""
	return promises.describe_targets(
		department, response_target, response_unit, resolution_target, resolution_unit
	)


@frappe.whitelist(methods=["POST"])
def file_again(reference: str) -> dict:
	"""Try to file a submission that has no ticket yet."""
	return submissions.file_again(reference)


@frappe.whitelist(methods=["GET"])
def get_citizen_requests(citizen: str) -> list[dict]:
	"""A resident's requests, newest first."""
	return residents.get_requests(citizen)


@frappe.whitelist(methods=["GET", "POST"])  # Frappe's tree asks by POST
def get_category_nodes(doctype: str, parent: str = "", is_root: bool = False) -> list[dict]:
	"""One level of the tree of categories; Frappe's tree sends its `doctype` along."""
	return categories.get_nodes(None if is_root else parent)


@frappe.whitelist(methods=["GET"])
def get_original_notice(notice: str, language: str) -> dict:
	"""The app's own words for a notice."""
	return notices.get_original(notice, language)


@frappe.whitelist(methods=["POST"])
def preview_notice(notice: str, language: str, subject: str, opening: str, ending: str = "") -> dict:
	"""The mail a template makes, for a made-up request. POST, as the texts may be long; nothing is stored."""
	return notices.preview(notice, language, {"subject": subject, "opening": opening, "ending": ending})


@frappe.whitelist(methods=["POST"])
def send_notice_again(notice: str) -> None:
	"""Have a message that did not reach its resident tried anew."""
	outbox.send_again(notice)


@frappe.whitelist(methods=["GET"])
def get_holiday_countries() -> list[dict]:
	"""Countries whose holidays are known."""
	return places.get_countries()


@frappe.whitelist(methods=["GET"])
def get_holiday_regions(country: str) -> list[dict]:
	"""Regions of a country with holidays of their own."""
	return places.get_regions(country)


@frappe.whitelist(methods=["POST"])
def fill_holidays_now() -> int:
	"""Fill the city's list of holidays; returns how many days are new."""
	frappe.has_permission(places.SETTINGS, "write", throw=True)
	return fill_holidays()


@frappe.whitelist(methods=["GET"])
def get_health() -> list[dict]:
	"""What a manager should mend."""
	return findings.get_findings()


@frappe.whitelist(methods=["GET", "POST"])
def get_link_title(doctype: str, docname: str) -> str | None:
	"""Stands before Frappe's function of this name, which tells a Citizen's name to any login that knows the record."""
	return residents.get_link_title(doctype, docname)


@frappe.whitelist(methods=["POST"])
def update_onboarding_step(name: str, field: str, value: int | str) -> None:
	"""Stands before Frappe's function of this name, which ticks a step of the guide off before it is done."""
	onboarding.update_step(name, field, value)
