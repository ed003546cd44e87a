"""Failures on record, without the personal data that a traceback's variables would carry."""

import sys
import traceback

import frappe


def log_failure(title: str, doctype: str | None = None, name: str | None = None) -> None:
	"""Put the exception being handled into the Error Log: its kind and where it happened, no values.

	`frappe.log_error` alone would store every local variable, and with them what residents typed.
	"""
	kind, _error, trace = sys.exc_info()
	frames = "".join(traceback.format_tb(trace)) if trace else ""
	try:
		frappe.log_error(
			title=title[:140],
			message=f"{frames}{kind.__name__ if kind else ''}",
			reference_doctype=doctype,
			reference_name=name,
		)
	except Exception:
		# The database itself may be what failed; the log file of the site is left.
		frappe.logger("citizen_support").error(f"{title} ({kind.__name__ if kind else ''})\n{frames}")
