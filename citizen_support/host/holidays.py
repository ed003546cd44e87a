"""Reading and filling Helpdesk's lists of holidays."""

from collections.abc import Mapping
from datetime import date

import frappe
from frappe.utils import getdate, strip_html

from citizen_support.host.session import as_system, quietly

DOCTYPE = "HD Service Holiday List"


def ensure_holiday_list(name: str, first_year: int) -> str:
	"""Make an empty list that begins with `first_year`, if there is none of that name."""
	if not frappe.db.exists(DOCTYPE, name):
		doc = frappe.new_doc(DOCTYPE)
		doc.holiday_list_name = name
		doc.from_date, doc.to_date = date(first_year, 1, 1), date(first_year, 12, 31)
		doc.insert(ignore_permissions=True)
	return name


def add_holidays(name: str, days: Mapping[date, str], to_year: int) -> int:
	"""Add the days to the list and stretch it to the end of `to_year`; returns how many were new.

	Saving the list makes Helpdesk work out every open request anew that uses it; days that are there stay.
	"""
	doc = frappe.get_doc(DOCTYPE, name)
	known = {getdate(row.holiday_date) for row in doc.holidays}
	new = {day: title for day, title in days.items() if day not in known and day >= getdate(doc.from_date)}
	for day, title in sorted(new.items()):
		doc.append("holidays", {"holiday_date": day, "description": title})
	end = date(to_year, 12, 31)
	if not new and getdate(doc.to_date) >= end:
		return 0
	doc.to_date = max(getdate(doc.to_date), end)
	with as_system(), quietly():
		doc.save(ignore_permissions=True)
	return len(new)


def list_holidays(name: str, first: date, last: date) -> dict[date, str]:
	"""The days of a list from `first` to `last`, with their names."""
	rows = frappe.get_all(
		"HD Holiday",
		{"parent": name, "parenttype": DOCTYPE, "holiday_date": ("between", [first, last])},
		["holiday_date", "description"],
	)
	return {getdate(row.holiday_date): strip_html(row.description or "").strip() for row in rows}


def get_last_day(name: str) -> date | None:
	"""The day the list ends; promises beyond it know no holidays."""
	day = frappe.db.get_value(DOCTYPE, name, "to_date")
	return getdate(day) if day else None
