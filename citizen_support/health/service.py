"""Making every check there is."""

from collections.abc import Iterator

from citizen_support.health.city.facts import list_checks as list_city_checks
from citizen_support.health.delivery.facts import list_checks as list_delivery_checks
from citizen_support.health.helpdesk.facts import list_checks as list_helpdesk_checks
from citizen_support.health.rules import Check, Finding, make_check, sort_findings
from citizen_support.health.security.facts import list_checks as list_security_checks
from citizen_support.health.server.facts import list_checks as list_server_checks


def examine(has_database: bool = True) -> list[Finding]:
	"""Everything that should be mended, the serious first.

	:param has_database: False leaves out what cannot be known without it.
	"""
	checks = (check for check in list_checks() if has_database or not check.needs_database)
	return sort_findings(finding for check in checks for finding in make_check(check))


def list_checks() -> Iterator[Check]:
	"""Every check, area by area."""
	yield from list_city_checks()
	yield from list_delivery_checks()
	yield from list_helpdesk_checks()
	yield from list_security_checks()
	yield from list_server_checks()
