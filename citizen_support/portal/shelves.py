"""The catalogue as pages show it: cards, categories, and the index that is searched. Made once for each language.

Kept by the process until something in the catalogue changes, so that a page costs the same whether the city offers 45
services or 500.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import frappe

from citizen_support import catalogue, languages
from citizen_support.portal.views import describe_answer_target, describe_kind

# Translations can be changed without the catalogue's notice; pages are kept for as long (`portal/kept.py`).
KEEP_SECONDS = 30


@dataclass(frozen=True)
class Shelves:
	"""Everything on offer, in one language. All requests of a process share it: it must not be changed.

	:ivar cards: services as they stand in lists, by code.
	:ivar categories: those that hold something, with their services.
	"""

	cards: dict[str, dict]
	categories: list[dict]
	featured: list[dict]
	index: catalogue.Index

	def find_category(self, code: str | None) -> dict | None:
		return next((entry for entry in self.categories if entry["code"] == code), None)

	def find_cards(self, query: str) -> list[dict]:
		"""Cards that fit the query, best first; words of the visitor's language and of the city's own both count."""
		return [self.cards[hit["code"]] for hit in self.index.search(query)]


def get_shelves(pilots: Sequence[dict] = ()) -> Shelves:
	"""The catalogue in the visitor's language.

	:param pilots: piloted services that this visitor sees as well.
	"""
	name = ":".join(["shelves", frappe.local.lang or "", *sorted(pilot["code"] for pilot in pilots)])
	return catalogue.keep(name, lambda: make_shelves(_add(catalogue.get_overview(), pilots)), KEEP_SECONDS)


def _add(overview: dict, pilots: Sequence[dict]) -> dict:
	return {**overview, "services": [*overview["services"], *pilots]}


def make_shelves(overview: dict) -> Shelves:
	"""Cards, categories and index of an overview, in the language of the moment."""
	overview = languages.localise_overview(overview)
	names = {entry["code"]: entry["category_name"] for entry in overview["categories"]}
	cards = [make_card(service, names) for service in overview["services"]]
	return Shelves(
		cards={card["code"]: card for card in cards},
		categories=make_categories(overview, cards),
		featured=[card for card in cards if card["featured"]],
		index=catalogue.Index(overview["services"]),
	)


def make_card(service: dict, category_names: dict[str, str]) -> dict:
	"""A service as it stands in a list."""
	return {
		"code": service["code"],
		"title": service["title"],
		"summary": service["summary"] or "",
		"url": f"/services/{service['code']}",
		"kind": service["kind"],
		"kind_label": describe_kind(service["kind"]),
		"category": service["category"],
		"category_title": category_names.get(service["category"]) or "",
		"promise_text": describe_answer_target(service),
		"featured": service["featured"],
	}


def make_categories(overview: dict, cards: Sequence[dict]) -> list[dict]:
	"""Categories that hold something, with their services; sub-categories stand with their parent."""
	parents = {entry["code"]: entry["parent"] for entry in overview["categories"]}
	by_shelf: dict[str, list[dict]] = {}
	for card in cards:
		by_shelf.setdefault(find_shelf(card["category"], parents), []).append(card)
	return [
		{
			"code": entry["code"],
			"title": entry["category_name"],
			"description": entry["description"] or "",
			"icon": entry["icon"],
			"url": f"/services?category={entry['code']}",
			"services": by_shelf[entry["code"]],
		}
		for entry in overview["categories"]
		if entry["code"] in by_shelf
	]


def find_shelf(category: str, parents: dict[str, str | None]) -> str:
	"""The top category a category belongs to."""
	seen = set()
	while parents.get(category) and category not in seen:
		seen.add(category)
		category = parents[category]
	return category
