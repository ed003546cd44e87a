"""Routing rules in words, while somebody is still writing them."""

from citizen_support import routing
from citizen_support.catalogue import read_service
from citizen_support.host.drafts import read_draft

DOCTYPE = "Municipal Service"


def describe_rules(service: str) -> list[dict]:
	"""Each rule of a service as it stands in the form, in order: `sentence`, and the `problem` that keeps it from working.

	:param service: the form's document, saved or not. Nothing of it is stored.
	"""
	doc = read_draft(DOCTYPE, service, "read")
	data = read_service(doc)
	problems = {problem.position: problem.sentence for problem in routing.find_rule_problems(doc)}
	return [
		{"sentence": routing.describe_rule(data, row), "problem": problems.get(position)}
		for position, row in enumerate(data["rules"], start=1)
	]
