"""A catalogue of any size: services with ten questions each, made of the starter city's own words."""

import random

import frappe

from citizen_support.catalogue import clear_catalogue

PREFIX = "shelf-"
QUESTIONS = 10
SEED = 7
CHOICES = "Street\nPath\nPark\nBuilding"


def prepare(services: int) -> dict:
	"""Publish so many services and no other; returns codes and words to search for."""
	words = _collect_words()
	frappe.db.set_value("Municipal Service", {"status": "Published"}, "status", "Retired")
	frappe.db.commit()
	departments = frappe.get_all("Municipal Department", pluck="name", order_by="name")
	categories = frappe.get_all("Service Category", {"is_group": 0}, pluck="name", order_by="name")
	for number in range(services):
		_publish(number, words, departments[number % len(departments)], categories[number % len(categories)])
	clear_catalogue()
	frappe.db.commit()
	chosen = random.Random(SEED)
	return {
		"codes": [f"{PREFIX}{number:03d}" for number in range(services)],
		"words": [_mistype(chosen, chosen.choice(words)) for _number in range(200)],
		"categories": categories,
		"questions": frappe.db.count("Service Question", {"parent": ("like", f"{PREFIX}%")}),
	}


def _collect_words() -> list[str]:
	"""Words of the starter city's titles and synonyms: long enough that somebody would search for them."""
	rows = frappe.get_all(
		"Municipal Service", fields=["title", "synonyms"], filters={"name": ("not like", f"{PREFIX}%")}
	)
	text = " ".join(f"{row.title} {row.synonyms or ''}" for row in rows)
	return sorted({word.strip(".,").lower() for word in text.split() if len(word) > 4})


def _publish(number: int, words: list[str], department: str, category: str) -> None:
	code = f"{PREFIX}{number:03d}"
	if frappe.db.exists("Municipal Service", code):
		frappe.db.set_value("Municipal Service", code, "status", "Published")
		return
	chosen = random.Random(number)
	service = frappe.new_doc("Municipal Service")
	service.update(
		{
			"title": f"{' '.join(chosen.sample(words, 2)).capitalize()} {number}",
			"code": code,
			"kind": "Request",
		}
	)
	service.update({"department": department, "category": category, "status": "Published"})
	service.update(
		{"summary": " ".join(chosen.choices(words, k=10)), "synonyms": "\n".join(chosen.sample(words, 6))}
	)
	service.update(
		{"description": f"<p>{' '.join(chosen.choices(words, k=60))}</p>", "featured": int(number < 6)}
	)
	service.update(
		{"response_target": 2 + number % 3, "response_unit": "Working days", "resolution_target": 10}
	)
	for question in range(QUESTIONS):
		service.append("questions", _make_question(question))
	service.flags.ignore_permissions = True
	service.insert()


def _make_question(number: int) -> dict:
	kinds = ("Place", "Choice", "Yes or no", "Short text", "Long text")
	kind = kinds[number % len(kinds)]
	row = {"label": f"What about number {number}?", "question_type": kind, "required": int(number == 0)}
	row["help_text"] = "As precisely as you can."
	return row | ({"choices": CHOICES} if kind == "Choice" else {})


def _mistype(chosen: random.Random, word: str) -> str:
	"""Every second word as people type in a hurry."""
	if chosen.random() < 0.5:
		return word
	place = chosen.randrange(len(word) - 1)
	return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
