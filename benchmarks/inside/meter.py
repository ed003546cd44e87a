"""Counting what one request costs: statements as the database counts them, and calls of Redis. Free of noise."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from redis.connection import Connection
from werkzeug.test import Client, TestResponse

import frappe
import frappe.app
from frappe.database.database import Database

from benchmarks.load import Message

_STATUS = (
	"SHOW SESSION STATUS WHERE Variable_name IN "
	"('Questions', 'Com_select', 'Com_insert', 'Com_update', 'Com_delete', 'Com_replace', 'Com_commit')"
)
_WRITES = ("Com_insert", "Com_update", "Com_delete", "Com_replace")


@dataclass
class Counts:
	"""What was asked of the servers.

	:ivar statements: everything sent to the database, with connecting, transactions and savepoints.
	:ivar writes: rows' INSERT, UPDATE, DELETE and REPLACE.
	:ivar redis: trips to Redis, cache and queue; several commands sent together are one.
	"""

	statements: int = 0
	selects: int = 0
	writes: int = 0
	commits: int = 0
	redis: int = 0

	def add(self, status: dict[str, int], before: dict[str, int] | None = None) -> None:
		"""Add what a connection has done, since `before` if that is given."""
		done = {name: count - (before or {}).get(name, 0) for name, count in status.items()}
		self.statements += done["Questions"] - 1  # without the question that asks for this
		self.selects += done["Com_select"]
		self.writes += sum(done[name] for name in _WRITES)
		self.commits += done["Com_commit"]


def count_here(function: Callable[[], object]) -> Counts:
	"""What a function costs on the connection that is open."""
	counts = Counts()
	before = _read_status(frappe.db)
	with _counting_redis(counts, threading.get_ident()):
		function()
	counts.add(_read_status(frappe.db), before)
	return counts


def count_request(site: str, message: Message) -> tuple[Counts, TestResponse]:
	"""What a whole request costs, from the opening of its connection to the end.

	It goes through Frappe's application as under a web server, in a thread of its own because that is what keeps
	requests apart.
	"""
	counts, answers = Counts(), []

	def run() -> None:
		with _counting_redis(counts, threading.get_ident()), _counting_connections(counts):
			answers.append(send(site, message))

	run_apart(run)
	return counts, answers[0]


def run_apart(function: Callable[[], object]) -> None:
	"""Run in a thread of its own: there `frappe.local` is empty, as at the beginning of a request."""
	errors: list[BaseException] = []

	def run() -> None:
		try:
			function()
		except BaseException as error:
			errors.append(error)

	thread = threading.Thread(target=run)
	thread.start()
	thread.join()
	if errors:
		raise errors[0]


def send(site: str, message: Message) -> TestResponse:
	"""Send a message to Frappe's application in this process."""
	with patch.object(frappe.app, "_site", site):
		client = Client(frappe.app.application, use_cookies=False)
		return client.open(
			message.path,
			method=message.method,
			headers=message.headers,
			data=b"".join(message.body) or None,
			buffered=True,
		)


def _read_status(database: Database) -> dict[str, int]:
	return {name: int(count) for name, count in database.sql(_STATUS)}


@contextmanager
def _counting_connections(counts: Counts) -> Iterator[None]:
	"""Ask every connection of this thread what it has done, right before it is closed."""
	close, me = Database.close, threading.get_ident()

	def ask_and_close(database: Database) -> None:
		if database._conn and threading.get_ident() == me:
			counts.add(_read_status(database))
		close(database)

	with patch.object(Database, "close", ask_and_close):
		yield


@contextmanager
def _counting_redis(counts: Counts, thread: int) -> Iterator[None]:
	send_packed = Connection.send_packed_command

	def count_and_send(connection: Connection, *arguments: object, **options: object) -> None:
		counts.redis += threading.get_ident() == thread
		return send_packed(connection, *arguments, **options)

	with patch.object(Connection, "send_packed_command", count_and_send):
		yield
