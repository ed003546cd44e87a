"""Install, use, uninstall: nothing of ours is left on Helpdesk, and every ticket is as it was.

The app really leaves the site and comes back, by the commands that IT uses; so this file runs last.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

import frappe

from citizen_support import install
from citizen_support.host.files import list_attachments, read_file
from citizen_support.intake.files import CleanFile
from citizen_support.residents import NOBODY
from citizen_support.setup.custom_fields import get_custom_fields
from citizen_support.setup.roles import MANAGER, ROLES
from tests.site.factories import get_ticket, make_request, make_service, make_user
from tests.support.form_filler import make_png

pytestmark = pytest.mark.commits

OURS = ("like", "cs\\_%")
CHANGES = (
	"status",
	"response_by",
	"resolution_by",
	"modified",
	"subject",
	"raised_by",
	"agent_group",
	"description",
)


@dataclass
class Used:
	"""A site the app was used on: its tickets before, and what it was made of."""

	tickets: dict[str, tuple]
	file_url: str
	doctypes: list[str]
	manager: str


def run(*command: str) -> None:
	"""A command of the bench, as IT types it."""
	done = subprocess.run(
		[sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", frappe.local.site, *command],
		capture_output=True,
		text=True,
		check=False,
	)
	assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def reconnect() -> None:
	"""See what another process has done."""
	site, sites_path = frappe.local.site, frappe.local.sites_path
	frappe.destroy()
	frappe.init(site=site, sites_path=sites_path)
	frappe.connect()
	frappe.clear_cache()


def read_ticket(name: str) -> tuple:
	return frappe.db.get_value("HD Ticket", name, CHANGES)


@pytest.fixture(scope="module")
def used(site: str, city: None) -> Iterator[Used]:
	"""The app was used and taken off the site; it comes back afterwards."""
	if not frappe.conf.allow_tests:
		pytest.skip("only on a site made for tests (allow_tests in its configuration)")
	frappe.flags.in_test = True
	photo = ("what", CleanFile("photo.png", make_png(), "image/png"))
	references = [make_request(make_service(), files=[photo]), make_request(contact={})]
	plain = frappe.get_doc(
		{"doctype": "HD Ticket", "subject": "Printer", "raised_by": "ann@example.org"}
	).insert()
	names = [get_ticket(reference).name for reference in references] + [plain.name]
	frappe.db.commit()
	used = Used(
		tickets={str(name): read_ticket(name) for name in names},
		file_url=list_attachments("HD Ticket", str(names[0]))[0].file_url,
		doctypes=frappe.get_all("DocType", {"module": "Citizen Support"}, pluck="name"),
		manager=make_user(MANAGER, "Agent"),
	)
	frappe.db.commit()
	run("uninstall-app", "citizen_support", "--yes", "--no-backup")
	reconnect()
	yield used
	frappe.db.rollback()
	put_back(used)


def put_back(used: Used) -> None:
	"""The app again, without the tickets of this test."""
	if "citizen_support" not in frappe.get_installed_apps():
		run("install-app", "citizen_support")
		reconnect()
	for name in used.tickets:
		frappe.delete_doc("HD Ticket", name, force=True, ignore_missing=True)
	frappe.db.commit()


def test_no_field_and_no_column_is_left(used: Used) -> None:
	assert not frappe.get_all("Custom Field", {"fieldname": OURS})
	assert not frappe.get_all("Property Setter", {"module": "Citizen Support"})
	for doctype in ("HD Ticket", "HD Service Level Agreement"):
		assert [column for column in frappe.db.get_table_columns(doctype) if column.startswith("cs_")] == []


@pytest.mark.parametrize(
	("doctype", "filters"),
	[
		("HD Ticket Template Field", {"fieldname": OURS}),
		("Role", {"name": ("in", ROLES)}),
		("Has Role", {"role": ("in", ROLES)}),
		("Custom DocPerm", {"role": ("in", ROLES)}),
		("DocPerm", {"role": ("in", ROLES)}),
		("HD Service Level Agreement", {"description": ("like", "%Citizen Support%")}),
		("HD Service Holiday List", {"name": ("like", "Citizen Support%")}),
		("HD View", {"filters": ("like", "%cs_department%")}),
		("HD Form Script", {"name": ("like", "Citizen Support%")}),
		("Scheduled Job Type", {"method": ("like", "citizen_support.%")}),
		("Workspace", {"module": "Citizen Support"}),
		("DocType", {"module": "Citizen Support"}),
		("Module Def", {"app_name": "citizen_support"}),
		("User Permission", {"allow": "Municipal Department"}),
		("Email Unsubscribe", {"email": NOBODY}),
		("File", {"attached_to_doctype": "Service Submission"}),
	],
	ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_row_of_ours_is_left(used: Used, doctype: str, filters: dict) -> None:
	assert frappe.get_all(doctype, filters) == []


def test_no_table_of_ours_is_left(used: Used) -> None:
	tables = set(frappe.db.get_tables(cached=False))

	assert {f"tab{doctype}" for doctype in used.doctypes} & tables == set()


def test_a_managers_other_roles_stay(used: Used) -> None:
	assert "Agent" in frappe.get_roles(used.manager)


def test_every_ticket_is_as_it_was(used: Used) -> None:
	assert {name: read_ticket(name) for name in used.tickets} == used.tickets


def test_the_conversation_and_its_files_are_still_there(used: Used) -> None:
	first = next(iter(used.tickets))

	assert frappe.db.count("Communication", {"reference_name": first}) == 1
	assert frappe.db.exists("File", {"attached_to_doctype": "HD Ticket", "attached_to_name": first})
	assert os.path.getsize(frappe.get_site_path(used.file_url.lstrip("/"))) > 0
	assert read_file(used.file_url)


def test_every_ticket_can_be_worked_on(used: Used) -> None:
	for name in used.tickets:
		ticket = frappe.get_doc("HD Ticket", name)
		ticket.subject = "Still works"
		ticket.save()

		assert frappe.db.exists("HD Service Level Agreement", ticket.sla)


def test_helpdesk_takes_new_tickets(used: Used) -> None:
	ticket = frappe.get_doc(
		{"doctype": "HD Ticket", "subject": "New", "raised_by": "ann@example.org"}
	).insert()

	assert ticket.response_by


def take_stock() -> dict[str, int]:
	"""How many there are of everything that installing makes."""
	counted = {
		"Custom Field": {"fieldname": OURS},
		"HD Ticket Template Field": {"fieldname": OURS},
		"Role": {"name": ("in", ROLES)},
		"HD Form Script": {"name": ("like", "Citizen Support%")},
		"HD View": {"filters": ("like", "%cs_department%")},
		"Email Unsubscribe": {"email": NOBODY},
		"Scheduled Job Type": {"method": ("like", "citizen_support.%")},
	}
	return {doctype: frappe.db.count(doctype, filters) for doctype, filters in counted.items()}


def test_it_can_be_installed_again_and_installing_or_upgrading_twice_changes_nothing(used: Used) -> None:
	frappe.db.rollback()
	run("install-app", "citizen_support")
	reconnect()
	installed = take_stock()

	install.after_install()
	install.after_migrate()
	frappe.db.commit()
	run("migrate", "--skip-search-index")
	reconnect()

	assert take_stock() == installed
	assert installed["Custom Field"] == sum(len(fields) for fields in get_custom_fields().values())
