"""Submissions, mail and SMS, in plain sentences."""

from frappe import _

from citizen_support.health.rules import IT, MANAGER


def get_words() -> dict[str, tuple[str, str, str]]:
	"""Who mends it, what is wrong, and the remedy, by problem."""
	return {**_request_words(), **_account_words(), **_mail_words(), **_notice_words()}


def _request_words() -> dict[str, tuple[str, str, str]]:
	return {
		"stuck submissions": (
			MANAGER,
			_(
				"Requests that could not be filed: {0}. Their senders have a reference, your teams have no ticket."
			),
			_("Open each one, read the reason and press “File again”."),
		),
		"waiting submissions": (
			MANAGER,
			_("Requests that wait for their ticket: {0}. The oldest has waited {1} minutes."),
			_("Open the oldest, read why it failed, and see below whether scheduler and workers run."),
		),
		"portal errors": (
			IT,
			_("Failures of portal pages in the last 24 hours: {0}. Somebody saw an error page."),
			_("Look into the Error Log for “Portal page failed”."),
		),
	}


def _account_words() -> dict[str, tuple[str, str, str]]:
	return {
		"no outgoing mail": (
			IT,
			_(
				"No mail can be sent: there is no default outgoing account. Residents see their reference on the page only."
			),
			_("Set up an Email Account with “Enable Outgoing” and “Default Outgoing”."),
		),
		"outgoing mail off": (
			IT,
			_(
				"The mail account “{0}” is to send the site’s mail, but it is off, or its password is missing or can no longer be read."
			),
			_("Open the account, enter its password and tick “Enable Outgoing”."),
		),
		"no incoming mail": (
			IT,
			_("No account fetches mail, so what residents reply by mail never reaches their request."),
			_("Tick “Enable Incoming” on the account that sends, and choose HD Ticket under “Append To”."),
		),
		"incoming mail elsewhere": (
			IT,
			_("Mail is fetched, but no account puts it on tickets, so residents’ mail goes unseen."),
			_("Choose HD Ticket under “Append To” of the account, or of its IMAP folder."),
		),
	}


def _mail_words() -> dict[str, tuple[str, str, str]]:
	return {
		"mails muted": (
			IT,
			_("All mail of this site is muted, so residents are told nothing by mail."),
			_("Run: bench --site … set-config mute_emails 0"),
		),
		"mails suspended": (
			IT,
			_("Somebody has suspended the sending of mail, so every message waits."),
			_("Press “Resume Sending” in the list of mails."),
		),
		"failed mails": (
			IT,
			_("Messages to residents that could not be sent in the last 30 days: {0}."),
			_(
				"Read the errors in the Email Queue and send again what still matters; call the residents if it is urgent."
			),
		),
		"stuck mails": (
			IT,
			_("Mails that have been “Sending” for more than half an hour: {0}. Their worker probably died."),
			_("See whether workers run; Frappe then takes these mails up again by itself."),
		),
		"late mails": (
			IT,
			_("Mails that wait for more than half an hour: {0}. The mail server may be down."),
			_(
				"Read the error of the oldest one in the Email Queue, and see whether scheduler and workers run."
			),
		),
	}


def _notice_words() -> dict[str, tuple[str, str, str]]:
	return {
		"waiting notices": (
			IT,
			_("Messages to residents that nobody has sent yet: {0}. The oldest has waited {1} minutes."),
			_("See whether mail server or SMS gateway answer, and whether scheduler and workers run."),
		),
		"notices given up": (
			IT,
			_("Messages to residents that were given up: {0}."),
			_("Read why on each of them, fix it and send them again; call the residents if it is urgent."),
		),
		"no SMS gateway": (
			IT,
			_("Residents are to be told by SMS, but no gateway is named, so no SMS goes out."),
			_("Fill in the SMS Settings, or switch SMS off in the settings under “Requests”."),
		),
	}
