"""What names may be like: longer than the field they are remembered in."""

import frappe

from citizen_support import transfer
from citizen_support.transfer.catalogue_file import write_catalogue
from citizen_support.transfer.run import CHANGED, KEPT
from tests.site.test_transfer import make_document, take


def test_long_names_are_remembered_apart(transactions: object) -> None:
	"""Title and category have 140 characters each; both articles are the same for the first 250 of them."""
	title, shelf = "T" * 140, "C" * 139
	rows = [
		{"title": title, "category": f"{shelf}{end}", "status": "Published", "content": f"<p>{end}</p>"}
		for end in "ab"
	]
	name = make_document(write_catalogue({"articles": rows}))
	assert transfer.check(name) == "Checked"
	assert transfer.import_now(name) == "Imported"
	ours = frappe.get_doc("HD Article", {"title": title, "content": "<p>a</p>"})
	ours.content = "<p>In our own words</p>"
	ours.save()
	for row in rows:
		row["content"] += "<p>News</p>"

	outcome = take(write_catalogue({"articles": rows}))

	assert [step.action for step in outcome.steps] == [KEPT, CHANGED]
	assert frappe.db.get_value("HD Article", ours.name, "content") == "<p>In our own words</p>"
