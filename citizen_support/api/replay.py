"""Endpoints of the trial on past requests. Each hands on to the replay room, which checks the permission."""

import frappe

from citizen_support import replay


@frappe.whitelist(methods=["POST"])
def try_on_past_requests(draft: str, months: int) -> str:
	"""Try a service's form, saved or not, on the requests of the last months; returns the replay's name."""
	return replay.start(draft, months)


@frappe.whitelist(methods=["GET"])
def get_replay_progress(name: str) -> dict:
	"""How far a replay is."""
	return replay.get_progress(name)


@frappe.whitelist(methods=["GET"])
def get_replay_report(name: str) -> str:
	"""What a replay found, as HTML."""
	return replay.show_report(name)


@frappe.whitelist(methods=["POST"])
def cancel_replay(name: str) -> None:
	"""End a replay before it is through."""
	replay.cancel(name)
