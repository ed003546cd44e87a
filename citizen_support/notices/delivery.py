"""What stands against a message, and when it is tried again. Pure: plain data in, plain data out.

What the other side may change its mind about is tried for three days, never more than five minutes apart: so an outage
of hours is over for everybody within ten minutes of its end. Only a refusal of this very message or recipient is final
(RFC 5321, 4.2.1: 5yz; a 4yz is for the moment). A refused sender or sign-in is about the city's account, and somebody
will mend it.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers

NO_CONNECTION, NO_ANSWER = "No connection", "No answer"
REFUSED_FOR_NOW, REFUSED = "Refused for now", "Refused"
SIGN_IN, NOT_SET_UP, NOT_WRITTEN = "Sign-in refused", "Not set up", "Could not be written"
INTERRUPTED, GONE = "Interrupted", "No longer there"
TOO_MANY, TOO_MANY_TODAY, TOO_OLD = "Too many for this recipient", "Too many for today", "Too old"
FINAL = frozenset({REFUSED, GONE, TOO_MANY, TOO_OLD})
# What tells of the whole server or gateway and not of one message: then the others need not be tried.
OUTAGES = frozenset({NO_CONNECTION, NO_ANSWER, SIGN_IN, NOT_SET_UP})
# A refusal for now may be about one recipient only; so many in a row are about everybody.
FAILURES_IN_A_ROW = 3
# An SMS that was handed over without an answer may have gone out. It is handed over once more, and never again by
# itself: a gateway that is slower than we wait would else send it for three days.
MOST_UNANSWERED = 2
# Longer than any outage is promised to be survived: then one message is given up, so that the others go on.
LONGEST_SILENCE = timedelta(hours=6)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 1, 2, 3, 4))
LONGEST_WAIT = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=72)

_LAST_ERROR = re.compile(r"^(?:[\w.]+\.)?(\w+)(?::|$)")
# As Python writes a server's answer: `(451, b'Not now')`. An address may have digits of its own.
_CODE = re.compile(r"\(([2345]\d\d), b?['\"]")


@dataclass(frozen=True)
class Failure:
	"""Why a message was not taken: one of the words above, and the number the other side gave (0 if none)."""

	reason: str
	code: int = 0

	@property
	def is_final(self) -> bool:
		return self.reason in FINAL

	@property
	def is_outage(self) -> bool:
		return self.reason in OUTAGES


def read_mail_error(trace: str | None) -> Failure:
	"""What a traceback of sending mail says, as Frappe's queue keeps it; nothing of it is kept but this."""
	lines = [line.strip() for line in (trace or "").splitlines() if line.strip()]
	last = next((line for line in reversed(lines) if _LAST_ERROR.match(line)), "")
	match = _LAST_ERROR.match(last)
	name = match.group(1) if match else ""
	found = _CODE.search(last)
	code = int(found.group(1)) if found else 0
	if name in ("SMTPAuthenticationError", "SMTPSenderRefused") or "login credentials" in last:
		return Failure(SIGN_IN, code)
	if name == "OutgoingEmailError":
		return Failure(NOT_SET_UP, code)
	if name in ("SMTPRecipientsRefused", "SMTPDataError", "SMTPResponseException"):
		return Failure(REFUSED if code >= 500 else REFUSED_FOR_NOW, code)
	if name in ("TimeoutError", "JobTimeoutException") or "timed out" in last:
		return Failure(NO_ANSWER, code)
	return Failure(INTERRUPTED if "Retry Limit Exceeded" in (trace or "") else NO_CONNECTION, code)


def read_gateway_answer(status: int) -> Failure | None:
	"""What the SMS gateway's answer means; None if it took the message (RFC 9110, 15)."""
	if 200 <= status < 300:
		return None
	if 300 <= status < 400 or status in (401, 402, 403, 404, 405, 407):
		# The gateway's address, key or credit: somebody will mend it.
		return Failure(SIGN_IN, status)
	if status in (408, 425, 429) or status >= 500:
		return Failure(REFUSED_FOR_NOW, status)
	return Failure(REFUSED, status)


def find_next_attempt(attempts: int, waiting_since: datetime, now: datetime) -> datetime | None:
	"""When to try again after so many attempts; None once it is too old to be of use."""
	if now - waiting_since > GIVE_UP_AFTER:
		return None
	return now + (WAITS[attempts - 1] if 0 < attempts <= len(WAITS) else LONGEST_WAIT)


def can_be_texted(number: str | None, regions: frozenset[str]) -> bool:
	"""Whether an SMS may go to a number (E.164): one that can be a mobile phone, in a country the city writes to.

	:param regions: two-letter countries; none means nobody. Premium and satellite numbers are never written to.
	"""
	try:
		parsed = phonenumbers.parse(number or "", None)
	except phonenumbers.NumberParseException:
		return False
	kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
	is_mobile = phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) in kinds
	return is_mobile and phonenumbers.region_code_for_number(parsed) in regions


def read_regions(text: str | None, own: str | None) -> frozenset[str]:
	"""Two-letter countries of a setting, separated by anything; the city's own if it is empty."""
	found = frozenset(re.findall(r"\b[A-Z]{2}\b", (text or "").upper()))
	return found or frozenset({own} if own else ())
