"""Sentences for what is wrong with a form, in the visitor's language."""

from frappe import _

from citizen_support.intake.rules import Problem


def explain(problem: Problem) -> str:
	"""The sentence of a problem, saying what to do."""
	return _sentences()[problem.name].format(*problem.details)


def _sentences() -> dict[str, str]:
	return {
		"missing": _("Please answer this question."),
		"missing file": _("Please add a photo or document."),
		"missing name": _("Please give your name."),
		"missing email": _("Please give your e-mail address."),
		"missing phone": _("Please give your phone number."),
		"missing contact": _("Please give an e-mail address or a phone number, so that we can answer you."),
		"missing rating": _("Please choose one of the five answers."),
		"missing message": _("Please write a message or add a file."),
		"too long": _("This is too long. Please use at most {0} characters."),
		"not a choice": _("Please choose one of the answers shown."),
		"not a number": _("Please give a number, for example 12."),
		"too small": _("Please give {0} or more."),
		"too large": _("Please give {0} or less."),
		"not a date": _("Please give a day as year-month-day, for example 2026-03-31."),
		"too early": _("Please give {0} or a later day."),
		"too late": _("Please give {0} or an earlier day."),
		"not an email": _("Please give one e-mail address, for example name@example.org."),
		"not a phone": _("Please give a phone number with its area code, for example +1 202 555 0123."),
		"file too big": _("“{0}” is larger than {1} MB. Please choose a smaller file."),
		"file unreadable": _("“{0}” cannot be read as a photo or PDF. Please choose another file."),
		"file type": _(
			"“{0}” is neither a photo nor a PDF. Please choose a JPEG, PNG, WebP, HEIC or PDF file."
		),
		"too many pixels": _(
			"“{0}” has more than {1} million pixels. Please make the picture smaller, or take it with a lower resolution."
		),
		"file empty": _("“{0}” is empty. Please choose another file."),
		"too many files": _("You can add up to {0} files. “{1}” was left out."),
		"no more files now": _(
			"We cannot take more files at the moment. Please try again in {0}, or send this without files."
		),
		"not a reference": _("A reference has eight letters and digits, for example K7QM-2F4J."),
		"missing reference": _("Please give the reference of your request."),
	}
