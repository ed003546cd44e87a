"""Counting: exact with many at once, quick and unharmed without Redis, and nobody can read whom it counts."""

import contextvars
import os
import random
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import frappe

from citizen_support import install, limits
from citizen_support.host.site_secret import get_secret
from citizen_support.intake import held
from citizen_support.intake.files import CleanFile
from citizen_support.limits import counters, proof, recipients
from citizen_support.limits.rules import DAY, Counter, Limits, Window
from tests.site.callers import SETTINGS, Caller, Clock, set_limits
from tests.site.factories import make_name, make_request
from tests.site.test_intake import fill
from tests.site.visitor import Visitor

WINDOW = Window(60, 5)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
	clock = Clock(time.time())
	monkeypatch.setattr(counters, "now", clock)
	return clock


@pytest.fixture
def nobody_home(monkeypatch: pytest.MonkeyPatch) -> None:
	"""A Redis that refuses connections."""
	with socket.socket() as free:
		free.bind(("127.0.0.1", 0))
		port = free.getsockname()[1]
	move_redis(monkeypatch, port)


@pytest.fixture
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
	"""A Redis that takes connections and says nothing."""
	with socket.socket() as silent:
		silent.bind(("127.0.0.1", 0))
		silent.listen(64)
		move_redis(monkeypatch, silent.getsockname()[1])
		yield


def move_redis(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
	monkeypatch.setitem(frappe.local.conf, "redis_cache", f"redis://127.0.0.1:{port}")
	monkeypatch.setattr(counters, "local", counters.LocalCounters())


def make_counter(*windows: Window, **more: int) -> Counter:
	return Counter("tests", make_name("subject"), windows or (WINDOW,), **more)


def test_many_at_once_are_never_more_than_the_most() -> None:
	counter = make_counter(Window(60, 25))

	def take() -> bool:
		return counters.take(counter).fits

	with ThreadPoolExecutor(16) as pool:
		tries = [pool.submit(contextvars.copy_context().run, take) for _number in range(200)]

	assert sum(attempt.result() for attempt in tries) == 25


def test_redis_and_the_process_count_alike(clock: Clock) -> None:
	windows = Window(10, 2), Window(60, 5)
	shared, alone = make_counter(*windows), counters.LocalCounters()
	dice = random.Random(4)
	clock.now = float(int(clock.now))

	for number in range(300):
		clock.now += dice.choice((0, 0.25, 1, 5, 30))
		said = counters.take(shared)
		mine = alone.take(["key"], [shared], clock.now, str(number), True)
		assert (said.fits, said.wait) == (not mine[1], pytest.approx(mine[0], abs=0.01))


def test_nothing_is_counted_unless_everything_fits() -> None:
	full, roomy = make_counter(Window(60, 1)), make_counter()
	counters.take(full)

	verdict = counters.take(roomy, full)

	assert verdict.counter == full
	assert counters.count(60, roomy)[0] == [0]


def test_what_is_taken_back_does_not_count() -> None:
	counter = make_counter(amount=2)
	verdict = counters.take(counter)

	counters.take_back(verdict, counter)

	assert counters.count(60, counter) == ([0], True)


def test_a_counter_is_never_longer_than_it_has_to_be_and_goes_by_itself() -> None:
	counter = make_counter(Window(60, 0), keep=10)
	for _number in range(50):
		counters.take(counter)

	key = counters.name_key(counter)
	assert counters.count(60, counter)[0] == [10]
	assert 0 < counters.ask(lambda client: client.pttl(key)) <= 60_000


def test_the_same_thing_noted_twice_counts_once(clock: Clock) -> None:
	counter = make_counter(Window(60, 0), keep=10)

	counters.note({"one": clock.now, "other": clock.now}, counter)
	counters.note({"one": clock.now}, counter)

	assert counters.count(60, counter)[0] == [2]


@pytest.mark.parametrize("fault", ["nobody_home", "nobody_answers"])
def test_without_redis_the_process_counts_and_hardly_waits(
	request: pytest.FixtureRequest, fault: str
) -> None:
	request.getfixturevalue(fault)
	counter = make_counter()

	begun = time.monotonic()
	taken = [counters.take(counter).fits for _number in range(100)]

	assert sum(taken) == WINDOW.most
	assert time.monotonic() - begun < 3 * counters.PATIENCE_SECONDS


def test_after_a_while_redis_is_asked_again(nobody_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
	asked = []

	def question(client: object) -> None:
		asked.append(client)
		raise ConnectionError

	counters.ask(question)
	counters.ask(question)
	monkeypatch.setattr(counters, "LEAVE_ALONE_SECONDS", 0)
	monkeypatch.setattr(counters, "_leave_alone_until", {})
	counters.ask(question)

	assert len(asked) == 2


def test_the_process_remembers_only_so_much() -> None:
	alone = counters.LocalCounters(most=100)
	for number in range(1000):
		alone.take([str(number)], [make_counter()], 0, "entry", True)

	assert len(alone) == 100


def test_redis_never_learns_whom_it_counts(visitor: Visitor, resident: str) -> None:
	caller, phone = Caller("198.51.100.77"), "+12025550143"
	set_limits(**dict.fromkeys(("submissions_per_day", "mails_per_day", "sms_per_day", "links_per_hour"), 50))
	form = fill(caller, "pothole", resident)
	caller.send(form)
	caller.post("/requests", {"reference": make_request(), "contact": resident})
	caller.get(f"/requests/{make_request()}?key=wrong-key-{resident}")
	limits.may_notify("E-mail", resident)
	limits.may_notify("SMS", phone)
	limits.count_refusal("client")

	keys = list(frappe.cache.scan_iter(match=counters.make_key("*")))
	seen = b" ".join(keys)
	for key in keys:
		rows = frappe.cache.execute_command("TYPE", key)
		seen += repr(
			frappe.cache.execute_command("ZRANGE", key, 0, -1)
			if rows == b"zset"
			else frappe.cache.execute_command("HGETALL", key)
		).encode()

	assert len(keys) >= 8
	assert all(frappe.cache.execute_command("PTTL", key) > 0 for key in keys)
	for word in (resident, resident.partition("@")[0], "198.51.100", "5550143", "wrong-key"):
		assert word.encode() not in seen


def test_refusals_are_counted_for_the_manager() -> None:
	limits.count_refusal("client")
	limits.count_refusal("client")
	limits.count_refusal("trap")

	assert limits.get_refusals_today() == {"client": 2, "trap": 1}


def test_without_redis_the_managers_figures_are_this_processs(nobody_home: None) -> None:
	limits.count_refusal("site")

	assert limits.get_refusals_today()["site"] >= 1


def test_a_recipient_gets_so_many_however_the_address_is_written(clock: Clock) -> None:
	set_limits(mails_per_hour=3, mails_per_day=5)
	name = make_name("victim")

	sent = [limits.may_notify("E-mail", f"{name.upper()}+{number}@example.org") for number in range(10)]
	clock.advance(hours=1, seconds=1)
	later = [limits.may_notify("E-mail", f"{name}@example.org") for _number in range(10)]

	assert (sum(sent), sum(later)) == (3, 2)


def test_each_number_gets_so_many_messages_a_day() -> None:
	set_limits(sms_per_day=3)

	assert [limits.may_notify("SMS", "+12025550143") for _number in range(4)] == [True, True, True, False]
	assert limits.may_notify("SMS", "+12025550144")


def test_zero_is_no_limit() -> None:
	set_limits(mails_per_hour=0, mails_per_day=0)

	assert all(limits.may_notify("E-mail", "someone@example.org") for _number in range(50))


@pytest.mark.parametrize("written", ["{0}@example.org", "{0}+tag@example.org", "{0}%@example.org"])
def test_what_was_sent_is_remembered_when_redis_forgets(
	visitor: Visitor, resident: str, written: str
) -> None:
	set_limits(mails_per_hour=3)
	name = resident.partition("@")[0]
	for number in range(3):
		note_sent(make_request(contact={"email": f"{name}+{number}@example.org"}))
	frappe.cache.delete_keys("citizen_support:")

	known = limits.may_notify("E-mail", written.format(name))

	assert known is ("%" in written)


def note_sent(reference: str) -> None:
	"""As the notices room leaves it once a confirmation is on its way."""
	frappe.db.delete("Resident Notice", {"reference": reference})
	frappe.get_doc(
		{
			"doctype": "Resident Notice",
			"reference": reference,
			"notice": "Confirmation",
			"channel": "E-mail",
			"state": "Sent",
		}
	).insert(ignore_permissions=True)


def test_looking_in_the_database_uses_an_index(resident: str) -> None:
	rows = frappe.db.sql(
		"""EXPLAIN SELECT name FROM `tabService Submission`
		WHERE received_at > '2026-01-01' AND (contact_email = %s OR contact_email LIKE 'ann+%%@example.org')""",
		resident,
		as_dict=True,
	)

	assert "cs_contact_email" in rows[0].possible_keys
	assert recipients.find_sent("E-mail", resident, 10) == {}


def test_uploads_are_counted_by_client_and_for_the_whole_site(visitor: Visitor) -> None:
	set_limits(uploads_mb_per_hour=10, uploads_mb_together=100)
	megabyte = 1024 * 1024

	assert limits.check_uploads(8 * megabyte) is None
	assert limits.check_uploads(3 * megabyte).reason == "files"
	assert limits.check_uploads(2 * megabyte) is None
	assert limits.check_uploads(1, held_bytes=100 * megabyte).reason == "disk"


@pytest.fixture
def folder() -> Iterator[None]:
	"""Nothing is held before and after."""
	held.release_all()
	held._measured.clear()
	yield
	held.release_all()
	held._measured.clear()


def hold(key: str, hours_ago: float, size: int = 1000) -> None:
	held.hold(key, "photo", CleanFile("a.jpg", b"x" * size, "image/jpeg"))
	changed = time.time() - hours_ago * 3600
	os.utime(held._get_folder(key), (changed, changed))


def test_what_is_held_for_a_day_is_thrown_away(folder: None) -> None:
	hold("old", 25)
	hold("young", 23)

	assert held.purge() == 1
	assert not held.list_held("old") and len(held.list_held("young")) == 1


def test_when_too_much_is_held_the_oldest_goes_but_nothing_of_the_last_hour(folder: None) -> None:
	set_limits(uploads_mb_together=1)
	for name, hours in (("first", 5), ("second", 4), ("third", 3), ("now", 0.5)):
		hold(name, hours, 400_000)

	held.purge()

	assert [bool(held.list_held(name)) for name in ("first", "second", "third", "now")] == [
		False,
		False,
		True,
		True,
	]


def test_what_is_held_is_measured(folder: None) -> None:
	hold("one", 0, 1000)
	before = held.measure()
	hold("other", 0, 5000)

	assert before >= 1000
	assert held.measure() == before + 5000


def test_purging_is_asked_for_every_hour() -> None:
	assert "citizen_support.intake.held.purge" in frappe.get_hooks("scheduler_events")["hourly"]


def solve(form_key: str) -> tuple[str, str]:
	import altcha

	challenge = proof.make_challenge(form_key)
	found = altcha.solve_challenge(altcha.Challenge.from_dict(frappe.parse_json(challenge)))
	return challenge, f"{found.counter}:{found.derived_key}"


def test_a_solved_challenge_proves_its_own_form_alone() -> None:
	challenge, answer = solve("one form")

	assert proof.read_proof("one form", challenge, answer)
	assert proof.read_proof("other form", challenge, answer) is None
	assert proof.read_proof("one form", challenge, "17:" + "0" * 64) is None


def test_waiting_proves_as_much_and_expires(clock: Clock) -> None:
	challenge = proof.make_challenge("form")

	assert proof.read_proof("form", challenge, "") is None
	clock.advance(seconds=proof.WAIT_SECONDS)
	assert proof.read_proof("form", challenge, "")


def test_a_challenge_expires(clock: Clock) -> None:
	clock.advance(hours=-3)
	challenge, answer = solve("form")

	assert proof.read_proof("form", challenge, answer) is None


@pytest.mark.parametrize(
	"trick", ["", "{}", "[]", "null", '{"parameters":1}', "x" * 5000, '{"parameters":{}}']
)
def test_nonsense_proves_nothing(trick: str) -> None:
	assert proof.read_proof("form", trick, "1:00") is None


@pytest.mark.parametrize("change", ["cost", "expiresAt", "keyPrefix", "data"])
def test_a_challenge_made_easier_proves_nothing(change: str) -> None:
	challenge, answer = solve("form")
	data = frappe.parse_json(challenge)
	data["parameters"][change] = {"cost": 1, "expiresAt": 9**10, "keyPrefix": "", "data": {}}[change]

	assert proof.read_proof("form", frappe.as_json(data), answer) is None


def test_a_proof_is_good_for_one_request(visitor: Visitor) -> None:
	visitor.get("/services")
	frappe.local.request = frappe._dict(headers={}, environ={})

	assert limits.check_submission("signature") is None
	assert limits.check_submission("signature").reason == "proof"


def test_secrets_of_different_purposes_differ() -> None:
	assert len({get_secret("form"), get_secret("limits"), get_secret("proof")}) == 3


def test_settings_newer_than_the_last_saving_get_their_defaults_once() -> None:
	frappe.db.delete("Singles", {"doctype": SETTINGS, "field": ("in", ["mails_per_hour", "links_per_hour"])})
	set_limits(sms_per_day=0)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	assert limits.get_limits().mails_per_hour == Limits.mails_per_hour

	install.fill_new_settings()

	found = frappe.get_doc(SETTINGS)
	assert (found.mails_per_hour, found.links_per_hour, found.sms_per_day) == (3, 20, 0)


@pytest.mark.parametrize(("field", "value"), [("wrong_keys", 0), ("wrong_keys", 21), ("least_seconds", 61)])
def test_numbers_that_make_no_sense_are_refused(field: str, value: int) -> None:
	settings = frappe.get_doc(SETTINGS)
	settings.set(field, value)

	with pytest.raises(frappe.ValidationError, match="between"):
		settings.check_limits()


def test_an_empty_number_is_the_default_and_not_no_limit() -> None:
	settings = frappe.get_doc(SETTINGS)
	settings.mails_per_hour = None

	settings.check_limits()

	assert settings.mails_per_hour == 3


def test_busy_is_told_from_the_last_minute(clock: Clock) -> None:
	set_limits(busy_submissions_per_minute=3)
	frappe.local.request = frappe._dict(headers={}, environ={})
	for _number in range(3):
		limits.check_submission()

	assert limits.is_busy()
	clock.advance(seconds=61)
	assert not limits.is_busy()


def test_nobody_is_busy_while_nobody_can_tell(nobody_home: None) -> None:
	set_limits(busy_submissions_per_minute=1)
	frappe.local.request = frappe._dict(headers={}, environ={})
	limits.check_submission()

	assert not limits.is_busy()


def test_without_a_request_there_is_a_client_all_the_same() -> None:
	assert limits.get_client() == "unknown"
	assert DAY == 86400
