"""A small city, really stored, with somebody of every role; for tests that ask over HTTP."""

import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import frappe
from frappe.utils.password import update_password

from citizen_support.intake.files import CleanFile
from citizen_support.publishing.report import make_link, make_report_link
from citizen_support.setup.roles import COORDINATOR, MANAGER
from citizen_support.tracking import get_key
from tests.site import factories as make
from tests.site.over_http import Browser
from tests.site.test_over_http import remove_request
from tests.support.access import ROLES
from tests.support.pictures import make_picture

NAME, ADDRESS = "Canary Ann Lee", "canary-ann"


SETTINGS = "Citizen Support Settings"


@dataclass
class World:
	"""Names of what was made, and a browser for each role that has logged in."""

	names: dict[str, str] = field(default_factory=dict)
	users: dict[str, str] = field(default_factory=dict)
	browsers: dict[str, Browser] = field(default_factory=dict)
	restricted: int = 0
	settings: tuple = ()

	def fill(self, text: str) -> str:
		"""A text with `<name>` replaced by what was made."""
		for word, name in self.names.items():
			text = text.replace(f"<{word}>", name)
		return text

	def log_in(self) -> dict[str, Browser]:
		"""A fresh browser for each role."""
		browsers = {role: Browser() for role in ROLES}
		for role, user in self.users.items():
			browsers[role].log_in(user, self.names["password"])
		return browsers


def list_customer_roles() -> list[str]:
	"""What Helpdesk gives to whoever signs up, since it has such a role (1.28)."""
	return [role for role in ("HD Customer",) if frappe.db.exists("Role", role)]


def build_world() -> World:
	"""Make and commit everything; `remove_world` takes it away again."""
	world = World()
	agent, other = make.make_agent(), make.make_agent()
	teams = make.make_team(agent), make.make_team(other)
	own, foreign = (make.make_department(team=team) for team in teams)
	world.names = {"password": secrets.token_urlsafe(24), "team": teams[0], "other team": teams[1]}
	world.users = {
		"Citizen": make.make_user(*list_customer_roles(), user_type="Website User"),
		"Agent of another team": other,
		"Agent": agent,
		"Department Coordinator": make.make_user(COORDINATOR),
		"Citizen Support Manager": make.make_user(MANAGER),
	}
	_name_for(world.users["Department Coordinator"], own.name)
	_fill_names(world, own.name, foreign.name)
	for user in world.users.values():
		update_password(user, world.names["password"])
	world.settings = frappe.db.sql("SELECT field, value FROM `tabSingles` WHERE doctype = %s", SETTINGS)
	world.restricted = frappe.db.get_single_value("HD Settings", "restrict_tickets_by_agent_group")
	frappe.db.set_single_value("HD Settings", "restrict_tickets_by_agent_group", 1)
	frappe.db.commit()
	frappe.clear_cache()
	world.browsers = world.log_in()
	return world


def _fill_names(world: World, own: str, foreign: str) -> None:
	service, other = make.make_service(department=own), make.make_service(department=foreign)
	email = f"{make.make_name(ADDRESS)}@example.org"
	files = [
		("what", CleanFile("letter.pdf", b"%PDF-1.4 canary", "application/pdf")),
		("what", CleanFile("hole.jpg", make_picture(), "image/jpeg")),
	]
	reference = make.make_request(service, contact={"name": NAME, "email": email}, files=files)
	ticket = make.get_ticket(reference)
	pdf, picture = (_find_file("HD Ticket", str(ticket.name), name) for name in ("letter.pdf", "hole.jpg"))
	pilot = make.make_service(status="Pilot", pilot_access="Only with the link", department=own)
	link, report = (urlsplit(made(pilot)) for made in (make_link, make_report_link))
	world.names |= {
		"pilot": pilot.name,
		"pilot key": parse_qs(link.query)["pilot"][0],
		"report key": parse_qs(report.query)["key"][0],
		"link request": _make_link_request(reference),
		"service": service.name,
		"other service": other.name,
		"department": own,
		"other department": foreign,
		"category": service.category,
		"area": make.make_area().name,
		"reference": reference,
		"key": get_key(reference, 1),
		"ticket": str(ticket.name),
		"citizen": str(ticket.cs_citizen),
		"message": frappe.db.get_value("Communication", {"reference_name": ticket.name}),
		"file": pdf.name,
		"shown file": _find_file("Service Submission", reference, "letter.pdf").name,
		"file url": pdf.file_url,
		"file name": pdf.file_url.rpartition("/")[2],
		"picture url": picture.file_url,
		"event": _make_event(reference),
		"notice": _make_notice(reference),
		"template": make_template(),
		"import": make_import(),
		"replay": make_replay(),
		"translation": make_translation(),
		"email": email,
	}


def _find_file(doctype: str, record: str, name: str) -> frappe._dict:
	filters = {"attached_to_doctype": doctype, "attached_to_name": record, "file_name": name}
	return frappe.db.get_value("File", filters, ["name", "file_url"], as_dict=True)


def _make_event(reference: str) -> str:
	event = frappe.new_doc("Request Event")
	event.update(
		{"reference": reference, "event": "Work goes on", "happened_at": frappe.utils.now_datetime()}
	)
	return event.insert(ignore_permissions=True, ignore_mandatory=True, ignore_links=True).name


def make_template(language: str = "nl") -> str:
	"""A notice in words of the city's own."""
	template = frappe.new_doc("Notice Template")
	template.update({"notice": "Confirmation", "language": language, "subject": "Hello", "opening": "Hello"})
	return template.insert(ignore_permissions=True).name


def make_translation(language: str = "nl") -> str:
	"""Texts of a service in another language."""
	translation = frappe.new_doc("Catalogue Translation")
	translation.update({"reference_doctype": "Municipal Service", "reference_name": make.make_name()})
	translation.update({"language": language, "texts": [{"path": "title", "translation": "Goedendag"}]})
	return translation.insert(ignore_permissions=True).name


def make_replay() -> str:
	"""A trial on past requests that has found nothing out."""
	replay = frappe.new_doc("Routing Replay")
	replay.update({"service": "pothole", "state": "Cancelled", "draft": "{}"})
	return replay.insert(ignore_permissions=True).name


def make_import() -> str:
	"""An import of a catalogue that is not there."""
	catalogue = frappe.new_doc("Catalogue Import")
	catalogue.update({"source": "A starter catalogue", "starter": "no-such"})
	return catalogue.insert(ignore_permissions=True).name


def _make_notice(reference: str) -> str:
	notice = frappe.new_doc("Resident Notice")
	notice.update({"reference": reference, "notice": "Update", "channel": "E-mail", "state": "Failed"})
	return notice.insert(ignore_permissions=True, ignore_mandatory=True).name


def _make_link_request(reference: str) -> str:
	row = frappe.new_doc("Link Request")
	row.update({"reference": reference, "contact": "encrypted", "next_attempt_at": "2099-01-01"})
	return row.insert(ignore_permissions=True).name


def _name_for(user: str, department: str) -> None:
	"""Make a coordinator responsible for a department."""
	frappe.get_doc(
		{
			"doctype": "User Permission",
			"user": user,
			"allow": "Municipal Department",
			"for_value": department,
			"applicable_for": "Municipal Department",
			"apply_to_all_doctypes": 0,
		}
	).insert(ignore_permissions=True)


def remove_world(world: World) -> None:
	"""Take away what was made, so that the next test file meets the city it knows."""
	frappe.db.rollback()
	frappe.set_user("Administrator")
	names = world.names
	remove_request(names["reference"])
	frappe.db.delete("Resident Notice", {"reference": names["reference"]})
	frappe.db.delete("File", {"file_url": ("in", [names["file url"], names["picture url"]])})
	for doctype, keys in {
		"Catalogue Translation": ("translation",),
		"Notice Template": ("template",),
		"Catalogue Import": ("import",),
		"Routing Replay": ("replay",),
		"Link Request": ("link request",),
		"Citizen": ("citizen",),
		"Service Area": ("area",),
		"Municipal Service": ("service", "other service", "pilot"),
		"Municipal Department": ("department", "other department"),
		"HD Team": ("team", "other team"),
	}.items():
		for key in keys:
			frappe.delete_doc(doctype, names[key], force=True, ignore_permissions=True, ignore_missing=True)
	for contact in frappe.get_all("Contact Email", {"email_id": names["email"]}, pluck="parent"):
		frappe.delete_doc("Contact", contact, force=True)
	for user in world.users.values():
		frappe.db.delete("User Permission", {"user": user})
		frappe.delete_doc("HD Agent", user, force=True, ignore_missing=True)
		frappe.delete_doc("User", user, force=True, ignore_missing=True)
	frappe.db.set_single_value("HD Settings", "restrict_tickets_by_agent_group", world.restricted)
	frappe.db.delete("Singles", {"doctype": SETTINGS})
	for name, value in world.settings:
		frappe.db.sql(
			"INSERT INTO `tabSingles` (doctype, field, value) VALUES (%s, %s, %s)", (SETTINGS, name, value)
		)
	frappe.db.commit()
	frappe.clear_cache()
