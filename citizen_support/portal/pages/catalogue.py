"""The catalogue: categories, search, one category."""

from werkzeug.wrappers import Response

import frappe
from frappe import _

from citizen_support.portal import pilots, responses
from citizen_support.portal.shelves import get_shelves

LONGEST_QUERY = 100


def show() -> Response:
	"""The first page, a category (`?category=`) or the hits of a search (`?q=`)."""
	arguments = frappe.local.request.args
	query = " ".join(str(arguments.get("q") or "").split())[:LONGEST_QUERY]
	shelves = get_shelves(pilots.list_services())
	chosen = shelves.find_category(arguments.get("category"))
	results = shelves.find_cards(query) if query else None
	context = {
		"query": query,
		"categories": shelves.categories,
		"featured": shelves.featured,
		"results": results,
		"suggestion": shelves.index.suggest(query) if query and not results else None,
		"category": chosen,
	}
	title = _("Services")
	if query:
		title = _("Search: {0}").format(query)
	elif chosen:
		title = chosen["title"]
	response = responses.page("catalogue", context, title=title, description=_("All services of the city"))
	return pilots.mark(response)


def show_nothing() -> Response:
	"""An address below ours that leads nowhere."""
	return show_not_found()


def show_not_found(query: str = "") -> Response:
	"""The 404 page: search and categories lead on from there."""
	context = {"query": query, "categories": get_shelves().categories}
	return responses.page("not_found", context, title=_("Page not found"), status=404)
