"""Findings in plain sentences: what is wrong, and what mends it."""

from frappe import _

from citizen_support.health.rules import Finding


def explain(finding: Finding) -> tuple[str, str]:
	"""What is wrong and how to mend it, in the language of the moment."""
	sentence, remedy = (_people_sentences() | _system_sentences())[finding.problem]
	return sentence.format(*finding.details), remedy.format(*finding.details)


def _people_sentences() -> dict[str, tuple[str, str]]:
	"""What a Citizen Support Manager can mend."""
	return {
		"no front desk": (
			_("No front desk is chosen, so a request that has nowhere else to go waits without a team."),
			_("Choose a department under “Requests”."),
		),
		"front desk off": (
			_("The front desk, {0}, takes no requests."),
			_("Tick “Takes requests” on it, or choose another front desk in the settings."),
		),
		"front desk team": (
			_("The front desk, {0}, cannot take requests. {1}"),
			_("Give it a Helpdesk team with at least one member."),
		),
		"department team": (
			_("{0} cannot take requests. {1} Until then the front desk gets them."),
			_("Give the department a Helpdesk team with at least one member."),
		),
		"service of closed department": (
			_("“{0}” is published, but {1} takes no requests. The front desk gets them."),
			_("Choose another department for the service, or retire it."),
		),
		"stuck submissions": (
			_(
				"Requests that could not be filed: {0}. Their senders have a reference, your teams have no ticket."
			),
			_("Open each one, read the reason and press “File again”."),
		),
		"no holidays": (
			_("There is no list of holidays, so promised dates can fall on one."),
			_("Choose a country under “Holidays”, or choose a list."),
		),
		"holidays gone": (
			_("The list of holidays “{0}” does not exist any more."),
			_("Choose another list, in the settings or on the departments that name it."),
		),
		"holidays end": (
			_("The list of holidays “{0}” ends on {1}. Dates promised beyond it know no holidays."),
			_("Press “Fill holidays now” in the settings, or add days and a later end to the list."),
		),
		"guest tickets": (
			_("Helpdesk lets visitors make tickets of their own. They can then read each other’s."),
			_(
				"Switch off “Allow anyone to create tickets” in the Helpdesk settings. The portal does not need it."
			),
		),
		"no default agreement": (
			_("Helpdesk has no default service level agreement, so no ticket can be saved."),
			_("Mark one agreement as the default one and enable it."),
		),
		"public customer domain": (
			_("The Helpdesk customer “{0}” has the mail domain {1}, which many people share."),
			_("Clear the domain, or residents may see each other’s requests."),
		),
	}


def _system_sentences() -> dict[str, tuple[str, str]]:
	"""What needs the System Manager."""
	return {
		"no outgoing mail": (
			_("No mail can be sent: there is no default outgoing mail account."),
			_("Ask your System Manager to set one up. Residents see their reference on the page meanwhile."),
		),
		"failed mails": (
			_("Messages to residents that could not be sent in the last 30 days: {0}."),
			_("Ask your System Manager to look at the Email Queue, and call the residents if it matters."),
		),
		"guest uploads": (
			_("Anyone may upload files to this site without logging in."),
			_(
				"Ask your System Manager to switch off “Allow guests to upload files”. The portal does not need it."
			),
		),
		"no host name": (
			_("The site does not know its public address, so links in messages may lead nowhere."),
			_("IT sets it once: bench --site … set-config host_name https://your-address"),
		),
		"no time zone": (
			_("The site has no time zone, so promised times may be wrong."),
			_("Ask your System Manager to set it in the System Settings."),
		),
		"scheduler off": (
			_("The scheduler is off: no mail goes out, and requests that failed are not tried again."),
			_("Ask your System Manager to run “bench enable-scheduler” for this site."),
		),
		"scheduler late": (
			_("No background job has run for more than a quarter of an hour, so mail may be waiting."),
			_("Ask your System Manager whether the bench’s scheduler and workers are running."),
		),
		"no encryption key": (
			_("The site has no encryption key yet, on which the links to requests rest."),
			_(
				"Ask your System Manager to add “encryption_key” to the site’s configuration, and to back it up."
			),
		),
	}
