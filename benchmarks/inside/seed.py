"""Hundreds of thousands of requests, written by the database itself as copies of a few real ones.

One request of each service is taken in as the portal would. Everything else is `INSERT … SELECT` from those and
from numbers: request n always looks the same, so seeding can stop anywhere and go on from there.
"""

import frappe
from frappe.utils import now_datetime

from benchmarks.inside.numbers import (
	AGE_SECONDS,
	FIRST_TICKET,
	LAST_TICKET,
	SERVICE_SKEW,
	TABLE,
	sql_reference,
)
from citizen_support.catalogue import read_service
from citizen_support.intake import Incoming, receive
from citizen_support.intake.rules import Answer

ANSWERS = {
	"Place": "12 Oak Street, 92903",
	"Short text": "Near the bakery",
	"Long text": "It has been like this since Monday, and it gets worse each day.",
	"Yes or no": "Yes",
	"Date": "2026-01-05",
	"Number": "3",
}
TEMPLATE_EMAIL = "template@example.org"
CITIZENS = 4  # one for so many requests
MESSAGES = 4  # a message for each so-manieth request
HAND_OVERS = 5
_NUMBERED = "seed-"


def count_seeded() -> int:
	"""How many requests were written so far."""
	last = frappe.db.sql(
		"select max(cast(substring(idempotency_key, 6) as unsigned)) from `tabService Submission` "
		"where idempotency_key like 'seed-%'"
	)
	return int(last[0][0] or 0)


def prepare() -> int:
	"""One real request of each published service, and a table that says which; returns how many."""
	codes = frappe.get_all("Municipal Service", {"status": "Published"}, pluck="name", order_by="name")
	return remember_templates([_make_template(code) for code in codes])


def remember_templates(references: list[str]) -> int:
	"""A table of the requests of which the seeded ones become copies; returns how many there are."""
	frappe.db.sql_ddl(f"drop table if exists {TABLE}")
	frappe.db.sql_ddl(
		f"create table {TABLE} (number int primary key, submission varchar(140), ticket varchar(140), "
		"message varchar(140)) collate utf8mb4_unicode_ci"
	)
	for number, reference in enumerate(references):
		ticket = frappe.db.get_value("HD Ticket", {"cs_reference": reference})
		filters = {"reference_doctype": "HD Ticket", "reference_name": ticket}
		message = frappe.db.get_value("Communication", filters)
		frappe.db.sql(f"insert into {TABLE} values (%s, %s, %s, %s)", (number, reference, ticket, message))
	return len(references)


def _make_template(code: str) -> str:
	service = read_service(frappe.get_doc("Municipal Service", code))
	answers = [
		Answer(
			question.key,
			question.label,
			question.type,
			(question.options or (ANSWERS.get(question.type, ANSWERS["Place"]),))[:1],
		)
		for question in service["questions"][:4]
		if question.type != "Photo or document"
	]
	contact = {"name": "Robin Reyes", "email": TEMPLATE_EMAIL, "phone": "+12025550143"}
	return receive(Incoming(service, answers, contact, [], f"template-of-{code}", "en"))


def write(first: int, last: int) -> None:
	"""Requests number `first` to `last`, in one transaction: all of it is there, or nothing."""
	frappe.flags.in_migrate = True  # no limit to the rows of a transaction
	numbers = f"seq_{first}_to_{last} s"
	services = frappe.db.sql(f"select count(*) from {TABLE}")[0][0]
	chosen = f"{numbers} join {TABLE} k on k.number = floor({services} * {SERVICE_SKEW})"
	frappe.db.sql("set session unique_checks = 0, foreign_key_checks = 0")
	_write_citizens(numbers)
	_copy("HD Ticket", f"{chosen} join `tabHD Ticket` o on o.name = k.ticket", _ticket_values())
	_copy(
		"Service Submission",
		f"{chosen} join `tabService Submission` o on o.name = k.submission",
		_submission_values(),
	)
	_copy(
		"Communication",
		f"{chosen} join `tabCommunication` o on o.name = k.message where s.seq % {MESSAGES} = 0",
		_message_values(),
	)
	_write_events(f"{chosen} join `tabHD Ticket` o on o.name = k.ticket")
	frappe.db.sql("update tabSeries set current = greatest(current, %s) where name = ''", LAST_TICKET)


def finish() -> None:
	"""Let the database look at what it has, as it does by itself sooner or later."""
	for doctype in ("HD Ticket", "Service Submission", "Communication", "Request Event", "Citizen"):
		frappe.db.sql_ddl(f"analyze table `tab{doctype}`")


def _copy(doctype: str, source: str, values: dict[str, str]) -> None:
	"""Every column of the original `o`, but for those that are given as SQL."""
	columns = [
		row[0]
		for row in frappe.db.sql(
			"select column_name from information_schema.columns where table_schema = database() "
			"and table_name = %s",
			f"tab{doctype}",
		)
	]
	given = {name: value for name, value in values.items() if name in columns}
	chosen = ", ".join(given.get(name, f"o.`{name}`") for name in columns)
	names = ", ".join(f"`{name}`" for name in columns)
	frappe.db.sql(f"insert into `tab{doctype}` ({names}) select {chosen} from {source}")


def _moments() -> dict[str, str]:
	"""When the request came in and was last touched: somewhere in the last five years."""
	now = now_datetime().strftime("%Y-%m-%d 00:00:00")
	created = f"timestamp('{now}') - interval {AGE_SECONDS} second"
	return {"created": created, "touched": f"{created} + interval least({AGE_SECONDS}, 864000) second"}


def _status() -> tuple[str, str]:
	"""Of the last month two in three are open; of older ones a few in a thousand."""
	recent = f"{AGE_SECONDS} < 2592000"
	state = f"case when ({recent} and s.seq % 3 < 1) or s.seq % 307 = 0 then 'Open' "
	state += f"when {recent} and s.seq % 3 < 2 then 'Replied' else 'Closed' end"
	category = state.replace("'Replied'", "'Paused'").replace("'Closed'", "'Resolved'")
	return state, category


def _ticket_values() -> dict[str, str]:
	moments, (status, category) = _moments(), _status()
	citizen = f"concat('{_NUMBERED}', s.seq div {CITIZENS})"
	return {
		"name": f"cast({FIRST_TICKET} + s.seq as char)",
		"creation": moments["created"],
		"modified": moments["touched"],
		"opening_date": f"date({moments['created']})",
		"service_level_agreement_creation": moments["created"],
		"response_by": f"{moments['created']} + interval 2 day",
		"resolution_by": f"{moments['created']} + interval 14 day",
		"status": status,
		"status_category": category,
		"contact": "null",
		"raised_by": f"concat('resident', s.seq div {CITIZENS}, '@example.org')",
		"cs_reference": sql_reference("s.seq"),
		"cs_citizen": citizen,
		"cs_phone": "concat('+1202', lpad(s.seq % 10000000, 7, '0'))",
		"key": "md5(s.seq)",
		"_seen": "null",
	}


def _submission_values() -> dict[str, str]:
	moments, reference = _moments(), sql_reference("s.seq")
	return {
		"name": reference,
		"reference": reference,
		"ticket": f"cast({FIRST_TICKET} + s.seq as char)",
		"creation": moments["created"],
		"modified": moments["created"],
		"received_at": moments["created"],
		"state": "'Filed'",
		"citizen": f"concat('{_NUMBERED}', s.seq div {CITIZENS})",
		"contact_email": f"concat('resident', s.seq div {CITIZENS}, '@example.org')",
		"contact_phone": "concat('+1202', lpad(s.seq % 10000000, 7, '0'))",
		"idempotency_key": f"concat('{_NUMBERED}', s.seq)",
	}


def _message_values() -> dict[str, str]:
	moments = _moments()
	return {
		"name": f"concat('{_NUMBERED}', s.seq)",
		"creation": moments["created"],
		"modified": moments["created"],
		"communication_date": moments["created"],
		"reference_name": f"cast({FIRST_TICKET} + s.seq as char)",
		"sender": f"concat('resident', s.seq div {CITIZENS}, '@example.org')",
		"message_id": "null",
	}


def _write_citizens(numbers: str) -> None:
	created = _moments()["created"]
	frappe.db.sql(
		"insert ignore into tabCitizen (name, creation, modified, owner, modified_by, full_name, email, language) "
		f"select concat('{_NUMBERED}', s.seq div {CITIZENS}), {created}, {created}, 'Guest', 'Guest', "
		f"'Robin Reyes', concat('resident', s.seq div {CITIZENS}, '@example.org'), 'en' "
		f"from {numbers} where s.seq % {CITIZENS} = 0 or s.seq = 1"
	)


def _write_events(source: str) -> None:
	"""A hand-over for each fifth request, and the end of those that are done."""
	touched, (status, _category) = _moments()["touched"], _status()
	for event, mark, condition in (
		("Handed over", "h", f"s.seq % {HAND_OVERS} = 0"),
		("Done", "d", f"({status}) = 'Closed'"),
	):
		frappe.db.sql(
			"insert into `tabRequest Event` (name, creation, modified, owner, modified_by, reference, event, "
			f"happened_at, ticket, department) select concat('{_NUMBERED}{mark}', s.seq), {touched}, {touched}, "
			f"'Administrator', 'Administrator', {sql_reference('s.seq')}, '{event}', {touched}, "
			f"cast({FIRST_TICKET} + s.seq as char), o.cs_department from {source} where {condition}"
		)
