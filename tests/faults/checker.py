"""Was anything lost, doubled or late? Plain data in, plain data out."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import quantiles

from tests.faults.clients import Sent

LATE_AFTER = 60.0
DUPLICATE_MAILS_IN_A_THOUSAND = 1
WITH_PHOTOS = ("Service Submission", "HD Ticket", "Communication")


@dataclass(frozen=True)
class Stored:
	"""A row of the site that carries a marker: a submission (`name` is its reference) or a ticket.

	:ivar reference: the submission's own, or the one the ticket stands for.
	:ivar created_at: seconds since the epoch.
	"""

	marker: str
	name: str
	reference: str
	created_at: float


@dataclass(frozen=True)
class Records:
	"""What the site and the mail server have in the end.

	:ivar mails: confirmations by address.
	:ivar photos: how often a photo is attached, by its name and the kind of record; one whose bytes are gone does not count.
	:ivar replies: messages that hold a reply's word.
	"""

	submissions: Sequence[Stored] = ()
	tickets: Sequence[Stored] = ()
	mails: Mapping[str, int] = field(default_factory=dict)
	photos: Mapping[tuple[str, str], int] = field(default_factory=dict)
	replies: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Verdict:
	"""What came of it: each list holds sentences, one a case."""

	sent: int = 0
	accepted: int = 0
	photos: int = 0
	replies: int = 0
	never_accepted: list[str] = field(default_factory=list)
	lost: list[str] = field(default_factory=list)
	doubled: list[str] = field(default_factory=list)
	late: list[str] = field(default_factory=list)
	mails: Counter[str] = field(default_factory=Counter)
	missing_mails: list[str] = field(default_factory=list)
	duplicate_mails: list[str] = field(default_factory=list)
	errors: Counter[str] = field(default_factory=Counter)
	seconds_to_file: list[float] = field(default_factory=list)

	@property
	def faults(self) -> list[str]:
		"""Everything that must not be, in sentences; empty if all is well."""
		allowed = len(self.duplicate_mails) * 1000 <= DUPLICATE_MAILS_IN_A_THOUSAND * max(self.sent, 1000)
		duplicates = [] if allowed else self.duplicate_mails
		return [
			*self.never_accepted,
			*self.lost,
			*self.doubled,
			*self.late,
			*self.missing_mails,
			*duplicates,
		]


def judge(sent: Sequence[Sent], records: Records, healthy_at: float) -> Verdict:
	"""Hold what clients were told against what is there.

	:param healthy_at: when every server was well again (seconds since the epoch).
	"""
	verdict = Verdict(sent=len(sent))
	submissions, tickets = _by_marker(records.submissions), _by_marker(records.tickets)
	for one in sent:
		verdict.errors.update(one.errors)
		_judge_rows(verdict, one, submissions[one.marker], tickets[one.marker])
		_judge_time(verdict, one, submissions[one.marker], tickets[one.marker], healthy_at)
		if one.email and one.accepted_at:
			_judge_mail(verdict, one.email, records.mails.get(one.email, 0))
		if one.photo and one.accepted_at:
			_judge_photo(verdict, one.photo, records.photos)
		if one.reply:
			_judge_reply(verdict, one, records.replies.get(one.reply, 0))
	return verdict


def count_unfinished(sent: Sequence[Sent], records: Records) -> int:
	"""How many accepted submissions still lack their ticket or their confirmation."""
	filed = {ticket.marker for ticket in records.tickets}
	return sum(
		one.marker not in filed or bool(one.email and not records.mails.get(one.email))
		for one in sent
		if one.accepted_at
	)


def get_percentiles(seconds: Sequence[float]) -> tuple[float, float]:
	"""Half took no longer than the first, nineteen of twenty no longer than the second."""
	if len(seconds) < 2:
		return (seconds[0], seconds[0]) if seconds else (0.0, 0.0)
	cuts = quantiles(seconds, n=20, method="inclusive")
	return cuts[9], cuts[18]


def _by_marker(rows: Sequence[Stored]) -> Mapping[str, list[Stored]]:
	found: dict[str, list[Stored]] = defaultdict(list)
	for row in rows:
		found[row.marker].append(row)
	return found


def _judge_rows(verdict: Verdict, one: Sent, submissions: list[Stored], tickets: list[Stored]) -> None:
	"""Exactly one of each for what was accepted, under the very reference that was told."""
	if len(one.references) > 1:
		verdict.doubled.append(f"{one.marker}: told {len(one.references)} references")
	for kind, rows in (("submissions", submissions), ("tickets", tickets)):
		if len(rows) > 1:
			verdict.doubled.append(f"{one.marker}: {len(rows)} {kind}")
	if not one.references:
		verdict.never_accepted.append(f"{one.marker}: never accepted in {one.tries} tries")
		return
	verdict.accepted += 1
	for kind, rows in (("submission", submissions), ("ticket", tickets)):
		if not rows:
			verdict.lost.append(f"{one.marker}: no {kind} for {', '.join(one.references)}")
		elif not one.references & {row.reference for row in rows}:
			verdict.lost.append(f"{one.marker}: its {kind} has another reference")


def _judge_time(
	verdict: Verdict, one: Sent, submissions: list[Stored], tickets: list[Stored], healthy_at: float
) -> None:
	"""Late is what was filed long after nothing stood in its way any more."""
	if not (one.accepted_at and submissions and tickets):
		return
	filed_at = min(ticket.created_at for ticket in tickets)
	verdict.seconds_to_file.append(max(0.0, filed_at - submissions[0].created_at))
	waited = filed_at - max(healthy_at, one.accepted_at)
	if waited > LATE_AFTER:
		verdict.late.append(f"{one.marker}: filed {waited:.0f} s after all was well again")


def _judge_photo(verdict: Verdict, photo: str, attached: Mapping[tuple[str, str], int]) -> None:
	"""Once with the submission, and once with each record of its ticket."""
	verdict.photos += 1
	for kind in WITH_PHOTOS:
		count = attached.get((photo, kind), 0)
		if not count:
			verdict.lost.append(f"{photo}: not with its {kind}")
		elif count > 1:
			verdict.doubled.append(f"{photo}: {count} times with its {kind}")


def _judge_reply(verdict: Verdict, one: Sent, count: int) -> None:
	verdict.replies += one.replied
	if not one.replied:
		verdict.never_accepted.append(f"{one.marker}: its reply was never taken")
	elif not count:
		verdict.lost.append(f"{one.marker}: no message with its reply")
	if count > 1:
		verdict.doubled.append(f"{one.marker}: {count} messages with its reply")


def _judge_mail(verdict: Verdict, email: str, count: int) -> None:
	verdict.mails["more" if count > 1 else str(count)] += 1
	if not count:
		verdict.missing_mails.append(f"{email}: no confirmation")
	elif count > 1:
		verdict.duplicate_mails.append(f"{email}: {count} confirmations")
