"""Whatever is wrong with one message, the others go out; and none goes out again and again."""

import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest

import frappe

from citizen_support.host import sms
from citizen_support.notices import attempts, delivery, outbox, rules, sweep
from devtools.mail_sink import DEFER, REFUSE, MailServer
from tests.site.test_notice_outages import (
	Gateway,
	Take,
	gateway,
	let_pass,
	list_delivered,
	make_requests,
	nothing_under_way,
	run_minutes,
	server,
	text_requests,
)

__all__ = ["gateway", "nothing_under_way", "server"]  # fixtures
NO_CONNECTION = "ConnectionRefusedError: [Errno 111] Connection refused"


class TakeAndDally(Take):
	"""Takes every message, but fails for some numbers and answers the others late."""

	hand_overs: list[tuple[str, str | None]]
	fails_for: frozenset[str] = frozenset()
	seconds = 0.0

	def do_POST(self) -> None:
		body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
		number = body["to"][0]
		self.hand_overs.append((number, self.headers["Idempotency-Key"]))
		time.sleep(self.seconds)
		self.send_response(500 if number in self.fails_for else 200)
		self.end_headers()


@pytest.fixture
def dally(gateway: Gateway) -> Callable[..., list]:
	"""Has the gateway misbehave; returns the hand-overs it sees, each as number and key."""

	def change(**ways: object) -> list:
		seen: list = []
		gateway.RequestHandlerClass = type("Dally", (TakeAndDally,), {"hand_overs": seen, **ways})
		return seen

	return change


def sweep_minutes(minutes: int) -> None:
	"""The sweep alone, without Frappe's flush."""
	for _minute in range(minutes):
		let_pass(1)
		sweep.sweep()


def get_queue_row() -> str:
	(name,) = frappe.get_all(outbox.DOCTYPE, pluck="queue_row")
	return name


def list_ends() -> list[tuple[str, str]]:
	return [tuple(row) for row in frappe.get_all(outbox.DOCTYPE, fields=["state", "failure"], as_list=True)]


@pytest.mark.parametrize(
	"name", ["Riverbend", "The Most Honourable Free City and Borough of Riverbend-upon-Stream"]
)
def test_an_sms_is_a_single_one(gateway: Gateway, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
	# A test site's own name can be longer than a city's.
	monkeypatch.setitem(frappe.local.conf, "host_name", "https://help.riverbend.gov")
	frappe.db.set_single_value(outbox.SETTINGS, "city_name", name)
	frappe.clear_document_cache(outbox.SETTINGS, outbox.SETTINGS)
	text_requests(1)

	run_minutes(2)

	((_number, text),) = gateway.taken
	assert rules.count_parts(text) == 1, text
	assert "We will answer by" in text
	assert (name in text) == (len(name) < 20)


def test_a_gateway_that_sends_but_answers_too_late_sends_nobody_more_than_two(dally: Callable) -> None:
	numbers = text_requests(2)
	seen = dally(seconds=1.0)

	run_minutes(90, 6)

	assert Counter(number for number, _key in seen) == dict.fromkeys(numbers, delivery.MOST_UNANSWERED)
	assert len(set(seen)) == 2, "a message has the same key each time"
	assert list_ends() == [("Failed", "No answer")] * 2
	assert frappe.db.exists("HD Ticket Activity", {"action": ("like", "%it may have arrived%")})


def test_a_worker_killed_while_it_hands_over_leaves_what_a_silent_gateway_does(
	gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
	def kill(*_arguments: object) -> None:
		raise KeyboardInterrupt

	(number,) = text_requests(1)
	with monkeypatch.context() as killed:
		killed.setattr(sms, "send", kill)
		with pytest.raises(KeyboardInterrupt):
			sweep.sweep()
	notice = frappe.get_doc(outbox.DOCTYPE, {"channel": "SMS"})
	assert (notice.state, notice.failure, notice.unanswered) == ("Waiting", "No answer", 1)

	run_minutes(10)

	assert [to for to, _text in gateway.taken] == [number]


def test_what_another_worker_has_just_taken_is_not_taken_as_well(
	gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
	text_requests(3)
	send = sms.send

	def send_while_another_takes_the_rest(*arguments: str) -> int:
		for name in frappe.get_all(outbox.DOCTYPE, {"attempts": 0}, pluck="name"):
			attempts.claim(name)
		return send(*arguments)

	monkeypatch.setattr(sms, "send", send_while_another_takes_the_rest)
	sweep.sweep()

	assert len(gateway.taken) == 1


def test_a_number_the_gateway_always_fails_for_holds_up_nobody(dally: Callable) -> None:
	first, *others = text_requests(6)
	seen = dally(fails_for=frozenset({first}))

	run_minutes(2)

	assert sorted(number for number, _key in seen if number != first) == others
	assert frappe.db.get_value(outbox.DOCTYPE, {"failure": "Refused for now"}, "answer_code") == 500


def test_mails_the_server_always_puts_off_hold_up_nobody(
	server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
	residents = make_requests(10)
	put_off = set(residents[:5])

	async def answer(
		_self: object, _smtp: object, _session: object, envelope: object, to: str, _options: list
	) -> str:
		if to in put_off:
			return "451 4.7.1 Greylisted"
		envelope.rcpt_tos.append(to)
		return "250 OK"

	monkeypatch.setattr(type(server.keeper), "handle_RCPT", answer, raising=False)
	sweep_minutes(6)
	assert list_delivered(server) == dict.fromkeys(residents[5:], 1)

	put_off.clear()
	run_minutes(10)
	assert list_delivered(server) == dict.fromkeys(residents, 1)


def test_a_mail_whose_worker_was_killed_goes_out_within_ten_minutes(server: MailServer) -> None:
	residents = make_requests(1)
	frappe.db.set_value("Email Queue", get_queue_row(), "status", "Sending")

	sweep_minutes(6)
	assert not list_delivered(server), "a job may run for five minutes and be killed after six"
	sweep_minutes(4)

	assert list_delivered(server) == {residents[0]: 1}


def test_a_mail_that_is_refused_after_an_outage_is_given_up(server: MailServer) -> None:
	make_requests(1)
	server.behave(REFUSE)
	frappe.db.set_value("Email Queue", get_queue_row(), {"status": "Error", "error": NO_CONNECTION})
	sweep_minutes(2)
	assert list_ends() == [("Queued", "No connection")]

	server.behave(DEFER)
	sweep_minutes(1)
	refused = {"status": "Error", "error": "smtplib.SMTPDataError: (554, b'No')"}
	frappe.db.set_value("Email Queue", get_queue_row(), refused)
	sweep_minutes(2)

	assert list_ends() == [("Failed", "Refused")]


def test_during_an_outage_the_queue_is_left_as_it_is(server: MailServer) -> None:
	make_requests(1)
	server.behave(REFUSE)
	frappe.db.set_value(
		"Email Queue", get_queue_row(), {"status": "Error", "error": NO_CONNECTION, "retry": 3}
	)
	before = frappe.db.count("Error Log")

	sweep_minutes(5)

	assert frappe.db.get_value("Email Queue", get_queue_row(), ["status", "retry"]) == ("Error", 3)
	assert frappe.db.count("Error Log") == before


def test_mails_of_others_are_left_alone(server: MailServer) -> None:
	frappe.sendmail(["other@example.org"], subject="Other", message="Other", delayed=True)
	(other,) = frappe.get_all("Email Queue", pluck="name")
	frappe.db.set_value("Email Queue", other, {"status": "Error", "error": NO_CONNECTION})
	(resident,) = make_requests(1)

	sweep_minutes(5)

	assert frappe.db.get_value("Email Queue", other, "status") == "Error"
	assert list_delivered(server) == {resident: 1}


def test_a_deadlock_is_not_swallowed(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
	def lock(*_arguments: object) -> None:
		raise frappe.QueryDeadlockError

	(resident,) = make_requests(1)
	ticket = frappe.get_doc("HD Ticket", {"raised_by": resident})
	monkeypatch.setattr("citizen_support.host.mail.queue_mail", lock)

	with pytest.raises(frappe.QueryDeadlockError):
		outbox.send(ticket, "Update", [])
