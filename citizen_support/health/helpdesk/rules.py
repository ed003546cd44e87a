"""What can be wrong with Helpdesk's own settings. Pure: plain facts in, findings out."""

from collections.abc import Iterable
from dataclasses import dataclass

from citizen_support.health.rules import ADVICE, SERIOUS, Finding

AGREEMENT, HD_SETTINGS = "HD Service Level Agreement", "HD Settings"
OFF, CHANGED = "off", "changed"
# An HD Customer with such a domain lumps strangers together.
PUBLIC_MAIL_DOMAINS = frozenset(
	"aol.com gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com hotmail.com icloud.com live.com mail.com "
	"mail.ru me.com msn.com orange.fr outlook.com proton.me protonmail.com t-online.de web.de yahoo.com "
	"yahoo.fr yandex.ru zoho.com".split()
)


@dataclass(frozen=True)
class Switches:
	"""Switches of HD Settings that the portal has a say in."""

	guests_may_make_tickets: bool = False
	acknowledges: bool = False


@dataclass(frozen=True)
class Agreements:
	"""Service level agreements.

	:ivar defaults: names of the enabled default ones; exactly one is right.
	:ivar flawed: name of each agreement of ours that a published service needs, with OFF or CHANGED.
	"""

	defaults: tuple[str, ...] = ("Default",)
	flawed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Host:
	"""Helpdesk's version, and what the app needs of it and has not got.

	:ivar is_tested: whether the version lies within the range the app is made for.
	:ivar missing: fields of Helpdesk that the app needs, as `DocType.field`.
	:ivar missing_own: fields the app adds to Helpdesk's forms, as `DocType.field`.
	"""

	version: str = ""
	is_tested: bool = True
	missing: tuple[str, ...] = ()
	missing_own: tuple[str, ...] = ()


@dataclass(frozen=True)
class Customer:
	"""A customer of Helpdesk with a mail domain."""

	name: str
	domain: str


def find_switches(facts: Switches) -> Iterable[Finding]:
	if facts.guests_may_make_tickets:
		yield Finding("guest tickets", SERIOUS, (), HD_SETTINGS, HD_SETTINGS)
	if facts.acknowledges:
		yield Finding("acknowledged twice", ADVICE, (), HD_SETTINGS, HD_SETTINGS)


def find_defaults(facts: Agreements) -> Iterable[Finding]:
	if not facts.defaults:
		yield Finding("no default agreement", SERIOUS, (), AGREEMENT)
	elif len(facts.defaults) > 1:
		yield Finding("several default agreements", ADVICE, (", ".join(facts.defaults),), AGREEMENT)


def find_flawed(facts: Agreements) -> Iterable[Finding]:
	for name, flaw in facts.flawed:
		problem = "agreement off" if flaw == OFF else "agreement changed"
		yield Finding(problem, SERIOUS, (name,), AGREEMENT, name)


def find_host(facts: Host) -> Iterable[Finding]:
	if facts.missing:
		yield Finding("helpdesk too old", SERIOUS, (", ".join(facts.missing),))
	if not facts.is_tested:
		yield Finding("helpdesk not tested", ADVICE, (facts.version,))
	if facts.missing_own:
		yield Finding("own fields missing", SERIOUS, (", ".join(facts.missing_own),), "Custom Field")


def find_customers(customers: tuple[Customer, ...]) -> Iterable[Finding]:
	for customer in customers:
		if customer.domain.strip().lower() in PUBLIC_MAIL_DOMAINS:
			details = (customer.name, customer.domain)
			yield Finding("public customer domain", ADVICE, details, "HD Customer", customer.name)
