"""For load balancers and monitors: whether the site can work. Says nothing else, to anybody."""

from werkzeug.wrappers import Response

import frappe

from citizen_support.portal import responses


def show() -> Response:
	"""200 "ok", or 503 "unavailable" (a failure before this point is told in `portal.faults`)."""
	try:
		frappe.db.sql("select 1")
	except Exception:
		return responses.plain("unavailable", 503)
	return responses.plain("ok", 200)
