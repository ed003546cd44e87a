"""A service with fifty thousand past requests, and a draft of it that has a rule of every kind."""

import json
import resource
import time
from itertools import pairwise
from math import cos, sin, tau
from unittest.mock import patch

import frappe
from frappe.model.base_document import get_controller

from benchmarks.figures import median
from benchmarks.inside import seed
from benchmarks.inside.meter import count_here
from citizen_support import replay
from citizen_support.catalogue import read_service
from citizen_support.intake import Incoming, receive
from citizen_support.intake.rules import Answer
from citizen_support.replay import progress

SERVICE = "pothole"
DOCTYPE = "Routing Replay"
MONTHS = 60  # as far back as the seeded requests go
AREA = "benchmark-harbour"
# A harbour of 200 corners around the middle of the seeded places.
CORNERS = 200
CENTER = (34.05, -118.25)
SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_TO_WAIT = 600
PLACES = ("12 Oak Street, 92903", "3 Harbour Road, 92907", "Old Town Square 1, 92911", "7 Elm Lane, 92955")


def prepare() -> None:
	"""Eight real requests, of all kinds of answers, of which the others become copies."""
	_make_area()
	frappe.db.commit()
	references = [_send(number) for number in range(8)]
	seed.remember_templates(references)


def finish() -> None:
	"""Give the seeded requests an answer and an end: most within days, some never."""
	frappe.db.sql(
		"""
		UPDATE `tabHD Ticket` SET
			first_responded_on = IF(crc32(name) %% 50 = 0, NULL,
				service_level_agreement_creation + INTERVAL crc32(name) %% 400000 SECOND),
			resolution_date = IF(status_category = 'Resolved',
				service_level_agreement_creation + INTERVAL crc32(concat(name, 'end')) %% 1500000 SECOND, NULL),
			total_hold_time = IF(crc32(concat(name, 'hold')) %% 4 = 0, crc32(name) %% 200000, 0)
		WHERE cs_service = %s AND name >= %s
		""",
		(SERVICE, str(seed.FIRST_TICKET)),
	)
	frappe.db.sql(
		"""
		UPDATE `tabService Submission` SET
			response_by = received_at + INTERVAL 2 DAY, resolution_by = received_at + INTERVAL 14 DAY
		WHERE service = %s AND idempotency_key LIKE 'seed-%%'
		""",
		SERVICE,
	)
	seed.finish()


def wait_for_worker() -> bool:
	"""Wait until the worker has done what making the site has left it to do; returns whether it has."""
	job, begun = frappe.enqueue("frappe.ping", queue="long"), time.perf_counter()
	while not job.is_finished and time.perf_counter() - begun < SECONDS_TO_WAIT:
		time.sleep(SECONDS_BETWEEN_LOOKS)
	return job.is_finished


def run_in_worker() -> dict:
	"""A replay as the browser starts it: seconds until its result stands, and how often it said how far it is."""
	begun = time.perf_counter()
	name = _start()
	told = _follow(name, begun)
	doc = frappe.get_doc(DOCTYPE, name)
	return {
		"seconds": time.perf_counter() - begun,
		"state": doc.state,
		"requests": doc.total,
		"moved": doc.moved,
		"told": len(told),
		"longest_silence": max((later - sooner for sooner, later in pairwise(told)), default=None),
	}


def cancel_in_worker(after: float) -> dict:
	"""How long it takes until a replay that is cancelled really ends: until it says no more how far it is."""
	begun = time.perf_counter()
	name = _start()
	while not progress.read(name) and time.perf_counter() - begun < SECONDS_TO_WAIT:
		time.sleep(SECONDS_BETWEEN_LOOKS)
	time.sleep(after)
	replay.cancel(name)
	frappe.db.commit()
	cancelled, last, changed = time.perf_counter(), None, time.perf_counter()
	while time.perf_counter() - changed < 3:
		now = progress.read(name)
		if now != last:
			last, changed = now, time.perf_counter()
		time.sleep(SECONDS_BETWEEN_LOOKS)
	return {"seconds": max(changed - cancelled, 0.0), "done": last["done"], "total": last["total"]}


def run_here() -> dict:
	"""The same in this process, where statements, Helpdesk's calculations and memory can be counted."""
	name, calculations = _start(enqueue=False), 0
	helpdesk = get_controller("HD Service Level Agreement")
	calc_time = helpdesk.calc_time

	def count_and_calculate(*arguments: object) -> object:
		nonlocal calculations
		calculations += 1
		return calc_time(*arguments)

	memory = _read_memory()
	with patch.object(helpdesk, "calc_time", count_and_calculate):
		counts = count_here(lambda: replay.run(name))
	return {
		"statements": counts.statements,
		"writes": counts.writes,
		"calculations": calculations,
		"memory": _read_memory() - memory,
		"result": len(frappe.db.get_value(DOCTYPE, name, "result") or ""),
	}


def show() -> dict:
	"""How long the report of the last replay takes to be shown, in milliseconds."""
	name = frappe.get_last_doc(DOCTYPE, {"state": "Done"}).name
	times = []
	for _number in range(5):
		begun = time.perf_counter()
		replay.show_report(name)
		times.append((time.perf_counter() - begun) * 1000)
	return {"p50": median(times)}


def _start(enqueue: bool = True) -> str:
	if not enqueue:
		with patch("frappe.enqueue"):
			return replay.start(_make_draft(), MONTHS)
	name = replay.start(_make_draft(), MONTHS)
	frappe.db.commit()  # the job is put into the queue with it
	return name


def _follow(name: str, begun: float) -> list[float]:
	"""When it said something new, until it has ended."""
	told, last = [], None
	while time.perf_counter() - begun < SECONDS_TO_WAIT:
		frappe.db.rollback()  # each look sees what was committed since
		now = progress.read(name)
		if now and now != last:
			told.append(time.perf_counter())
			last = now
		if frappe.db.get_value(DOCTYPE, name, "state") != "Under way":
			break
		time.sleep(SECONDS_BETWEEN_LOOKS)
	return told


def _make_draft() -> str:
	"""The service's form with seven rules and shorter targets, saved by nobody."""
	form = frappe.get_doc("Municipal Service", SERVICE).as_dict(convert_dates_to_str=True)
	form.update({"response_target": 1, "response_unit": "Working hours", "resolution_target": 8})
	form["routing_rules"] = [
		{
			"match_on": "Answer",
			"question_key": "swerve",
			"match_values": "Yes",
			"department": "streets",
			"priority": "Urgent",
		},
		{
			"match_on": "Service Area",
			"service_area": AREA,
			"department": "parks",
			"response_target": 3,
			"response_unit": "Working days",
		},
		{"match_on": "Postcode", "match_values": "92907\n9291*\n92990-92999", "department": "water"},
		{"match_on": "Area", "match_values": "Old Town\nHarbour Road", "department": "city-clerk"},
		{"match_on": "Kind of citizen", "match_values": "Business", "department": "finance"},
		{"match_on": "Time", "time_when": "Outside opening hours", "department": "front-desk"},
		{"match_on": "Channel", "match_values": "Phone", "department": "library"},
	]
	return frappe.as_json(form)


def _send(number: int) -> str:
	service = read_service(frappe.get_doc("Municipal Service", SERVICE))
	answers = [
		_answer(question, number)
		for question in service["questions"]
		if question.options or question.type == "Place"
	]
	contact = {"name": "Robin Reyes", "email": seed.TEMPLATE_EMAIL, "phone": "+12025550143"}
	return receive(Incoming(service, answers, contact, [], f"past-template-{number}", "en"))


def _answer(question: object, number: int) -> Answer:
	if question.options:
		# Of eight requests one swerves: the first rule must not win always.
		choice = (
			question.options[-1]
			if question.key == "swerve" and number
			else question.options[number % len(question.options)]
		)
		return Answer(question.key, question.label, question.type, (choice,))
	near = 0.001 * number * number
	latitude, longitude = CENTER[0] + near, CENTER[1] - near
	return Answer(
		question.key,
		question.label,
		question.type,
		(PLACES[number % len(PLACES)],),
		False,
		latitude,
		longitude,
	)


def _make_area() -> None:
	if frappe.db.exists("Service Area", AREA):
		return
	angle = tau / CORNERS
	ring = [
		[CENTER[1] + 0.006 * cos(number * angle), CENTER[0] + 0.006 * sin(number * angle)]
		for number in range(CORNERS)
	]
	shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
	feature = {"type": "Feature", "properties": {}, "geometry": shape}
	area = frappe.new_doc("Service Area")
	area.update({"area_name": "Benchmark harbour", "code": AREA})
	area.shape = json.dumps({"type": "FeatureCollection", "features": [feature]})
	area.insert(ignore_permissions=True)


def _read_memory() -> int:
	"""The most this process ever held, in bytes."""
	return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
