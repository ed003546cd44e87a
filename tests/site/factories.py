"""Records for tests: `make_<thing>(**overrides)`, each with a name of its own."""

from datetime import date

import frappe
from frappe.model.document import Document

from citizen_support.catalogue import read_service
from citizen_support.catalogue.rules import Question
from citizen_support.host import teams
from citizen_support.intake import Incoming, receive
from citizen_support.intake.rules import Answer
from citizen_support.languages import save_text

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def make_name(word: str = "test") -> str:
	"""A name nobody else has."""
	return f"{word}-{frappe.generate_hash(length=10)}"


def make_user(*roles: str, **overrides: object) -> str:
	"""A user of the desk; returns the address."""
	user = frappe.new_doc("User")
	user.update({"email": f"{make_name('user')}@staff.example", "first_name": "Pat", "send_welcome_email": 0})
	user.update(overrides)
	user.flags.no_welcome_mail = True
	if roles:
		user.append_roles(*roles)
	return user.insert(ignore_permissions=True).name


def make_agent(**overrides: object) -> str:
	"""An agent of Helpdesk; returns the address."""
	user = make_user("Agent", **overrides)
	teams.ensure_agent(user, "Pat Agent")
	return user


def make_team(*members: str, **overrides: object) -> str:
	"""A team with these members, or with one new agent."""
	name = str(overrides.pop("team_name", make_name("Team")))
	teams.ensure_team(name, list(members or [make_agent()]))
	if overrides:
		frappe.db.set_value("HD Team", name, overrides)
	return name


def make_hours(start: str = "08:00:00", end: str = "17:00:00", days: tuple[str, ...] = WEEK) -> list[dict]:
	"""Opening hours, the same each day."""
	return [{"workday": day, "start_time": start, "end_time": end} for day in days]


def make_department(**overrides: object) -> Document:
	"""A department with a team of one agent, open Monday to Friday from 8 to 17."""
	department = frappe.new_doc("Municipal Department")
	department.update(
		{
			"department_name": make_name("Department"),
			"phone": "+1 202-555-0171",
			"email": "department@city.example",
			"lead_name": "Robin Reyes",
			"lead_title": "Head of Tests",
			"opening_hours": make_hours(),
			**overrides,
		}
	)
	if "team" not in overrides:
		department.team = make_team()
	return department.insert(ignore_permissions=True)


def make_category(**overrides: object) -> str:
	"""A category of the catalogue; returns its code."""
	category = frappe.new_doc("Service Category")
	category.update({"category_name": make_name("Category"), "icon": "road", **overrides})
	return category.insert(ignore_permissions=True).name


def make_area(**overrides: object) -> Document:
	"""A Service Area around 0.5° north, 0.5° east, one degree wide."""
	area = frappe.new_doc("Service Area")
	area.update({"area_name": make_name("Area"), "shape": make_shape(0, 0, 1, 1), **overrides})
	return area.insert(ignore_permissions=True)


def make_shape(west: float, south: float, east: float, north: float) -> str:
	"""A box as the desk's map stores it."""
	ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
	geometry = {"type": "Polygon", "coordinates": [ring]}
	feature = {"type": "Feature", "properties": {}, "geometry": geometry}
	return frappe.as_json({"type": "FeatureCollection", "features": [feature]}, indent=None)


def make_service(**overrides: object) -> Document:
	"""A published service with one optional question; answer in 2, end in 10 working days."""
	service = frappe.new_doc("Municipal Service")
	service.update(
		{
			"title": make_name("Service"),
			"status": "Published",
			"kind": "Request",
			"summary": "For tests.",
			"response_target": 2,
			"response_unit": "Working days",
			"resolution_target": 10,
			"resolution_unit": "Working days",
			"ask_name": "Optional",
			"ask_email": "Optional",
			"ask_phone": "Optional",
			"priority": "Medium",
			"questions": [{"label": "What happened?", "question_key": "what", "question_type": "Long text"}],
			**overrides,
		}
	)
	# Of the starter city, because a department with team and agent takes its time to make.
	service.category = service.category or "streets"
	service.department = service.department or "streets"
	return service.insert(ignore_permissions=True)


def make_holiday_list(*days: date, **overrides: object) -> str:
	"""A list of holidays for the years 2024 to 2030."""
	holidays = frappe.new_doc("HD Service Holiday List")
	holidays.update(
		{"holiday_list_name": make_name("Holidays"), "from_date": "2024-01-01", "to_date": "2030-12-31"}
	)
	holidays.update(overrides)
	for day in days:
		holidays.append("holidays", {"holiday_date": day, "description": "Holiday"})
	return holidays.insert(ignore_permissions=True).name


def make_article(**overrides: object) -> str:
	"""A published article of Helpdesk's knowledge base."""
	category = frappe.new_doc("HD Article Category")
	category.category_name = make_name("Articles")
	category.insert(ignore_permissions=True)
	article = frappe.new_doc("HD Article")
	article.update(
		{
			"title": make_name("Article"),
			"category": category.name,
			"content": "<p>Answer</p>",
			"status": "Published",
			**overrides,
		}
	)
	return str(article.insert(ignore_permissions=True).name)


def make_answer(key: str = "what", text: str = "A hole", **overrides: object) -> Answer:
	"""A checked answer."""
	values = {"label": "What happened?", "type": "Long text", "values": (text,), **overrides}
	return Answer(key=key, **values)


def make_request(service: Document | None = None, **overrides: object) -> str:
	"""A request as the portal takes it in; returns its reference."""
	service = service or make_service()
	values = {
		"service": read_service(service),
		"answers": [make_answer()],
		"contact": {"name": "Ann Lee", "email": f"{make_name('ann')}@example.org"},
		"files": [],
		"idempotency_key": make_name("form-key-of-the-tests"),
		"language": "en",
		**overrides,
	}
	return receive(Incoming(**values))


def get_ticket(reference: str) -> Document:
	"""The ticket of a request, fresh from the database."""
	return frappe.get_doc("HD Ticket", {"cs_reference": reference})


def get_submission(reference: str) -> Document:
	"""The submission of a request, fresh from the database."""
	return frappe.get_doc("Service Submission", reference)


def reply_as_agent(reference: str, content: str = "<p>We are on it.</p>", **overrides: object) -> None:
	"""An agent answers in Helpdesk."""
	ticket = get_ticket(reference)
	ticket.reply_via_agent(**{"message": content, "to": ticket.raised_by, **overrides})


def get_mails(recipient: str) -> list[Document]:
	"""Mails to this address in the queue, oldest first."""
	names = frappe.get_all(
		"Email Queue Recipient", {"recipient": recipient}, pluck="parent", order_by="creation, parent"
	)
	return [frappe.get_doc("Email Queue", name) for name in dict.fromkeys(names)]


def offer_languages(*codes: str) -> None:
	"""Let residents choose these languages besides the catalogue's own."""
	settings = frappe.get_doc("Citizen Support Settings")
	settings.set("languages", [{"language": code} for code in codes])
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)


def translate(doc: Document, language: str, **texts: str) -> None:
	"""Texts of a record in another language, by field; other texts by their path: `{"question:a:label": …}`."""
	for path, translation in texts.items():
		save_text(doc.doctype, doc.name, language, path, translation)


def list_questions(service: Document) -> list[Question]:
	"""The service's questions as the rules want them."""
	return read_service(service)["questions"]
