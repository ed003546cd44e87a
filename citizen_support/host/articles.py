"""Published answers of Helpdesk's knowledge base. Its own public pages ask every visitor to log in."""

import frappe
from frappe.model.document import Document


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
	name = frappe.db.get_value("HD Article Category", {"category_name": category_name})
	if name:
		return name
	doc = frappe.new_doc("HD Article Category")
	doc.category_name = category_name
	return doc.insert(ignore_permissions=True).name


def get_titles(names: list[str]) -> dict[str, tuple[str, str]]:
	"""Title and category (its name for people) of articles, by their names."""
	if not names:
		return {}
	rows = frappe.get_all("HD Article", {"name": ("in", names)}, ["name", "title", "category"])
	return {str(row.name): (row.title, get_category_name(row.category)) for row in rows}


def get_category_name(category: str | None) -> str:
	"""The name people give a category of articles; the records have random names."""
	if not category:
		return ""
	return frappe.db.get_value("HD Article Category", category, "category_name", cache=True) or ""


def find_category(category_name: str) -> str | None:
	"""The category of this name, if there is one."""
	return frappe.db.get_value("HD Article Category", {"category_name": category_name})


def find_article(title: str, category_name: str = "") -> str | None:
	"""The article of this title in this category; without a category, the first of this title."""
	filters = {"title": title}
	if category_name:
		category = find_category(category_name)
		if not category:
			return None
		filters["category"] = category
	name = frappe.db.get_value("HD Article", filters, order_by="creation")
	return str(name) if name else None


def save_article(doc: Document, category_name: str = "") -> None:
	"""Save an article for whoever may manage the catalogue, and make its category if there is none yet.

	Helpdesk lets only its agents write articles; those who call this have checked the right to the catalogue.
	"""
	if category_name:
		doc.category = _ensure_category(category_name)
	doc.save(ignore_permissions=True)
