"""The conversation of a request as its page shows it."""

import re
from collections.abc import Mapping, Sequence

from bs4 import BeautifulSoup
from markupsafe import Markup

import frappe
from frappe import _

from citizen_support.catalogue import make_safe
from citizen_support.notices import get_department_facts
from citizen_support.portal.views import describe_past, describe_size
from citizen_support.tracking.service import Request

_PICTURE = re.compile(r"\.(jpg|png)$")


def make_messages(request: Request, messages: Sequence, files: Mapping[str, list]) -> list[dict]:
	"""Messages in order, without the first one: that is the request itself, shown as its answers."""
	shown = []
	for number, message in enumerate(messages):
		from_resident = message.sent_or_received == "Received"
		if number == 0 and from_resident and request.submission:
			continue
		shown.append(
			{
				"from_you": from_resident,
				"author": _("You") if from_resident else name_author(request, message),
				**describe_past(message.creation),
				"body": make_body(message.content),
				"files": make_files(request.reference, files.get(message.name, [])),
			}
		)
	return shown


def name_author(request: Request, message: frappe._dict) -> str:
	"""Who wrote for the city: the department, and the agent's name where one is known."""
	department = get_department_facts(request.department)["name"] or ""
	name = message.sender_full_name or frappe.db.get_value("User", message.sender, "full_name", cache=True)
	return _("{0}, {1}").format(name, department) if name and name != "Administrator" else department


def make_body(content: str | None) -> Markup:
	"""A message without anything that could run, load or point elsewhere; a mail's quoted tail is left out."""
	soup = BeautifulSoup(content or "", "html.parser")
	for tag in soup.find_all(["style", "script", "title", "head"]):
		tag.decompose()
	for quote in soup.select("blockquote, .gmail_quote, [data-type=quote]"):
		quote.decompose()
	text = make_safe(str(soup))
	return text or Markup("<p>{}</p>").format(_("(no text)"))


def make_files(reference: str, rows: Sequence) -> list[dict]:
	"""Links to files, by their record's name under the request's address."""
	return [
		{
			"name": row.file_name,
			"url": f"/requests/{reference}/files/{row.name}",
			"size_text": describe_size(row.file_size or 0),
			"is_image": bool(_PICTURE.search(row.file_url or "")),
		}
		for row in rows
	]
