"""Helpdesk's settings, in plain sentences."""

from frappe import _

from citizen_support.health.rules import IT, MANAGER


def get_words() -> dict[str, tuple[str, str, str]]:
	"""Who mends it, what is wrong, and the remedy, by problem."""
	return {**_setting_words(), **_agreement_words(), **_version_words()}


def _setting_words() -> dict[str, tuple[str, str, str]]:
	return {
		"guest tickets": (
			MANAGER,
			_("Helpdesk lets visitors make tickets of their own. They can then read each other’s."),
			_(
				"Switch off “Allow anyone to create tickets” in the Helpdesk settings. The portal does not need it."
			),
		),
		"acknowledged twice": (
			MANAGER,
			_(
				"Helpdesk acknowledges tickets that come by mail by itself, at once: residents may be told twice, and while the mail server is down such tickets fail."
			),
			_("Untick “Enabled” under “Acknowledgement” in the Helpdesk settings."),
		),
		"public customer domain": (
			MANAGER,
			_("The Helpdesk customer “{0}” has the mail domain {1}, which many people share."),
			_("Clear the domain, or residents may see each other’s requests."),
		),
	}


def _agreement_words() -> dict[str, tuple[str, str, str]]:
	return {
		"no default agreement": (
			MANAGER,
			_("Helpdesk has no default service level agreement, so no ticket can be saved."),
			_("Mark one agreement as the default one and enable it."),
		),
		"several default agreements": (
			MANAGER,
			_(
				"Helpdesk has several default agreements, {0}, and takes any of them for a ticket without one."
			),
			_("Leave only one of them marked as default."),
		),
		"agreement off": (
			MANAGER,
			_("The agreement “{0}” is off, so its requests run to another date than residents were told."),
			_("Open it and tick “Enabled”."),
		),
		"agreement changed": (
			MANAGER,
			_(
				"Somebody changed the agreement “{0}”, so its requests run to another date than residents were told."
			),
			_(
				"Undo the change: its history shows what it was. Targets are changed on the service, not here."
			),
		),
	}


def _version_words() -> dict[str, tuple[str, str, str]]:
	return {
		"helpdesk too old": (
			IT,
			_("This Helpdesk lacks what the app needs: {0}."),
			_("Bring Helpdesk up to date with “bench update”."),
		),
		"helpdesk not tested": (
			IT,
			_("Citizen Support has not been tried on Helpdesk {0}."),
			_("Look for a newer Citizen Support, or go back to a Helpdesk it was made for."),
		),
		"own fields missing": (
			IT,
			_("Fields that the app adds to Helpdesk’s forms are missing: {0}. Requests cannot be filed."),
			_("Run: bench --site … migrate"),
		),
	}
