"""What is wrong with a service's questions, in sentences for the team."""

from frappe import _


def explain_question(problem: str, label: str, detail: str) -> str:
	"""What to do about a question nobody could answer or reach, plain text; the parts are those of a `Finding`."""
	sentences = {
		"too many": _("{0} questions are too many; at most {1} can be asked."),
		"key twice": _("“{0}”: another question already has the key “{1}”."),
		"too few choices": _("“{0}” needs at least two choices, one a line."),
		"condition not earlier": _("“{0}” depends on “{1}”, which is not a question before it."),
		"condition not a choice": _(
			"“{0}” can only depend on a choice or a yes-or-no question, and “{1}” is neither."
		),
		"condition without values": _("“{0}”: say which answers to “{1}” make it appear."),
		"condition value unknown": _("“{0}” waits for the answer “{1}”, which cannot be chosen."),
		"bound unreadable": _("“{0}”: “{1}” is not a number, or not a day such as 2026-01-31 or “today”."),
		"bounds crossed": _("“{0}”: the smallest value is larger than the largest."),
		"end not a choice": _(
			"“{0}”: only answers to a choice or a yes-or-no question can end the form. Take them out, or change the kind of answer."
		),
		"end value unknown": _("“{0}”: the answer “{1}” is to end the form, but cannot be chosen."),
		"end without message": _("“{0}”: write what residents are told when their answer ends the form."),
		"every answer ends": _("“{0}”: every answer ends the form, so nobody could ever send it."),
	}
	return sentences[problem].format(label, detail)
