"""What stands against a message, and when it is tried again."""

from datetime import datetime, timedelta

import pytest

from citizen_support.notices import delivery
from citizen_support.notices.delivery import Failure

NOW = datetime(2026, 11, 22, 12, 0)
TRACE = 'Traceback (most recent call last):\n  File "smtplib.py", line 900, in sendmail\n    raise X\n{0}\n'


@pytest.mark.parametrize(
	("last", "expected"),
	[
		("ConnectionRefusedError: [Errno 111] Connection refused", Failure(delivery.NO_CONNECTION)),
		(
			"frappe.exceptions.ValidationError: Invalid Outgoing Mail Server or Port: [Errno 111] Connection refused",
			Failure(delivery.NO_CONNECTION),
		),
		("smtplib.SMTPServerDisconnected: Connection unexpectedly closed", Failure(delivery.NO_CONNECTION)),
		(
			"smtplib.SMTPServerDisconnected: Connection unexpectedly closed: timed out",
			Failure(delivery.NO_ANSWER),
		),
		("socket.gaierror: [Errno -2] Name or service not known", Failure(delivery.NO_CONNECTION)),
		("TimeoutError: timed out", Failure(delivery.NO_ANSWER)),
		("smtplib.SMTPDataError: (451, b'Not now')", Failure(delivery.REFUSED_FOR_NOW, 451)),
		("smtplib.SMTPDataError: (554, b'Spam')", Failure(delivery.REFUSED, 554)),
		(
			"smtplib.SMTPRecipientsRefused: {'a@example.org': (550, b'No such user')}",
			Failure(delivery.REFUSED, 550),
		),
		(
			"smtplib.SMTPRecipientsRefused: {'a@example.org': (450, b'Greylisted')}",
			Failure(delivery.REFUSED_FOR_NOW, 450),
		),
		(
			"smtplib.SMTPRecipientsRefused: {'ann450@example.org': (550, b'No such user')}",
			Failure(delivery.REFUSED, 550),
		),
		(
			"smtplib.SMTPRecipientsRefused: {'bob550@example.org': (451, b'Try later')}",
			Failure(delivery.REFUSED_FOR_NOW, 451),
		),
		(
			"smtplib.SMTPSenderRefused: (553, b'Not your address', 'desk@city.example')",
			Failure(delivery.SIGN_IN, 553),
		),
		("Retry Limit Exceeded", Failure(delivery.INTERRUPTED)),
		("smtplib.SMTPAuthenticationError: (535, b'Bad')", Failure(delivery.SIGN_IN, 535)),
		(
			"frappe.exceptions.ValidationError: Please check your email login credentials. x",
			Failure(delivery.SIGN_IN),
		),
		("frappe.exceptions.OutgoingEmailError: Please set up", Failure(delivery.NOT_SET_UP)),
	],
)
def test_a_mail_servers_error_is_understood(last: str, expected: Failure) -> None:
	assert delivery.read_mail_error(TRACE.format(last)) == expected


@pytest.mark.parametrize("trace", [None, "", "no trace at all"])
def test_an_unknown_error_is_tried_again(trace: str | None) -> None:
	assert not delivery.read_mail_error(trace).is_final


def test_only_a_refusal_of_this_message_is_final() -> None:
	assert delivery.read_mail_error(TRACE.format("smtplib.SMTPDataError: (554, b'Spam')")).is_final
	assert not delivery.read_mail_error(TRACE.format("smtplib.SMTPDataError: (451, b'x')")).is_final
	assert not Failure(delivery.SIGN_IN).is_final


@pytest.mark.parametrize(
	("status", "reason"),
	[
		(200, None),
		(202, None),
		(302, delivery.SIGN_IN),
		(400, delivery.REFUSED),
		(401, delivery.SIGN_IN),
		(404, delivery.SIGN_IN),
		(422, delivery.REFUSED),
		(429, delivery.REFUSED_FOR_NOW),
		(500, delivery.REFUSED_FOR_NOW),
		(503, delivery.REFUSED_FOR_NOW),
	],
)
def test_a_gateways_answer_is_understood(status: int, reason: str | None) -> None:
	failure = delivery.read_gateway_answer(status)

	assert (failure.reason if failure else None) == reason


def test_attempts_are_never_more_than_five_minutes_apart() -> None:
	waits = [delivery.find_next_attempt(number, NOW, NOW) - NOW for number in range(1, 200)]

	assert waits == sorted(waits)
	assert waits[0] == timedelta(minutes=1)
	assert waits[-1] == timedelta(minutes=5)


def test_after_three_days_it_is_too_old() -> None:
	since = NOW - delivery.GIVE_UP_AFTER

	assert delivery.find_next_attempt(900, since, NOW)
	assert delivery.find_next_attempt(900, since, NOW + timedelta(seconds=1)) is None


@pytest.mark.parametrize(
	("number", "regions", "may"),
	[
		("+4915112345678", {"DE"}, True),
		("+4915112345678", {"US"}, False),
		("+4915112345678", set(), False),
		("+493012345678", {"DE"}, False),
		("+12025550123", {"US"}, True),
		("+18005550199", {"US"}, False),
		("+19005550199", {"US"}, False),
		("+491901234567", {"DE"}, False),
		("+870773111632", {"DE"}, False),
		("", {"DE"}, False),
		(None, {"DE"}, False),
		("hello", {"DE"}, False),
	],
)
def test_only_mobile_numbers_of_chosen_countries_are_texted(number: str, regions: set, may: bool) -> None:
	assert delivery.can_be_texted(number, frozenset(regions)) is may


@pytest.mark.parametrize(
	("text", "own", "expected"),
	[
		("US, CA", "DE", {"US", "CA"}),
		("us/ca", None, {"US", "CA"}),
		("", "DE", {"DE"}),
		(None, None, set()),
		("everywhere", "DE", {"DE"}),
	],
)
def test_countries_are_read_as_people_write_them(text: str | None, own: str | None, expected: set) -> None:
	assert delivery.read_regions(text, own) == expected
