"""The catalogue: categories, search, one category."""

from werkzeug.wrappers import Response

import frappe
from frappe import _

from citizen_support.catalogue import get_overview, search, suggest
from citizen_support.portal import responses
from citizen_support.portal.views import describe_answer_target, describe_kind

LONGEST_QUERY = 100


def show() -> Response:
	"""The first page, a category (`?category=`) or the hits of a search (`?q=`)."""
	arguments = frappe.local.request.args
	query = " ".join(str(arguments.get("q") or "").split())[:LONGEST_QUERY]
	overview = get_overview()
	cards = [make_card(service, overview) for service in overview["services"]]
	categories = make_categories(overview, cards)
	chosen = next((entry for entry in categories if entry["code"] == arguments.get("category")), None)
	results = find_results(query, overview, cards) if query else None
	context = {
		"query": query,
		"categories": categories,
		"featured": [card for card in cards if card["featured"]],
		"results": results,
		"suggestion": suggest(query, translate(overview["services"])) if query and not results else None,
		"category": chosen,
	}
	title = _("Services")
	if query:
		title = _("Search: {0}").format(query)
	elif chosen:
		title = chosen["title"]
	return responses.page("catalogue", context, title=title, description=_("All services of the city"))


def make_categories(overview: dict, cards: list[dict]) -> list[dict]:
	"""Categories that hold something, with their services; sub-categories stand with their parent."""
	parents = {entry["code"]: entry["parent"] for entry in overview["categories"]}
	by_shelf: dict[str, list[dict]] = {}
	for card in cards:
		by_shelf.setdefault(find_shelf(card["category"], parents), []).append(card)
	return [
		{
			"code": entry["code"],
			"title": _(entry["category_name"]),
			"description": _(entry["description"] or ""),
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


def find_results(query: str, overview: dict, cards: list[dict]) -> list[dict]:
	"""Cards that fit the query, best first; words of the visitor's language and of the city's own both count."""
	by_code = {card["code"]: card for card in cards}
	return [by_code[hit["code"]] for hit in search(query, translate(overview["services"]))]


def translate(services: list[dict]) -> list[dict]:
	"""The services with titles and summaries in the visitor's language; the original words still find them."""
	translated = []
	for service in services:
		title, summary = _(service["title"]), _(service["summary"] or "")
		own = [service["title"]] if title != service["title"] else []
		translated.append(
			{**service, "title": title, "summary": summary, "synonyms": [*service["synonyms"], *own]}
		)
	return translated


def make_card(service: dict, overview: dict) -> dict:
	"""A service as it stands in a list."""
	names = {entry["code"]: entry["category_name"] for entry in overview["categories"]}
	return {
		"code": service["code"],
		"title": _(service["title"]),
		"summary": _(service["summary"] or ""),
		"url": f"/services/{service['code']}",
		"kind": service["kind"],
		"kind_label": describe_kind(service["kind"]),
		"category": service["category"],
		"category_title": _(names.get(service["category"]) or ""),
		"promise_text": describe_answer_target(service),
		"featured": service["featured"],
	}


def show_nothing() -> Response:
	"""An address below ours that leads nowhere."""
	return show_not_found()


def show_not_found(query: str = "") -> Response:
	"""The 404 page: search and categories lead on from there."""
	overview = get_overview()
	cards = [make_card(service, overview) for service in overview["services"]]
	context = {"query": query, "categories": make_categories(overview, cards)}
	return responses.page("not_found", context, title=_("Page not found"), status=404)
