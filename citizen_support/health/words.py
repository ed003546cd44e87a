"""Findings in plain sentences: what is wrong and what it means, what mends it, and who can."""

from dataclasses import dataclass

from frappe import _

from citizen_support.health.city.words import get_words as get_city_words
from citizen_support.health.delivery.words import get_words as get_delivery_words
from citizen_support.health.helpdesk.words import get_words as get_helpdesk_words
from citizen_support.health.rules import (
	CITY,
	DELIVERY,
	HELPDESK,
	IT,
	NOT_CHECKED,
	SECURITY,
	SERVER,
	Finding,
)
from citizen_support.health.security.words import get_words as get_security_words
from citizen_support.health.server.words import get_words as get_server_words


@dataclass(frozen=True)
class Explanation:
	"""A finding in the language of the moment; `mender` is MANAGER or IT."""

	sentence: str
	remedy: str
	mender: str


def explain(finding: Finding) -> Explanation:
	"""What is wrong, how to mend it, and who can."""
	mender, sentence, remedy = get_all_words()[finding.problem]
	return Explanation(sentence.format(*finding.details), remedy.format(*finding.details), mender)


def get_all_words() -> dict[str, tuple[str, str, str]]:
	"""Who mends it, what is wrong, and the remedy, of every problem there is."""
	return {
		NOT_CHECKED: (
			IT,
			_("This could not be checked: {0} ({1})."),
			_("Run “bench --site … citizen-support doctor” on the server, and look into the Error Log."),
		),
		**get_city_words(),
		**get_delivery_words(),
		**get_helpdesk_words(),
		**get_security_words(),
		**get_server_words(),
	}


def name_area(area: str) -> str:
	"""An area as a heading."""
	return {
		CITY: _("Your city"),
		DELIVERY: _("Requests and messages"),
		HELPDESK: _("Helpdesk"),
		SECURITY: _("Security"),
		SERVER: _("Server"),
	}[area]
