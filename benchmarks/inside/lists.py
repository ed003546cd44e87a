"""What is asked of a large city: each as the portal, the desk or Helpdesk asks it; times, and how it is found."""

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from frappe.database.database import Database
from frappe.desk.reportview import get_count

from benchmarks.figures import percentile
from benchmarks.inside.numbers import make_reference
from benchmarks.inside.seed import CITIZENS, TEMPLATE_EMAIL, count_seeded

REPEATS = 50
WARM = 3
# After so long a case is measured no further, but for a few times.
SECONDS_FOR_ONE = 20.0
# A query that reads more rows than this without an index is told.
MANY_ROWS = 1000
SUBMISSION_FIELDS = ["name", "state", "service", "department", "received_at", "contact_name", "modified"]


def run(repeats: int = REPEATS) -> dict[str, dict]:
	"""Each case: p50 and p95 in milliseconds, and the queries that find their rows without an index."""
	found = {}
	for name, ask in make_cases(count_seeded()).items():
		found[name] = {**_time(ask, repeats), "without_index": _explain(ask)}
		frappe.db.rollback()
	return found


def get_requests_to_open(count: int) -> list[list[str]]:
	"""Reference, key and address of requests, here and there among all of them."""
	from citizen_support.tracking import get_key

	return [[reference, get_key(reference, 1), email] for reference, email in _pick(count_seeded(), count)]


def make_cases(seeded: int) -> dict[str, Callable[[], object]]:
	"""The questions by their names in the table."""
	from citizen_support.desk.residents import get_requests
	from citizen_support.health.service import examine
	from citizen_support.intake.filing import sweep
	from citizen_support.residents.service import find_or_make_citizen
	from citizen_support.tracking.service import find_request, get_events

	requests = _cycle(_pick(seeded, 500))
	misses = _cycle([(make_reference((1 << 34) + number), "") for number in range(500)])
	citizens = _cycle(_pick_citizens(seeded))
	departments = _cycle(frappe.get_all("Municipal Department", pluck="name"))
	return {
		"lookup by reference, known": lambda: find_request(next(requests)[0]),
		"lookup by reference, unknown": lambda: find_request(next(misses)[0]),
		"events of a request": lambda: get_events(next(requests)[0]),
		"resident by e-mail address": lambda: find_or_make_citizen("Robin", next(requests)[1], None, "en"),
		"requests of a resident": lambda: get_requests(next(citizens)),
		"list: submissions, newest": lambda: _list_submissions({}),
		"list: submissions of a state": lambda: _list_submissions({"state": "Filed"}),
		"list: submissions, state and department": lambda: _list_submissions(
			{"state": "Filed", "department": next(departments)}
		),
		"Helpdesk: view of a department": lambda: _list_tickets(next(departments)),
		"workspace: open requests": lambda: _count("HD Ticket", _read_filter("Open requests")),
		"workspace: need attention": lambda: _count("Service Submission", _read_filter("Need attention")),
		"sweep with nothing waiting": sweep,
		"health": examine,
	}


def _list_submissions(filters: dict) -> list:
	"""As the desk's list does, newest first."""
	return frappe.get_list(
		"Service Submission",
		filters=filters,
		fields=SUBMISSION_FIELDS,
		order_by="`tabService Submission`.modified desc",
		limit=20,
	)


def _list_tickets(department: str) -> dict:
	"""As Helpdesk's page asks for the department's ready-made view."""
	from helpdesk.api.doc import get_list_data

	view = frappe.get_doc("HD View", {"filters": json.dumps({"cs_department": department})})
	return get_list_data(
		doctype="HD Ticket",
		filters=json.loads(view.filters),
		order_by=view.order_by,
		page_length=20,
		columns=json.loads(view.columns),
		rows=json.loads(view.rows),
		view={"view_type": "list", "name": view.name},
	)


def _read_filter(label: str) -> dict:
	"""What a shortcut of our workspace counts."""
	stats = frappe.db.get_value("Workspace Shortcut", {"label": label}, "stats_filter")
	return json.loads(stats or "{}")


def _count(doctype: str, filters: dict) -> int:
	"""As the desk counts for a shortcut: by this very function, from the form's values."""
	frappe.local.form_dict = frappe._dict(doctype=doctype, filters=json.dumps(filters), fields="[]")
	return get_count()


def _pick(seeded: int, count: int) -> list[tuple[str, str]]:
	"""References and addresses of requests: the seeded ones, or the few that are there."""
	if not seeded:
		rows = frappe.get_all("Service Submission", {"contact_email": TEMPLATE_EMAIL}, pluck="name")
		return [(reference, TEMPLATE_EMAIL) for reference in (rows * count)[:count]]
	chosen = random.Random(1).choices(range(1, seeded + 1), k=count)
	return [(make_reference(number), f"resident{number // CITIZENS}@example.org") for number in chosen]


def _pick_citizens(seeded: int) -> list[str]:
	if not seeded:
		return frappe.get_all("Citizen", pluck="name", limit=5)
	return [f"seed-{number}" for number in random.Random(2).choices(range(1, seeded // CITIZENS), k=200)]


def _cycle(values: list) -> Iterator:
	while True:
		yield from values


def _time(ask: Callable[[], object], repeats: int) -> dict[str, float]:
	"""A slow case is asked less often, but at least five times."""
	for _number in range(WARM):
		ask()
	times: list[float] = []
	begun = time.perf_counter()
	while len(times) < repeats and (len(times) < 5 or time.perf_counter() - begun < SECONDS_FOR_ONE):
		started = time.perf_counter()
		ask()
		times.append(time.perf_counter() - started)
	return {"p50": percentile(times, 0.5) * 1000, "p95": percentile(times, 0.95) * 1000}


def _explain(ask: Callable[[], object]) -> list[dict]:
	"""The case's queries that read many rows, with how many, or sort them all."""
	told = []
	for query in dict.fromkeys(_record(ask)):
		plan = frappe.db.sql(f"explain {query}", as_dict=True)
		for row in plan:
			many = _read_rows(row.get("rows")) > MANY_ROWS
			if many and (not row.get("key") or "filesort" in (row.get("Extra") or "")):
				told.append(
					{
						"query": query[:400],
						"key": row.get("key"),
						"rows": _read_rows(row["rows"]),
						"extra": row["Extra"],
					}
				)
	return told


def _read_rows(told: object) -> int:
	"""Rows the database expects to read; with a rowid filter it says `12 (4%)`."""
	return int(str(told or 0).partition(" ")[0])


def _record(ask: Callable[[], object]) -> list[str]:
	queries: list[str] = []
	with _recording(queries):
		ask()
	return [query for query in queries if query.lstrip().lower().startswith("select")]


@contextmanager
def _recording(queries: list[str]) -> Iterator[None]:
	sql = Database.sql

	def note_and_ask(database: Database, *arguments: object, **options: object) -> object:
		answer = sql(database, *arguments, **options)
		queries.append(str(database.last_query))
		return answer

	with patch.object(Database, "sql", note_and_ask):
		yield
