"""What opens the site to people who should stay outside. Pure: plain facts in, findings out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from citizen_support.health.rules import ADVICE, SERIOUS, SETTINGS, Finding

SYSTEM = "System Settings"
# Names that only machines at hand can look up (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal).
PRIVATE_ENDINGS = ("localhost", "local", "test", "invalid", "internal", "home.arpa", "lan")
DEVELOPER_SWITCHES = ("developer_mode", "allow_tests", "ignore_csrf")
# A resident with an old link counts too.
MANY_GUESSES = 100
# A monitor or a colleague may go round the proxy now and then.
MANY_UNNAMED = 10


@dataclass(frozen=True)
class Fix:
	"""A published hole, and the first version of each major one without it.

	:ivar without_login: whether it can be used without a log-in.
	"""

	advisory: str
	fixed_in: dict[int, str]
	without_login: bool = False


# https://github.com/frappe/frappe/security/advisories, by the releases that name the fix.
FIXES = (
	Fix("CVE-2026-44208", {15: "15.107.0", 16: "16.17.0"}, without_login=True),
	Fix("CVE-2026-44976", {16: "16.17.4"}),
	Fix("CVE-2026-39352", {16: "16.15.0"}),
	Fix("CVE-2026-31879", {14: "14.100.2", 15: "15.101.0", 16: "16.10.0"}),
	Fix("CVE-2026-31878", {14: "14.100.1", 15: "15.100.0", 16: "16.6.0"}),
)


@dataclass(frozen=True)
class Switches:
	"""Switches of Frappe that are dangerous where residents come.

	:ivar on_for_developers: those of DEVELOPER_SWITCHES that are on.
	:ivar cors_everyone: whether any site may call this one's API in the user's name.
	:ivar logs_addresses: whether Frappe writes the whole address of each request into a log.
	:ivar guests_read: doctypes with residents' data that the roles say everybody may read.
	"""

	host: str = ""
	shows_tracebacks: bool = False
	on_for_developers: tuple[str, ...] = ()
	runs_server_scripts: bool = False
	cors_everyone: bool = False
	guests_may_upload: bool = False
	anyone_may_sign_up: bool = False
	has_easy_password: bool = False
	logs_addresses: bool = False
	guests_read: tuple[str, ...] = ()


@dataclass(frozen=True)
class Address:
	"""What the site calls itself: the host name of its configuration, with its scheme."""

	host_name: str = "https://help.city.example"
	has_encryption_key: bool = True


@dataclass(frozen=True)
class Visit:
	"""The request in which this is read, as it arrived.

	:ivar peer: address of the other end of the connection.
	:ivar forwarded: addresses that proxies named, nearest last.
	:ivar seen_as: the client's address as the app's own limits understand it.
	:ivar trusted_proxies: how many proxies the settings say stand in front.
	"""

	peer: str
	forwarded: tuple[str, ...] = ()
	seen_as: str = ""
	trusted_proxies: int = 1
	is_secure: bool = True
	host_name: str = "https://help.city.example"


def is_public(host: str) -> bool:
	"""Whether an address (with or without scheme and port) is one that the whole internet can reach."""
	name = (urlsplit(host if "//" in host else f"//{host}").hostname or "").rstrip(".").lower()
	try:
		return not (ip_address(name).is_private or ip_address(name).is_loopback)
	except ValueError:
		return "." in name and not name.endswith(tuple(f".{ending}" for ending in PRIVATE_ENDINGS))


def find_fixes(version: str) -> Iterable[Finding]:
	"""Published holes that the running Frappe still has, in one finding for each kind."""
	missing = [fix for fix in FIXES if is_missing(fix, version)]
	for without_login, problem in ((True, "frappe hole for everyone"), (False, "frappe hole")):
		found = [fix for fix in missing if fix.without_login == without_login]
		if found:
			major = read_version(version)[0]
			first = max((fix.fixed_in[major] for fix in found), key=read_version)
			names = ", ".join(fix.advisory for fix in found)
			yield Finding(problem, SERIOUS, (version, names, first))


def is_missing(fix: Fix, version: str) -> bool:
	"""Whether this version is older than the fix; of a major version without a word on it, nothing is claimed."""
	fixed = fix.fixed_in.get(read_version(version)[0])
	return bool(fixed and read_version(version) < read_version(fixed))


def read_version(version: str) -> tuple[int, ...]:
	"""The numbers of a version; what follows them ("-beta") does not count."""
	numbers = [int(number) for number in re.findall(r"\d+", version)[:3]]
	return tuple(numbers + [0] * (3 - len(numbers)))


def find_developer_switches(facts: Switches) -> Iterable[Finding]:
	for switch in facts.on_for_developers:
		severity = SERIOUS if is_public(facts.host) or switch == "ignore_csrf" else ADVICE
		yield Finding("developer switch", severity, (switch,), name=switch)
	if facts.runs_server_scripts:
		yield Finding("server scripts", ADVICE, (), "Server Script")
	if facts.cors_everyone:
		yield Finding("calls from everywhere", SERIOUS)
	if facts.logs_addresses:
		yield Finding("addresses logged", SERIOUS)
	if facts.has_easy_password:
		severity = SERIOUS if is_public(facts.host) else ADVICE
		yield Finding("easy password", severity)


def find_guest_switches(facts: Switches) -> Iterable[Finding]:
	if facts.shows_tracebacks:
		yield Finding("tracebacks shown", ADVICE, (), SYSTEM, SYSTEM)
	if facts.guests_may_upload:
		yield Finding("guest uploads", SERIOUS, (), SYSTEM, SYSTEM)
	if facts.anyone_may_sign_up:
		yield Finding("sign-up", ADVICE, (), "Website Settings", "Website Settings")
	for doctype in facts.guests_read:
		yield Finding("guests read", SERIOUS, (doctype,), name=doctype)


def find_address(facts: Address) -> Iterable[Finding]:
	if not facts.host_name:
		yield Finding("no host name", SERIOUS)
	elif not facts.host_name.startswith("https://") and is_public(facts.host_name):
		yield Finding("no TLS", SERIOUS, (facts.host_name,))
	if not facts.has_encryption_key:
		yield Finding("no encryption key", SERIOUS)


def find_proxy(facts: Visit | None) -> Iterable[Finding]:
	"""Whether the limits can tell one resident from another; nothing is known outside a request."""
	if not facts:
		return
	if len(facts.forwarded) < facts.trusted_proxies:
		details = (str(facts.trusted_proxies), facts.seen_as or facts.peer)
		yield Finding("proxy silent", SERIOUS, details)
	elif facts.forwarded and not facts.trusted_proxies:
		yield Finding("proxy not counted", SERIOUS, (facts.seen_as or facts.peer,))
	elif is_public(facts.host_name) and facts.seen_as and not is_public_address(facts.seen_as):
		yield Finding("everybody alike", ADVICE, (facts.seen_as,))
	if facts.host_name.startswith("https://") and not facts.is_secure:
		yield Finding("scheme not told", ADVICE)


def find_unnamed(number: int) -> Iterable[Finding]:
	"""Visitors of today whom no proxy named, which a command line knows as well.

	:param number: of their requests.
	"""
	if number >= MANY_UNNAMED:
		yield Finding("visitors unnamed", SERIOUS, (str(number),), SETTINGS, SETTINGS)


def find_refusals(facts: Mapping[str, int]) -> Iterable[Finding]:
	"""What the limits turned away today, by reason, where a person should know of it."""
	if number := facts.get("site"):
		yield Finding("site limit reached", ADVICE, (str(number),), SETTINGS, SETTINGS)
	if (number := facts.get("guess", 0)) >= MANY_GUESSES:
		yield Finding("keys guessed", ADVICE, (str(number),))


def is_public_address(address: str) -> bool:
	"""Whether this is the address of somebody on the internet."""
	try:
		return ip_address(address.partition("/")[0]).is_global
	except ValueError:
		return False
