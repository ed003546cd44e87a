"""Forms sent as fast as they are taken, each one counted again in the database; and how soon tickets follow."""

import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks import forms
from benchmarks.figures import percentile
from benchmarks.grounds import FOLDER, Grounds, read_result
from benchmarks.load import Judge, Message, Outcome, run_arrivals, run_clients
from devtools.say import Problem, note

AT_ONCE, BACKGROUND = "At once", "Always in the background"
# More than is sent in a second, so that no run ends for want of forms: plain ones in the background, and others.
FORMS_A_SECOND = {True: 150, False: 40}
SECONDS_TO_DRAIN = 900


@dataclass
class Sender:
	"""One arm: where its forms go and how its answers are judged.

	:ivar filing: for ours, when the ticket is made.
	"""

	grounds: Grounds
	site: str
	filing: str = ""

	@property
	def is_ours(self) -> bool:
		return bool(self.filing)

	@property
	def judge(self) -> Judge:
		return forms.judge_ours if self.is_ours else forms.judge_stock

	@cached_property
	def is_possible(self) -> bool:
		"""Whether this version of the app has that way of filing."""
		return not self.is_ours or self.grounds.inside(self.site, "city.set_filing", mode=self.filing)

	def prepare(self, count: int, with_photo: bool) -> Iterable[Message]:
		"""Messages to send; our forms are read now, before the time is taken."""
		photo = get_photo(self.grounds, self.site) if with_photo else None
		if not self.is_ours:
			return forms.make_stock_messages("report", photo)
		self.grounds.inside(self.site, "city.set_filing", mode=self.filing)
		return forms.make_our_messages(forms.collect_forms(self.grounds.port, self.site, count), photo)

	def count(self) -> int:
		"""What stands in the database."""
		if self.is_ours:
			return self.grounds.inside(self.site, "city.count_submissions")["all"]
		return self.grounds.inside(self.site, "stock.count_tickets")


def measure_burst(sender: Sender, clients: int, seconds: float, with_photo: bool = False) -> dict:
	"""One round: so many clients that never pause; then wait until every ticket exists.

	:raises Problem: when the database does not hold exactly what was accepted.
	"""
	each = FORMS_A_SECOND[sender.filing == BACKGROUND and not with_photo]
	count = max(round(each * seconds * min(clients / 2, 1)), clients * 2)
	messages = sender.prepare(count, with_photo)
	before = sender.count()
	outcome = run_clients(sender.grounds.port, sender.site, messages, sender.judge, clients, seconds)
	sender.grounds.processes.require_alive()
	stored = sender.count() - before
	drain = wait_for_tickets(sender) if sender.is_ours else 0.0
	_require_all(sender, outcome, stored)
	return {**outcome.as_dict(), "stored": stored, "drain": drain, "cut": _is_cut(outcome, seconds)}


def measure_arrivals(sender: Sender, rate: float, seconds: float) -> dict:
	"""A constant rate of arrivals, and how long after its acceptance each request had its ticket."""
	messages = list(sender.prepare(round(rate * seconds), False))
	command = sender.grounds.inside_command(
		sender.site, "filing.watch", count=len(messages), seconds=seconds + SECONDS_TO_DRAIN
	)
	watch = subprocess.Popen(
		command,
		cwd=sender.grounds.bench.sites,
		env=sender.grounds.environment,
		stdout=subprocess.PIPE,
		stderr=subprocess.DEVNULL,
		text=True,
	)
	try:
		time.sleep(3)  # until it has noted what was there before
		outcome = run_arrivals(sender.grounds.port, sender.site, messages, sender.judge, rate)
		drain = wait_for_tickets(sender)
		seen = read_result(watch.communicate(timeout=60)[0])
	finally:
		watch.kill()
	lags = [seen[name] - accepted for name, accepted in outcome.accepted if name in seen]
	lag = {f"lag_p{share}": max(percentile(lags, share / 100), 0.0) for share in (50, 95)} if lags else {}
	return {**outcome.as_dict(), **lag, "filed": len(lags), "drain": drain}


def wait_for_tickets(sender: Sender) -> float:
	"""Seconds until nothing waits for its ticket any more.

	What no worker takes up for a while is filed by the sweep, which otherwise runs each minute.
	"""
	drained = sender.grounds.inside(
		sender.site, "filing.wait_until_filed", begun=time.time(), seconds=SECONDS_TO_DRAIN
	)
	if drained["waiting"]:
		raise Problem(f"{drained['waiting']} submissions get no ticket. {drained['failure'] or ''}")
	if drained["swept"]:
		note(f"{drained['swept']} tickets were left to the sweep")
	return drained["seconds"]


def get_photo(grounds: Grounds, site: str) -> bytes:
	"""A photo of 12 megapixels and about 3 MB, drawn once."""
	path = Path(FOLDER / "photo.jpg")
	if not path.exists():
		grounds.inside(site, "photos.write_photo", path=str(path))
	return path.read_bytes()


def _require_all(sender: Sender, outcome: Outcome, stored: int) -> None:
	"""Only what was answered well counts, and all of it has to be there, once each.

	An error may have been stored all the same (its answer was lost), so there may be more, but no more than errors.
	"""
	accepted = len({name for name, _at in outcome.accepted})
	if not accepted <= stored <= accepted + sum(outcome.errors.values()):
		raise Problem(f"{sender.site}: {accepted} accepted, but {stored} stored. {dict(outcome.errors)}")


def _is_cut(outcome: Outcome, seconds: float) -> bool:
	"""Whether the messages were used up before the time was."""
	return outcome.seconds < seconds * 0.95
