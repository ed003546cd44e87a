"""Run by the bench's Python: an SMTP server that keeps every mail as a file, and a page that shows them.

It can be told to misbehave as mail servers do: PUT one of `BEHAVIOURS` to /behaviour of its page.
"""

import argparse
import socket
import time
from collections.abc import Sequence
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from devtools.mail_page import serve_page

LOOPBACK = "127.0.0.1"
MEGABYTE = 1024 * 1024
ANSWER, DEFER, REFUSE, HANG = "answer", "defer", "refuse", "hang"
BEHAVIOURS = frozenset((ANSWER, DEFER, REFUSE, HANG))


class KeepEverything:
	"""What to do with a mail: keep it, with its envelope in two headers of its own."""

	def __init__(self, folder: Path) -> None:
		self.folder = folder
		self.defers = False
		self.folder.mkdir(parents=True, exist_ok=True)

	async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
		"""The name is the time of arrival; it gets its final name only when it is complete."""
		if self.defers:
			return "451 Not now"
		name = str(time.time_ns())
		recipients: Sequence[str] = envelope.rcpt_tos
		head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(recipients)}\r\n"
		unfinished = self.folder / f"{name}.part"
		unfinished.write_bytes(head.encode() + bytes(envelope.original_content or b""))
		unfinished.rename(self.folder / f"{name}.eml")
		return "250 Kept"


class MailServer:
	"""The SMTP server, and how it behaves at the moment."""

	def __init__(self, folder: Path, port: int) -> None:
		self.keeper = KeepEverything(folder)
		self.port = port
		self.controller: Controller | None = None
		self.silent: socket.socket | None = None

	def behave(self, behaviour: str) -> None:
		"""Answer; put mails off (451); refuse connections; or accept them and say nothing."""
		if behaviour not in BEHAVIOURS:
			raise ValueError(behaviour)
		self.keeper.defers = behaviour == DEFER
		self._stop_hanging()
		if behaviour in (REFUSE, HANG):
			self._stop_answering()
		elif not self.controller:
			self._start_answering()
		if behaviour == HANG:
			# The system completes the handshake; nobody ever takes the connection.
			self.silent = socket.create_server((LOOPBACK, self.port), backlog=100)

	def _start_answering(self) -> None:
		self.controller = Controller(
			self.keeper,
			hostname=LOOPBACK,
			port=self.port,
			data_size_limit=64 * MEGABYTE,
			enable_SMTPUTF8=True,
		)
		self.controller.start()

	def _stop_answering(self) -> None:
		if self.controller:
			self.controller.stop()
			self.controller = None

	def _stop_hanging(self) -> None:
		if self.silent:
			self.silent.close()
			self.silent = None


def main() -> None:
	"""Listen for mails in a thread and show them in the main one, until told to stop."""
	options = argparse.ArgumentParser(description=__doc__)
	options.add_argument("--smtp-port", type=int, required=True)
	options.add_argument("--web-port", type=int, required=True)
	options.add_argument("--folder", type=Path, required=True)
	given = options.parse_args()
	server = MailServer(given.folder, given.smtp_port)
	server.behave(ANSWER)
	try:
		serve_page(given.folder, LOOPBACK, given.web_port, server.behave)
	finally:
		server.behave(REFUSE)


if __name__ == "__main__":
	main()
