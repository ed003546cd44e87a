"""The HD Service Level Agreements that the app keeps, one for each distinct calendar and targets.

A ticket names its agreement in `cs_agreement`, and `choose_agreement` puts it on the ticket. The agreements have no
condition: Helpdesk would try every one of them on every save of every ticket, at two milliseconds each (`safe_eval`
compiles each time), and passes by those without. Helpdesk counts an
agreement's answer and end in the same hours. Where they are counted differently (answer in working hours, end
in calendar days), a second agreement that is never chosen holds the answer's clock, and `apply_own_clock` puts
its date on the ticket.
"""

from datetime import datetime, timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import cint, get_datetime
from frappe.utils.caching import site_cache

from citizen_support.host.session import as_system, quietly
from citizen_support.promise.rules import Agreement, Clock

DOCTYPE = "HD Service Level Agreement"
KEY_FIELD = "cs_key"
NO_HOLIDAYS = "Citizen Support: every day counts"
_RESPONSE_SUFFIX = "-answer"
# Helpdesk needs an end for each row even when none is promised; it is not applied then.
_UNPROMISED_SECONDS = 365 * 86400


def ensure_agreement(agreement: Agreement, title: str) -> str:
	"""Make the HD SLA of this agreement if it is not there; returns its key.

	:param title: what colleagues read in Helpdesk's list of agreements.
	"""
	if not find_agreement(agreement.key):
		with as_system(), quietly():
			if agreement.has_two_clocks:
				_insert_answer_clock(agreement, title)
			_insert_agreement(agreement, title)
	return agreement.key


def find_agreement(key: str) -> str | None:
	"""Name of the HD SLA with this key."""
	return frappe.db.get_value(DOCTYPE, {KEY_FIELD: key})


def compute_dates(agreement: Agreement, start: datetime) -> tuple[datetime, datetime | None]:
	"""When Helpdesk wants answer and end of a request that arrives at `start` (site's time zone, naive).

	Helpdesk's own `calc_time` counts, on agreements held in memory, so that a date can be told before anything
	is stored and even if the stored agreement is missing.

	:returns: answer by, and done by (None if no end is promised).
	"""
	response_by = _count(agreement.response_clock, agreement.response_seconds, start)
	if agreement.resolution_seconds is None:
		return response_by, None
	return response_by, _count(agreement.resolution_clock, agreement.resolution_seconds, start)


def make_clock_document(clock: Clock, seconds: int = 0) -> Document:
	"""A clock as a Helpdesk agreement in memory, with one priority, "any", answered in so many seconds."""
	doc = frappe.new_doc(DOCTYPE)
	doc.holiday_list = clock.holiday_list
	for window in clock.windows:
		times = {"start_time": timedelta(seconds=window.start), "end_time": timedelta(seconds=window.end)}
		doc.append("support_and_resolution", {"workday": window.weekday, **times})
	doc.append("priorities", {"priority": "any", "response_time": seconds})
	return doc


def _count(clock: Clock, seconds: int, start: datetime) -> datetime:
	doc = make_clock_document(clock, seconds)
	return get_datetime(doc.calc_time(start, "any", "response_time"))


@site_cache(ttl=60)
def promises_end(agreement_name: str | None) -> bool:
	"""Whether this HD SLA promises a date for the end; known by the process for a minute."""
	return bool(
		agreement_name and frappe.get_cached_value(DOCTYPE, agreement_name, "apply_sla_for_resolution")
	)


def choose_agreement(ticket: Document) -> None:
	"""Put the agreement that the request names on the ticket, after Helpdesk has chosen one of its own.

	Runs after `HDTicket.before_validate` on each save; `HDTicket.before_save` applies what then stands there. If
	the agreement is missing or off, what Helpdesk chose stays.
	"""
	name = frappe.db.get_value(DOCTYPE, {KEY_FIELD: ticket.cs_agreement, "enabled": 1})
	if name:
		ticket.sla = name


def drop_conditions() -> None:
	"""Take the conditions off agreements that were made when each had one."""
	for name in get_managed_names():
		frappe.db.set_value(DOCTYPE, name, {"condition": None, "condition_json": None}, update_modified=False)


def apply_own_clock(ticket: Document) -> None:
	"""Set the ticket's `response_by` from the answer's own clock, where there is one.

	Runs after Helpdesk's `before_save` has applied the agreement, and on each save, since Helpdesk derives the
	dates anew each time.
	"""
	if not ticket.get("cs_agreement") or not ticket.sla:
		return
	agreement = frappe.get_cached_doc(DOCTYPE, ticket.sla)
	clock = _find_answer_clock(agreement)
	if not clock or agreement.get(KEY_FIELD) != ticket.cs_agreement:
		return
	start = ticket.service_level_agreement_creation
	ticket.response_by = clock.calc_time(start, ticket.priority, "response_time")
	agreement.handle_agreement_status(ticket)


def get_managed_names() -> list[str]:
	"""Every HD SLA the app made."""
	return frappe.get_all(DOCTYPE, filters={KEY_FIELD: ("is", "set")}, pluck="name")


def add_priority_to_agreements(priority: str) -> None:
	"""Give a new priority a row in every managed agreement: one without it would be passed over in silence."""
	for name in get_managed_names():
		agreement = frappe.get_doc(DOCTYPE, name)
		if any(row.priority == priority for row in agreement.priorities):
			continue
		model = agreement.priorities[0]
		agreement.append(
			"priorities",
			{
				"priority": priority,
				"response_time": model.response_time,
				"resolution_time": model.resolution_time,
			},
		)
		with as_system(), quietly():
			agreement.save()


def recount_answers(holiday_list: str) -> None:
	"""Work out anew the open requests whose answer alone is counted by this list of holidays.

	Helpdesk does it for every ticket whose own agreement has the list; of the answer's clock it knows nothing.
	"""
	filters = {"holiday_list": holiday_list, KEY_FIELD: ("like", f"%{_RESPONSE_SUFFIX}")}
	for answer_key in frappe.get_all(DOCTYPE, filters, pluck=KEY_FIELD):
		key = answer_key.removesuffix(_RESPONSE_SUFFIX)
		if frappe.db.get_value(DOCTYPE, {KEY_FIELD: key}, "holiday_list") == holiday_list:
			continue
		for ticket in frappe.get_all(
			"HD Ticket", {"cs_agreement": key, "status_category": "Open"}, pluck="name"
		):
			frappe.get_doc("HD Ticket", ticket).save()


def remove_managed_agreements() -> None:
	"""Take the app's agreements away, leaving every ticket as it is.

	A ticket whose agreement is gone could not be saved any more (link validation), so it is pointed at the
	default agreement without being saved: its dates and its history stay.
	"""
	names = get_managed_names()
	default = frappe.db.get_value(DOCTYPE, {"default_sla": 1, "enabled": 1})
	if names and default:
		frappe.db.set_value("HD Ticket", {"sla": ("in", names)}, "sla", default, update_modified=False)
	for name in names:
		frappe.delete_doc(DOCTYPE, name, force=True, ignore_permissions=True)
	if frappe.db.exists("HD Service Holiday List", NO_HOLIDAYS):
		frappe.delete_doc("HD Service Holiday List", NO_HOLIDAYS, force=True, ignore_permissions=True)


def _insert_agreement(agreement: Agreement, title: str) -> None:
	doc = _new_agreement(
		agreement.key,
		title,
		agreement.resolution_clock,
		agreement.response_seconds,
		agreement.resolution_seconds,
	)
	doc.enabled = 1
	_insert_once(doc)


def _insert_answer_clock(agreement: Agreement, title: str) -> None:
	key = agreement.key + _RESPONSE_SUFFIX
	seconds = agreement.response_seconds
	doc = _new_agreement(key, f"{title} – answer", agreement.response_clock, seconds, None)
	doc.enabled = 0
	_insert_once(doc)


def _new_agreement(key: str, title: str, clock: Clock, response: int, resolution: int | None) -> Document:
	doc = frappe.new_doc(DOCTYPE)
	doc.set(KEY_FIELD, key)
	doc.service_level = f"{title[:110]} ({key})"
	doc.description = "Kept by Citizen Support. Change the targets on the service instead."
	doc.holiday_list = clock.holiday_list or _ensure_empty_holiday_list()
	doc.apply_sla_for_resolution = cint(resolution is not None)
	for window in clock.windows:
		doc.append(
			"support_and_resolution",
			{"workday": window.weekday, "start_time": _time(window.start), "end_time": _time(window.end)},
		)
	for row in _get_priorities():
		doc.append(
			"priorities",
			{
				"priority": row,
				"default_priority": cint(row == _default_priority()),
				# The row's answer must not be later than its end (SLA.validate); its own clock holds the real one.
				"response_time": min(response, resolution) if resolution else response,
				"resolution_time": resolution or max(_UNPROMISED_SECONDS, response),
			},
		)
	return doc


def _insert_once(doc: Document) -> None:
	"""Insert; if someone else was faster, theirs serves."""
	try:
		doc.insert(ignore_permissions=True)
	except frappe.DuplicateEntryError:
		frappe.clear_last_message()


def _find_answer_clock(agreement: Document) -> Document | None:
	name = find_agreement(f"{agreement.get(KEY_FIELD)}{_RESPONSE_SUFFIX}")
	return frappe.get_cached_doc(DOCTYPE, name) if name else None


def _get_priorities() -> list[str]:
	filters = {"disabled": 0} if frappe.get_meta("HD Ticket Priority").has_field("disabled") else {}
	return frappe.get_all("HD Ticket Priority", filters=filters, pluck="name", order_by="name")


def _default_priority() -> str:
	priorities = _get_priorities()
	return "Medium" if "Medium" in priorities else priorities[0]


def _ensure_empty_holiday_list() -> str:
	"""Calendar days skip nothing, but Helpdesk wants a list of holidays all the same."""
	if not frappe.db.exists("HD Service Holiday List", NO_HOLIDAYS):
		doc = frappe.new_doc("HD Service Holiday List")
		doc.update({"holiday_list_name": NO_HOLIDAYS, "from_date": "2000-01-01", "to_date": "2099-12-31"})
		doc.insert(ignore_permissions=True)
	return NO_HOLIDAYS


def _time(seconds: int) -> str:
	return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
