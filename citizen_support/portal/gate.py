"""What a form passes before it is taken in: was it sent by a person, and is there room for it?

Nobody loses anything here. A form that does not pass is shown again with everything in it, files as well, and says
what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import frappe
from frappe import _

from citizen_support import limits
from citizen_support.limits import proof
from citizen_support.limits.rules import DAY
from citizen_support.portal import forms
from citizen_support.portal.site import get_asset_url
from citizen_support.portal.views import describe_wait

CHALLENGE, ANSWER = "proof_challenge", "proof_answer"


@dataclass(frozen=True)
class Stop:
	"""Why a form comes back.

	:ivar reason: "too fast", "proof", or that of a `limits.Refusal`.
	:ivar form_key: what the form goes by from now on.
	:ivar retry_after: seconds; 0 if it may be sent again at once.
	:ivar proof: for the template, if a proof is wanted.
	"""

	reason: str
	form_key: str
	retry_after: int = 0
	proof: Mapping | None = None

	@property
	def status(self) -> int:
		return 429 if self.retry_after else 422

	@property
	def keeps_files(self) -> bool:
		"""While the whole site has too much to do, drawing pictures anew would only add to it."""
		return self.reason != "site"


def find_stop(form_key: str) -> Stop | None:
	"""Why the form under way is not taken in now; None if it is, and then it counts."""
	due = find_due_key(form_key)
	if due:
		limits.count_refusal("too fast")
		return Stop("too fast", due)
	given = read_proof(form_key)
	if not given and limits.is_proof_wanted():
		return _ask_for_proof(form_key)
	refusal = limits.check_submission(given)
	if not refusal:
		return None
	if refusal.reason == "proof":
		return _ask_for_proof(form_key, is_used=True)
	return Stop(refusal.reason, form_key, refusal.retry_after)


def find_due_key(form_key: str) -> str | None:
	"""The key to send the form with again, if it came sooner than a person can type, or with no key of ours.

	A page that is older than a day is shown anew as well: the dates on it no longer hold. Sent again after a moment,
	any of them is taken.
	"""
	least = limits.get_limits().least_seconds
	if not least:
		return None
	age = forms.get_age(form_key)
	if age is None or not 0 <= age <= DAY:
		return forms.make_form_key()
	return form_key if age < least else None


def explain(stop: Stop, department: Mapping) -> str:
	"""What to do, in the visitor's words."""
	if stop.reason == "too fast":
		return _("Please check your answers and send the form again. Nothing is lost.")
	if stop.reason == "proof":
		return _(
			"We check that no machine is sending this. If this page does not go on by itself, please wait {0} seconds and "
			"send the form again. Nothing is lost."
		).format(proof.WAIT_SECONDS)
	sentences = [_sentences()[stop.reason].format(describe_wait(stop.retry_after))]
	if department.get("phone"):
		sentences.append(
			_("If it cannot wait, call {0}: {1}").format(department["name"], department["phone"])
		)
	return " ".join(sentences)


def read_proof(form_key: str) -> str | None:
	"""The proof that came with the form, if it holds."""
	given = get_given_proof()
	return proof.read_proof(form_key, given["challenge"], given["answer"]) if given else None


def get_given_proof() -> dict | None:
	"""Challenge and answer as they came with the form, so that it can carry them on while something else is mended."""
	request = getattr(frappe.local, "request", None)
	challenge = request.form.get(CHALLENGE) if request else None
	if not challenge:
		return None
	return {
		"challenge": challenge[: proof.LONGEST],
		"answer": (request.form.get(ANSWER) or "")[: proof.LONGEST],
	}


def _ask_for_proof(form_key: str, is_used: bool = False) -> Stop:
	limits.count_refusal("proof")
	given = (get_given_proof() or {}).get("challenge", "")
	asked = {
		"challenge": given
		if not is_used and proof.is_still_open(form_key, given)
		else proof.make_challenge(form_key),
		"answer": "",
		"most": proof.MOST_TRIES,
		"script_url": get_asset_url("js/proof.js"),
	}
	return Stop("proof", form_key, proof=asked)


def _sentences() -> dict[str, str]:
	return {
		"client": _(
			"Many requests have come from your connection, so this one has to wait. Nothing is lost: please send the "
			"form again in {0}."
		),
		"site": _(
			"Very many requests are coming in right now, so this one has to wait. What you typed is kept: please send "
			"the form again in {0}, with any files you had chosen."
		),
		"reply": _(
			"Many messages have come in already, so this one has to wait. Nothing is lost: please send it again in {0}."
		),
	}
