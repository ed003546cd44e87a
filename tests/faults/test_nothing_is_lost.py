"""Residents send their requests while everything that can be killed is killed."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from devtools.ports import answers, wait_until
from devtools.say import step
from tests.faults.checker import Records, count_unfinished, judge
from tests.faults.city import FaultCity
from tests.faults.clients import Sent, make_submissions, send_all, send_one
from tests.faults.conftest import Size
from tests.faults.faults import Supervisor
from tests.faults.records import describe_unfinished, read_records
from tests.faults.report import make_reasons, make_table
from tests.faults.schedule import Faults, plan

pytestmark = pytest.mark.faults
SECONDS_TO_RECOVER = 60


@pytest.mark.parametrize("filing", ["At once", "Always in the background"])
def test_no_request_is_lost_doubled_or_late(
	fault_city: FaultCity, size: Size, seed: int, filing: str, capfd: pytest.CaptureFixture
) -> None:
	choose_filing(fault_city, filing)
	assert send_one(fault_city).accepted_at, "nothing is taken in even while all is well"
	submissions = make_submissions(size.count)
	planned = plan(seed, size.count, size.rounds, size.longest)
	faults = Faults(fault_city, planned, seed, lambda: sum(bool(one.accepted_at) for one in submissions))
	started = time.time()
	with Supervisor(fault_city) as supervisor:
		with ThreadPoolExecutor(1) as aside:
			breaking = aside.submit(break_things, fault_city, faults)
			send_all(fault_city, submissions, size.clients, size.span)
			healthy_at = breaking.result()
		sent_at = time.time()
		records = wait_until_finished(fault_city, submissions, size.settle)

	verdict = judge(submissions, records, healthy_at)
	seconds = {"under faults": sent_at - started, "until all was done": time.time() - sent_at}
	with capfd.disabled():
		title = f"{filing}: {size.count} submissions by {size.clients} clients under faults (seed {seed})"
		sys.stdout.write(f"\n\n{make_table(title, verdict, faults.done, supervisor.restarts, seconds)}\n\n")
	assert faults.failures == []
	assert verdict.faults == [], make_reasons(verdict.faults, describe_unfinished(fault_city))


def break_things(city: FaultCity, faults: Faults) -> float:
	"""Carry the plan out; when all was well again (seconds since the epoch)."""
	faults.run()
	return wait_until_healthy(city)


def choose_filing(city: FaultCity, filing: str) -> None:
	"""Skips what this version of the app cannot be set to: it always files at once."""
	options = city.facts["filing"]
	if options:
		assert filing in options
		city.set_filing(filing)
	elif filing != "At once":
		pytest.skip("the settings have no field “filing”")


def wait_until_healthy(city: FaultCity) -> float:
	"""When everything answers again (seconds since the epoch); the mail server behaves, too."""
	city.behave("answer")
	ping = f"{city.address}/api/method/ping"
	services = (city.database, city.cache, city.queue)
	assert wait_until(lambda: all(s.answers() for s in services) and answers(ping), SECONDS_TO_RECOVER)
	return time.time()


def wait_until_finished(city: FaultCity, submissions: list[Sent], seconds: float) -> Records:
	"""What is there once everything is filed and told, or in the end."""
	step("Waiting until everything is filed and confirmed")
	deadline = time.monotonic() + seconds
	while True:
		records = read_records(city)
		if not count_unfinished(submissions, records) or time.monotonic() > deadline:
			return records
		time.sleep(2)
