"""Keeping service, department, team, priority and agreement of a request in step."""

from collections.abc import Mapping
from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, get_datetime, now_datetime

from citizen_support import intake, promise, publishing, residents, routing
from citizen_support.catalogue import read_service
from citizen_support.catalogue.rules import PLACE
from citizen_support.host import tickets
from citizen_support.host.errors import log_failure
from citizen_support.host.session import as_system
from citizen_support.host.teams import find_team_problem
from citizen_support.promise.rules import pack_targets, unpack_targets
from citizen_support.requests.concerns import tell_managers
from citizen_support.setup.custom_fields import get_fieldnames, get_inner_fieldnames
from citizen_support.tracking.rules import make_reference

SUBMISSION = "Service Submission"


def assign_new(ticket: Document) -> None:
	"""Route a new request and set everything the ticket needs of it."""
	service = _read_service(ticket)
	ticket.cs_reference = ticket.cs_reference or make_reference()
	ticket.cs_key_version = ticket.cs_key_version or 1
	sent_in = _read_submission(ticket)
	# Before the resident gets a record: whoever writes for the first time is new.
	facts = _make_facts(ticket, service, sent_in, now_datetime())
	_name_resident(ticket)
	route = routing.route(service, facts)
	kept = unpack_targets(sent_in.promised_targets) if sent_in else {}
	_apply_route(ticket, service, route, {**route.targets, **kept})
	ticket.ticket_type = ticket.ticket_type or service["ticket_type"]


def assign_changed(ticket: Document) -> bool:
	"""Bring the request into step after staff changed its service, department or team.

	:returns: whether the agreement has to be chosen anew.
	"""
	before = ticket.get_doc_before_save()
	if not before:
		return False
	keep_from_customers(ticket, before)
	if ticket.cs_service != before.cs_service:
		return _follow_service(ticket)
	if ticket.cs_department != before.cs_department and ticket.cs_department:
		return _follow_department(ticket, before)
	if ticket.agent_group != before.agent_group and ticket.agent_group:
		return _follow_team(ticket)
	return False


def clear_inner_fields(ticket: Document) -> None:
	"""Forget what only the app may set, on a ticket that anyone else makes.

	Helpdesk copies every field of a ticket that is split, and its API takes whatever fields a customer sends.
	"""
	is_agent = tickets.is_edited_by_agent()
	for fieldname in get_inner_fieldnames() if is_agent else get_fieldnames():
		if fieldname != "cs_service":
			ticket.set(fieldname, None)
	ticket.cs_key_version = 1
	if not is_agent:
		_require_published(ticket)
		# Or a customer could have the city write to whomever they name.
		tickets.set_sender_to_session(ticket)


def became_request(ticket: Document) -> bool:
	"""Whether the ticket has just been given its first service; a part split off has had one from the start."""
	before = ticket.get_doc_before_save()
	return bool(ticket.cs_service and before and not before.cs_service)


def keep_from_customers(ticket: Document, before: Document) -> None:
	"""Undo what a customer changed in the app's fields; that is for agents, and some of it for nobody."""
	if tickets.is_edited_by_agent():
		kept = get_inner_fieldnames()
	else:
		# To whom the city writes is no more a customer's to change than what it says.
		kept = [*get_fieldnames(), *tickets.SENDER_FIELDS]
		tickets.make_texts_harmless(ticket)
	for fieldname in kept:
		ticket.set(fieldname, before.get(fieldname))


def note_reason(ticket: Document) -> None:
	"""Keep the reason in Helpdesk's activity, where agents look for what happened."""
	if ticket.cs_routed_because:
		tickets.log_activity(str(ticket.name), ticket.cs_routed_because)


def _require_published(ticket: Document) -> None:
	"""Customers ask for what everybody may ask for: pilots and drafts have doors and limits of their own."""
	status = (
		frappe.db.get_value("Municipal Service", ticket.cs_service, "status") if ticket.cs_service else None
	)
	if ticket.cs_service and status != "Published":
		frappe.throw(_("This service cannot be asked for here."), frappe.PermissionError)


def _apply_route(ticket: Document, service: Mapping, route: routing.Route, targets: Mapping) -> None:
	"""Send the ticket where the route says.

	:param targets: what was promised to it, which may be older than what the service promises now.
	"""
	ticket.cs_department = route.department
	ticket.agent_group = route.team
	ticket.priority = route.priority
	ticket.cs_routed_because = route.reason
	ticket.cs_targets = pack_targets(targets)
	_set_agreement(ticket, service)
	if route.concern:
		tell_managers(route.concern)


def _name_resident(ticket: Document) -> None:
	"""Who it is from and how it came, on a ticket that did not come through the portal."""
	if not ticket.cs_channel and ticket.email_account:
		ticket.cs_channel = "E-mail"
	email = residents.normalise_email(ticket.raised_by)
	if ticket.cs_citizen or not email or tickets.is_staff(email):
		return
	name = frappe.db.get_value("Contact", ticket.contact, "full_name") if ticket.contact else None
	with as_system():
		ticket.cs_citizen = residents.find_or_make_citizen(name, email, ticket.cs_phone, None)


def _set_agreement(ticket: Document, service: Mapping) -> None:
	"""The agreement of what was promised with its department's hours; Helpdesk's default serves if it cannot be made."""
	promised = {**service, **unpack_targets(ticket.cs_targets)}
	try:
		ticket.cs_agreement = promise.ensure_agreement(promised, ticket.cs_department)
	except ValueError as problem:
		ticket.cs_agreement = None
		tell_managers(
			_("“{0}” has no promise that can be counted: {1}.").format(service["title"], str(problem))
		)
	except frappe.ValidationError:
		ticket.cs_agreement = None
		log_failure(f"Agreement of {service['code']} could not be made")
		tell_managers(_("Helpdesk did not accept the promise of “{0}”.").format(service["title"]))


def _read_service(ticket: Document) -> dict:
	"""The ticket's service, whatever its status; from the cache, as it is read once more for each ticket."""
	return read_service(frappe.get_cached_doc("Municipal Service", ticket.cs_service))


def _read_submission(ticket: Document) -> frappe._dict | None:
	"""What was sent in, if the ticket came from a form."""
	fields = ["answers", "channel", "received_at", "contact_email", "promised_targets"]
	return frappe.db.get_value(SUBMISSION, ticket.cs_reference, fields, as_dict=True)


def _make_facts(
	ticket: Document, service: Mapping, sent_in: frappe._dict | None, received_at: datetime
) -> routing.Facts:
	"""What routing may look at: the answers as they were sent in, or what stands on the ticket.

	:param received_at: of a ticket that did not come from a form.
	"""
	if sent_in:
		answers, moment = intake.read_answers(sent_in), get_datetime(sent_in.received_at)
		return routing.make_facts(service, answers, sent_in.channel, moment, sent_in.contact_email)
	email = residents.normalise_email(ticket.raised_by)
	return routing.make_facts(
		service, [_read_place(ticket)], ticket.cs_channel or "E-mail", received_at, email
	)


def _read_place(ticket: Document) -> intake.Answer:
	"""The ticket's place, as if it had been answered; a ticket without a position has zeros for it."""
	latitude, longitude = flt(ticket.cs_latitude), flt(ticket.cs_longitude)
	has_position = bool(latitude or longitude)
	return intake.Answer(
		key="",
		label="",
		type=PLACE,
		values=(ticket.cs_place or "",),
		latitude=latitude if has_position else None,
		longitude=longitude if has_position else None,
	)


def _follow_service(ticket: Document) -> bool:
	if not ticket.cs_service:
		frappe.throw(_("A request keeps a service. Please choose another one instead of none."))
	service = _read_service(ticket)
	facts = _make_facts(ticket, service, _read_submission(ticket), get_datetime(ticket.creation))
	route = routing.route(service, facts)
	_apply_route(ticket, service, route, route.targets)
	ticket.cs_reference = ticket.cs_reference or make_reference()
	_name_resident(ticket)
	return True


def _follow_department(ticket: Document, before: Document) -> bool:
	"""A hand-over: the new department's team, hours and holidays."""
	department = frappe.get_cached_doc("Municipal Department", ticket.cs_department)
	if ticket.agent_group == before.agent_group:
		problem = find_team_problem(department.team)
		if problem:
			frappe.throw(
				_("{0} cannot take this request. {1}").format(department.department_name, problem),
				title=_("Hand over"),
			)
		ticket.agent_group = department.team
	return _note_hand_over(ticket, department)


def _follow_team(ticket: Document) -> bool:
	"""A team that belongs to one department only brings the request to that department."""
	filters = {"team": ticket.agent_group, "enabled": 1}
	owners = frappe.get_all("Municipal Department", filters, pluck="name", limit=2)
	if len(owners) != 1 or owners[0] == ticket.cs_department:
		return False
	ticket.cs_department = owners[0]
	return _note_hand_over(ticket, frappe.get_cached_doc("Municipal Department", owners[0]))


def _note_hand_over(ticket: Document, department: Document) -> bool:
	by = frappe.utils.get_fullname(frappe.session.user)
	sentence = _("It was handed over to {0} by {1}.").format(department.department_name, by)
	tickets.log_activity(str(ticket.name), sentence)
	ticket.cs_routed_because = "\n".join([sentence, *_keep_first_reason(ticket.cs_routed_because)])
	service = _read_service(ticket)
	if not ticket.cs_targets:
		# A request from before targets were kept with it.
		then = publishing.find_targets_at(ticket.cs_service, get_datetime(ticket.creation))
		ticket.cs_targets = pack_targets({**service, **then})
	_set_agreement(ticket, service)
	return True


def _keep_first_reason(reason: str | None) -> list[str]:
	"""The line that says why a request came where it was at first; it stays the last one through all hand-overs."""
	lines = (reason or "").splitlines()
	return [_("At first: {0}").format(lines[0])] if len(lines) == 1 else lines[-1:]
