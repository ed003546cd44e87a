"""The city's holidays, taken from the `holidays` library and kept several years ahead."""

from datetime import date

import holidays

import frappe
from frappe import _
from frappe.utils import cint, nowdate

from citizen_support.host import holidays as host_holidays
from citizen_support.host.errors import background_job

SETTINGS = "Citizen Support Settings"
MOST_YEARS_AHEAD = 10


@background_job
def fill_holidays() -> int:
	"""Fill the city's list up to the years ahead that the settings ask for; returns how many days are new.

	Only years that were not filled before are written, so a day someone took out by hand stays out.
	"""
	settings = frappe.get_doc(SETTINGS)
	if not settings.holiday_country:
		return 0
	this_year = cint(nowdate()[:4])
	last_year = this_year + min(cint(settings.holiday_years_ahead) or 3, MOST_YEARS_AHEAD)
	first_year = max(cint(settings.holidays_filled_to) + 1, this_year)
	if first_year > last_year:
		return 0
	name = settings.holiday_list or _("Public holidays {0}").format(get_place_name(settings))
	host_holidays.ensure_holiday_list(name, this_year)
	days = find_public_holidays(
		settings.holiday_country, settings.holiday_subdivision, range(first_year, last_year + 1)
	)
	added = host_holidays.add_holidays(name, days, last_year)
	frappe.db.set_single_value(SETTINGS, {"holiday_list": name, "holidays_filled_to": last_year})
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	return added


def find_public_holidays(country: str, subdivision: str | None, years: range) -> dict[date, str]:
	"""Public holidays of a country (ISO 3166-1, two letters) and its region (ISO 3166-2 without the country).

	:raises frappe.ValidationError: if the library does not know the place.
	"""
	try:
		return dict(holidays.country_holidays(country, subdiv=subdivision or None, years=list(years)))
	except NotImplementedError:
		frappe.throw(
			_(
				"No holidays are known for “{0}”. Use the two-letter code of the country, and the region’s code or none."
			).format("-".join(filter(None, (country, subdivision))))
		)


def get_place_name(settings: object) -> str:
	"""Country and region as they stand in the list's name."""
	return " ".join(filter(None, (settings.holiday_country, settings.holiday_subdivision)))
