"""Reads from the private servers what has become of the submissions."""

import json
import re
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from devtools.mail_page import all_mails
from tests.faults.checker import Records, Stored
from tests.faults.city import SITE, FaultCity
from tests.faults.faults import connect

_MARKER = re.compile(r"mark[0-9a-f]{12}")
_REPLY = re.compile(r"again[0-9a-f]{12}")
CONFIRMATION = "citizen-support-confirmation"
SUBMISSIONS = "SELECT name, answers, creation FROM `tabService Submission`"
TICKETS = """
	SELECT ticket.name, ticket.cs_reference, ticket.creation, message.content
	FROM `tabHD Ticket` ticket
	JOIN tabCommunication message ON message.reference_doctype = 'HD Ticket' AND message.reference_name = ticket.name
"""
MESSAGES = "SELECT content FROM tabCommunication WHERE content LIKE '%again%'"
FILES = "SELECT file_name, attached_to_doctype, file_url FROM tabFile WHERE file_name LIKE 'mark%'"
UNFILED = """
	SELECT name, state, attempts, next_attempt_at, failure FROM `tabService Submission` WHERE state != 'Filed'
"""
UNSENT = "SELECT name, status, retry, modified, LEFT(error, 200) FROM `tabEmail Queue` WHERE status != 'Sent'"


def read_records(city: FaultCity) -> Records:
	"""Submissions, tickets and delivered confirmations as they are now."""
	zone = ZoneInfo(city.facts["time_zone"])
	submissions, tickets = [], []
	with connect(city) as connection, connection.cursor() as cursor:
		cursor.execute(SUBMISSIONS)
		for name, answers, creation in cursor.fetchall():
			text = json.dumps(json.loads(answers or "[]"))
			submissions += [
				Stored(marker, name, name, _seconds(creation, zone)) for marker in set(_MARKER.findall(text))
			]
		cursor.execute(TICKETS)
		found = {
			(marker, str(name), reference or "", _seconds(creation, zone))
			for name, reference, creation, content in cursor.fetchall()
			for marker in _MARKER.findall(content or "")
		}
		tickets = [Stored(*row) for row in sorted(found)]
		cursor.execute(MESSAGES)
		replies = Counter(word for (content,) in cursor.fetchall() for word in set(_REPLY.findall(content)))
		cursor.execute(FILES)
		photos = Counter((name, kind) for name, kind, url in cursor.fetchall() if is_stored(city, url))
	return Records(submissions, tickets, count_confirmations(city), photos, replies)


def is_stored(city: FaultCity, url: str) -> bool:
	"""Whether a file's bytes are there."""
	path = city.bench.sites / SITE / url.lstrip("/")
	return path.is_file() and path.stat().st_size > 0


def count_confirmations(city: FaultCity) -> Counter[str]:
	"""Confirmations that reached the mail server, by address."""
	counted: Counter[str] = Counter()
	for mail in all_mails(city.city.mails_folder):
		if mail.headers.get("X-Auto-Generated") == CONFIRMATION:
			counted.update(address.lower() for address in mail.to)
	return counted


def describe_unfinished(city: FaultCity) -> list[str]:
	"""What still waits in the site, a line each, for whoever has to find out why."""
	lines = []
	with connect(city) as connection, connection.cursor() as cursor:
		for what, query in (("submission", UNFILED), ("mail", UNSENT)):
			cursor.execute(query)
			lines += [f"{what}: {', '.join(map(str, row))}" for row in cursor.fetchall()]
	return lines


def _seconds(moment: datetime, zone: ZoneInfo) -> float:
	"""The site writes its own clock's time without saying so."""
	return moment.replace(tzinfo=zone).timestamp()
