"""What residents meet of the limits: nothing is lost, nothing is given away, and nobody is shut out by somebody else."""

import itertools
import os
import re
import time
from collections.abc import Callable

import pytest
from werkzeug.wrappers import Response

import frappe

from citizen_support import limits, notices
from citizen_support.host.files import list_attachments
from citizen_support.host.site_secret import get_secret
from citizen_support.intake import held
from citizen_support.limits import counters, proof
from citizen_support.limits.rules import RANDOM_BYTES, make_form_key
from citizen_support.tracking import get_key
from citizen_support.tracking.rules import make_reference
from tests.site.callers import Caller, Clock, set_limits
from tests.site.factories import get_mails, make_request, make_service
from tests.site.test_intake import FILE_QUESTION, PHOTO, TEXT_QUESTION, fill, get_reference
from tests.site.transactions import PretendedTransactions
from tests.site.visitor import read
from tests.support.form_filler import FilledForm, fill_form

pytestmark = pytest.mark.usefixtures("transactions")
STORY = "A hole as deep as a bucket"
# The same words again would be the same request.
NUMBERS = itertools.count()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
	clock = Clock(time.time())
	monkeypatch.setattr(counters, "now", clock)
	return clock


@pytest.fixture
def service() -> str:
	return make_service(questions=[{**TEXT_QUESTION, "required": 1}, FILE_QUESTION]).name


def make_old_key(seconds: float) -> str:
	"""The key of a page that was made so long ago."""
	return make_form_key(get_secret("form"), time.time() - seconds, os.urandom(RANDOM_BYTES))


def fill_in(caller: Caller, service: str, **fields: str) -> FilledForm:
	form = fill(caller, service)
	form.set("q.what", f"{STORY} {next(NUMBERS)}")
	for name, value in fields.items():
		form.set(name, value)
	return form


def count_submissions(service: str) -> int:
	return frappe.db.count("Service Submission", {"service": service})


def test_who_sends_too_much_loses_nothing(clock: Clock, service: str) -> None:
	set_limits(submissions_per_ten_minutes=2)
	caller = Caller()
	for _number in range(2):
		assert caller.send(fill_in(caller, service)).status_code == 303
	form = fill_in(caller, service)
	form.files = [("q.photo", PHOTO)]

	response = caller.send(form)

	page = read(response)
	assert response.status_code == 429
	assert 0 < int(response.headers["Retry-After"]) <= 600
	assert STORY in page.find(id="q-what").get_text()
	assert page.find("input", {"name": "remove_file"})
	assert "10 minutes" in page.get_text() and "+1 202-555-" in page.find(role="alert").get_text()
	assert count_submissions(service) == 2


def test_sent_again_after_the_wait_it_is_taken_in_with_its_files(clock: Clock, service: str) -> None:
	set_limits(submissions_per_ten_minutes=1)
	caller = Caller()
	caller.send(fill_in(caller, service))
	form = fill_in(caller, service)
	form.files = [("q.photo", PHOTO)]
	response = caller.send(form)
	again = fill_form(response.get_data(as_text=True))
	again.set("q.what", STORY)
	again.files = []

	clock.advance(seconds=int(response.headers["Retry-After"]))

	reference = get_reference(caller.send(again).headers["Location"])
	assert len(list_attachments("Service Submission", reference)) == 1


def test_another_left_part_of_the_header_makes_nobody_somebody_else(service: str) -> None:
	set_limits(submissions_per_ten_minutes=3)

	statuses = [
		(caller := Caller(made_up=f"198.51.100.{number}")).send(fill_in(caller, service)).status_code
		for number in range(6)
	]

	assert statuses == [303] * 3 + [429] * 3


def test_a_neighbour_is_not_kept_waiting(service: str) -> None:
	set_limits(submissions_per_ten_minutes=1)
	for address in ("203.0.113.7", "203.0.113.8", "2001:db8:1:2::1", "2001:db8:1:3::1"):
		caller = Caller(address)
		assert caller.send(fill_in(caller, service)).status_code == 303

	same_network = Caller("2001:db8:1:2:ffff::9")
	assert same_network.send(fill_in(same_network, service)).status_code == 429


def test_a_ceiling_for_the_site_holds_for_all_together(service: str) -> None:
	set_limits(site_submissions_per_minute=2)

	statuses = [
		(caller := Caller(f"203.0.113.{number}")).send(fill_in(caller, service)).status_code
		for number in range(4)
	]

	assert statuses == [303, 303, 429, 429]
	assert limits.get_refusals_today() == {"site": 2}


def test_mending_a_mistake_does_not_use_up_tries(service: str) -> None:
	set_limits(submissions_per_ten_minutes=1)
	caller = Caller()
	form = fill_in(caller, service)
	form.files = [("q.photo", ("fake.png", b"no picture", "image/png"))]
	assert [caller.send(form).status_code for _number in range(3)] == [422] * 3
	form.files = []

	assert caller.send(form).status_code == 303


def test_the_same_form_again_is_no_second_request(service: str) -> None:
	set_limits(submissions_per_ten_minutes=1, least_seconds=2)
	caller = Caller()
	form = fill_in(caller, service, form_key=make_old_key(60))
	first = caller.send(form)

	assert caller.send(form).headers["Location"] == first.headers["Location"]
	assert count_submissions(service) == 1


def test_without_redis_requests_are_taken_in(monkeypatch: pytest.MonkeyPatch, service: str) -> None:
	set_limits(submissions_per_ten_minutes=5)
	monkeypatch.setattr(counters, "local", counters.LocalCounters())
	monkeypatch.setitem(frappe.local.conf, "redis_cache", "redis://127.0.0.1:1")
	caller = Caller()

	statuses = [caller.send(fill_in(caller, service)).status_code for _number in range(7)]

	assert statuses == [303] * 5 + [429] * 2


@pytest.mark.parametrize("age", [0, 1, -30])
def test_a_form_sent_faster_than_a_person_can_is_shown_again(service: str, age: int) -> None:
	set_limits(least_seconds=2)
	caller = Caller()
	form = fill_in(caller, service, form_key=make_old_key(age))
	form.files = [("q.photo", PHOTO)]

	response = caller.send(form)

	page = read(response)
	assert response.status_code == 422
	assert "check your answers" in page.find(role="alert").get_text()
	assert STORY in page.find(id="q-what").get_text() and page.find("input", {"name": "remove_file"})
	assert count_submissions(service) == 0


@pytest.mark.parametrize("age", [2.1, 3600, 14 * 3600])
def test_a_page_left_open_works(service: str, age: float) -> None:
	set_limits(least_seconds=2)
	caller = Caller()

	assert caller.send(fill_in(caller, service, form_key=make_old_key(age))).status_code == 303


@pytest.mark.parametrize("key", ["x" * 48, "", "not-one-of-our-own-keys", "old"])
def test_a_key_that_proves_nothing_is_replaced_and_the_form_works_a_moment_later(
	monkeypatch: pytest.MonkeyPatch, service: str, key: str
) -> None:
	set_limits(least_seconds=2)
	key = make_old_key(90000) if key == "old" else key
	caller = Caller()
	response = caller.send(fill_in(caller, service, form_key=key))
	again = fill_form(response.get_data(as_text=True))
	again.set("q.what", STORY)
	again.files = []
	fresh = dict(again.fields)["form_key"]

	monkeypatch.setattr("citizen_support.portal.forms.get_age", lambda key: 3 if key == fresh else None)

	assert response.status_code == 422 and fresh != key
	assert caller.send(again).status_code == 303


def test_files_held_for_a_key_go_along_to_its_new_one(service: str) -> None:
	set_limits(least_seconds=2)
	caller, old = Caller(), make_old_key(90000)
	form = fill_in(caller, service, form_key=old)
	form.files = [("q.photo", PHOTO)]
	form.set("q.what", "")
	caller.send(form)
	form.set("q.what", STORY)
	form.files = []

	response = caller.send(form)

	assert read(response).find("input", {"name": "remove_file"})
	assert not held.list_held(old)


def test_too_many_uploads_are_told_at_the_field_and_the_rest_can_be_sent(service: str) -> None:
	set_limits(uploads_mb_per_hour=1)
	caller = Caller()
	form = fill_in(caller, service)
	form.files = [("q.photo", PHOTO)]
	assert caller.send(form).status_code == 303
	form = fill_in(caller, service)
	form.files = [("q.photo", PHOTO)]

	response = caller.send(form)

	assert response.status_code == 422
	assert "cannot take more files" in read(response).get_text()
	form.files = []
	assert caller.send(form).status_code == 303


def test_a_full_disk_takes_no_more(monkeypatch: pytest.MonkeyPatch, service: str) -> None:
	set_limits(uploads_mb_together=1)
	monkeypatch.setattr(held, "measure", lambda: 1024 * 1024)
	caller = Caller()
	form = fill_in(caller, service)
	form.files = [("q.photo", PHOTO)]

	response = caller.send(form)

	assert "cannot take more files" in read(response).get_text()
	assert not held.list_held(dict(form.fields)["form_key"])


def test_a_proof_is_asked_for_and_the_form_goes_through_with_it(service: str) -> None:
	import altcha

	set_limits(proof_of_work="Always")
	caller = Caller()
	response = caller.send(fill_in(caller, service))
	form = fill_form(response.get_data(as_text=True))
	form.set("q.what", STORY)
	form.files = []
	asked = altcha.Challenge.from_dict(frappe.parse_json(dict(form.fields)["proof_challenge"]))
	found = altcha.solve_challenge(asked)

	assert response.status_code == 422 and count_submissions(service) == 0
	assert read(response).find("script", src=re.compile("proof.js"))["src"].startswith("/assets/")
	assert read(response).find(attrs={"data-proof": True})["aria-live"] == "polite"
	assert caller.send(form).status_code == 422
	form.set("proof_answer", f"{found.counter}:{found.derived_key}")
	assert caller.send(form).status_code == 303
	form.set("q.what", "The same proof with other words")
	assert caller.send(form).status_code == 422


def test_without_a_script_waiting_is_enough(clock: Clock, service: str) -> None:
	set_limits(proof_of_work="Always")
	caller = Caller()
	form = fill_form(caller.send(fill_in(caller, service)).get_data(as_text=True))
	form.set("q.what", STORY)
	form.files = []

	clock.advance(seconds=proof.WAIT_SECONDS - 5)
	early = fill_form(caller.send(form).get_data(as_text=True))
	early.files = []
	clock.advance(seconds=5)

	assert dict(early.fields)["proof_challenge"] == dict(form.fields)["proof_challenge"]
	assert caller.send(early).status_code == 303


def test_only_busy_clients_are_asked_for_a_proof(service: str) -> None:
	set_limits(proof_of_work="For busy clients")
	caller, other = Caller(), Caller("203.0.113.8")

	statuses = [caller.send(fill_in(caller, service)).status_code for _number in range(4)]

	assert statuses == [303, 303, 303, 422]
	assert other.send(fill_in(other, service)).status_code == 303


def test_no_page_loads_the_script_unless_a_proof_is_asked_for(service: str) -> None:
	set_limits(proof_of_work="Always")

	assert "proof" not in Caller().get(f"/services/{service}").get_data(as_text=True)


@pytest.fixture
def links(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
	"""Fresh links that were looked for."""
	asked: list[tuple[str, str]] = []
	monkeypatch.setattr(notices, "ask_for_link", lambda *arguments: asked.append(arguments))
	return asked


def ask(caller: Caller, contact: str) -> Response:
	return caller.post("/requests", {"reference": make_reference(), "contact": contact})


def test_nobody_uses_up_the_links_of_somebody_else(links: list, resident: str) -> None:
	set_limits(links_per_hour=100, mails_per_hour=3)

	answers = [ask(Caller(f"203.0.113.{number}"), resident) for number in range(6)]

	assert len(links) == 6, (
		"how often somebody is written to is counted when a request is known by the contact"
	)
	assert len({(answer.status_code, answer.get_data()) for answer in answers}) == 1


def test_one_client_asks_for_so_many_fresh_links(links: list) -> None:
	set_limits(links_per_hour=4)

	for number in range(8):
		ask(Caller(made_up=f"198.51.100.{number}"), f"someone-{number}@example.org")

	assert len(links) == 4


def knock(caller: Caller, reference: str, key: str) -> tuple[int, str]:
	"""Status and page of a try, without what differs between any two visits."""
	response = caller.get(f"/requests/{reference}?key={key}")
	page = response.get_data(as_text=True).replace(reference, "")
	return response.status_code, re.sub(r'(name="form_key" value=)"[^"]*"', r"\1", page)


def guess(reference: str, times: int, make_caller: Callable[[int], Caller]) -> None:
	for number in range(times):
		knock(make_caller(number), reference, f"guess-{number}")


def test_who_guesses_is_locked_out_whatever_the_header_says() -> None:
	reference = make_request()
	guess(reference, 20, lambda number: Caller(made_up=f"198.51.100.{number}"))

	assert knock(Caller(made_up="198.51.100.99"), reference, get_key(reference, 1))[0] == 403


def test_nineteen_wrong_tries_lock_nobody_out() -> None:
	reference = make_request()
	guess(reference, 19, lambda number: Caller())

	assert knock(Caller(), reference, get_key(reference, 1))[0] == 303


def test_guesses_from_many_addresses_lock_every_one_of_them_out() -> None:
	reference = make_request()
	guess(reference, 20, lambda number: Caller(f"198.51.100.{number}"))

	statuses = {knock(Caller(f"198.51.100.{n}"), reference, get_key(reference, 1))[0] for n in range(20)}

	assert statuses == {403}


def test_a_strangers_guesses_do_not_lock_the_resident_out() -> None:
	reference, resident = make_request(), Caller("192.0.2.1")
	knock(resident, reference, get_key(reference, 1))
	guess(reference, 30, lambda number: Caller(f"198.51.100.{number}"))

	assert resident.get(f"/requests/{reference}").status_code == 200
	assert knock(Caller("192.0.2.2"), reference, get_key(reference, 1))[0] == 303


def test_the_lock_opens_by_itself(clock: Clock) -> None:
	reference = make_request()
	guess(reference, 25, lambda number: Caller())

	clock.advance(minutes=15, seconds=1)

	assert knock(Caller(), reference, get_key(reference, 1))[0] == 303


def test_an_old_link_opened_again_and_again_locks_nobody_out() -> None:
	reference = make_request()
	for _number in range(40):
		knock(Caller(), reference, get_key(reference, 2))

	assert knock(Caller(), reference, get_key(reference, 1))[0] == 303


def test_locked_wrong_and_unknown_look_the_same() -> None:
	locked, known, unknown = make_request(), make_request(), make_reference()
	guess(locked, 25, lambda number: Caller())

	pages = {
		knock(Caller(), locked, get_key(locked, 1)),
		knock(Caller(), locked, "wrong"),
		knock(Caller("192.0.2.9"), known, "wrong"),
		knock(Caller("192.0.2.9"), unknown, "wrong"),
	}

	assert len(pages) == 1


def test_guesses_in_the_cookie_count_as_well() -> None:
	reference, caller = make_request(), Caller()
	for number in range(20):
		caller.cookies[("cs_key", f"/requests/{reference}")] = f"guess-{number}"
		caller.get(f"/requests/{reference}")

	assert knock(caller, reference, get_key(reference, 1))[0] == 403


def test_without_redis_guesses_are_still_counted(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(counters, "local", counters.LocalCounters())
	monkeypatch.setitem(frappe.local.conf, "redis_cache", "redis://127.0.0.1:1")
	reference = make_request()
	guess(reference, 6, lambda number: Caller())

	assert knock(Caller(), reference, get_key(reference, 1))[0] == 403
	assert knock(Caller("192.0.2.1"), reference, get_key(reference, 1))[0] == 303


def test_if_nothing_can_be_counted_no_key_opens(monkeypatch: pytest.MonkeyPatch) -> None:
	def fail(*arguments: object) -> None:
		raise RuntimeError

	reference = make_request()
	monkeypatch.setattr(counters, "count", fail)

	assert knock(Caller(), reference, get_key(reference, 1))[0] == 403


def test_replies_are_limited_and_the_words_stay() -> None:
	set_limits(replies_per_hour=2)
	reference, caller = make_request(), Caller()
	knock(caller, reference, get_key(reference, 1))

	answers = [
		caller.post(f"/requests/{reference}", {"message": f"{STORY} {number}", "form_key": make_old_key(5)})
		for number in range(3)
	]

	assert [answer.status_code for answer in answers] == [303, 303, 429]
	assert STORY in read(answers[2]).find(id="message").get_text()
	assert 0 < int(answers[2].headers["Retry-After"]) <= 3600


@pytest.mark.parametrize("flood", [15])
def test_a_third_persons_mailbox_is_not_flooded(
	transactions: PretendedTransactions, resident: str, flood: int
) -> None:
	set_limits(mails_per_hour=3, mails_per_day=10)
	name, host = resident.split("@")
	for number in range(flood):
		caller = Caller(f"198.51.{number}.1")
		form = fill(caller, "pothole", f"{name}+{number}@{host}" if number % 2 else resident.upper())
		assert caller.send(form).status_code == 303

	mails = [
		mail
		for number in range(flood)
		for mail in get_mails(f"{name}+{number}@{host}" if number % 2 else resident)
	]

	assert len({mail.name for mail in mails}) == 3
