"""The linter's findings in words that say what to do."""

from frappe import _
from frappe.utils import formatdate

from citizen_support import catalogue
from citizen_support.publishing.examine import QUESTION, Finding


def explain(finding: Finding) -> str:
	"""A finding as a sentence, plain text."""
	details = finding.details
	if finding.problem.startswith(QUESTION):
		return catalogue.explain_question(finding.problem.removeprefix(QUESTION), *details)
	if finding.problem in ("pilot over", "holidays end"):
		details = (*details[:-1], formatdate(details[-1]))
	known = {
		**_explain_departments(),
		**_explain_questions(),
		**_explain_rules(),
		**_explain_texts(),
		**_explain_pilot(),
	}
	return known[finding.problem].format(*details)


def explain_missing(doctype: str, name: str, rule: int | None, kept: bool) -> str:
	"""What it means that something a version points at is not on this site any more.

	:param rule: number of the routing rule it stands in, if it stands in one.
	:param kept: the service keeps what it has there now.
	"""
	if doctype == "HD Article":
		return _("The answer “{0}” is no longer in the knowledge base, so it is left out.").format(name)
	if doctype == "HD Team" and rule:
		sentence = _("The team “{0}” no longer exists, so rule {1} goes to the department’s own team.")
		return sentence.format(name, rule)
	if doctype == "HD Ticket Priority" and rule:
		sentence = _("The priority “{0}” no longer exists, so rule {1} keeps the service’s own priority.")
		return sentence.format(name, rule)
	if doctype in ("HD Ticket Type", "HD Ticket Priority"):
		sentence = (
			_("“{0}” no longer exists, so what is set now stays.")
			if kept
			else _("“{0}” no longer exists, so nothing is set there.")
		)
		return sentence.format(name)
	return _(
		"“{0}” no longer exists, and the service cannot be without it. Please make it again first."
	).format(name)


def _explain_departments() -> dict[str, str]:
	return {
		"no department": _("Choose the department that answers."),
		"no team": _(
			"Nobody would get the requests: {0} cannot take them, and neither can the front desk. {1} Give the "
			"department a working team, or choose another department."
		),
		"front desk instead": _(
			"{0} cannot take requests, so the front desk would get them. {1} Mend the team, or choose another "
			"department."
		),
		"no way to reach": _(
			"Residents could not reach {0}: give it a phone number or an e-mail address, or give the city one in the "
			"settings."
		),
		"promise": _("The promised dates cannot be calculated from {0}’s opening hours. {1}"),
		"holidays end": _(
			"The list of holidays “{0}” ends on {1}, sooner than promises reach. Fill it further in the settings, or "
			"dates will fall on holidays."
		),
		"no holidays": _(
			"No list of holidays counts for {0}, so dates may fall on public holidays. Choose your country in the "
			"settings and fill the holidays in."
		),
		"nobody asked for contact": _(
			"An answer is promised, but nobody is asked for an e-mail address or a phone number. Residents would see "
			"the answer only if they keep the link to their request. Ask for at least one."
		),
	}


def _explain_questions() -> dict[str, str]:
	return {
		"question never reached": _(
			"“{0}” is never asked: whoever would get there has given an answer to “{1}” that ends the form. Change its "
			"condition, or which answers end the form."
		),
		"question never asked": _(
			"“{0}” is never asked: it waits for an answer to “{1}” that nobody can give. Change its condition, or take "
			"it out."
		),
	}


def _explain_rules() -> dict[str, str]:
	return {
		"rule at fault": "{0}",
		"rule never applies": _(
			"Routing rule {0} never applies: rule {1} always wins before it. Move it up, narrow the earlier one, or "
			"take it out."
		),
		"rule repeats": _("Routing rule {0} says the same as rule {1}. Take one of them out."),
		"rule without requests": _(
			"Routing rule {0} never applies: the answers it waits for end the form, so no request brings them. Take it "
			"out, or let the form go on."
		),
		"rule department": _(
			"Routing rule {0} sends requests to {1}, which cannot take them, so the front desk would get them. {2}"
		),
	}


def _explain_texts() -> dict[str, str]:
	return {
		"texts missing": _(
			"{0}: {1} texts are not translated, the first is “{2}”. Residents see them in the language they were "
			"written in."
		),
		"texts outdated": _(
			"{0}: {1} translations are older than their text, the first is “{2}”. Look whether they still fit."
		),
		"article not published": _(
			"The answer “{0}” is not published in the knowledge base, so nobody sees it."
		),
	}


def _explain_pilot() -> dict[str, str]:
	return {
		"pilot without area": _("Choose the area of the pilot, or let in others than those of an area."),
		"pilot share": _("The share of visitors is 1 to 100 percent."),
		"pilot without goals": _(
			"No goals are stated. Write down now what the pilot is to show, so that the report can measure it."
		),
		"pilot over": _("The pilot was to end on {0}. Set a later day, or end it."),
	}
