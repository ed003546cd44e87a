"""The promise of a service in words, while someone is still choosing its numbers."""

import frappe
from frappe import _
from frappe.utils import cint

from citizen_support import promise
from citizen_support.notices import describe_moment
from citizen_support.promise.rules import WORKING_HOURS

MOST = 100_000


def describe_targets(
	department: str, response_target: int, response_unit: str, resolution_target: int, resolution_unit: str
) -> dict[str, str | None]:
	"""What a resident would be promised now: `sentence`, or the `problem` that stands against it."""
	frappe.has_permission("Municipal Service", "read", throw=True)
	if not frappe.db.exists("Municipal Department", department):
		return {"sentence": None, "problem": _("Choose the department that answers.")}
	targets = {
		"response_target": min(cint(response_target), MOST),
		"response_unit": response_unit,
		"resolution_target": min(cint(resolution_target), MOST),
		"resolution_unit": resolution_unit,
	}
	problem = promise.find_service_problem(targets, department)
	sentence = None if problem else _describe(targets, promise.make_promise(targets, department))
	return {"sentence": sentence, "problem": problem}


def _describe(targets: dict, promised: promise.Promise) -> str:
	answer = describe_moment(promised.response_by, targets["response_unit"] == WORKING_HOURS)["text"]
	if not promised.resolution_by:
		return _("A request sent now: answer by {0}. No date is promised for the end.").format(answer)
	end = describe_moment(promised.resolution_by, targets["resolution_unit"] == WORKING_HOURS)["text"]
	return _("A request sent now: answer by {0}, done by {1}.").format(answer, end)
