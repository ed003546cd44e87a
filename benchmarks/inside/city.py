"""Our own site: the starter city, its mail account, and what the benchmarks ask of it."""

import frappe

from citizen_support.setup.demo import connect_mail
from citizen_support.setup.starter_city import load
from citizen_support.tracking import get_key

SETTINGS = "Citizen Support Settings"
SUBMISSION = "Service Submission"
# `least_seconds`: forms are read one after the other and may be sent the moment after.
WIDE_LIMITS = {
	"site_submissions_per_minute": 100_000,
	"uploads_mb_together": 10_000_000,
	"least_seconds": 0,
}


def prepare() -> int:
	"""Load the starter city and widen the limits; returns how many services there are."""
	frappe.cache.delete_keys("citizen_support:")  # a run that was broken off leaves its flags
	load()
	connect_mail()
	widen_limits()
	return frappe.db.count("Municipal Service", {"status": "Published"})


def widen_limits() -> list[str]:
	"""Widen the ceilings of the whole site, which one machine's load would reach; returns which this version has.

	Those of one visitor stay: each form comes from an address of its own, and is counted as in production.
	"""
	meta = frappe.get_meta(SETTINGS)
	found = {name: value for name, value in WIDE_LIMITS.items() if meta.has_field(name)}
	if found:
		frappe.db.set_single_value(SETTINGS, found)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
	return list(found)


def set_filing(mode: str) -> bool:
	"""Choose when tickets are made; False where this version does not know the choice."""
	field = frappe.get_meta(SETTINGS).get_field("filing")
	if not field or mode not in (field.options or "").split("\n"):
		return False
	frappe.db.set_single_value(SETTINGS, "filing", mode)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	return True


def count_submissions() -> dict[str, int]:
	"""How many there are, and how many have no ticket yet."""
	return {
		"all": frappe.db.count(SUBMISSION),
		"waiting": frappe.db.count(SUBMISSION, {"ticket": ("is", "not set")}),
		"tickets": frappe.db.count("HD Ticket", {"cs_reference": ("is", "set")}),
	}


def forget_unfiled() -> None:
	"""Delete submissions without a ticket. Nobody works them off beside a profile, and the next measurement would wait."""
	frappe.db.delete(SUBMISSION, {"ticket": ("is", "not set")})


def get_keys(limit: int = 200) -> list[list[str]]:
	"""Reference and key of requests that have a ticket, spread over all of them."""
	rows = frappe.get_all(
		"HD Ticket",
		filters={"cs_reference": ("is", "set")},
		fields=["cs_reference", "cs_key_version"],
		limit=limit,
		order_by="cs_reference",
	)
	return [[row.cs_reference, get_key(row.cs_reference, row.cs_key_version or 1)] for row in rows]
