"""What can be wrong between a request and its ticket, and between the city and a resident. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from citizen_support.health.rules import ADVICE, SERIOUS, Finding

WAITS_TOO_LONG, WAITS_FAR_TOO_LONG = timedelta(minutes=5), timedelta(hours=1)
# Frappe sends every four minutes.
MAIL_IS_LATE = timedelta(minutes=30)
SUBMISSION, ACCOUNT, QUEUE = "Service Submission", "Email Account", "Email Queue"
NOTICE = "Resident Notice"
MANY_PROBLEMS = 20


@dataclass(frozen=True)
class Submissions:
	"""Requests without a ticket.

	:ivar stuck: how many a person has to look at.
	:ivar longest_wait: since when the oldest of the others waits.
	"""

	stuck: int = 0
	waiting: int = 0
	longest_wait: timedelta = timedelta(0)


@dataclass(frozen=True)
class Accounts:
	"""The site's mail accounts.

	:ivar outgoing_off: default accounts that cannot send, with the reason's short name.
	:ivar has_incoming: whether any account fetches mail.
	:ivar appends: whether one that does puts it on tickets.
	"""

	has_outgoing: bool = True
	outgoing_off: tuple[str, ...] = ()
	has_incoming: bool = True
	appends: bool = True


@dataclass(frozen=True)
class Mail:
	"""What lies in Frappe's queue of mails.

	:ivar is_muted: by the site's configuration.
	:ivar is_suspended: by somebody in the desk.
	:ivar failed: our own notices that were given up lately.
	:ivar sending: rows that have been on their way for longer than any server takes.
	:ivar late: rows that wait, and the longest of them for longer than they should.
	"""

	is_muted: bool = False
	is_suspended: bool = False
	failed: int = 0
	sending: int = 0
	late: int = 0


@dataclass(frozen=True)
class Notices:
	"""Notices that no worker has sent yet, and for how long the oldest waits."""

	waiting: int = 0
	longest_wait: timedelta = timedelta(0)
	given_up: int = 0


@dataclass(frozen=True)
class TextMessages:
	"""Whether residents are told by SMS, and whether a gateway is named that could do it."""

	is_on: bool = False
	has_gateway: bool = True


@dataclass(frozen=True)
class Errors:
	"""Errors of the app's own on record since yesterday."""

	of_portal: int = 0


def find_submissions(facts: Submissions) -> Iterable[Finding]:
	if facts.stuck:
		yield Finding("stuck submissions", SERIOUS, (str(facts.stuck),), SUBMISSION)
	if facts.longest_wait > WAITS_TOO_LONG:
		severity = SERIOUS if facts.longest_wait > WAITS_FAR_TOO_LONG else ADVICE
		details = (str(facts.waiting), _count_minutes(facts.longest_wait))
		yield Finding("waiting submissions", severity, details, SUBMISSION)


def find_accounts(facts: Accounts) -> Iterable[Finding]:
	if facts.outgoing_off:
		for name in facts.outgoing_off:
			yield Finding("outgoing mail off", SERIOUS, (name,), ACCOUNT, name)
	elif not facts.has_outgoing:
		yield Finding("no outgoing mail", SERIOUS, (), ACCOUNT)
	if not facts.has_incoming:
		yield Finding("no incoming mail", ADVICE, (), ACCOUNT)
	elif not facts.appends:
		yield Finding("incoming mail elsewhere", ADVICE, (), ACCOUNT)


def find_mail(facts: Mail) -> Iterable[Finding]:
	if facts.is_muted:
		yield Finding("mails muted", SERIOUS)
	if facts.is_suspended:
		yield Finding("mails suspended", SERIOUS, (), QUEUE)
	if facts.failed:
		yield Finding("failed mails", SERIOUS, (str(facts.failed),), QUEUE)
	if facts.sending:
		yield Finding("stuck mails", ADVICE, (str(facts.sending),), QUEUE)
	if facts.late:
		yield Finding("late mails", SERIOUS, (str(facts.late),), QUEUE)


def find_notices(facts: Notices) -> Iterable[Finding]:
	if facts.longest_wait > MAIL_IS_LATE:
		details = (str(facts.waiting), _count_minutes(facts.longest_wait))
		yield Finding("waiting notices", SERIOUS, details, NOTICE)
	if facts.given_up:
		yield Finding("notices given up", SERIOUS, (str(facts.given_up),), NOTICE)


def find_text_messages(facts: TextMessages) -> Iterable[Finding]:
	if facts.is_on and not facts.has_gateway:
		yield Finding("no SMS gateway", SERIOUS, (), "SMS Settings", "SMS Settings")


def find_errors(facts: Errors) -> Iterable[Finding]:
	if facts.of_portal:
		severity = SERIOUS if facts.of_portal >= MANY_PROBLEMS else ADVICE
		yield Finding("portal errors", severity, (str(facts.of_portal),), "Error Log")


def _count_minutes(wait: timedelta) -> str:
	return str(int(wait.total_seconds() // 60))
