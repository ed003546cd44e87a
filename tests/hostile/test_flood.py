"""Somebody forges requests in the name of one person, from everywhere: what that person gets to see of it."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import frappe
from frappe.email.queue import flush

from citizen_support.intake import background, filing
from citizen_support.limits import counters
from devtools.servers import City
from tests.hostile.conftest import MailBox, Size
from tests.hostile.visitors import Visitor, make_client, read_reference

HOUR, DAY = 3600, 86400
AT_ONCE = 6
HOURS = 24
AN_HOUR, A_DAY = 3, 10
SMS_A_DAY = 3


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
	"""The limits' clock: `clock[0]` seconds ahead of the world's."""
	ahead, real = [0.0], counters.now
	monkeypatch.setattr(counters, "now", lambda: real() + ahead[0])
	yield ahead


def write_mailbox(number: int, box: str) -> str:
	"""One mailbox in the ways that all lead to it."""
	ways = (
		f"{box}@example.org",
		f"{box.upper()}@example.org",
		f"{box}@EXAMPLE.ORG",
		f"{box}+{number}@example.org",
		f"{box.title()}+a+{number}@Example.Org",
	)
	return ways[number % len(ways)]


def forge(city: City, count: int, contact: dict[str, list[str]], first: int = 0) -> list[str]:
	"""Send so many requests, each from a client of its own; their references."""

	def send(number: int) -> str:
		visitor = Visitor(city.address, make_client(first + number))
		form = visitor.fill("/services/pothole")
		form.files = []
		form.set("q.place", f"{number} Oak Street {secrets.token_hex(4)}")
		form.set("contact.email", "")
		form.set("contact.phone", "")
		for name, values in contact.items():
			form.set(f"contact.{name}", values[number])
		return read_reference(visitor.send(form))

	with ThreadPoolExecutor(AT_ONCE) as pool:
		return list(pool.map(send, range(count)))


def file_over_a_day(references: list[str], clock: list[float]) -> None:
	"""Make the tickets bit by bit over a day and an hour: the sender has patience."""
	frappe.db.rollback()
	share = -(-len(references) // (HOURS + 1))
	for hour in range(HOURS + 1):
		clock[0] = hour * HOUR + 1
		for reference in references[hour * share : (hour + 1) * share]:
			filing.file_submission(reference)
			frappe.db.commit()


def test_one_mailbox_is_not_flooded(
	city: City, size: Size, mails: MailBox, clock: list[float], settings: object
) -> None:
	settings(filing="Always in the background")
	box = f"victim-{secrets.token_hex(4)}"
	addresses = [write_mailbox(number, box) for number in range(size.submissions)]

	half = size.submissions // 2

	references = forge(city, half, {"email": addresses[:half]})
	file_now(references)
	flush()

	assert count_mails(mails, box) == AN_HOUR

	more = forge(city, half, {"email": addresses[half:]}, first=half)
	file_over_a_day(more, clock)
	flush()

	# A day and an hour: at most a day's worth, and the first hour of the next one.
	assert AN_HOUR < count_mails(mails, box) <= A_DAY + AN_HOUR
	assert len({*references, *more}) == size.submissions
	require_kept([*references, *more])


def test_one_telephone_is_not_flooded(city: City, size: Size, settings: object) -> None:
	settings(filing="Always in the background", send_sms=1, sms_countries="US")
	last = secrets.randbelow(9000) + 1000
	ways = (f"+1202456{last}", f"(202) 456-{last}", f"+1 202 456 {last}")
	phones = [ways[number % len(ways)] for number in range(size.submissions // 2)]

	references = forge(city, len(phones), {"phone": phones})
	file_now(references)

	by_sms = {"reference": ("in", references), "channel": "SMS"}
	states = frappe.get_all("Resident Notice", by_sms, pluck="state")
	assert len(states) == len(references)
	assert len(states) - states.count("Held back") == SMS_A_DAY


def file_now(references: list[str]) -> None:
	"""As the worker does."""
	frappe.db.rollback()
	background.file_all()
	frappe.db.commit()
	assert frappe.db.count("Service Submission", {"name": ("in", references), "state": "Filed"}) == len(
		references
	)


def count_mails(mails: MailBox, box: str) -> int:
	"""What arrived in the mailbox, however it was addressed."""
	return sum(any(to.lower().startswith(box) for to in mail.to) for mail in mails.read())


def require_kept(references: list[str]) -> None:
	"""Whoever really wrote is served: each request has its ticket."""
	frappe.db.rollback()
	filed = {"name": ("in", references), "state": "Filed"}
	assert frappe.db.count("Service Submission", filed) == len(references)
	assert frappe.db.count("HD Ticket", {"cs_reference": ("in", references)}) == len(references)
