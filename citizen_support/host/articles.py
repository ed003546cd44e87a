"""Published answers of Helpdesk's knowledge base. Its own public pages ask every visitor to log in."""

import frappe


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
	names = {title: frappe.db.get_value("HD Article", {"title": title}) for title in titles}
	return [str(names[title]) for title in titles if names[title]]


def _ensure_category(category_name: str) -> str:
	name = frappe.db.get_value("HD Article Category", {"category_name": category_name})
	if name:
		return name
	doc = frappe.new_doc("HD Article Category")
	doc.category_name = category_name
	return doc.insert(ignore_permissions=True).name
