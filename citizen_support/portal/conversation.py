"""The conversation of a request as its page shows it."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

import frappe
from frappe import _

from citizen_support.host.files import is_own_picture
from citizen_support.host.tickets import Conversation
from citizen_support.notices import get_department_facts
from citizen_support.portal.message_html import make_safe_message
from citizen_support.portal.views import describe_past, describe_size
from citizen_support.tracking.service import Request

# Of all messages of a page together: a quarter of a second's work.
MOST_CHARACTERS = 300_000


def make_messages(request: Request, conversation: Conversation, files: Mapping[str, list]) -> list[dict]:
	"""Messages in order, without the first one: that is the request itself, shown as its answers."""
	texts = cut_texts(conversation.messages)
	shown = []
	for number, message in enumerate(conversation.messages):
		from_resident = message.sent_or_received == "Received"
		is_first = number == 0 and not conversation.has_earlier
		if is_first and from_resident and request.submission:
			continue
		text, is_cut = texts[message.name]
		shown.append(
			{
				"from_you": from_resident,
				"author": _("You") if from_resident else name_author(request, message),
				**describe_past(message.creation),
				"body": make_body(text, is_cut),
				"is_cut": is_cut,
				"files": make_files(request.reference, files.get(message.name, [])),
			}
		)
	return shown


def cut_texts(messages: Sequence) -> dict[str, tuple[str, bool]]:
	"""As much of each message as one page may show, and whether that is less than all; the newest come first."""
	left, texts = MOST_CHARACTERS, {}
	for message in reversed(messages):
		content = message.content or ""
		texts[message.name] = content[:left], bool(message.is_cut) or len(content) > left
		left = max(0, left - len(content))
	return texts


def name_author(request: Request, message: frappe._dict) -> str:
	"""Who wrote for the city: the department, and the agent's name where one is known."""
	department = get_department_facts(request.department)["name"] or ""
	name = message.sender_full_name or frappe.db.get_value("User", message.sender, "full_name", cache=True)
	return _("{0}, {1}").format(name, department) if name and name != "Administrator" else department


def make_body(content: str, is_cut: bool = False) -> Markup:
	"""A message without anything that could run, load or point elsewhere; a mail's quoted tail is left out."""
	text = make_safe_message(content)
	return text if text or is_cut else Markup("<p>{}</p>").format(_("(no text)"))


def make_files(reference: str, rows: Sequence) -> list[dict]:
	"""Links to files, by their record's name under the request's address."""
	return [
		{
			"name": row.file_name,
			"url": f"/requests/{reference}/files/{row.name}",
			"size_text": describe_size(row.file_size or 0),
			"is_image": is_own_picture(row.file_url or ""),
		}
		for row in rows
	]
