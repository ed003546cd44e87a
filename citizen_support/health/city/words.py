"""Departments, services, holidays and people, in plain sentences."""

from frappe import _

from citizen_support.health.rules import IT, MANAGER


def get_words() -> dict[str, tuple[str, str, str]]:
	"""Who mends it, what is wrong, and the remedy, by problem."""
	return {**_department_words(), **_service_words(), **_calendar_words(), **_people_words()}


def _department_words() -> dict[str, tuple[str, str, str]]:
	return {
		"no front desk": (
			MANAGER,
			_("No front desk is chosen, so a request that has nowhere else to go waits without a team."),
			_("Choose a department under “Requests”."),
		),
		"front desk off": (
			MANAGER,
			_("The front desk, {0}, takes no requests."),
			_("Tick “Takes requests” on it, or choose another front desk in the settings."),
		),
		"front desk team": (
			MANAGER,
			_("The front desk, {0}, cannot take requests. {1}"),
			_("Give it a Helpdesk team with at least one member."),
		),
		"department team": (
			MANAGER,
			_("{0} cannot take requests. {1} The front desk gets those of its services on offer: {2}."),
			_("Give the department a Helpdesk team with at least one member."),
		),
		"no contact": (
			MANAGER,
			_("{0} gives residents neither phone nor e-mail, and answers services on offer: {1}."),
			_("Enter one of them on the department, or the city’s in the settings."),
		),
	}


def _service_words() -> dict[str, tuple[str, str, str]]:
	return {
		"rule team": (
			MANAGER,
			_(
				"A routing rule of “{0}” names a team that cannot take requests. {1} The front desk gets them."
			),
			_("Choose another team in the rule, or give the team at least one member."),
		),
		"service of closed department": (
			MANAGER,
			_("“{0}” is on offer, but {1} takes no requests. The front desk gets them."),
			_("Choose another department for the service, or retire it."),
		),
		"service without promise": (
			MANAGER,
			_("“{0}” is on offer, but no date can be promised for it. {1}"),
			_("Correct the promise on the service, or the opening hours of its department."),
		),
		"nothing published": (
			MANAGER,
			_("No service is published, so residents find an empty page."),
			_("Publish at least one service."),
		),
	}


def _calendar_words() -> dict[str, tuple[str, str, str]]:
	return {
		"no holidays": (
			MANAGER,
			_("There is no list of holidays, so promised dates can fall on one."),
			_("Choose a country under “Holidays”, or choose a list."),
		),
		"holidays gone": (
			MANAGER,
			_("The list of holidays “{0}” does not exist any more."),
			_("Choose another list, in the settings or on the departments that name it."),
		),
		"holidays end": (
			MANAGER,
			_("The list of holidays “{0}” ends on {1}. Dates promised after that ignore holidays."),
			_("Press “Fill holidays now” in the settings, or add days and a later end to the list."),
		),
	}


def _people_words() -> dict[str, tuple[str, str, str]]:
	return {
		"no manager": (
			IT,
			_("Nobody with a log-in is a Citizen Support Manager, so nobody is told of what goes wrong."),
			_("Give the role “Citizen Support Manager” to the people who run the citizen desk."),
		),
		"manager without Helpdesk": (
			IT,
			_("Citizen Support Managers who can choose no Helpdesk teams or articles: {0}."),
			_(
				"Give them Helpdesk’s role “Agent” as well; “Agent Manager” alone does not let them read these."
			),
		),
		"no privacy statement": (
			MANAGER,
			_("There is no privacy statement, though every form asks for personal data."),
			_("Write it in the settings under “Statements”."),
		),
		"city without contact": (
			MANAGER,
			_("The city gives neither phone nor e-mail, so residents whose form fails can reach nobody."),
			_("Enter one of them in the settings under “City”."),
		),
	}
