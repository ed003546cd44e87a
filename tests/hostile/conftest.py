"""The site under attack, with a web server and a mail server of its own; made once for all tests in here."""

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

import frappe

from citizen_support.limits.rules import Limits
from citizen_support.setup import demo, starter_city
from devtools.bench import STATE, Bench
from devtools.mail_page import Mail, all_mails
from devtools.ports import free_port
from devtools.processes import Processes
from devtools.servers import City
from devtools.services import empty_redis_database
from devtools.testing.throwaway import REDIS_DATABASE
from tests.hostile.listeners import Listeners

SETTINGS = "Citizen Support Settings"


@dataclass(frozen=True)
class Size:
	"""How much of it.

	:ivar submissions: forged ones at one mailbox, each from a client of its own.
	:ivar guesses: wrong keys, half of them for a reference that exists.
	:ivar references: tried without a key, one after the other.
	:ivar addresses: to fetch, in one form or mail.
	:ivar printed: one of so many requests is looked at in print.
	"""

	submissions: int
	guesses: int
	references: int
	addresses: int
	printed: int


SHORT = Size(submissions=40, guesses=600, references=200, addresses=9, printed=6)
LONG = Size(submissions=500, guesses=10_000, references=10_000, addresses=1, printed=1)


@pytest.fixture(scope="session")
def size() -> Size:
	"""`bin/test hostile --long` sets CS_HOSTILE_LONG."""
	return LONG if os.environ.get("CS_HOSTILE_LONG") else SHORT


@pytest.fixture(scope="session")
def listeners() -> Iterator[Listeners]:
	"""Somebody who listens wherever a hostile address could lead."""
	with Listeners() as listening:
		yield listening


@pytest.fixture(scope="session")
def city(site: str, listeners: Listeners) -> Iterator[City]:
	"""The site's servers. Whatever they ask of the world by HTTP goes through a listener of ours."""
	processes = Processes(STATE / "hostile")
	processes.stop()
	ports = [free_port(start) for start in (8600, 1625, 8625)]
	bench = Bench(Path(os.environ["CS_BENCH"]))
	city = City(bench, site, processes, *ports, extra_env=listeners.as_proxy())
	for old in city.mails_folder.glob("*.eml"):
		old.unlink()
	_prepare(city)
	try:
		city.start_mail_server()
		city.start_web()
		# What preparing has left to do is none of the attackers' doing: Frappe asks gravatar.com about new staff.
		empty_redis_database(bench.redis("queue"), REDIS_DATABASE)
		city.start_worker()
		city.wait_until_it_answers()
		yield city
	finally:
		processes.stop()


def _prepare(city: City) -> None:
	"""Services, and mail that arrives; limits as a city has them, but for how fast a form may be filled in."""
	starter_city.load()
	demo.connect_mail(port=city.smtp_port)
	for name in ("Email Queue", "Email Queue Recipient"):
		frappe.db.delete(name)
	# One machine plays all attackers: what is tried here is what they do to one mailbox and to one reference.
	few = {"submissions_per_ten_minutes": 0, "submissions_per_day": 0, "least_seconds": 0}
	frappe.db.set_single_value(SETTINGS, {**asdict(Limits()), **few, "filing": "At once"})
	frappe.db.commit()
	frappe.clear_cache()


@pytest.fixture
def mails(city: City) -> "MailBox":
	return MailBox(city.mails_folder)


class MailBox:
	"""What the mail server has been given."""

	def __init__(self, folder: Path) -> None:
		self.folder = folder

	def read(self, to: str = "") -> list[Mail]:
		"""All mails, or one receiver's, oldest first."""
		return all_mails(self.folder, to)


@pytest.fixture
def settings() -> Iterator[object]:
	"""Change settings for one test: `settings(filing="…")`."""
	before = frappe.get_doc(SETTINGS).as_dict()
	changed: set[str] = set()

	def change(**values: object) -> None:
		changed.update(values)
		frappe.db.set_single_value(SETTINGS, values)
		frappe.db.commit()
		frappe.clear_cache()

	yield change
	change(**{name: before.get(name) for name in changed})
