"""What every site test stands on: the starter city, a mail account, and a transaction of its own."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

import frappe
import frappe.app

from citizen_support.setup.demo import lift_limits
from citizen_support.setup.starter_city import load
from tests.site.access_world import World, build_world, remove_world
from tests.site.factories import make_name
from tests.site.transactions import PretendedTransactions
from tests.site.visitor import Visitor

ACCOUNT = "Mail account of the tests"
# Takes the app off the site and puts it back, so it comes last.
LAST = "test_uninstall.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	"""The order of the files, but for the last."""
	items.sort(key=lambda item: item.path.name == LAST)


@pytest.fixture(scope="session", autouse=True)
def city(site: str) -> Iterator[None]:
	"""The starter city and a mail account, made once and committed; the account goes again.

	One machine plays all residents, so the limits are off; test_limits.py sets its own.
	"""
	frappe.flags.in_test = True
	make_mail_account()
	load()
	lift_limits()
	frappe.db.commit()
	yield
	frappe.db.rollback()
	frappe.delete_doc("Email Account", ACCOUNT, force=True, ignore_missing=True)
	frappe.db.commit()
	frappe.clear_cache()


def make_mail_account() -> None:
	"""Helpdesk tells agents of their new tickets by mail, at once under test, and wants an account for it."""
	if frappe.db.exists("Email Account", ACCOUNT):
		return
	account = frappe.new_doc("Email Account")
	account.update(
		{
			"email_account_name": ACCOUNT,
			"email_id": "requests@city.example",
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "localhost",
			"no_smtp_authentication": 1,
			"awaiting_password": 0,
		}
	)
	account.flags.ignore_validate = True
	account.insert(ignore_permissions=True)


@pytest.fixture(scope="session", autouse=True)
def agents_read_no_mail(city: None) -> Iterator[None]:
	"""Frappe's mail about an assignment is a worker's business; under test it would be made within the insert."""
	with patch("frappe.desk.doctype.notification_log.notification_log.send_notification_email"):
		yield


@pytest.fixture(autouse=True)
def forget_what_the_app_remembers(leave_no_trace: None) -> Iterator[None]:
	"""The app's own caches tell of records that the rollback has taken away."""
	yield
	frappe.cache.delete_keys("citizen_support:")


@pytest.fixture
def transactions(leave_no_trace: None) -> Iterator[PretendedTransactions]:
	"""Commits and rollbacks of the app, played inside the test's own transaction."""
	pretended = PretendedTransactions()
	before = frappe.db.commit
	frappe.db.commit, frappe.db.rollback = pretended.commit, pretended.rollback
	yield pretended
	frappe.db.commit = before
	del frappe.db.rollback
	pretended.finish()


@pytest.fixture
def visitor(transactions: PretendedTransactions) -> Visitor:
	"""Someone at the portal, without an account."""
	return Visitor()


@pytest.fixture(scope="module")
def world(site: str, city: None, agents_read_no_mail: None) -> Iterator[World]:
	"""Somebody of every role and a request, stored and logged in; for tests that commit."""
	before, frappe.app._site = frappe.app._site, site
	made = build_world()
	yield made
	remove_world(made)
	frappe.app._site = before


@pytest.fixture
def resident() -> str:
	"""An address nobody has used before."""
	return f"{make_name('resident')}@example.org"
