"""Limits: what counts as one client and one recipient, and when something is too much. Pure."""

import hashlib
import hmac
import ipaddress
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Protocol

MINUTE, HOUR, DAY = 60, 3600, 86400
MEGABYTE = 1024 * 1024
# Whoever's address cannot be told shares one count with all others of whom that is so.
UNKNOWN = "unknown"
# Of one organisation or household, as providers hand them out (RFC 6177, RIPE-690).
IPV6_PREFIX = 64
LONGEST_ADDRESS = 64
DOTS_MEAN_NOTHING = frozenset({"gmail.com", "googlemail.com"})

# The third choice, "For busy clients", is whatever is neither.
PROOF_OFF, PROOF_ALWAYS = "Off", "Always"

# A form's key: when the page was made (milliseconds), random, and a MAC over both. 48 characters of base 64.
TIME_BYTES, RANDOM_BYTES, MAC_BYTES = 6, 16, 14


@dataclass(frozen=True)
class Refusal:
	"""Why something is not taken now.

	:ivar reason: what was used up: "client", "site", "files", "disk", "reply" or "proof".
	:ivar retry_after: seconds after which it may be tried again.
	"""

	reason: str
	retry_after: int


@dataclass(frozen=True)
class Window:
	"""At most so many in so many seconds, whenever one begins to count; `most` 0 is no limit."""

	seconds: int
	most: int


@dataclass(frozen=True)
class Counter:
	"""One thing that is counted.

	:ivar name: what is counted, such as "submissions of a client"; a word of ours, stored as it is.
	:ivar subject: whose: an address of a client, an e-mail address; stored only as a keyed hash.
	:ivar amount: how many at once.
	:ivar keep: how many are remembered at least, for counts that are read without being limited.
	"""

	name: str
	subject: str
	windows: tuple[Window, ...]
	amount: int = 1
	keep: int = 0

	@property
	def longest(self) -> int:
		return max(window.seconds for window in self.windows)

	@property
	def capacity(self) -> int:
		"""How many entries are worth remembering."""
		return max([self.keep, self.amount, *(window.most for window in self.windows)])


@dataclass(frozen=True)
class Limits:
	"""The settings' tab "Limits", with the defaults of a city nobody has tuned. 0 is no limit."""

	trusted_proxies: int = 1
	submissions_per_ten_minutes: int = 20
	submissions_per_day: int = 200
	site_submissions_per_minute: int = 600
	busy_submissions_per_minute: int = 60
	replies_per_hour: int = 20
	least_seconds: int = 2
	proof_of_work: str = PROOF_OFF
	mails_per_hour: int = 3
	mails_per_day: int = 10
	sms_per_day: int = 3
	links_per_hour: int = 20
	wrong_keys: int = 20
	uploads_mb_per_hour: int = 300
	uploads_mb_together: int = 2048


class Readable(Protocol):
	"""A mapping, or a document of Frappe's."""

	def get(self, key: str) -> object: ...


# Smallest and largest value of each number of the settings.
BOUNDS: Mapping[str, tuple[int, int]] = {
	"trusted_proxies": (0, 10),
	"submissions_per_ten_minutes": (0, 10000),
	"submissions_per_day": (0, 100000),
	"site_submissions_per_minute": (0, 100000),
	"busy_submissions_per_minute": (0, 100000),
	"replies_per_hour": (0, 1000),
	"least_seconds": (0, 60),
	"mails_per_hour": (0, 100),
	"mails_per_day": (0, 1000),
	"sms_per_day": (0, 100),
	"links_per_hour": (0, 1000),
	"wrong_keys": (1, 20),
	"uploads_mb_per_hour": (0, 100000),
	"uploads_mb_together": (0, 10000000),
}


def read_limits(values: Readable) -> Limits:
	"""The limits in force: what is set, and the default where nothing is, as before an upgrade has filled it in."""
	given = {field.name: values.get(field.name) for field in fields(Limits)}
	return Limits(
		**{
			name: value if name == "proof_of_work" else int(value)
			for name, value in given.items()
			if value not in (None, "")
		}
	)


def find_client(forwarded: str | None, peer: str | None, trusted_proxies: int) -> str:
	"""The client's address: "203.0.113.7", or "2001:db8:1:2::/64" for a whole network of IPv6.

	Each proxy appends to `X-Forwarded-For` whom it was asked by, so what trusted proxies wrote stands on the right;
	all left of it was sent along by the client and may be made up.

	:param forwarded: the header, as it arrived.
	:param peer: who the connection comes from.
	:param trusted_proxies: how many of our own proxies each request passes.
	"""
	if trusted_proxies < 1 or not forwarded or not forwarded.strip():
		return read_client(peer)
	hops = forwarded.rsplit(",", trusted_proxies)
	return read_client(hops[max(len(hops) - trusted_proxies, 0)])


def is_unnamed(forwarded: str | None, trusted_proxies: int) -> bool:
	"""Whether `X-Forwarded-For` names fewer addresses than our own proxies must have written."""
	return sum(bool(hop.strip()) for hop in (forwarded or "").split(",")) < trusted_proxies


def read_client(text: str | None) -> str:
	"""One written address in its one form, a port dropped; `UNKNOWN` for what is none."""
	text = (text or "").strip().strip('"')
	if not text or len(text) > LONGEST_ADDRESS:
		return UNKNOWN
	if text.startswith("["):
		text = text[1:].partition("]")[0]
	elif text.count(":") == 1:
		text = text.partition(":")[0]
	try:
		address = ipaddress.ip_address(text.partition("%")[0])
	except ValueError:
		return UNKNOWN
	if isinstance(address, ipaddress.IPv6Address):
		if not address.ipv4_mapped:
			return str(ipaddress.ip_network((int(address), IPV6_PREFIX), strict=False))
		address = address.ipv4_mapped
	return str(address)


def count_as(recipient: str) -> str:
	"""What an e-mail address or phone number is counted as: all the ways to write one mailbox are one.

	Only for counting, never for sending. Lower case; what follows a "+" is left out; for Gmail the dots as well.
	"""
	local, at, host = recipient.strip().lower().rpartition("@")
	if not at:
		return "".join(char for char in recipient if char.isalnum() or char == "+").lower()
	local = local.partition("+")[0] or local
	if host in DOTS_MEAN_NOTHING:
		local, host = local.replace(".", ""), "gmail.com"
	return f"{local}@{host}"


def find_wait(times: Iterable[float], windows: Iterable[Window], amount: int, now: float) -> float:
	"""Seconds until `amount` more fit in every window; 0 if they do now.

	Exact, not by fixed hours: in no stretch of time as long as a window are there ever more than its `most`.
	"""
	known = sorted(times)
	wait = 0.0
	for window in windows:
		if not window.most:
			continue
		if amount > window.most:
			return float(window.seconds)
		recent = [time for time in known if time > now - window.seconds]
		over = len(recent) + amount - window.most
		if over > 0:
			wait = max(wait, recent[over - 1] + window.seconds - now)
	return wait


def make_form_key(secret: bytes, now: float, random: bytes) -> str:
	"""A form's key: URL-safe, unguessable, and telling us (nobody else could have made it) when its page was made.

	:param now: seconds since 1970.
	:param random: `RANDOM_BYTES` bytes of a secure source.
	"""
	body = int(now * 1000).to_bytes(TIME_BYTES, "big") + random
	return urlsafe_b64encode(body + _sign(secret, body)).decode()


def read_form_key_time(secret: bytes, key: str) -> float | None:
	"""When the page of a form was made, in seconds since 1970; None if the key is not one of ours."""
	try:
		data = urlsafe_b64decode(key.encode())
	except ValueError:
		return None
	body, mac = data[:-MAC_BYTES], data[-MAC_BYTES:]
	if len(data) != TIME_BYTES + RANDOM_BYTES + MAC_BYTES or not hmac.compare_digest(
		_sign(secret, body), mac
	):
		return None
	return int.from_bytes(body[:TIME_BYTES], "big") / 1000


def count_megabytes(byte_count: int) -> int:
	"""Bytes in whole megabytes, upwards, at least one."""
	return max(-(-byte_count // MEGABYTE), 1)


def _sign(secret: bytes, body: bytes) -> bytes:
	return hmac.new(secret, body, hashlib.sha256).digest()[:MAC_BYTES]
