"""The app's own words for each notice; what "restore the original" brings back."""

from frappe import _

from citizen_support.notices.rules import CONFIRMATION, DONE, FRESH_LINK, UPDATE


def get_original(notice: str) -> dict[str, str]:
	"""Subject, opening and ending of a notice in the language of the moment."""
	return {
		CONFIRMATION: {
			"subject": _("{reference}: we have your request"),
			"opening": _(
				"Thank you. Your request “{service}” has reached us and is now with {department}.\n\n"
				"You don't need to do anything else. We will write to you as soon as there is news."
			),
			"ending": _("You can simply reply to this message if you have something to add."),
		},
		UPDATE: {
			"subject": _("{reference}: news of your request"),
			"opening": _("There is news of your request “{service}”.\n\n{state}"),
			"ending": _("You can simply reply to this message if you have something to add."),
		},
		DONE: {
			"subject": _("{reference}: your request is done"),
			"opening": _("Your request “{service}” is done.\n\n{outcome}"),
			"ending": _(
				"Not solved? Reply to this message, or write on the page of your request, and it is open again."
			),
		},
		FRESH_LINK: {
			"subject": _("{reference}: the link to your request"),
			"opening": _(
				"Someone, most likely you, asked for the link to the page of your request “{service}”. Here it is."
			),
			"ending": _("If you did not ask for it, you need not do anything."),
		},
	}[notice]
