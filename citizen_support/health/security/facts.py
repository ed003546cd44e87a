"""Reading what opens the site."""

import frappe
from frappe import _
from frappe.utils import cint

from citizen_support import limits
from citizen_support.health.helpdesk.facts import is_on
from citizen_support.health.rules import SECURITY, Check
from citizen_support.health.security import rules
from citizen_support.host import access


def list_checks() -> tuple[Check, ...]:
	"""What is looked at, in order; what stands in configuration files needs no database."""
	return (
		Check(_("Frappe’s version"), SECURITY, read_version, (rules.find_fixes,), needs_database=False),
		Check(_("address of the site"), SECURITY, read_address, (rules.find_address,), needs_database=False),
		Check(
			_("switches for developers and guests"),
			SECURITY,
			read_switches,
			(rules.find_developer_switches, rules.find_guest_switches),
		),
		Check(_("proxy"), SECURITY, read_visit, (rules.find_proxy,)),
		Check(_("visitors behind the proxy"), SECURITY, read_unnamed, (rules.find_unnamed,)),
		Check(_("limits"), SECURITY, limits.get_refusals_today, (rules.find_refusals,)),
	)


def read_version() -> str:
	return frappe.__version__


def read_address() -> rules.Address:
	return rules.Address(get_host_name(), bool(frappe.conf.encryption_key))


def get_host_name() -> str:
	"""The address that links in messages begin with, as it stands in the configuration."""
	return frappe.conf.host_name or frappe.conf.hostname or ""


def read_switches() -> rules.Switches:
	conf = frappe.conf
	return rules.Switches(
		host=get_host_name() or frappe.local.site,
		shows_tracebacks=is_on(rules.SYSTEM, "allow_error_traceback"),
		on_for_developers=tuple(name for name in rules.DEVELOPER_SWITCHES if cint(conf.get(name))),
		runs_server_scripts=bool(cint(conf.server_script_enabled)),
		cors_everyone="*" in (conf.allow_cors or ""),
		guests_may_upload=is_on(rules.SYSTEM, "allow_guests_to_upload_files"),
		anyone_may_sign_up=not is_on("Website Settings", "disable_signup"),
		has_easy_password=access.has_easy_password(),
		logs_addresses=bool(cint(conf.enable_frappe_logger)),
		guests_read=tuple(access.list_readable_by_everyone()),
	)


def read_visit() -> rules.Visit | None:
	"""The request under way; None on the command line."""
	request = getattr(frappe.local, "request", None)
	if not request:
		return None
	named = request.headers.get("X-Forwarded-For", "")
	return rules.Visit(
		peer=request.remote_addr or "",
		forwarded=tuple(filter(None, (part.strip() for part in named.split(",")))),
		seen_as=limits.get_client(),
		trusted_proxies=limits.get_limits().trusted_proxies,
		# What gunicorn makes of `X-Forwarded-Proto`: it listens to the addresses in FORWARDED_ALLOW_IPS alone.
		is_secure=request.scheme == "https",
		host_name=get_host_name(),
	)


def read_unnamed() -> int:
	"""How many requests came today with fewer addresses than the proxies should have named.

	0 while the request under way is such a one: then `find_proxy` tells.
	"""
	visit = read_visit()
	if visit and len(visit.forwarded) < visit.trusted_proxies:
		return 0
	return limits.count_unnamed_today()
