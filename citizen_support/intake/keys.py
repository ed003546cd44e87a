"""What makes two forms the same request: the form's own key, and the very same words. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from citizen_support.intake.rules import CONTACT_FIELDS, Answer


def make_key(
	form_key: str,
	service: str,
	answers: Sequence[Answer],
	contact: Mapping[str, str],
	files: Sequence[bytes] = (),
) -> str:
	"""The idempotency key of a form: sent twice it is one request, with other words it is another one.

	A form's key alone would not do: after "back" a browser shows the old page with its old key, and whoever then
	reports a second thing would be handed the first request.

	:param form_key: the secret that came with the form; without it nobody can make the key.
	:param answers: as they were checked.
	:param files: contents, only where the same words came in before with other files: then it is another request.
	"""
	words = {
		"service": service,
		"answers": [answer.as_dict() for answer in answers],
		"contact": [contact.get(field) or "" for field in CONTACT_FIELDS],
		"files": [hashlib.sha256(content).hexdigest() for content in files],
	}
	return _digest(form_key, json.dumps(words, sort_keys=True))


def make_reply_key(form_key: str, text: str, files: Sequence[bytes] = ()) -> str:
	"""The idempotency key of a reply, by the same rule.

	:param files: contents of what came with it: rather the same words twice than a photo that is not shown at all.
	"""
	return _digest(form_key, json.dumps([text, *(hashlib.sha256(content).hexdigest() for content in files)]))


def hash_key(idempotency_key: str) -> str:
	"""What is stored of a key. The key itself leads back to the request, and so stands in no database."""
	return hashlib.sha256(idempotency_key.encode()).hexdigest()


def _digest(form_key: str, words: str) -> str:
	return hashlib.sha256(f"{form_key}\n{words}".encode()).hexdigest()
