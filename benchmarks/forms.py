"""The forms that are sent: ours, as a browser would after reading the page, and the stock Web Form's."""

import json
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from urllib.parse import urlencode

from benchmarks.load import Client, Message, Reply
from devtools.say import Problem

SERVICE = "pothole"
FORM_PATH = f"/services/{SERVICE}"
ACCEPT_PATH = "/api/method/frappe.website.doctype.web_form.web_form.accept"
UPLOAD_PATH = "/api/method/upload_file"
PHOTO_NAME = "photo.jpg"
BOUNDARY = "citizen-support-benchmark-boundary"
READERS = 4
SUBJECT = "Pothole: 12 Oak Street, 92903"
SYLLABLES = ("ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "zi")
ANSWERS = {
	"q.place": "12 Oak Street, 92903",
	"q.street_part": "Traffic lane",
	"q.size": "Like a car tire",
	"q.swerve": "No",
	"website": "",
}


class HiddenFields(HTMLParser):
	"""The hidden fields of a page's form: what makes this form this visit's own."""

	def __init__(self) -> None:
		super().__init__()
		self.fields: dict[str, str] = {}

	def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
		values = dict(attrs)
		if tag == "input" and values.get("type") == "hidden" and values.get("name"):
			self.fields[values["name"]] = values.get("value") or ""


class Numbers:
	"""Numbers that no two messages share, this run or another: for addresses and clients."""

	def __init__(self) -> None:
		self.run = secrets.token_hex(4)
		self.last = secrets.randbelow(1 << 22)

	def next(self) -> tuple[str, str]:
		"""An e-mail address and a client's address of its own."""
		self.last = (self.last + 1) % (1 << 24)
		one, two, three = self.last >> 16, self.last >> 8 & 255, self.last & 255
		return f"resident-{self.run}-{self.last}@example.org", f"10.{one}.{two}.{three}"


NUMBERS = Numbers()


def collect_forms(port: int, host: str, count: int) -> list[dict[str, str]]:
	"""Read the form page so many times, before anything is timed, and keep each one's hidden fields."""

	def read(share: int) -> list[dict[str, str]]:
		client = Client(port, host)
		return [_read_form(client) for _number in range(share)]

	shares = [count // READERS + (number < count % READERS) for number in range(READERS)]
	with ThreadPoolExecutor(READERS) as pool:
		return [form for forms in pool.map(read, shares) for form in forms]


def _read_form(client: Client) -> dict[str, str]:
	reply = client.send(Message("GET", FORM_PATH, {"X-Forwarded-For": NUMBERS.next()[1]}))
	parser = HiddenFields()
	parser.feed(reply.body.decode())
	if "form_key" not in parser.fields:
		raise Problem(f"{FORM_PATH} answered {reply.status} and shows no form.")
	return parser.fields


def make_our_messages(forms: list[dict[str, str]], photo: bytes | None = None) -> Iterator[Message]:
	"""One submission for each form that was read, from a client and a resident of its own."""
	for form in forms:
		email, address = NUMBERS.next()
		fields = {**form, **ANSWERS, "contact.name": make_name(address), "contact.email": email}
		text = "".join(_part(f'name="{name}"') + f"{value}\r\n" for name, value in fields.items())
		body: tuple[bytes, ...] = (text.encode(),)
		if photo:
			head = _part(f'name="q.photos"; filename="{PHOTO_NAME}"', "image/jpeg")
			body = (*body, head.encode(), photo, secrets.token_bytes(12), b"\r\n")
		headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-Forwarded-For": address}
		yield Message("POST", FORM_PATH, headers, (*body, f"--{BOUNDARY}--\r\n".encode()))


def make_plain_message(path: str, fields: dict[str, str]) -> Message:
	"""A form without files, from a client of its own."""
	headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": NUMBERS.next()[1]}
	return Message("POST", path, headers, (urlencode(fields).encode(),))


def make_name(address: str) -> str:
	"""A name that few residents share: Frappe numbers contacts of one name, which with thousands takes long."""
	letters = "".join(SYLLABLES[int(part) % len(SYLLABLES)] for part in address.split(".")[1:])
	return f"Robin {letters.capitalize()} {int(address.rpartition('.')[2])}"


def _part(disposition: str, media_type: str = "") -> str:
	kind = f"Content-Type: {media_type}\r\n" if media_type else ""
	return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n{kind}\r\n"


def make_stock_messages(form: str, photo: bytes | None = None) -> Iterator[Message]:
	"""What Frappe's own Web Form page sends, without end; guests have no token, so no page is read first.

	A photo goes in a request of its own, as soon as it is chosen; the form then names the file.
	"""
	while True:
		email, address = NUMBERS.next()
		data = {"doctype": "HD Ticket", "web_form_name": form, "subject": SUBJECT, "raised_by": email}
		data["description"] = "<p>Traffic lane. Like a car tire. Robin Reyes</p>"
		yield _upload(form, data, photo, address) if photo else _accept(form, data, address)


def _accept(form: str, data: dict[str, str], address: str) -> Message:
	headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": address}
	body = urlencode({"web_form": form, "data": json.dumps(data)})
	return Message("POST", ACCEPT_PATH, headers, (body.encode(),))


def _upload(form: str, data: dict[str, str], photo: bytes, address: str) -> Message:
	def name_it(reply: Reply) -> Message:
		url = json.loads(reply.body)["message"]["file_url"]
		return _accept(form, {**data, "attachment": url}, address)

	fields = {"is_private": "1", "folder": "Home"}
	text = "".join(_part(f'name="{name}"') + f"{value}\r\n" for name, value in fields.items())
	head = text + _part(f'name="file"; filename="{PHOTO_NAME}"', "image/jpeg")
	headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-Forwarded-For": address}
	body = (head.encode(), photo, secrets.token_bytes(12), f"\r\n--{BOUNDARY}--\r\n".encode())
	return Message("POST", UPLOAD_PATH, headers, body, name_it)


def judge_ours(reply: Reply) -> str | None:
	"""The reference, from the address the browser is sent to."""
	location = reply.headers.get("Location") or ""
	if reply.status != 303 or not location.startswith("/requests/"):
		return None
	return location.removeprefix("/requests/").partition("?")[0]


def judge_stock(reply: Reply) -> str | None:
	"""The ticket's name, from the document that comes back."""
	if reply.status != 200:
		return None
	return str(json.loads(reply.body)["message"]["name"])
