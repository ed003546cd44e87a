"""Proof of work: a browser computes for a second what a machine would have to compute for each of its requests.

By ALTCHA's rules (PBKDF2, answers between two bounds, so that nobody is unlucky), on our own site: nobody else's
server is asked. Without JavaScript, waiting does instead of computing. That makes floods slower and dearer, it does
not make them impossible; what each client may send is limited all the same.
"""

import hashlib
import json
from secrets import randbelow

import altcha

from citizen_support.host.site_secret import get_secret
from citizen_support.limits import counters
from citizen_support.limits.service import PROOF_SECONDS

ALGORITHM = "PBKDF2/SHA-256"
ROUNDS = 5000
FEWEST_TRIES, MOST_TRIES = 100, 300
WAIT_SECONDS = 20
LONGEST = 2000


def make_challenge(form_key: str) -> str:
	"""A challenge for one form, as JSON; signed, so that nothing of it has to be remembered."""
	now = counters.now()
	challenge = altcha.create_challenge(
		ALGORITHM,
		ROUNDS,
		counter=FEWEST_TRIES + randbelow(MOST_TRIES - FEWEST_TRIES),
		expires_at=int(now) + PROOF_SECONDS,
		data={"form": _name(form_key), "at": int(now)},
		hmac_secret=get_secret("proof"),
	)
	return json.dumps(challenge.to_dict(), separators=(",", ":"))


def read_proof(form_key: str, challenge: str, answer: str) -> str | None:
	"""What counts as proof: the challenge's signature, if it was solved for this form or waited for; None otherwise.

	:param answer: "number:derived key" as the script found it, or "" where no script ran.
	"""
	asked, is_solved = _read(form_key, challenge, answer)
	if not asked:
		return None
	has_waited = counters.now() - asked.parameters.data["at"] >= WAIT_SECONDS
	return asked.signature if is_solved or has_waited else None


def is_still_open(form_key: str, challenge: str) -> bool:
	"""Whether the challenge is this form's and may still be solved, so that who is early need not wait anew."""
	return _read(form_key, challenge, "")[0] is not None


def _read(form_key: str, challenge: str, answer: str) -> tuple[altcha.Challenge | None, bool]:
	"""The challenge, if we made it for this form and it has not expired, and whether the answer solves it."""
	if not challenge or len(challenge) > LONGEST or len(answer) > LONGEST:
		return None, False
	try:
		asked = altcha.Challenge.from_dict(json.loads(challenge))
		number, _colon, derived = answer.partition(":")
		solution = altcha.Solution(counter=int(number or 0), derived_key=derived)
		result = altcha.verify_solution(altcha.Payload(asked, solution), get_secret("proof"))
	except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
		return None, False
	if result.expired or result.invalid_signature or asked.parameters.data["form"] != _name(form_key):
		return None, False
	return asked, result.verified


def _name(form_key: str) -> str:
	return hashlib.sha256(form_key.encode()).hexdigest()[:32]
