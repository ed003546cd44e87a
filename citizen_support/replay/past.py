"""Past requests of a service, batch by batch, oldest first, each batch found by the last one's end."""

from collections.abc import Iterator
from datetime import datetime

import frappe

BATCH = 1000


def count_requests(service: str, since: datetime, until: datetime) -> int:
	"""How many requests of a service came in between."""
	counted = frappe.db.sql(
		"SELECT COUNT(*) FROM `tabService Submission` WHERE service = %s AND received_at BETWEEN %s AND %s",
		(service, since, until),
	)
	return counted[0][0]


def read_batches(
	service: str, since: datetime, until: datetime, size: int = BATCH
) -> Iterator[list[frappe._dict]]:
	"""All requests of a service that came in between, each with how its ticket went (`ticket_*`).

	Two statements a batch. A batch begins where the last one ended (index `cs_service_received`), so the thousandth
	costs what the first does.
	"""
	after, name = since, ""
	while True:
		rows = frappe.db.sql(
			"""
			SELECT name, received_at, channel, department, response_by, resolution_by, contact_email, contact_phone,
				promised_targets, citizen, ticket, answers
			FROM `tabService Submission`
			WHERE service = %(service)s AND received_at >= %(after)s AND received_at <= %(until)s
				AND (received_at > %(after)s OR name > %(name)s)
			ORDER BY received_at, name
			LIMIT %(size)s
			""",
			{"service": service, "after": after, "until": until, "name": name, "size": size},
			as_dict=True,
		)
		if not rows:
			return
		_add_tickets(rows)
		yield rows
		if len(rows) < size:
			return
		after, name = rows[-1].received_at, rows[-1].name


def _add_tickets(rows: list[frappe._dict]) -> None:
	names = [row.ticket for row in rows if row.ticket]
	found = {}
	if names:
		found = {
			str(ticket.name): ticket
			for ticket in frappe.db.sql(
				"""
				SELECT name, cs_department, agent_group, first_responded_on, resolution_date, total_hold_time
				FROM `tabHD Ticket` WHERE name IN %s
				""",
				(names,),
				as_dict=True,
			)
		}
	for row in rows:
		row.went = found.get(str(row.ticket)) or frappe._dict()


def read_work(department: str, since: datetime, until: datetime, most: int) -> list[frappe._dict]:
	"""How a department's requests of that time went, whatever their service: the newest, so many at most."""
	return frappe.db.sql(
		"""
		SELECT service_level_agreement_creation AS received_at, first_responded_on, resolution_date,
			total_hold_time
		FROM `tabHD Ticket`
		WHERE cs_department = %s AND cs_service IS NOT NULL AND creation BETWEEN %s AND %s
			AND service_level_agreement_creation IS NOT NULL
		ORDER BY creation DESC
		LIMIT %s
		""",
		(department, since, until, most),
		as_dict=True,
	)
