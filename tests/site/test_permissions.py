"""Who may do what with the app's records."""

import pytest

import frappe
import frappe.client
from frappe.desk.search import search_link
from frappe.model.base_document import get_controller
from frappe.model.document import Document

from citizen_support.host.rows import Row
from citizen_support.setup.roles import COORDINATOR, MANAGER, ROLES_OF_A_MANAGER
from tests.site.factories import (
	make_agent,
	make_article,
	make_department,
	make_holiday_list,
	make_request,
	make_service,
	make_user,
)
from tests.support.sources import ROOT

pytestmark = pytest.mark.usefixtures("transactions")

OWN = (
	"Citizen",
	"Citizen Support Settings",
	"Municipal Department",
	"Municipal Service",
	"Notice Template",
	"Request Event",
	"Service Category",
	"Service Submission",
)


def make_coordinator(department: str) -> str:
	user = make_user(COORDINATOR)
	frappe.get_doc(
		{
			"doctype": "User Permission",
			"user": user,
			"allow": "Municipal Department",
			"for_value": department,
			"applicable_for": "Municipal Department",
			"apply_to_all_doctypes": 0,
		}
	).insert()
	return user


def may(user: str, ptype: str, doc: Document) -> bool:
	return bool(frappe.has_permission(doc.doctype, ptype, doc=doc, user=user))


@pytest.mark.parametrize(
	"doctype", ["Municipal Department", "Municipal Service", "Service Category", "Notice Template"]
)
def test_the_manager_owns_the_catalogue_and_the_texts(doctype: str) -> None:
	manager = make_user(MANAGER)

	assert all(
		frappe.has_permission(doctype, ptype, user=manager) for ptype in ("read", "write", "create", "delete")
	)


def test_what_was_sent_in_is_never_made_or_deleted_by_the_manager() -> None:
	manager = make_user(MANAGER)

	assert frappe.has_permission("Service Submission", "read", user=manager)
	assert not frappe.has_permission("Service Submission", "create", user=manager)
	assert not frappe.has_permission("Service Submission", "delete", user=manager)


def test_a_coordinator_changes_the_own_department_and_no_other() -> None:
	own, other = make_department(), make_department()
	coordinator = make_coordinator(own.name)

	assert may(coordinator, "write", own)
	assert not may(coordinator, "write", other)


def test_a_coordinator_changes_the_own_departments_services_and_no_other() -> None:
	own, other = make_department(), make_department()
	coordinator = make_coordinator(own.name)

	assert may(coordinator, "write", make_service(department=own.name))
	assert not may(coordinator, "write", make_service(department=other.name))


@pytest.mark.parametrize("ptype", ["create", "delete"])
def test_a_coordinator_neither_makes_nor_deletes(ptype: str) -> None:
	own = make_department()
	coordinator = make_coordinator(own.name)

	assert not frappe.has_permission("Municipal Service", ptype, user=coordinator)
	assert not frappe.has_permission("Municipal Department", ptype, user=coordinator)


def test_a_coordinator_cannot_publish_or_move_a_service() -> None:
	own, other = make_department(), make_department()
	service = make_service(department=own.name, status="Draft")
	frappe.set_user(make_coordinator(own.name))

	doc = frappe.get_doc("Municipal Service", service.name)
	doc.update({"status": "Published", "department": other.name, "summary": "Better words"})
	doc.save()

	frappe.set_user("Administrator")
	doc.reload()
	assert (doc.status, doc.department, doc.summary) == ("Draft", own.name, "Better words")


def test_a_coordinator_who_is_named_for_nothing_changes_nothing() -> None:
	coordinator = make_user(COORDINATOR)

	assert not may(coordinator, "write", make_department())


def test_a_manager_who_is_also_coordinator_is_a_manager() -> None:
	assert may(make_user(MANAGER, COORDINATOR), "write", make_department())


@pytest.mark.parametrize(
	"doctype", ["Municipal Department", "Municipal Service", "Service Category", "Citizen"]
)
def test_an_agent_sees_what_a_ticket_names_and_changes_none_of_it(doctype: str) -> None:
	agent = make_agent()

	assert frappe.has_permission(doctype, "read", user=agent)
	assert not frappe.has_permission(doctype, "write", user=agent)


@pytest.mark.parametrize("doctype", OWN)
def test_visitors_and_website_users_have_no_rights_at_all(doctype: str) -> None:
	website_user = make_user(user_type="Website User")

	for user in ("Guest", website_user):
		assert not any(
			frappe.has_permission(doctype, ptype, user=user) for ptype in ("read", "write", "create")
		)


@pytest.mark.parametrize("doctype", OWN)
def test_nothing_is_open_to_everyone(doctype: str) -> None:
	roles = {row.role for row in frappe.get_meta(doctype).permissions}

	assert not roles & {"All", "Guest", "Desk User"}


def test_an_agent_works_on_a_request_like_on_any_ticket() -> None:
	reference = make_request()
	agent = make_agent()
	frappe.set_user(agent)

	ticket = frappe.get_doc("HD Ticket", {"cs_reference": reference})
	ticket.status = "Resolved"
	ticket.cs_outcome = "Filled"
	ticket.save()

	assert ticket.status_category == "Resolved"


@pytest.mark.parametrize(
	"field", ["cs_reference", "cs_told", "cs_agreement", "cs_targets", "cs_key_version", "cs_language"]
)
def test_an_agent_does_not_change_what_only_the_app_may_set(field: str) -> None:
	reference = make_request()
	before = frappe.db.get_value("HD Ticket", {"cs_reference": reference}, field)
	frappe.set_user(make_agent())

	ticket = frappe.get_doc("HD Ticket", {"cs_reference": reference})
	ticket.set(field, "99")
	ticket.save()

	assert frappe.db.get_value("HD Ticket", ticket.name, field) == before


@pytest.mark.parametrize("role", [MANAGER, COORDINATOR])
def test_a_row_cannot_be_changed_behind_the_back_of_its_record(role: str) -> None:
	service = make_service()
	row = frappe.get_doc("Service Question", service.questions[0].name)
	frappe.set_user(make_user(role) if role == MANAGER else make_coordinator(service.department))

	with pytest.raises(frappe.PermissionError):
		frappe.client.save(row.as_dict() | {"label": "Send money to me"})
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("Service Question", row.name)

	assert frappe.db.get_value("Service Question", row.name, "label") == service.questions[0].label


def test_every_row_of_ours_is_saved_with_its_record_only() -> None:
	tables = frappe.get_all("DocType", {"module": "Citizen Support", "istable": 1}, pluck="name")

	assert tables
	for doctype in tables:
		assert issubclass(get_controller(doctype), Row), doctype


CHOSEN = (
	"Municipal Service",
	"Municipal Department",
	"Citizen Support Settings",
	"Service Routing Rule",
	"Service Article",
)


def list_chosen() -> set[str]:
	"""Doctypes whose records one chooses in the forms of the catalogue."""
	fields = [field for doctype in CHOSEN for field in frappe.get_meta(doctype).get_link_fields()]
	return {field.options for field in fields if not field.read_only and not field.hidden}


def test_the_documented_roles_let_a_manager_choose_whatever_the_forms_ask_for() -> None:
	department = make_department()
	wanted = {
		"HD Team": department.team,
		"HD Article": str(make_article()),
		"HD Service Holiday List": make_holiday_list(),
		"Municipal Department": department.name,
	}
	frappe.set_user(make_user(*ROLES_OF_A_MANAGER))

	found = {
		doctype: {str(row["value"]) for row in search_link(doctype, wanted.get(doctype, ""), page_length=20)}
		for doctype in list_chosen()
	}

	assert set(wanted) <= set(found)
	assert {doctype: name for doctype, name in wanted.items() if name not in found[doctype]} == {}
	assert "System Manager" not in frappe.get_roles()


@pytest.mark.parametrize("path", ["README.md", "docs/configuring.md"])
def test_the_roles_a_manager_needs_are_documented(path: str) -> None:
	text = (ROOT / path).read_text(encoding="utf-8")

	assert [role for role in ROLES_OF_A_MANAGER if f"*{role}*" not in text] == []
