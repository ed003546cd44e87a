"""SMS through the gateway of Frappe's SMS Settings, with a time-out.

Frappe's own `send_sms` has none, can be called by any login, and keeps numbers and texts for ever in its SMS Log
(`frappe/core/doctype/sms_settings/sms_settings.py`). What goes to the gateway is the same, and a key by which it can
know a message again that is handed over a second time.
"""

from urllib.parse import urlsplit

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

import frappe

SETTINGS = "SMS Settings"
CONNECT_SECONDS, READ_SECONDS = 5, 15


class NoGatewayError(Exception):
	"""No gateway is named in the SMS Settings."""


class NotHandedOverError(Exception):
	"""The gateway could not be reached: it certainly has nothing."""


class NoAnswerError(Exception):
	"""The gateway was reached and said nothing: nobody knows whether it sends the message."""


def send(number: str, text: str, key: str) -> int:
	"""Hand one SMS to the gateway; returns its HTTP status. Only for workers: a gateway may be slow.

	:param key: the same whenever this message is handed over (`Idempotency-Key`, IETF draft of the HTTP API group).
	:raises NoGatewayError: if none is set up.
	:raises NotHandedOverError: if the gateway could not be reached.
	:raises NoAnswerError: if it was handed over and no answer came in time.
	"""
	settings = frappe.get_cached_doc(SETTINGS)
	if not (settings.sms_gateway_url and settings.message_parameter and settings.receiver_parameter):
		raise NoGatewayError
	headers = {"Accept": "text/plain, text/html, */*", "Idempotency-Key": key}
	values = {settings.message_parameter: text, settings.receiver_parameter: number}
	for row in settings.parameters:
		(headers if row.header else values)[row.parameter] = row.value
	is_json = headers.get("Content-Type") == "application/json"
	part = "json" if is_json else "data" if settings.use_post else "params"
	method = "POST" if settings.use_post else "GET"
	return _ask(method, settings.sms_gateway_url, headers=headers, **{part: values})


def answers() -> bool:
	"""Whether the gateway's server says anything at all; asked for its front page, so that nothing is sent."""
	parts = urlsplit(frappe.get_cached_doc(SETTINGS).sms_gateway_url or "")
	try:
		return bool(_ask("HEAD", f"{parts.scheme}://{parts.netloc}/"))
	except (NotHandedOverError, NoAnswerError):
		return False


def _ask(method: str, address: str, **more: object) -> int:
	timeout = (CONNECT_SECONDS, READ_SECONDS)
	try:
		# The answer's body is not read: a gateway must not keep a worker busy with it.
		with requests.request(
			method, address, timeout=timeout, allow_redirects=False, stream=True, **more
		) as response:
			return response.status_code
	except (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError) as error:
		raise NotHandedOverError from error
	except requests.ConnectionError as error:
		raise (NotHandedOverError if _is_unreached(error) else NoAnswerError) from error
	except requests.Timeout as error:
		raise NoAnswerError from error
	except (requests.RequestException, ValueError) as error:
		# An address that is none, and the like.
		raise NotHandedOverError from error


def _is_unreached(error: requests.ConnectionError) -> bool:
	"""Whether there was no connection in the first place; one that broke off may have carried the message."""
	cause = error.args[0] if error.args else None
	return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def has_gateway() -> bool:
	"""Whether a gateway is named."""
	return bool(frappe.db.get_single_value(SETTINGS, "sms_gateway_url"))
