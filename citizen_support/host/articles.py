"""Published answers of Helpdesk's knowledge base. Its own public pages ask every visitor to log in."""

from collections import Counter
from typing import NamedTuple

import frappe
from frappe.model.document import Document

# Between title and category, where one text names an article; both may have it in themselves, too.
SEPARATOR = " / "
ARCHIVED = "Archived"
# Frappe lets no such field be longer.
_LONGEST_TITLE = 1000


class Named(NamedTuple):
	"""What people call an article. Helpdesk lets two have one title and category, so the later ones have a number.

	:ivar category: the name of its category, empty without one.
	:ivar number: which of those of this title and category it is, by age (1 = the oldest).
	"""

	title: str
	category: str
	number: int


def get_published_articles(names: list[str]) -> list[dict]:
	"""Title and content (HTML as the author wrote it, to be sanitised) of those that are published, in order."""
	if not names:
		return []
	rows = frappe.get_all(
		"HD Article",
		filters={"name": ("in", names), "status": "Published"},
		fields=["name", "title", "content"],
	)
	by_name = {str(row.name): row for row in rows}
	return [by_name[str(name)] for name in names if str(name) in by_name]


def ensure_article(title: str, category: str, content: str) -> bool:
	"""Publish an article if there is none of this title; returns whether it was made."""
	if frappe.db.exists("HD Article", {"title": title}):
		return False
	doc = frappe.new_doc("HD Article")
	doc.update(
		{"title": title, "category": _ensure_category(category), "content": content, "status": "Published"}
	)
	doc.insert(ignore_permissions=True)
	return True


def find_by_titles(titles: list[str]) -> list[str]:
	"""Names of the articles with these titles, in their order; unknown ones are left out."""
	if not titles:
		return []
	rows = frappe.get_all(
		"HD Article",
		{"title": ("in", titles)},
		["name", "title"],
		order_by="creation desc",
		limit_page_length=0,
	)
	# Of several with one title the oldest, which comes last.
	names = {row.title: str(row.name) for row in rows}
	return [names[title] for title in titles if title in names]


def _ensure_category(category_name: str) -> str:
	name = find_category(category_name)
	if name:
		return name
	doc = frappe.new_doc("HD Article Category")
	doc.category_name = category_name
	return doc.insert(ignore_permissions=True).name


def get_titles(names: list[str]) -> dict[str, Named]:
	"""What articles are called, by their names."""
	if not names:
		return {}
	titles = frappe.get_all("HD Article", {"name": ("in", names)}, pluck="title")
	wanted = {str(name) for name in names}
	return {name: named for name, named in _name_all(titles).items() if name in wanted}


def get_category_name(category: str | None) -> str:
	"""The name people give a category of articles; the records have random names."""
	if not category:
		return ""
	return frappe.db.get_value("HD Article Category", category, "category_name", cache=True) or ""


def name_category(doc: Document) -> str:
	"""The name of an article's category. Helpdesk takes it off an archived one, but only when that is next saved."""
	return "" if doc.status == ARCHIVED else get_category_name(doc.category)


def find_category(category_name: str) -> str | None:
	"""The category of exactly this name, the oldest of several; MariaDB would take “Cafe” for “Café”, too."""
	rows = frappe.get_all(
		"HD Article Category",
		{"category_name": category_name},
		["name", "category_name"],
		order_by="creation, name",
		limit_page_length=0,
	)
	return next((row.name for row in rows if row.category_name == category_name), None)


def find_article(title: str, category_name: str = "", number: int = 1) -> str | None:
	"""The article of this title in this category, whatever their capitals; without a category, one that has none.

	:param number: which of several, by age (1 = the oldest).
	"""
	wanted = Named(title.casefold(), category_name.casefold(), number)
	return next((name for name, named in _name_all([title]).items() if _fold(named) == wanted), None)


def count_articles(title: str, category_name: str = "") -> int:
	"""How many articles have this title and category."""
	wanted = (title.casefold(), category_name.casefold())
	return sum(_fold(named)[:2] == wanted for named in _name_all([title]).values())


def list_namesakes(text: str) -> list[str]:
	"""Names of the articles that "title / category" can mean, by title, category and age."""
	# Tried at every separator, but only as far as a title reaches: the text comes from a file.
	ends = [end for end in range(len(text[:_LONGEST_TITLE]) + 1) if text.startswith(SEPARATOR, end)]
	articles = _name_all([text[:end] for end in ends])
	return [
		name for name, named in articles.items() if SEPARATOR.join(named[:2]).casefold() == text.casefold()
	]


def save_article(doc: Document, category_name: str = "") -> None:
	"""Save an article for whoever may manage the catalogue, and make its category if there is none yet.

	Helpdesk lets only its agents write articles; those who call this have checked the right to the catalogue.
	"""
	# Of two categories of one name it stays in its own.
	if category_name and get_category_name(doc.category) != category_name:
		doc.category = _ensure_category(category_name)
	doc.save(ignore_permissions=True)


def _name_all(titles: list[str]) -> dict[str, Named]:
	"""What the articles with these titles are called, by their names; sorted by title, category and age.

	Titles with other capitals are the same. MariaDB takes more titles for the same, so the reading is narrowed here.
	"""
	if not titles:
		return {}
	article, category = frappe.qb.DocType("HD Article"), frappe.qb.DocType("HD Article Category")
	rows = (
		frappe.qb.from_(article)
		.left_join(category)
		.on(article.category == category.name)
		.select(article.name, article.title, article.status, category.category_name)
		.where(article.title.isin(list(dict.fromkeys(titles))))
		.orderby(article.creation, article.name)
		.run(as_dict=True)
	)
	counted: Counter[tuple[str, str]] = Counter()
	found: dict[str, Named] = {}
	for row in rows:
		category_name = "" if row.status == ARCHIVED else row.category_name or ""
		key = (row.title.casefold(), category_name.casefold())
		counted[key] += 1
		found[str(row.name)] = Named(row.title, category_name, counted[key])
	return dict(sorted(found.items(), key=lambda item: _fold(item[1])))


def _fold(named: Named) -> Named:
	return Named(named.title.casefold(), named.category.casefold(), named.number)
