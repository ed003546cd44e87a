"""What pytest needs to know: unit tests stand alone; site tests get a site and leave no trace in it.

`bin/test` sets CS_BENCH and CS_SITE and runs tests/site in the bench's Python. Without them tests/site is
not even collected, because it imports Frappe.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
	from frappe import _dict

SITE_TESTS = Path(__file__).parent / "tests" / "site"
# Filled by documents that a rollback takes away again, so they would tell of records that are gone.
STALE_CACHES = (
	"roles",
	"defaults",
	"user_permissions",
	"system_settings",
	"time_zone",
	"assignment_rule_map",
	"document_naming_rule_map",
)


def has_site() -> bool:
	"""Whether we run on a bench, with a site to test on."""
	return bool(os.environ.get("CS_BENCH") and os.environ.get("CS_SITE"))


def pytest_ignore_collect(collection_path: Path) -> bool | None:
	"""Leave tests/site out where there is no site; None lets others decide."""
	return True if collection_path.is_relative_to(SITE_TESTS) and not has_site() else None


def pytest_report_header() -> str:
	"""Say on which site we are, or why tests/site is not here."""
	return f"site: {os.environ['CS_SITE']}" if has_site() else "site: none (bin/test site makes one)"


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
	"""The test site, connected as Administrator; its name."""
	import frappe

	sites, name, before = Path(os.environ["CS_BENCH"]) / "sites", os.environ["CS_SITE"], Path.cwd()
	os.chdir(sites)  # Frappe's loggers open ../logs
	frappe.init(site=name, sites_path=str(sites))
	frappe.connect()
	yield name
	frappe.destroy()
	os.chdir(before)


@pytest.fixture
def in_test() -> bool:
	"""What `frappe.flags.in_test` says; a module that wants the real thing overrides this with False."""
	return True


@pytest.fixture(autouse=True)
def leave_no_trace(request: pytest.FixtureRequest) -> Iterator[None]:
	"""Around every test in tests/site: nothing is committed, and what it changed is taken back.

	Tests marked `commits` really commit, and remove what they made.
	"""
	if not request.path.is_relative_to(SITE_TESTS):
		yield
		return
	request.getfixturevalue("site")
	import frappe

	flags = frappe._dict(frappe.flags)
	frappe.flags.in_test = request.getfixturevalue("in_test")
	commit = frappe.db.commit
	if "commits" not in request.keywords:
		frappe.db.commit = refuse_commit
	yield
	frappe.db.commit = commit
	reset(flags)


def refuse_commit() -> NoReturn:
	"""Stands in for `frappe.db.commit`."""
	raise AssertionError("This test commits. If it has to, mark it: @pytest.mark.commits")


def reset(flags: "_dict") -> None:
	"""As a new request finds things: nothing pending, nobody's data in a cache, Administrator logged in."""
	import frappe
	from frappe.utils.caching import _SITE_CACHE

	frappe.db.rollback()
	for key in STALE_CACHES:
		frappe.cache.delete_key(key)
	frappe.cache.delete_keys("document_cache::")
	_SITE_CACHE.clear()
	frappe.local.flags = flags
	frappe.local.cache = {}
	frappe.local.message_log = []
	frappe.local.form_dict = frappe._dict()
	frappe.local.response = frappe._dict(docs=[])
	for name in ("request", "request_cache"):
		if hasattr(frappe.local, name):
			delattr(frappe.local, name)
	frappe.set_user("Administrator")
	frappe.local.lang = "en"
