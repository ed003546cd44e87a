"""The way into Frappe, where requests fail before any page of ours is asked.

`frappe.app.init_request` opens the site, connects, reads the form and starts the session. What fails there Frappe
tells with a bare page, or not at all: without a database its own error page fails too, and the web server says
"Internal Server Error". No hook comes early enough (`before_request` runs last in it, `after_request` cannot replace
an error), so the function itself is wrapped, once in each process, when the app's hooks are first looked up.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

import pymysql
import redis
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

import frappe
import frappe.app

_OUTAGES = (
	frappe.SessionStopped,
	redis.exceptions.RedisError,
	pymysql.err.OperationalError,
	pymysql.err.InterfaceError,
	ConnectionError,
)
Teller = Callable[[Request, Exception], Response | None]


class Told(HTTPException):
	"""An answer on its way out: `frappe.app.application` returns an HTTPException as it is."""


def watch(tell: Teller) -> None:
	"""Have what fails on the way in told by `tell`; where that returns None, Frappe tells it as ever."""
	if getattr(frappe.app.init_request, "is_watched", False):
		return
	enter = frappe.app.init_request

	@wraps(enter)
	def init_request(request: Request) -> None:
		try:
			enter(request)
		except Exception as error:
			if getattr(error, "response", None) is not None:
				raise
			response = _ask(tell, request, error)
			if response is None:
				raise
			_let_go_of_the_database()
			raise Told(response=response) from error

	init_request.is_watched = True
	frappe.app.init_request = init_request


def is_unavailable(error: BaseException | None) -> bool:
	"""Whether the site cannot work at the moment, as opposed to having a fault: no database, no Redis, an update."""
	while error:
		if isinstance(error, _OUTAGES):
			return True
		error = error.__cause__ or error.__context__
	return False


def note_fault(request: Request, error: Exception) -> None:
	"""Put a fault into the server's log: its kind and the first part of the address, nothing anybody typed."""
	folder = request.path.strip("/").partition("/")[0][:40]
	frappe.logger("citizen_support").error(f"{request.method} /{folder}: {type(error).__name__}")


def _ask(tell: Teller, request: Request, error: Exception) -> Response | None:
	try:
		return tell(request, error)
	except Exception as failure:
		note_fault(request, failure)
		return None


def _let_go_of_the_database() -> None:
	"""Undo what was begun. Frappe would do so next, outside of any `try`, and fail where there is no database."""
	with suppress(Exception):
		if frappe.db:
			frappe.db.close()
	frappe.local.db = None
