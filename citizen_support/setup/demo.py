"""What a demonstration needs beyond the starter city: mail that arrives somewhere, and people to log in as."""

import frappe
from frappe.utils import now_datetime
from frappe.utils.password import update_password

from citizen_support.host import teams
from citizen_support.limits.rules import BOUNDS
from citizen_support.setup.roles import COORDINATOR, ROLES_OF_A_MANAGER

ACCOUNT = "City of Riverton"


def connect_mail(
	host: str = "127.0.0.1", port: int = 1025, address: str = "requests@riverton.example"
) -> str:
	"""Send the site's mail to an SMTP server that asks for no password, such as a local sink.

	:returns: name of the mail account.
	"""
	doc = frappe.get_doc("Email Account", ACCOUNT) if frappe.db.exists("Email Account", ACCOUNT) else None
	doc = doc or frappe.new_doc("Email Account")
	doc.update(
		{
			"email_account_name": ACCOUNT,
			"email_id": address,
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"enable_incoming": 0,
			"smtp_server": host,
			"smtp_port": str(port),
			"no_smtp_authentication": 1,
			"use_tls": 0,
			"use_ssl_for_outgoing": 0,
			"awaiting_password": 0,
			"always_use_account_email_id_as_sender": 1,
			"always_use_account_name_as_sender_name": 1,
		}
	)
	doc.flags.ignore_validate = True
	# Frappe would save any other default account too, and call its server to see whether it answers.
	others = {"default_outgoing": 1, "name": ("!=", ACCOUNT)}
	frappe.db.set_value("Email Account", others, "default_outgoing", 0)
	doc.save(ignore_permissions=True)
	frappe.db.commit()  # called from the command line, where nothing else commits
	return doc.name


def make_users(password: str = "riverton") -> list[dict[str, str]]:
	"""People for the demonstration: a manager, a coordinator and an agent; all with the given password."""
	people = (
		(
			"maria.manager@riverton.example",
			"Maria",
			"Lopez",
			ROLES_OF_A_MANAGER,
			"Citizen Support Manager",
		),
		(
			"carl.coordinator@riverton.example",
			"Carl",
			"Berg",
			(COORDINATOR, "Agent"),
			"Department Coordinator",
		),
	)
	logins = []
	for email, first_name, last_name, roles, title in people:
		_ensure_user(email, first_name, last_name, roles, password)
		logins.append({"role": title, "user": email, "password": password})
	_name_coordinator("carl.coordinator@riverton.example", "streets")
	if agent := _find_agent():
		update_password(agent, password)
		logins.append({"role": "Agent (Helpdesk)", "user": agent, "password": password})
	frappe.db.commit()  # called from the command line, where nothing else commits
	return logins


def finish_setup(home_page: str = "services", time_zone: str = "America/Los_Angeles") -> None:
	"""Make a fresh site presentable: no setup wizard, the portal as its first page, the city's clock."""
	frappe.db.set_single_value(
		"System Settings",
		{"setup_complete": 1, "time_zone": time_zone, "language": "en", "country": "United States"},
	)
	frappe.db.set_value(
		"Installed Application", {"app_name": ("in", ["frappe", "helpdesk"])}, "is_setup_complete", 1
	)
	frappe.db.set_single_value("Website Settings", "home_page", home_page)
	_forget_the_future()
	frappe.clear_cache()
	frappe.db.commit()  # called from the command line, where nothing else commits


def _forget_the_future() -> None:
	"""A fresh site runs on Frappe's default clock, hours ahead of ours: jobs made "in the future" would not run."""
	for doctype in ("Scheduled Job Type", "HD Ticket"):
		frappe.db.set_value(
			doctype, {"creation": (">", now_datetime())}, "creation", now_datetime(), update_modified=False
		)


def lift_limits() -> None:
	"""Limit nothing that is sent in: for tests and measurements in which one machine plays all residents of a city."""
	for fieldname, (least, _most) in BOUNDS.items():
		if least == 0 and fieldname not in ("trusted_proxies", "busy_submissions_per_minute"):
			frappe.db.set_single_value("Citizen Support Settings", fieldname, 0)
	frappe.db.commit()  # as above


def offer_languages(languages: list[str]) -> None:
	"""Let residents choose among these as well: for tests in several languages."""
	settings = frappe.get_doc("Citizen Support Settings")
	known = {row.language for row in settings.languages}
	for language in languages:
		if language not in known:
			settings.append("languages", {"language": language})
	settings.save(ignore_permissions=True)
	frappe.db.commit()  # as above


def _ensure_user(email: str, first_name: str, last_name: str, roles: tuple[str, ...], password: str) -> None:
	if not frappe.db.exists("User", email):
		user = frappe.new_doc("User")
		user.update(
			{"email": email, "first_name": first_name, "last_name": last_name, "send_welcome_email": 0}
		)
		user.append_roles(*roles)
		user.insert(ignore_permissions=True)
	teams.ensure_agent(email, f"{first_name} {last_name}")
	update_password(email, password)


def _name_coordinator(user: str, department: str) -> None:
	values = {"user": user, "allow": "Municipal Department", "for_value": department}
	if frappe.db.exists("Municipal Department", department) and not frappe.db.exists(
		"User Permission", values
	):
		frappe.get_doc(
			{
				"doctype": "User Permission",
				"apply_to_all_doctypes": 0,
				"applicable_for": "Municipal Department",
				**values,
			}
		).insert(ignore_permissions=True)


def _find_agent() -> str | None:
	department = frappe.db.get_value("Municipal Department", "streets", "team")
	return frappe.db.get_value("HD Team Member", {"parent": department}, "user", order_by="idx")
