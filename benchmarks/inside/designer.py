"""What a manager has before them who is writing a long service: an account, two languages, the form's document."""

import frappe

from citizen_support.setup import demo
from citizen_support.setup.roles import MANAGER

PASSWORD = "benchmark-riverton"
LANGUAGES = ("en", "de")
QUESTIONS = 40
KINDS = ("Yes or no", "Choice", "Short text", "Long text", "Date", "Number")
CHOICES = "Street\nPath\nPark\nBuilding"


def prepare() -> dict:
	"""The manager's login, the languages, the unsaved service as JSON, and a request to try it with."""
	people = demo.make_users(PASSWORD)
	user = next(person["user"] for person in people if person["role"] == MANAGER)
	demo.offer_languages(list(LANGUAGES[1:]))
	return {
		"user": user,
		"password": PASSWORD,
		"languages": LANGUAGES,
		"service": frappe.as_json(_make_service(), indent=None),
		"trial": {
			"answers": {"1": ["Yes"], "2": ["Park"]},
			"channel": "Phone",
			"place": "12 Oak Street, 92111",
		},
	}


def _make_service() -> dict:
	questions = [_make_question(number) for number in range(1, QUESTIONS + 1)]
	return {
		"doctype": "Municipal Service",
		"name": "new-municipal-service-benchmark",
		"title": "A service of many questions",
		"summary": "Nobody has saved it yet.",
		"description": f"<p>{'What it is for, in many words. ' * 40}</p>",
		"department": "streets",
		"category": "streets",
		"response_target": 2,
		"response_unit": "Working days",
		"resolution_target": 10,
		"resolution_unit": "Working days",
		"ask_name": "Optional",
		"ask_email": "Optional",
		"ask_phone": "Optional",
		"priority": "Medium",
		"questions": questions,
		"routing_rules": [
			{"idx": 1, "match_on": "Channel", "match_values": "Phone", "department": "parks"},
			{"idx": 2, "match_on": "Postcode", "match_values": "921*", "department": "parks"},
		],
	}


def _make_question(number: int) -> dict:
	kind = KINDS[(number - 1) % len(KINDS)]
	row = {"idx": number, "label": f"What about number {number}?", "question_type": kind}
	row["help_text"] = "As precisely as you can."
	if kind == "Choice":
		row["choices"] = CHOICES
	# Every third one is asked only after an answer to the first.
	if number > 1 and number % 3 == 0:
		row |= {"show_if_question": "What about number 1?", "show_if_values": "Yes"}
	return row
