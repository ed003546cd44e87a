"""Mail server or SMS gateway are away for hours: everything arrives within ten minutes of their return, once each."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

import frappe
from frappe.email.queue import flush
from frappe.utils import add_to_date, now_datetime

from citizen_support.host import sms
from citizen_support.notices import attempts, delivery, mail_sweep, outbox, sweep
from citizen_support.notices.service import send_fresh_link
from devtools.mail_sink import ANSWER, DEFER, HANG, REFUSE, MailServer
from devtools.ports import free_port
from tests.site.conftest import ACCOUNT
from tests.site.factories import get_ticket, make_name, make_request
from tests.site.transactions import PretendedTransactions

OUTAGE_MINUTES, STEP = 240, 20
NUMBER = "+12025550{0}"


@pytest.fixture
def server(tmp_path: Path, transactions: PretendedTransactions) -> Iterator[MailServer]:
	"""A mail server of this test's own, that the site sends through."""
	server = MailServer(tmp_path, free_port(8725))
	server.behave(ANSWER)
	account = {"smtp_server": "127.0.0.1", "smtp_port": server.port}
	frappe.db.set_value("Email Account", ACCOUNT, account)
	frappe.clear_document_cache("Email Account", ACCOUNT)
	frappe.flags.testing_email = True
	yield server
	frappe.flags.testing_email = False
	frappe.clear_document_cache("Email Account", ACCOUNT)
	server.behave(REFUSE)


@pytest.fixture(autouse=True)
def nothing_under_way(leave_no_trace: None) -> None:
	"""Only what a test sends itself is in the queue."""
	frappe.db.delete("Email Queue")
	frappe.db.delete(outbox.DOCTYPE)


def make_requests(count: int) -> list[str]:
	"""Requests of as many residents; returns their addresses."""
	residents = [f"{make_name('resident')}@example.org" for _number in range(count)]
	for resident in residents:
		make_request(contact={"email": resident})
	return residents


def let_pass(minutes: int) -> None:
	"""Let time pass: everything in the queue and on record gets older."""
	age = "UPDATE `tab{0}` SET {1}"
	for doctype, fields in {
		outbox.DOCTYPE: ("next_attempt_at", "waiting_since", "creation"),
		"Email Queue": ("modified", "creation"),
	}.items():
		changes = ", ".join(f"{field} = {field} - INTERVAL {int(minutes)} MINUTE" for field in fields)
		frappe.db.sql(age.format(doctype, changes))


def run_minutes(minutes: int, step: int = 1) -> None:
	"""What scheduler and workers do in that time: the sweep each minute, Frappe's flush each four."""
	for minute in range(0, minutes, step):
		let_pass(step)
		sweep.sweep()
		if minute % 4 == 0:
			try:
				flush()
			except frappe.ValidationError:
				frappe.clear_last_message()


def list_delivered(server: MailServer) -> Counter:
	"""How often each address got a mail."""
	mails = [message_from_bytes(path.read_bytes()) for path in server.keeper.folder.glob("*.eml")]
	return Counter(mail["X-Envelope-To"] for mail in mails)


def list_states() -> Counter:
	return Counter(frappe.get_all(outbox.DOCTYPE, pluck="state"))


def test_a_mail_is_on_record_until_it_is_sent(server: MailServer) -> None:
	residents = make_requests(1)

	assert list_states() == {"Queued": 1}
	run_minutes(5)

	assert list_delivered(server) == {residents[0]: 1}
	assert list_states() == {"Sent": 1}


@pytest.mark.parametrize("behaviour", [REFUSE, DEFER])
def test_after_four_hours_without_mail_everything_arrives_within_ten_minutes_once_each(
	server: MailServer, behaviour: str
) -> None:
	server.behave(behaviour)
	residents = make_requests(14)
	run_minutes(OUTAGE_MINUTES, STEP)
	assert not list_delivered(server)
	assert frappe.db.count("Email Queue", {"retry": (">", 0)}) > 0

	server.behave(ANSWER)
	run_minutes(10)

	assert list_delivered(server) == dict.fromkeys(residents, 1)
	assert list_states() == {"Sent": 14}


def test_more_messages_than_fit_into_one_look_go_out_within_ten_minutes(
	server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(attempts, "AT_A_TIME", 3)
	monkeypatch.setattr(mail_sweep, "AT_A_TIME", 3)
	server.behave(REFUSE)
	residents = make_requests(14)
	run_minutes(60, STEP)
	server.behave(ANSWER)

	let_pass(10)
	sweep.sweep()

	assert list_delivered(server) == dict.fromkeys(residents, 1), "all of them in one sweep"


def test_a_mail_that_was_sent_leaves_no_key_in_the_database(server: MailServer) -> None:
	make_requests(2)
	assert [text for text in frappe.get_all("Email Queue", pluck="message") if "?key" in decode(text)]

	run_minutes(5)

	messages = frappe.get_all("Email Queue", fields=["status", "message", "message_id"])
	assert {row.status for row in messages} == {"Sent"}
	assert not [row for row in messages if "key" in decode(row.message)]
	assert all(row.message_id for row in messages), "answers still find their ticket"


def decode(text: str) -> str:
	"""The words of a stored mail."""
	parts = message_from_string(text).walk()
	return "".join(str(part.get_payload(decode=True) or b"") for part in parts if not part.is_multipart())


def test_a_server_that_says_nothing_holds_nobody_up_for_long(
	server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr("frappe.email.smtp.SMTPServer.timeout", property(lambda self: 0.3), raising=False)
	residents = make_requests(3)
	server.behave(HANG)
	let_pass(5)
	started = time.monotonic()
	monkeypatch.setattr("smtplib.socket.create_connection", _impatient(monkeypatch))
	sweep.sweep()
	assert time.monotonic() - started < 10

	monkeypatch.undo()
	server.behave(ANSWER)
	run_minutes(10)
	assert list_delivered(server) == dict.fromkeys(residents, 1)


def _impatient(monkeypatch: pytest.MonkeyPatch) -> object:
	import socket

	connect = socket.create_connection
	return lambda address, timeout=None, source_address=None: connect(address, 0.5, source_address)


def test_a_refusal_of_the_address_is_final_and_staff_see_it(
	server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
	make_requests(1)
	(row,) = frappe.get_all(outbox.DOCTYPE, fields=["queue_row", "ticket"])
	error = "smtplib.SMTPRecipientsRefused: {'x': (550, b'No such user')}"
	frappe.db.set_value("Email Queue", row.queue_row, {"status": "Error", "error": error})

	sweep.sweep()

	notice = frappe.get_doc(outbox.DOCTYPE, {"queue_row": row.queue_row})
	assert (notice.state, notice.failure, notice.answer_code) == ("Failed", "Refused", 550)
	actions = frappe.get_all("HD Ticket Activity", {"ticket": row.ticket}, pluck="action")
	assert "The message “Confirmation” did not reach the resident: the other side refuses it." in actions
	assert frappe.db.get_value("Email Queue", row.queue_row, "status") == "Error"


def test_a_mail_that_arrived_for_part_of_its_recipients_is_not_sent_to_them_again(server: MailServer) -> None:
	make_requests(1)
	(row,) = frappe.get_all(outbox.DOCTYPE, fields=["queue_row"])
	frappe.db.set_value(
		"Email Queue", row.queue_row, {"status": "Partially Errored", "error": "TimeoutError: x"}
	)
	frappe.db.set_value("Email Queue Recipient", {"parent": row.queue_row}, "status", "Sent")

	run_minutes(10)

	assert not list_delivered(server)
	assert list_states() == {"Sent": 1}


def test_without_a_mail_account_notices_wait_for_one(
	server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
	def refuse(*arguments: object) -> None:
		raise frappe.OutgoingEmailError("no account")

	with monkeypatch.context() as broken:
		broken.setattr("citizen_support.host.mail.queue_mail", refuse)
		residents = make_requests(2)
		run_minutes(OUTAGE_MINUTES, STEP)
		assert list_states() == {"Waiting": 2}
		assert frappe.db.exists(outbox.DOCTYPE, {"failure": "Not set up"})

	run_minutes(10)

	assert list_delivered(server) == dict.fromkeys(residents, 1)


def test_one_that_cannot_be_written_does_not_hold_up_the_others(
	server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
	with monkeypatch.context() as broken:
		broken.setattr("citizen_support.host.mail.queue_mail", lambda *arguments: 1 / 0)
		residents = make_requests(3)
	bad = get_ticket(frappe.db.get_value("Service Submission", {"contact_email": residents[0]})).name
	queue = outbox.queue
	monkeypatch.setattr(
		outbox,
		"queue",
		lambda ticket, *rest: 1 / 0 if ticket.name == bad else queue(ticket, *rest),
	)

	run_minutes(10)

	assert list_delivered(server) == dict.fromkeys(residents[1:], 1)


def test_after_three_days_nobody_waits_any_longer(server: MailServer) -> None:
	server.behave(REFUSE)
	make_requests(1)
	let_pass(73 * 60)
	run_minutes(10 * STEP, STEP)

	assert frappe.get_all(outbox.DOCTYPE, pluck="failure") == ["Too old"]


# --- SMS


class Gateway(ThreadingHTTPServer):
	"""An SMS gateway that can be told to misbehave."""

	status = 200
	hangs = False

	def __init__(self) -> None:
		self.taken: list[tuple[str, str]] = []
		super().__init__(("127.0.0.1", 0), Take)

	@property
	def url(self) -> str:
		return f"http://127.0.0.1:{self.server_address[1]}/send"


class Take(BaseHTTPRequestHandler):
	def do_HEAD(self) -> None:
		if self.server.hangs:
			time.sleep(1.5)
			return
		self.send_response(404)
		self.end_headers()

	def do_POST(self) -> None:
		body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
		if self.server.hangs:
			time.sleep(1.5)
			return
		if self.server.status == 200:
			self.server.taken.append((body["to"][0], body["text"][0]))
		self.send_response(self.server.status)
		self.end_headers()

	def log_message(self, *arguments: object) -> None:
		return


@pytest.fixture
def gateway(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
	"""A gateway in the SMS Settings, and SMS switched on for who gives no address."""
	monkeypatch.setattr(sms, "READ_SECONDS", 0.3)
	gateway = Gateway()
	threading.Thread(target=gateway.serve_forever, daemon=True).start()
	settings = frappe.get_doc("SMS Settings")
	settings.update({"sms_gateway_url": gateway.url, "message_parameter": "text", "receiver_parameter": "to"})
	settings.update({"use_post": 1, "parameters": []})
	settings.append("parameters", {"parameter": "Authorization", "value": "Bearer x", "header": 1})
	settings.save(ignore_permissions=True)
	choose(send_sms=1, sms_countries="US", sms_for_all_per_day=0)
	yield gateway
	gateway.shutdown()
	gateway.server_close()


def choose(**values: object) -> None:
	settings = frappe.get_doc("Citizen Support Settings")
	settings.update(values)
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)


def text_requests(count: int, **contact: str) -> list[str]:
	"""Requests of as many residents who give a mobile number; returns their numbers."""
	numbers = [NUMBER.format(100 + number) for number in range(count)]
	for number in numbers:
		make_request(contact={"phone": number, **contact})
	return numbers


def test_who_gives_only_a_number_is_told_by_sms(gateway: Gateway) -> None:
	(number,) = text_requests(1)
	assert not gateway.taken

	run_minutes(2)

	((to, text),) = gateway.taken
	reference = frappe.db.get_value("Service Submission", {"contact_phone": number})
	assert to == number
	assert reference in text
	assert f"/requests/{reference}?key=" in text


def test_a_fresh_link_goes_to_the_number_as_well(gateway: Gateway) -> None:
	(number,) = text_requests(1)
	run_minutes(2)

	send_fresh_link(frappe.db.get_value("Service Submission", {"contact_phone": number}))
	run_minutes(2)

	assert [to for to, _text in gateway.taken] == [number, number]


def test_who_gives_an_address_is_told_by_mail_alone_unless_the_city_wants_both(gateway: Gateway) -> None:
	text_requests(1, email=f"{make_name('both')}@example.org")
	run_minutes(2)
	assert not gateway.taken

	choose(sms_to=outbox.EVERYBODY)
	text_requests(1, email=f"{make_name('both')}@example.org")
	run_minutes(2)

	assert len(gateway.taken) == 1


@pytest.mark.parametrize("fault", ["refuses", "500", "429"])
def test_after_four_hours_without_a_gateway_everything_arrives_within_ten_minutes_once_each(
	gateway: Gateway, fault: str
) -> None:
	if fault == "refuses":
		frappe.db.set_single_value("SMS Settings", "sms_gateway_url", "http://127.0.0.1:1/send")
	else:
		gateway.status = int(fault)
	numbers = text_requests(8)
	run_minutes(OUTAGE_MINUTES, STEP)
	assert not gateway.taken

	gateway.status = 200
	frappe.db.set_single_value("SMS Settings", "sms_gateway_url", gateway.url)
	run_minutes(10)

	assert Counter(to for to, _text in gateway.taken) == dict.fromkeys(numbers, 1)


def test_a_gateway_that_hangs_is_asked_with_one_message_only(gateway: Gateway) -> None:
	gateway.hangs = True
	numbers = text_requests(5)
	for _minute in range(3):
		let_pass(1)
		sweep.sweep()
	tried = frappe.get_all(outbox.DOCTYPE, {"attempts": (">", 0)}, pluck="failure")
	assert tried == ["No answer"]

	gateway.hangs = False
	run_minutes(10)

	assert Counter(to for to, _text in gateway.taken) == dict.fromkeys(numbers, 1)


def test_a_message_the_gateway_refuses_does_not_stop_the_others(gateway: Gateway) -> None:
	gateway.status = 400
	text_requests(1)
	run_minutes(1)
	gateway.status = 200
	frappe.db.set_value(outbox.DOCTYPE, {"state": "Failed"}, "reference", "0000-0000")
	make_request(contact={"phone": NUMBER.format("177")})
	run_minutes(1)

	assert list_states() == {"Failed": 1, "Sent": 1}
	assert [to for to, _text in gateway.taken] == [NUMBER.format("177")]


def test_the_city_sends_no_more_than_it_wants_to_pay_for(gateway: Gateway) -> None:
	choose(sms_for_all_per_day=2)
	text_requests(4)

	run_minutes(5)

	assert len(gateway.taken) == 2
	assert frappe.db.count(outbox.DOCTYPE, {"failure": delivery.TOO_MANY_TODAY}) == 2


def test_switched_off_nobody_is_texted(gateway: Gateway) -> None:
	choose(send_sms=0)
	text_requests(1)
	run_minutes(2)

	assert not gateway.taken
	assert not frappe.db.count(outbox.DOCTYPE)


def test_what_was_settled_long_ago_is_forgotten(server: MailServer) -> None:
	make_requests(2)
	run_minutes(5)
	old, _young = frappe.get_all(outbox.DOCTYPE, pluck="name")
	frappe.db.set_value(
		outbox.DOCTYPE, old, "creation", add_to_date(now_datetime(), days=-91), update_modified=False
	)

	sweep.forget_old()

	assert not frappe.db.exists(outbox.DOCTYPE, old)
	assert frappe.db.count(outbox.DOCTYPE) == 1
