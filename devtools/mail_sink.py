"""Run by the bench's Python: an SMTP server that keeps every mail as a file, and a page that shows them."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from devtools.mail_page import serve_page

LOOPBACK = "127.0.0.1"
MEGABYTE = 1024 * 1024


class KeepEverything:
	"""What to do with a mail: keep it, with its envelope in two headers of its own."""

	def __init__(self, folder: Path) -> None:
		self.folder = folder
		self.folder.mkdir(parents=True, exist_ok=True)

	async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
		"""The name is the time of arrival; it gets its final name only when it is complete."""
		name = str(time.time_ns())
		recipients: Sequence[str] = envelope.rcpt_tos
		head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(recipients)}\r\n"
		unfinished = self.folder / f"{name}.part"
		unfinished.write_bytes(head.encode() + bytes(envelope.original_content or b""))
		unfinished.rename(self.folder / f"{name}.eml")
		return "250 Kept"


def main() -> None:
	"""Listen for mails in a thread and show them in the main one, until told to stop."""
	options = argparse.ArgumentParser(description=__doc__)
	options.add_argument("--smtp-port", type=int, required=True)
	options.add_argument("--web-port", type=int, required=True)
	options.add_argument("--folder", type=Path, required=True)
	given = options.parse_args()
	controller = Controller(
		KeepEverything(given.folder),
		hostname=LOOPBACK,
		port=given.smtp_port,
		data_size_limit=64 * MEGABYTE,
		enable_SMTPUTF8=True,
	)
	controller.start()
	try:
		serve_page(given.folder, LOOPBACK, given.web_port)
	finally:
		controller.stop()


if __name__ == "__main__":
	main()
