"""The designer's answers while somebody writes a service: the preview beside the form, and "Try it"."""

import argparse
import http.client
import itertools
import json
from urllib.parse import urlencode

from benchmarks.figures import make_table, show_number, spread
from benchmarks.grounds import Grounds
from benchmarks.ledger import Ledger
from benchmarks.load import Message, Reply, run_clients
from devtools.say import Problem, step

API = "/api/method/citizen_support.api.designer."
PARTS = ("form", "confirmation", "mail")
TRIAL = "trial"
ANSWERS = (*PARTS, TRIAL)
MOST_MILLISECONDS = 300
SECONDS_TO_WARM = 30
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
NOTES = f"""\
A service of 40 questions that nobody has saved, in two languages in turn, over HTTP as a logged-in manager; one client that never
pauses, as one person writes. At most {MOST_MILLISECONDS} ms are wanted; the form waits 400 ms after the last key before it asks."""


def measure(grounds: Grounds, ledger: Ledger, given: argparse.Namespace, site: str) -> str:
	"""Preview and trial, as Markdown. The servers are running."""
	known = grounds.inside(site, "designer.prepare")
	cookies = _log_in(grounds.port, site, known)
	for answer in ANSWERS:
		step(f"Asking the designer: {answer}")
		messages = [_make_message(answer, language, known, cookies) for language in known["languages"]]
		run_clients(grounds.port, site, messages * 3, _judge, 1, SECONDS_TO_WARM)
		for number in range(given.rounds):
			ledger.measure(
				f"designer {answer}/{number}",
				lambda messages=messages: run_clients(
					grounds.port, site, itertools.cycle(messages), _judge, 1, given.seconds
				).as_dict(),
			)
	return "\n\n".join([_show(ledger), NOTES])


def _log_in(port: int, site: str, known: dict) -> str:
	"""The cookies of a session, as a browser sends them."""
	connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_WARM)
	body = urlencode({"usr": known["user"], "pwd": known["password"]})
	connection.request("POST", "/api/method/login", body, {**FORM, "Host": site})
	answer = connection.getresponse()
	answer.read()
	if answer.status != 200:
		raise Problem(f"The manager cannot log in: HTTP {answer.status}")
	cookies = answer.headers.get_all("Set-Cookie") or []
	connection.close()
	return "; ".join(cookie.partition(";")[0] for cookie in cookies)


def _make_message(answer: str, language: str, known: dict, cookies: str) -> Message:
	if answer == TRIAL:
		method = "try_service"
		sent = {"service": known["service"], "trial": json.dumps({**known["trial"], "language": language})}
	else:
		method = "preview_service"
		sent = {"service": known["service"], "part": answer, "language": language}
	return Message("POST", API + method, {**FORM, "Cookie": cookies}, (urlencode(sent).encode(),))


def _judge(reply: Reply) -> str | None:
	"""A page, or where the request would go."""
	if reply.status != 200:
		return None
	told = json.loads(reply.body)["message"]
	return "answer" if not told["findings"] and (told.get("html") or told.get("department")) else None


def _show(ledger: Ledger) -> str:
	rows = []
	for answer in ANSWERS:
		found = ledger.find(f"designer {answer}")
		middle, slow = (
			spread([one[name] for one in found]) if all(one[name] for one in found) else None
			for name in ("p50", "p95")
		)
		rows.append(
			(
				"trial" if answer == TRIAL else f"preview: {answer}",
				middle.show() if middle else show_number(None),
				slow.show() if slow else show_number(None),
				sum(one["count"] for one in found),
				sum(sum(one["errors"].values()) for one in found),
			)
		)
	return make_table(("Designer", "p50 ms", "p95 ms", "answers", "errors"), rows)
