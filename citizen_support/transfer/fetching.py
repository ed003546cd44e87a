"""Fetching another city's list from the web, without letting an address reach into our own network.

Whoever can name an address can make the server ask it. So only https is asked, on its usual port, every address the
name stands for has to be public, and the connection goes to the very address that was looked at: a name that
answers differently the second time cannot lead elsewhere. Redirects pass the same door.
"""

import socket
import time
from contextvars import copy_context
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

import frappe
from frappe import _

from citizen_support.transfer.addresses import is_public
from citizen_support.transfer.charset import decode

SECONDS = 10
MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 3
_PIECE = 64 * 1024


class Unreachable(frappe.ValidationError):
	"""An address that is not asked, or did not answer as it should."""


class _PinnedAdapter(HTTPAdapter):
	"""Connects to one address, and still asks for the certificate of the name."""

	def __init__(self, host: str) -> None:
		self.host = host
		super().__init__(max_retries=0)

	def init_poolmanager(self, *args: object, **kwargs: object) -> None:
		super().init_poolmanager(*args, server_hostname=self.host, assert_hostname=self.host, **kwargs)


def fetch_text(address: str, seconds: float = SECONDS) -> str:
	"""What stands at a public https address, at most 5 MB of text.

	:param seconds: for all of it together, redirects too. A server that sends a byte now and then keeps any
		time-out of a socket from running off, so the waiting is done outside.
	:raises Unreachable: with a sentence.
	:raises Unreadable: if it is no text.
	"""
	answers: SimpleQueue = SimpleQueue()
	worker = Thread(target=copy_context().run, args=(_work, address, seconds, answers), daemon=True)
	worker.start()
	try:
		text, refusal = answers.get(timeout=seconds + 1)
	except Empty:
		raise Unreachable(_("The server takes too long to answer.")) from None
	if refusal:
		raise refusal
	return text


def _work(address: str, seconds: float, answers: SimpleQueue) -> None:
	try:
		answers.put((_fetch(address, time.monotonic() + seconds), None))
	except Exception as refusal:
		answers.put(("", refusal))


def _fetch(address: str, end: float) -> str:
	for _attempt in range(MOST_REDIRECTS + 1):
		with requests.Session() as session:
			answer = _ask(session, address, end)
			if not answer.is_redirect:
				return _read(answer, end)
			address = urljoin(address, answer.headers["Location"])
	raise Unreachable(_("The address leads on and on to others. Please give the last one."))


def find_public_address(host: str, port: int = 443) -> str:
	"""An address of this name; all it has must be public.

	:raises Unreachable: if one of them lies in a private network, or there is none.
	"""
	try:
		found = {row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
	except (OSError, UnicodeError):
		found = set()
	if not found:
		raise Unreachable(_("There is no server named “{0}”.").format(host))
	if not all(is_public(address) for address in found):
		raise Unreachable(_("“{0}” lies in a private network. Only public addresses are asked.").format(host))
	return sorted(found, key=lambda address: (":" in address, address))[0]


def _ask(session: requests.Session, address: str, end: float) -> requests.Response:
	host = _check(address)
	ip = find_public_address(host)
	parts = urlsplit(address)
	target = f"[{ip}]" if ":" in ip else ip
	session.trust_env = False
	session.mount("https://", _PinnedAdapter(host))
	pinned = parts._replace(netloc=target, fragment="").geturl()
	headers = {
		"Host": host,
		"User-Agent": "citizen_support",
		"Accept": "application/json, text/xml",
		"Accept-Encoding": "identity",
	}
	try:
		return session.get(pinned, headers=headers, timeout=_left(end), stream=True, allow_redirects=False)
	except requests.RequestException:
		raise Unreachable(
			_(
				"“{0}” did not answer. Please try again later, or save the list as a file and attach it."
			).format(host)
		) from None


def _check(address: str) -> str:
	"""The host of an address that may be asked."""
	try:
		parts = urlsplit(address.strip())
		port = parts.port
	except ValueError:
		raise Unreachable(_("“{0}” is not a web address.").format(address[:200])) from None
	if parts.scheme.lower() != "https" or not parts.hostname or port not in (None, 443):
		raise Unreachable(_("Please give an address that begins with https:// and has no port of its own."))
	if parts.username or parts.password:
		raise Unreachable(_("Please give an address without a user name and password."))
	return parts.hostname


def _read(answer: requests.Response, end: float) -> str:
	if answer.status_code != 200:
		raise Unreachable(_("The server answers with {0}, not with a list.").format(answer.status_code))
	pieces, size = [], 0
	try:
		for piece in answer.iter_content(_PIECE):
			pieces.append(piece)
			size += len(piece)
			if size > MOST_BYTES:
				raise Unreachable(
					_("What stands at this address is larger than {0} MB.").format(MOST_BYTES // 1024 // 1024)
				)
			_left(end)
	except requests.RequestException:
		raise Unreachable(_("The answer broke off. Please try again later.")) from None
	return decode(b"".join(pieces), answer.headers.get("Content-Type", ""))


def _left(end: float) -> float:
	"""Seconds that are left; a server that only drips is not waited for."""
	left = end - time.monotonic()
	if left <= 0:
		raise Unreachable(_("The server takes too long to answer."))
	return left
