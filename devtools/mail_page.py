"""Run by the bench's Python: a small web page that shows the mails the mail server has kept.

People read /, one mail is /mail/<id>; programs read /mails.json, /mails.json?to=<address>, and
/mail/<id>.eml; a DELETE of /mails.json forgets them all; a PUT to /behaviour tells the mail server how to behave.
"""

import email.policy
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email import message_from_bytes
from email.message import EmailMessage
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% } td, th { text-align: start; padding: .4rem .6rem }
tr + tr { border-top: 1px solid #8884 } pre { white-space: pre-wrap; border: 1px solid #8884; padding: 1rem }
iframe { width: 100%; height: 40rem; border: 1px solid #8884; background: #fff }
"""


@dataclass(frozen=True)
class Mail:
	"""One received mail, as a program or a page wants it."""

	id: str
	sender: str
	to: list[str]
	subject: str
	date: str
	text: str
	html: str
	attachments: list[str]
	headers: dict[str, str]


def read_mail(file: Path) -> Mail:
	"""Take a mail apart; both forms of its text are decoded."""
	message = message_from_bytes(file.read_bytes(), policy=email.policy.default)
	assert isinstance(message, EmailMessage)
	return Mail(
		id=file.stem,
		sender=str(message["From"] or ""),
		to=[part.strip() for part in str(message["X-Envelope-To"] or "").split(",")],
		subject=str(message["Subject"] or ""),
		date=str(message["Date"] or ""),
		text=_body(message, "plain"),
		html=_body(message, "html"),
		attachments=[part.get_filename() or "" for part in message.iter_attachments()],
		headers={name: str(value) for name, value in message.items()},
	)


def _body(message: EmailMessage, kind: str) -> str:
	"""Decoded; a body in an unknown encoding is shown as its bytes rather than not at all."""
	part = message.get_body(preferencelist=(kind,))
	if not part:
		return ""
	try:
		return str(part.get_content())
	except (LookupError, ValueError):
		return repr(part.get_payload(decode=True))


def all_mails(folder: Path, to: str = "") -> list[Mail]:
	"""Oldest first, all of them or one receiver's."""
	mails = [read_mail(file) for file in sorted(folder.glob("*.eml"))]
	return [mail for mail in mails if not to or to.lower() in (one.lower() for one in mail.to)]


def list_page(mails: list[Mail]) -> str:
	"""Newest first, because that is the one being waited for."""
	rows = "".join(
		f"<tr><td><a href='/mail/{mail.id}'>{escape(mail.subject) or '(no subject)'}</a></td>"
		f"<td>{escape(', '.join(mail.to))}</td><td>{escape(mail.date)}</td></tr>"
		for mail in reversed(mails)
	)
	table = f"<table><tr><th>Subject</th><th>To</th><th>Date</th></tr>{rows}</table>"
	return _page("Received mails", table if mails else "<p>None yet. This page looks again by itself.</p>", 5)


def mail_page(mail: Mail) -> str:
	"""Both forms of the text; the HTML one in a frame that may run nothing, but whose links open."""
	facts = {"From": mail.sender, "To": ", ".join(mail.to), "Date": mail.date}
	facts |= {"Attached": ", ".join(mail.attachments)} if mail.attachments else {}
	rows = "".join(f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in facts.items())
	source = escape(f"<base target='_blank'>{mail.html}")
	allowed = "allow-popups allow-popups-to-escape-sandbox"
	frame = (
		f"<iframe sandbox='{allowed}' title='HTML form' srcdoc=\"{source}\"></iframe>" if mail.html else ""
	)
	links = f"<p><a href='/'>All mails</a>, <a href='/mail/{mail.id}.eml'>as it was received</a></p>"
	return _page(mail.subject, f"{links}<table>{rows}</table>{frame}<pre>{escape(mail.text)}</pre>")


def _page(title: str, body: str, refresh: int = 0) -> str:
	again = f"<meta http-equiv='refresh' content='{refresh}'>" if refresh else ""
	return (
		f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title>{again}"
		"<meta name='viewport' content='width=device-width'>"
		f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>"
	)


class Handler(BaseHTTPRequestHandler):
	"""The four addresses; everything else is not there."""

	folder: ClassVar[Path]
	behave: ClassVar[Callable[[str], None]]

	def do_GET(self) -> None:
		"""Show mails."""
		address = urlsplit(self.path)
		if address.path == "/":
			self._answer(list_page(all_mails(self.folder)), "text/html")
		elif address.path == "/mails.json":
			to = parse_qs(address.query).get("to", [""])[0]
			mails = [asdict(mail) for mail in all_mails(self.folder, to)]
			self._answer(json.dumps(mails), "application/json")
		elif address.path.startswith("/mail/"):
			self._show_one(address.path.removeprefix("/mail/"))
		else:
			self.send_error(404)

	def do_DELETE(self) -> None:
		"""Forget all mails."""
		for file in self.folder.glob("*.eml"):
			file.unlink(missing_ok=True)
		self._answer("[]", "application/json")

	def do_PUT(self) -> None:
		"""Tell the mail server how to behave from now on."""
		if self.path != "/behaviour":
			self.send_error(404)
			return
		behaviour = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
		try:
			type(self).behave(behaviour)
		except ValueError:
			self.send_error(400)
		else:
			self._answer(behaviour, "text/plain")

	def _show_one(self, name: str) -> None:
		number = name.removesuffix(".eml")
		file = self.folder / f"{number}.eml"
		if not number.isdigit() or not file.exists():
			self.send_error(404)
		elif name.endswith(".eml"):
			self._answer(file.read_text(errors="replace"), "text/plain")
		else:
			self._answer(mail_page(read_mail(file)), "text/html")

	def _answer(self, text: str, kind: str) -> None:
		body = text.encode()
		self.send_response(200)
		self.send_header("Content-Type", f"{kind}; charset=utf-8")
		self.send_header("Content-Length", str(len(body)))
		self.end_headers()
		self.wfile.write(body)

	def log_message(self, format: str, *args: object) -> None:
		"""Nobody reads it."""


def serve_page(folder: Path, host: str, port: int, behave: Callable[[str], None]) -> None:
	"""Serve until told to stop."""
	Handler.folder = folder
	Handler.behave = staticmethod(behave)
	ThreadingHTTPServer((host, port), Handler).serve_forever()
