"""Failures on record, without the personal data that a traceback's variables would carry."""

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import frappe

Given = ParamSpec("Given")
Result = TypeVar("Result")


class JobFailed(Exception):
	"""Stands in a worker for what failed: says where and what kind, and has nothing else with it."""


def log_failure(title: str, doctype: str | None = None, name: str | None = None) -> None:
	"""Put the exception being handled into the Error Log: its kind and where it happened, no values.

	`frappe.log_error` alone would store every local variable, and with them what residents typed.
	"""
	told = _describe_failure()
	try:
		frappe.log_error(
			title=title[:140],
			message=told,
			reference_doctype=doctype,
			reference_name=name,
		)
	except Exception:
		# The database itself may be what failed; the log file of the site is left.
		frappe.logger("citizen_support").error(f"{title}\n{told}")


def background_job(function: Callable[Given, Result]) -> Callable[Given, Result]:
	"""Decorates what workers are given to do. What fails in it is on record as by `log_failure`.

	Frappe logs what fails in a job itself, in the Error Log or the Scheduled Job Log, with the local variables of every
	function on the way (`execute_job`, `ScheduledJobType.execute`). So it is given another exception to log. Deadlocks and
	waits for a lock it repeats, as it does with those it sees. Called outside a job, the function is as it was.
	"""

	@wraps(function)
	def run(*arguments: Given.args, **named: Given.kwargs) -> Result:
		if not getattr(frappe.local, "job", None):
			return function(*arguments, **named)
		try:
			return function(*arguments, **named)
		except Exception as error:
			failure = _make_failure(error)
		# Not raised where the error is handled: it would be chained to it, and logged with it.
		raise failure

	return run


def _make_failure(error: Exception) -> Exception:
	"""What a job fails with instead."""
	lock_errors = (frappe.QueryDeadlockError, frappe.QueryTimeoutError, frappe.RetryBackgroundJobError)
	is_lock_error = isinstance(error, lock_errors) or (
		isinstance(error, frappe.db.InternalError)
		and (frappe.db.is_deadlocked(error) or frappe.db.is_timedout(error))
	)
	return (frappe.RetryBackgroundJobError if is_lock_error else JobFailed)(_describe_failure())


def _describe_failure() -> str:
	"""Where the exception being handled comes from, and its kind."""
	kind, _error, trace = sys.exc_info()
	frames = "".join(traceback.format_tb(trace)) if trace else ""
	return f"{frames}{kind.__name__ if kind else ''}"
