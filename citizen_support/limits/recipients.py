"""How many messages a stranger can have us send to one person.

Anybody can type anybody's address into a form, and each request is confirmed by mail. So confirmations and fresh
links are counted by recipient, however many clients ask for them.

Redis counts, because one count must hold for all processes at the same moment. But Redis may be emptied (a new
version, `bench clear-cache`, memory running out), and then a flood would begin anew. So a recipient whom Redis does not
know is looked up in the database first: what was sent to requests of the last day with this address. That look is one
query over two indexes (`cs_contact_email` or `cs_contact_phone`, and a notice's reference), bounded in time and
number; it costs a fraction of a millisecond once per recipient and day, in the transaction that makes a ticket.
The Email Queue is not asked: it has no index by recipient. What the look does not see: addresses that differ in Gmail's
dots, and fresh links to requests older than a day.
"""

from datetime import timedelta

import frappe
from frappe.query_builder import DocType
from frappe.utils import get_datetime, now_datetime

from citizen_support.limits import counters
from citizen_support.limits.rules import DAY, HOUR, Counter, Limits, Window, count_as
from citizen_support.limits.service import count_refusal, get_limits

MAIL, SMS = "E-mail", "SMS"
CAUSED_BY_STRANGERS = ("Confirmation", "Fresh link")
ON_THEIR_WAY = ("Waiting", "Queued", "Sent")


def may_notify(channel: str, recipient: str) -> bool:
	"""Count one more message that a stranger may have caused; False if this recipient has had enough.

	Fails open, as far as the database does not know better.

	:param channel: "E-mail" or "SMS".
	:param recipient: address or number, as it is stored with the request.
	"""
	counter = _count_messages(channel, recipient, get_limits())
	if not counter.capacity or not any(window.most for window in counter.windows):
		return True
	(known,), _of_all = counters.count(DAY, counter)
	if not known:
		counters.note(find_sent(channel, recipient, counter.capacity), counter)
	if counters.take(counter).fits:
		return True
	count_refusal("SMS" if channel == SMS else "mail")
	return False


def find_sent(channel: str, recipient: str, at_most: int) -> dict[str, float]:
	"""Messages of the last day to requests with this contact, newest first: their times by name."""
	since = now_datetime() - timedelta(seconds=DAY)
	submission, notice = DocType("Service Submission"), DocType("Resident Notice")
	query = (
		frappe.qb.from_(submission)
		.join(notice)
		.on(notice.reference == submission.name)
		.select(notice.name, notice.creation)
		.where(submission.received_at > since)
		.where(notice.channel == channel)
		.where(notice.notice.isin(CAUSED_BY_STRANGERS))
		.where(notice.state.isin(ON_THEIR_WAY))
		.orderby(notice.creation, order=frappe.qb.desc)
		.limit(at_most)
	)
	if channel == SMS:
		query = query.where(submission.contact_phone == recipient)
	else:
		local, _at, host = recipient.strip().lower().rpartition("@")
		mailbox = local.partition("+")[0]
		tagged = f"{_escape(mailbox)}+%@{_escape(host)}"
		email = submission.contact_email
		query = query.where((email == f"{mailbox}@{host}") | email.like(tagged))
	# The database has the site's own time, the counters have the world's.
	shift = counters.now() - now_datetime().timestamp()
	return {name: get_datetime(sent).timestamp() + shift for name, sent in query.run()}


def _count_messages(channel: str, recipient: str, limits: Limits) -> Counter:
	if channel == SMS:
		windows: tuple[Window, ...] = (Window(DAY, limits.sms_per_day),)
	else:
		windows = Window(HOUR, limits.mails_per_hour), Window(DAY, limits.mails_per_day)
	return Counter(f"messages by {channel}", count_as(recipient), windows)


def _escape(text: str) -> str:
	return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
