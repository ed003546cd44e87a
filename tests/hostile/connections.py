"""What this process asks of the network, seen from inside Python: every look-up and every connection."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import frappe

LOOK_UP, CONNECT = "socket.getaddrinfo", "socket.connect"
_watched: list[tuple[str, object]] | None = None


def _watch(event: str, arguments: tuple) -> None:
	if _watched is not None and event in (LOOK_UP, CONNECT):
		_watched.append((event, arguments[0] if event == LOOK_UP else arguments[1]))


# There is no way to take one away again.
sys.addaudithook(_watch)


@contextmanager
def watch_network() -> Iterator[list[tuple[str, object]]]:
	"""Events from now on, in every thread: `LOOK_UP` with a host, `CONNECT` with an address."""
	global _watched
	_watched = []
	try:
		yield _watched
	finally:
		_watched = None


def list_connections(events: list[tuple[str, object]]) -> list[object]:
	"""Addresses that were connected to, but for the site's own database and Redis."""
	own = {int(frappe.conf.db_port or 3306)}
	own |= {urlsplit(frappe.conf[name]).port for name in ("redis_cache", "redis_queue")}
	return [
		address
		for event, address in events
		if event == CONNECT and isinstance(address, tuple) and address[1] not in own
	]
