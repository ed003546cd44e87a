"""What Helpdesk knows of a service's requests in a span of time: counts and means, and nothing about anybody.

Every figure is about the same requests: received in that span, and not merged into another one.
"""

from datetime import datetime

import frappe

STARS = 5
DONE = "Done"


def read_requests(service: str, since: datetime, until: datetime, now: datetime) -> frappe._dict:
	"""Requests, those answered and done by the dates promised, feedback, and hours to the first answer.

	Only what has come to its date counts as on time or not: an answer that is there, or a date that is past.
	"""
	values = {"service": service, "since": since, "until": until, "now": now, "stars": STARS}
	return frappe.db.sql(
		"""
		SELECT
			count(*) AS requests,
			coalesce(sum(t.response_by IS NOT NULL
				AND (t.first_responded_on IS NOT NULL OR t.response_by < %(now)s)), 0) AS answer_due,
			coalesce(sum(t.first_responded_on <= t.response_by), 0) AS answered_on_time,
			coalesce(sum(a.apply_sla_for_resolution = 1 AND t.resolution_by IS NOT NULL
				AND (t.resolution_date IS NOT NULL OR t.resolution_by < %(now)s)), 0) AS end_due,
			coalesce(sum(a.apply_sla_for_resolution = 1 AND t.resolution_date <= t.resolution_by), 0)
				AS done_on_time,
			avg(nullif(t.feedback_rating, 0)) * %(stars)s AS feedback,
			count(nullif(t.feedback_rating, 0)) AS feedback_count,
			avg(timestampdiff(SECOND, t.service_level_agreement_creation, t.first_responded_on)) / 3600
				AS hours_to_answer
		FROM `tabHD Ticket` t
		LEFT JOIN `tabHD Service Level Agreement` a ON a.name = t.sla
		WHERE t.cs_service = %(service)s AND t.creation >= %(since)s AND t.creation < %(until)s
			AND coalesce(t.is_merged, 0) = 0
		""",
		values,
		as_dict=True,
	)[0]


def count_replies(service: str, since: datetime, until: datetime) -> int:
	"""Messages that staff sent to residents about these requests."""
	return frappe.db.sql(
		"""
		SELECT count(*)
		FROM `tabHD Ticket` t
		JOIN `tabCommunication` c ON c.reference_doctype = 'HD Ticket'
			AND c.reference_name = convert(t.name, char)
		WHERE t.cs_service = %s AND t.creation >= %s AND t.creation < %s
			AND coalesce(t.is_merged, 0) = 0
			AND c.communication_type = 'Communication' AND c.sent_or_received = 'Sent'
		""",
		(service, since, until),
	)[0][0]


def count_sent_back(service: str, since: datetime, until: datetime) -> int:
	"""Requests about which staff wrote and the resident wrote back before they were done for the first time.

	Not those that were set to waiting: Helpdesk does that with every reply, whether it asks anything or not.
	"""
	return frappe.db.sql(
		"""
		SELECT count(DISTINCT t.name)
		FROM `tabHD Ticket` t
		JOIN `tabCommunication` wrote ON wrote.reference_doctype = 'HD Ticket'
			AND wrote.reference_name = convert(t.name, char)
			AND wrote.communication_type = 'Communication' AND wrote.sent_or_received = 'Sent'
		JOIN `tabCommunication` answered ON answered.reference_doctype = 'HD Ticket'
			AND answered.reference_name = wrote.reference_name AND answered.creation > wrote.creation
			AND answered.communication_type = 'Communication' AND answered.sent_or_received = 'Received'
			AND answered.sender = t.raised_by
		WHERE t.cs_service = %s AND t.creation >= %s AND t.creation < %s
			AND coalesce(t.is_merged, 0) = 0
			AND NOT EXISTS (
				SELECT 1 FROM `tabRequest Event` e
				WHERE e.reference = t.cs_reference AND e.event = %s AND e.happened_at <= answered.creation
			)
		""",
		(service, since, until, DONE),
	)[0][0]


def read_hours_in_hand(service: str, since: datetime, until: datetime) -> float | None:
	"""Mean hours from being assigned to a person to the first answer, by Helpdesk's assignments (ToDo)."""
	hours = frappe.db.sql(
		"""
		SELECT avg(timestampdiff(SECOND, assigned.first_at, t.first_responded_on)) / 3600
		FROM `tabHD Ticket` t
		JOIN (
			SELECT d.reference_name, min(d.creation) AS first_at
			FROM `tabToDo` d
			WHERE d.reference_type = 'HD Ticket' AND d.creation >= %s
			GROUP BY d.reference_name
		) assigned ON assigned.reference_name = convert(t.name, char)
		WHERE t.cs_service = %s AND t.creation >= %s AND t.creation < %s
			AND coalesce(t.is_merged, 0) = 0
			AND t.first_responded_on >= assigned.first_at
		""",
		(since, service, since, until),
	)[0][0]
	return float(hours) if hours is not None else None
