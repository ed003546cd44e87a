"""Reading how requests and messages get along."""

from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from citizen_support.health.delivery import rules
from citizen_support.health.rules import DELIVERY, SETTINGS, Check
from citizen_support.host import mail_state, sms
from citizen_support.host.mail import has_outgoing_account

FAILED_MAILS_DAYS = 30
SMS_SWITCH = "send_sms"
PORTAL_ERRORS = "Portal page failed%"


def list_checks() -> tuple[Check, ...]:
	"""What is looked at, in order."""
	return (
		Check(_("submissions"), DELIVERY, read_submissions, (rules.find_submissions,)),
		Check(_("mail accounts"), DELIVERY, read_accounts, (rules.find_accounts,)),
		Check(_("queue of mails"), DELIVERY, read_mail, (rules.find_mail,)),
		Check(_("messages to residents"), DELIVERY, read_notices, (rules.find_notices,)),
		Check(_("SMS"), DELIVERY, read_text_messages, (rules.find_text_messages,)),
		Check(_("errors of the portal"), DELIVERY, read_errors, (rules.find_errors,)),
	)


def read_submissions() -> rules.Submissions:
	waiting = frappe.get_all(
		rules.SUBMISSION,
		filters={"state": "Received", "ticket": ("is", "not set")},
		fields=["count(name) as number", "min(received_at) as first"],
	)[0]
	return rules.Submissions(
		stuck=frappe.db.count(rules.SUBMISSION, {"state": "Needs Attention"}),
		waiting=waiting.number,
		longest_wait=now_datetime() - get_datetime(waiting.first) if waiting.first else timedelta(0),
	)


def read_accounts() -> rules.Accounts:
	incoming = mail_state.list_incoming_accounts()
	return rules.Accounts(
		has_outgoing=has_outgoing_account(),
		outgoing_off=tuple(mail_state.list_broken_defaults()),
		has_incoming=bool(incoming),
		appends=bool(incoming and mail_state.find_appending(incoming)),
	)


def read_mail() -> rules.Mail:
	now = now_datetime()
	return rules.Mail(
		is_muted=bool(frappe.conf.mute_emails),
		is_suspended=mail_state.is_queue_suspended(),
		failed=mail_state.count_failed(now - timedelta(days=FAILED_MAILS_DAYS)),
		sending=mail_state.count_in_queue(("Sending",), now - rules.MAIL_IS_LATE),
		late=mail_state.count_in_queue(("Not Sent", "Partially Sent"), now - rules.MAIL_IS_LATE),
	)


def read_notices() -> rules.Notices:
	waiting = frappe.get_all(
		rules.NOTICE,
		filters={"state": "Waiting"},
		fields=["count(name) as number", "min(waiting_since) as first"],
	)[0]
	lately = now_datetime() - timedelta(days=FAILED_MAILS_DAYS)
	return rules.Notices(
		waiting=waiting.number,
		longest_wait=now_datetime() - get_datetime(waiting.first) if waiting.first else timedelta(0),
		given_up=frappe.db.count(rules.NOTICE, {"state": "Failed", "creation": (">", lately)}),
	)


def read_text_messages() -> rules.TextMessages:
	return rules.TextMessages(bool(frappe.get_cached_doc(SETTINGS).get(SMS_SWITCH)), sms.has_gateway())


def read_errors() -> rules.Errors:
	filters = {"method": ("like", PORTAL_ERRORS), "creation": (">", now_datetime() - timedelta(days=1))}
	return rules.Errors(frappe.db.count("Error Log", filters))
