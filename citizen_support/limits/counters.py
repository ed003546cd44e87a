"""Counting in Redis, all counts of one question in one atomic step; in this process alone while Redis is away.

Each counter is a sorted set: one entry for each thing counted, with its time. It is never longer than its limit and
expires by itself. Names of keys hold a keyed hash of whom they count, so Redis knows nobody's address.

Frappe's own connection waits for a silent Redis without end. This one waits a quarter of a second, and then leaves
Redis alone for some seconds.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from secrets import token_hex
from threading import Lock
from typing import Any

import redis

import frappe

from citizen_support.host.site_secret import get_secret
from citizen_support.limits.rules import Counter, find_wait

PREFIX = "citizen_support:limits"
PATIENCE_SECONDS = 0.25
LEAVE_ALONE_SECONDS = 5.0
MOST_LOCAL_COUNTERS = 5000

# KEYS: the counters. ARGV: now (ms), "1" to count or "0" to look only, then for each counter: longest window (ms),
# capacity, amount, name of the new entry, number of windows, and each window's milliseconds and most.
# Returns how long to wait (ms, 0 = it fits) and which counter says so. Nothing is counted unless everything fits.
_SCRIPT = """
local now, take = tonumber(ARGV[1]), ARGV[2] == "1"
local at, worst, which, plans = 3, 0, 0, {}
for i, key in ipairs(KEYS) do
	local plan = {tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), ARGV[at + 3]}
	local windows = tonumber(ARGV[at + 4])
	at = at + 5
	for _ = 1, windows do
		local span, most = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
		at = at + 2
		if most > 0 then
			local wait, over = 0, redis.call("ZCOUNT", key, "(" .. (now - span), "+inf") + plan[3] - most
			if plan[3] > most then
				wait = span
			elseif over > 0 then
				local row = redis.call("ZRANGEBYSCORE", key, "(" .. (now - span), "+inf", "WITHSCORES", "LIMIT", over - 1, 1)
				wait = tonumber(row[2]) + span - now
			end
			if wait > worst then worst, which = wait, i end
		end
	end
	plans[i] = plan
end
if worst == 0 and take then
	for i, key in ipairs(KEYS) do
		local longest, capacity, amount, entry = unpack(plans[i])
		redis.call("ZREMRANGEBYSCORE", key, "-inf", now - longest)
		for n = 1, amount do redis.call("ZADD", key, now, entry .. ":" .. n) end
		redis.call("ZREMRANGEBYRANK", key, 0, -capacity - 1)
		redis.call("PEXPIRE", key, longest)
	end
end
return {math.ceil(worst), which}
"""


@dataclass(frozen=True)
class Verdict:
	"""What counting said.

	:ivar wait: seconds until it fits; 0 if it did.
	:ivar counter: which of the counters says so, None if all had room.
	:ivar entry: what undoes it (`take_back`).
	"""

	wait: float
	counter: Counter | None
	entry: str

	@property
	def fits(self) -> bool:
		return self.counter is None


class LocalCounters:
	"""The same counting in one process: what is left while Redis is away. The least used counters are forgotten."""

	def __init__(self, most: int = MOST_LOCAL_COUNTERS) -> None:
		self._most = most
		self._entries: OrderedDict[str, dict[str, float]] = OrderedDict()
		self._lock = Lock()

	def take(
		self, keys: Sequence[str], counters: Sequence[Counter], now: float, entry: str, count: bool
	) -> tuple[float, int]:
		"""Seconds to wait and the number of the counter that says so, counted from 1; as the script."""
		with self._lock:
			worst, which = 0.0, 0
			for number, (key, counter) in enumerate(zip(keys, counters, strict=True), start=1):
				times = self._entries.get(key, {}).values()
				wait = find_wait(times, counter.windows, counter.amount, now)
				if wait > worst:
					worst, which = wait, number
			if count and not which:
				for key, counter in zip(keys, counters, strict=True):
					added = {f"{entry}:{number}": now for number in range(1, counter.amount + 1)}
					self._add(key, added, now - counter.longest, counter.capacity)
			return worst, which

	def add(self, key: str, entries: Mapping[str, float], counter: Counter) -> None:
		with self._lock:
			self._add(key, entries, 0, counter.capacity)

	def remove(self, key: str, names: Sequence[str]) -> None:
		with self._lock:
			for name in names:
				self._entries.get(key, {}).pop(name, None)

	def count(self, key: str, since: float) -> int:
		with self._lock:
			return sum(at > since for at in self._entries.get(key, {}).values())

	def __len__(self) -> int:
		return len(self._entries)

	def _add(self, key: str, entries: Mapping[str, float], since: float, capacity: int) -> None:
		known = {name: at for name, at in self._entries.pop(key, {}).items() if at > since}
		known.update(entries)
		newest = sorted(known.items(), key=lambda item: item[1])[-capacity:]
		self._entries[key] = dict(newest)
		while len(self._entries) > self._most:
			self._entries.popitem(last=False)


local = LocalCounters()
_leave_alone_until: dict[str, float] = {}


def now() -> float:
	"""Seconds since 1970; tests put their own clock here."""
	return time.time()


def take(*counters: Counter, count: bool = True) -> Verdict:
	"""Count one more of each if all of them have room, otherwise none.

	:param count: False only looks whether there would be room.
	"""
	keys, moment, entry = [name_key(counter) for counter in counters], now(), token_hex(8)
	arguments: list[object] = [int(moment * 1000), int(count)]
	for counter in counters:
		arguments += [counter.longest * 1000, counter.capacity, counter.amount, entry, len(counter.windows)]
		for window in counter.windows:
			arguments += [window.seconds * 1000, window.most]
	answer = ask(lambda client: _get_script(client)(keys, arguments))
	if answer is None:
		wait, which = local.take(keys, counters, moment, entry, count)
	else:
		wait, which = answer[0] / 1000, answer[1]
	return Verdict(wait, counters[which - 1] if which else None, entry)


def take_back(verdict: Verdict, *counters: Counter) -> None:
	"""Undo what `take` counted."""

	def remove(client: redis.Redis) -> list:
		pipeline = client.pipeline(transaction=False)
		for counter in counters:
			pipeline.zrem(name_key(counter), *_name_entries(verdict.entry, counter))
		return pipeline.execute()

	if ask(remove) is None:
		for counter in counters:
			local.remove(name_key(counter), _name_entries(verdict.entry, counter))


def note(entries: Mapping[str, float], *counters: Counter) -> None:
	"""Remember what has happened, whether or not it is too much.

	:param entries: times (seconds since 1970) by a name that is the same for the same thing, which then counts once.
	"""
	keys = [name_key(counter) for counter in counters]
	hashed = {_hash(name): at for name, at in entries.items()}

	def add(client: redis.Redis) -> list:
		pipeline = client.pipeline(transaction=False)
		for key, counter in zip(keys, counters, strict=True):
			pipeline.zadd(key, {name: int(at * 1000) for name, at in hashed.items()})
			pipeline.zremrangebyrank(key, 0, -counter.capacity - 1)
			pipeline.pexpire(key, counter.longest * 1000)
		return pipeline.execute()

	if hashed and ask(add) is None:
		for key, counter in zip(keys, counters, strict=True):
			local.add(key, hashed, counter)


def count(seconds: int, *counters: Counter) -> tuple[list[int], bool]:
	"""How many of each were counted in the last seconds, and whether by all processes or, without Redis, by this one."""
	keys, since = [name_key(counter) for counter in counters], now() - seconds

	def read(client: redis.Redis) -> list[int]:
		pipeline = client.pipeline(transaction=False)
		for key in keys:
			pipeline.zcount(key, f"({int(since * 1000)}", "+inf")
		return pipeline.execute()

	found = ask(read)
	return ([local.count(key, since) for key in keys], False) if found is None else (found, True)


def ask(question: Callable[[redis.Redis], Any]) -> Any | None:
	"""An answer of Redis; None while it is away, which costs a moment every few seconds and is never an error."""
	url = str(frappe.conf.get("redis_cache") or "")
	if time.monotonic() < _leave_alone_until.get(url, 0):
		return None
	try:
		return question(_get_client(url))
	except (redis.RedisError, OSError):
		_leave_alone_until[url] = time.monotonic() + LEAVE_ALONE_SECONDS
		return None


def name_key(counter: Counter) -> str:
	"""The key of a counter: of this site, of this kind, of somebody nobody can name."""
	return make_key(f"{counter.name.replace(' ', '_')}:{_hash(counter.subject)}")


def make_key(name: str) -> str:
	"""A key of the site's own."""
	return frappe.cache.make_key(f"{PREFIX}:{name}").decode()


def _hash(text: str) -> str:
	return hashlib.blake2b(text.encode(), key=get_secret("limits"), digest_size=12).hexdigest()


def _name_entries(entry: str, counter: Counter) -> list[str]:
	return [f"{entry}:{number}" for number in range(1, counter.amount + 1)]


@lru_cache(maxsize=16)
def _get_client(url: str) -> redis.Redis:
	if frappe.conf.get("redis_cache_sentinel_enabled"):
		# Its connections are found by asking the sentinels; they have the patience that Frappe gives them.
		return frappe.cache
	return redis.Redis.from_url(
		url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS, health_check_interval=0
	)


@lru_cache(maxsize=16)
def _get_script(client: redis.Redis) -> Callable:
	return client.register_script(_SCRIPT)
