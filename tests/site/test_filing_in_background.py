"""Under load the resident is served at once and the ticket follows; nothing waits for ever."""

from collections.abc import Iterator

import pytest

import frappe

from citizen_support import limits
from citizen_support.intake import background, filing
from tests.site.factories import get_submission, get_ticket
from tests.site.test_intake import fill, get_reference, send
from tests.site.test_intake_faults import break_filing
from tests.site.visitor import Visitor, read

SETTINGS = "Citizen Support Settings"
FILE_ALL = "citizen_support.intake.background.file_all"


def choose(mode: str) -> None:
	settings = frappe.get_doc(SETTINGS)
	settings.filing = mode
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
	"""How often a worker was asked to file."""
	jobs: list[str] = []
	monkeypatch.setattr(
		frappe, "enqueue", lambda method, **options: method == FILE_ALL and jobs.append(method)
	)
	monkeypatch.setattr(background, "IDLE_SECONDS", 0)
	background._take_flag_down()
	yield jobs
	background._take_flag_down()


def test_in_the_background_the_resident_has_everything_before_the_ticket(
	visitor: Visitor, resident: str, woken: list[str]
) -> None:
	choose(background.ALWAYS)

	response = visitor.send(fill(visitor, "pothole", resident))

	reference = get_reference(response.headers["Location"])
	text = read(visitor.follow(response)).get_text(" ", strip=True)
	assert not frappe.db.exists("HD Ticket", {"cs_reference": reference})
	assert reference in text
	assert "You will hear from Streets and Roads" in text
	assert woken == [FILE_ALL]


def test_the_woken_worker_files_all_that_waits_as_it_was_promised(
	visitor: Visitor, resident: str, woken: list[str]
) -> None:
	choose(background.ALWAYS)
	references = [send(Visitor(), "pothole", resident) for _number in range(3)]

	assert background.file_all() >= 3

	for reference in references:
		ticket, submission = get_ticket(reference), get_submission(reference)
		assert submission.state == "Filed"
		assert (ticket.response_by, ticket.resolution_by) == (
			submission.response_by,
			submission.resolution_by,
		)


def test_one_worker_is_woken_for_many_submissions_and_again_for_later_ones(
	visitor: Visitor, woken: list[str]
) -> None:
	choose(background.ALWAYS)

	for _number in range(3):
		send(Visitor(), "pothole")
	assert len(woken) == 1
	background.file_all()
	send(Visitor(), "pothole")

	assert len(woken) == 2


def test_what_comes_in_while_the_worker_ends_is_not_left_behind(
	visitor: Visitor, woken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
	choose(background.ALWAYS)
	late: list[str] = []
	keep = background._take_flag_down

	def send_one_and_end() -> None:
		# The flag is still up, so this one wakes nobody.
		late.append(send(Visitor(), "pothole"))
		keep()

	send(Visitor(), "pothole")
	monkeypatch.setattr(background, "_take_flag_down", send_one_and_end)
	background.file_all()

	assert get_submission(late[0]).state == "Filed"


def test_without_redis_the_sweep_files_it(
	visitor: Visitor, woken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
	choose(background.ALWAYS)
	monkeypatch.setattr(background, "_raise_flag", lambda: 1 / 0)

	reference = send(visitor, "pothole")
	assert get_submission(reference).state == "Received"
	frappe.db.set_value("Service Submission", reference, "creation", "2020-01-01")
	filing.sweep()

	assert get_submission(reference).state == "Filed"


@pytest.mark.parametrize(("is_busy", "state"), [(False, "Filed"), (True, "Received")])
def test_only_a_busy_desk_files_in_the_background(
	visitor: Visitor, woken: list[str], monkeypatch: pytest.MonkeyPatch, is_busy: bool, state: str
) -> None:
	choose(background.WHEN_BUSY)
	monkeypatch.setattr(limits, "is_busy", lambda: is_busy)

	assert get_submission(send(visitor, "pothole")).state == state


def test_a_submission_that_cannot_be_filed_ends_the_run(
	visitor: Visitor, woken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
	choose(background.ALWAYS)
	reference = send(visitor, "pothole")
	break_filing(monkeypatch)

	background.file_all()

	submission = get_submission(reference)
	assert (submission.state, submission.attempts) == ("Received", 1)


def test_a_reply_can_wait_for_its_ticket(visitor: Visitor, woken: list[str]) -> None:
	choose(background.ALWAYS)
	response = visitor.send(fill(visitor, "pothole"))

	page = read(visitor.follow(response))

	assert page.select_one("textarea[name=message]") is None
