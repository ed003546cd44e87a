"""The city's list of holidays, kept filled for the years to come by a daily job."""

from datetime import date

import pytest

import frappe

from citizen_support.host import holidays as host_holidays
from citizen_support.promise import holidays

SETTINGS = "Citizen Support Settings"
THIS_YEAR = date.today().year


@pytest.fixture
def saxony() -> str:
	"""A city in Saxony that has asked for three years ahead, without a list yet; the list's future name."""
	frappe.db.set_single_value(
		SETTINGS,
		{
			"holiday_country": "DE",
			"holiday_subdivision": "SN",
			"holiday_years_ahead": 3,
			"holidays_filled_to": 0,
			"holiday_list": None,
		},
	)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	name = "Public holidays DE SN"
	frappe.db.delete("HD Service Holiday List", {"name": name})
	frappe.db.delete("HD Holiday", {"parent": name})
	return name


def list_days(name: str) -> list[date]:
	return [row.holiday_date for row in frappe.get_doc("HD Service Holiday List", name).holidays]


def test_the_city_list_is_made_and_filled_years_ahead(saxony: str) -> None:
	added = holidays.fill_holidays()

	days = list_days(saxony)
	assert added == len(days) == len(set(days))
	assert {day.year for day in days} == set(range(THIS_YEAR, THIS_YEAR + 4))
	assert frappe.db.get_single_value(SETTINGS, "holiday_list") == saxony
	assert host_holidays.get_last_day(saxony) == date(THIS_YEAR + 3, 12, 31)
	# A holiday of Saxony alone: the Wednesday before 23 November.
	assert any(day.month == 11 and 16 <= day.day <= 22 and day.weekday() == 2 for day in days)


def test_the_daily_job_adds_nothing_the_same_year(saxony: str) -> None:
	holidays.fill_holidays()
	before = frappe.db.get_value("HD Service Holiday List", saxony, "modified")

	assert holidays.fill_holidays() == 0
	assert frappe.db.get_value("HD Service Holiday List", saxony, "modified") == before


def test_the_daily_job_adds_one_year_when_a_new_year_has_begun(
	saxony: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	holidays.fill_holidays()
	before = list_days(saxony)
	monkeypatch.setattr(holidays, "nowdate", lambda: f"{THIS_YEAR + 1}-01-01")

	added = holidays.fill_holidays()

	new = set(list_days(saxony)) - set(before)
	assert added == len(new) > 5
	assert {day.year for day in new} == {THIS_YEAR + 4}
	assert host_holidays.get_last_day(saxony) == date(THIS_YEAR + 4, 12, 31)
	assert frappe.db.get_single_value(SETTINGS, "holidays_filled_to") == THIS_YEAR + 4


def test_a_job_that_slept_for_years_catches_up(saxony: str, monkeypatch: pytest.MonkeyPatch) -> None:
	holidays.fill_holidays()
	monkeypatch.setattr(holidays, "nowdate", lambda: f"{THIS_YEAR + 6}-03-01")

	holidays.fill_holidays()

	years = {day.year for day in list_days(saxony)}
	assert set(range(THIS_YEAR + 6, THIS_YEAR + 10)) <= years


def test_a_day_that_was_taken_out_or_added_by_hand_stays_so(
	saxony: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	holidays.fill_holidays()
	doc = frappe.get_doc("HD Service Holiday List", saxony)
	row = next(row for row in doc.holidays if row.holiday_date.year == THIS_YEAR + 2)
	removed, own = row.holiday_date, date(THIS_YEAR + 1, 6, 17)
	doc.remove(row)
	doc.append("holidays", {"holiday_date": own, "description": "The day after the parade"})
	doc.save()
	monkeypatch.setattr(holidays, "nowdate", lambda: f"{THIS_YEAR + 1}-01-01")

	holidays.fill_holidays()

	assert removed not in list_days(saxony) and own in list_days(saxony)


def test_years_ahead_are_never_more_than_ten_and_never_none(saxony: str) -> None:
	frappe.db.set_single_value(SETTINGS, "holiday_years_ahead", 99)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	holidays.fill_holidays()
	assert host_holidays.get_last_day(saxony) == date(THIS_YEAR + 10, 12, 31)


def test_without_a_country_nothing_is_filled(saxony: str) -> None:
	frappe.db.set_single_value(SETTINGS, "holiday_country", None)
	frappe.clear_document_cache(SETTINGS, SETTINGS)

	assert holidays.fill_holidays() == 0
	assert not frappe.db.exists("HD Service Holiday List", saxony)


def test_the_job_runs_daily() -> None:
	daily = frappe.get_hooks("scheduler_events")["daily"]

	assert f"{holidays.__name__}.fill_holidays" in daily
