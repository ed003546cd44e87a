"""What a process keeps of the catalogue from one request to the next.

Redis holds the catalogue for everybody, but each request would fetch and unpack all of it anew: with 500 services some
hundred kilobytes, to show a page of which a few are needed. A process keeps what it has unpacked, and what it has made of
it, as long as the catalogue's stamp in Redis is the same: one short answer instead of a long one.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

import frappe

from citizen_support.catalogue.snapshots import remember

Made = TypeVar("Made")
# Pages in so many languages of so many sites; whoever asks for more makes the rest anew.
MOST_KEPT = 24
_STAMP = "*stamp*"
_kept: OrderedDict[tuple[str, str], tuple[str, float, object]] = OrderedDict()
_lock = threading.Lock()


def keep(name: str, make: Callable[[], Made], seconds: float = 600) -> Made:
	"""What `make` has made of the catalogue, until anything in the catalogue changes.

	Other requests get the same object: it must not be changed.

	:param seconds: how long at most, for what also depends on something else, such as translations.
	"""
	stamp = _get_stamp()
	key = (frappe.local.site, name)
	known = _kept.get(key)
	if known and known[0] == stamp and time.monotonic() < known[1]:
		return known[2]
	# The stamp was read first: what changes from here on has another one, and is made anew with the next request.
	made = make()
	with _lock:
		_kept[key] = (stamp, time.monotonic() + seconds, made)
		_kept.move_to_end(key)
		while len(_kept) > MOST_KEPT:
			_kept.popitem(last=False)
	return made


def _get_stamp() -> str:
	"""Goes away with the remembered catalogue, and a new one comes with the new catalogue."""
	return remember(_STAMP, lambda: frappe.generate_hash(length=16))
