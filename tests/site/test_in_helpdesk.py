"""What agents find in Helpdesk, and that installing again changes nothing."""

import json

import pytest

import frappe

from citizen_support import install
from citizen_support.host import versions
from citizen_support.setup.custom_fields import get_custom_fields, get_sidebar_fieldnames
from tests.site.factories import make_department, make_name

TEMPLATE_ROWS = {"parent": "Default", "parenttype": "HD Ticket Template", "fieldname": ("like", "cs_%")}


def list_rows() -> list[str]:
	return frappe.get_all("HD Ticket Template Field", TEMPLATE_ROWS, pluck="fieldname", order_by="idx")


def get_view(code: str) -> object:
	return frappe.get_doc("HD View", {"dt": "HD Ticket", "filters": ("like", f'%"cs_department": "{code}"%')})


def test_the_sidebar_shows_each_field_once_and_hides_it_from_customers() -> None:
	assert list_rows() == get_sidebar_fieldnames()
	assert not frappe.db.exists("HD Ticket Template Field", {**TEMPLATE_ROWS, "hide_from_customer": 0})


def test_furnishing_the_sidebar_twice_adds_nothing(transactions: object) -> None:
	install.furnish_host()

	assert list_rows() == get_sidebar_fieldnames()


def test_the_secret_that_links_rest_on_is_made_before_anybody_needs_it(
	transactions: object, monkeypatch: pytest.MonkeyPatch
) -> None:
	written = {}
	monkeypatch.setattr("frappe.installer.update_site_config", written.__setitem__)
	monkeypatch.delitem(frappe.local.conf, "encryption_key")
	monkeypatch.setattr(install, "create_custom_fields", lambda *arguments, **more: None)
	monkeypatch.setattr(install, "add_indexes", lambda: None)

	install.after_migrate()

	assert list(written) == ["encryption_key"]


def test_an_upgrade_does_not_bring_back_a_row_the_team_took_away(
	transactions: object, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(install, "create_custom_fields", lambda *arguments, **more: None)
	monkeypatch.setattr(install, "add_indexes", lambda: None)
	frappe.db.delete("HD Ticket Template Field", {**TEMPLATE_ROWS, "fieldname": "cs_phone"})

	install.after_migrate()

	assert "cs_phone" not in list_rows()


def test_every_field_of_ours_is_there_and_known_to_be_ours() -> None:
	for doctype, fields in get_custom_fields().items():
		for field in fields:
			module = frappe.db.get_value(
				"Custom Field", {"dt": doctype, "fieldname": field["fieldname"]}, "module"
			)
			assert module == "Citizen Support", field["fieldname"]


@pytest.mark.parametrize(
	("table", "column"),
	[
		("tabHD Ticket", "cs_reference"),
		("tabHD Ticket", "cs_citizen"),
		("tabService Submission", "idempotency_key"),
		("tabService Submission", "state"),
		("tabRequest Event", "reference"),
		("tabCitizen", "email"),
	],
)
def test_what_is_looked_up_has_an_index(table: str, column: str) -> None:
	indexed = {row.Column_name for row in frappe.db.sql(f"SHOW INDEX FROM `{table}`", as_dict=True)}

	assert column in indexed


def test_each_department_has_a_public_list_of_its_requests() -> None:
	departments = frappe.get_all("Municipal Department", fields=["name", "department_name"], as_list=True)

	assert len(departments) >= 2
	for code, name in departments:
		view = get_view(code)
		assert (view.label, view.public) == (name, 1)
		assert {column["key"] for column in json.loads(view.columns)} >= {"cs_reference", "subject"}


def test_a_renamed_departments_list_follows_and_a_deleted_ones_goes(transactions: object) -> None:
	department = make_department()

	department.department_name = make_name("Renamed")
	department.save()
	assert get_view(department.name).label == department.department_name

	department.delete()
	with pytest.raises(frappe.DoesNotExistError):
		get_view(department.name)


def test_the_button_in_helpdesks_header_is_there_once() -> None:
	scripts = frappe.get_all(
		"HD Form Script", {"dt": "HD Ticket", "name": ("like", "Citizen Support%")}, pluck="enabled"
	)

	assert scripts == [1]


def test_a_host_that_will_do_is_accepted() -> None:
	versions.check_host()

	assert versions.find_missing_fields() == []


def test_a_helpdesk_without_what_we_need_is_refused_with_what_is_missing(
	monkeypatch: pytest.MonkeyPatch,
) -> None:
	monkeypatch.setattr(versions, "find_missing_fields", lambda: ["HD Ticket.agent_group"])

	with pytest.raises(frappe.ValidationError, match=r"too old.*HD Ticket\.agent_group"):
		versions.check_host()


@pytest.mark.parametrize("version", ["15.104.9", "14.80.0", "16.0.0", "17.1.0-dev"])
def test_another_frappe_is_refused_with_the_versions_that_will_do(
	monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
	monkeypatch.setattr(frappe, "__version__", version)

	with pytest.raises(frappe.ValidationError, match=r"15\.105\.0"):
		versions.check_host()


def test_without_helpdesk_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(frappe, "get_installed_apps", lambda: ["frappe"])

	with pytest.raises(frappe.ValidationError, match="needs Frappe Helpdesk"):
		versions.check_host()
