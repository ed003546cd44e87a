"""The checker can say no: fed with what must not be, it reports it."""

from dataclasses import replace

import pytest

from tests.faults.checker import (
	WITH_PHOTOS,
	Records,
	Stored,
	Verdict,
	count_unfinished,
	get_percentiles,
	judge,
)
from tests.faults.clients import Sent

pytestmark = pytest.mark.faults
HEALTHY_AT = 1000.0
EMAIL = "one@residents.example"


@pytest.fixture
def sent() -> Sent:
	return Sent("mark1", EMAIL, "pothole", "198.18.0.1", False, references={"AAAA-AAAA"}, accepted_at=990.0)


@pytest.fixture
def submission() -> Stored:
	return Stored("mark1", "AAAA-AAAA", "AAAA-AAAA", 990.0)


@pytest.fixture
def ticket() -> Stored:
	return Stored("mark1", "1", "AAAA-AAAA", 1010.0)


def check(sent: Sent, submissions: list[Stored], tickets: list[Stored], mails: int = 1) -> Verdict:
	return judge([sent], Records(submissions, tickets, {EMAIL: mails}), HEALTHY_AT)


def test_all_is_well(sent: Sent, submission: Stored, ticket: Stored) -> None:
	verdict = check(sent, [submission], [ticket])

	assert verdict.faults == []
	assert (verdict.accepted, verdict.mails["1"], verdict.seconds_to_file) == (1, 1, [20.0])


def test_without_a_submission_it_is_lost(sent: Sent, ticket: Stored) -> None:
	assert len(check(sent, [], [ticket]).lost) == 1


def test_without_a_ticket_it_is_lost(sent: Sent, submission: Stored) -> None:
	assert len(check(sent, [submission], []).lost) == 1


def test_under_another_reference_it_is_lost(sent: Sent, submission: Stored, ticket: Stored) -> None:
	assert len(check(sent, [submission], [replace(ticket, reference="BBBB-BBBB")]).lost) == 1


def test_two_tickets_are_one_too_many(sent: Sent, submission: Stored, ticket: Stored) -> None:
	assert len(check(sent, [submission], [ticket, replace(ticket, name="2")]).doubled) == 1


def test_two_submissions_are_one_too_many(sent: Sent, submission: Stored, ticket: Stored) -> None:
	second = replace(submission, name="BBBB-BBBB", reference="BBBB-BBBB")

	assert len(check(sent, [submission, second], [ticket]).doubled) == 1


def test_two_tickets_for_what_nobody_was_told_of_are_doubled_too(
	sent: Sent, submission: Stored, ticket: Stored
) -> None:
	unheard = replace(sent, references=set(), accepted_at=None)

	verdict = check(unheard, [submission], [ticket, replace(ticket, name="2")])

	assert (len(verdict.doubled), len(verdict.never_accepted)) == (1, 1)


def test_two_references_for_one_form_are_one_too_many(sent: Sent, submission: Stored, ticket: Stored) -> None:
	told_two = replace(sent, references={"AAAA-AAAA", "BBBB-BBBB"})

	assert len(check(told_two, [submission], [ticket]).doubled) == 1


def test_a_ticket_long_after_all_was_well_is_late(sent: Sent, submission: Stored, ticket: Stored) -> None:
	assert len(check(sent, [submission], [replace(ticket, created_at=HEALTHY_AT + 61)]).late) == 1


def test_a_missing_confirmation_is_told(sent: Sent, submission: Stored, ticket: Stored) -> None:
	verdict = check(sent, [submission], [ticket], mails=0)

	assert (verdict.mails["0"], len(verdict.faults)) == (1, 1)


def test_one_confirmation_in_a_thousand_may_come_twice(
	sent: Sent, submission: Stored, ticket: Stored
) -> None:
	verdict = check(sent, [submission], [ticket], mails=2)
	assert (len(verdict.duplicate_mails), verdict.faults) == (1, [])

	verdict.duplicate_mails *= 2

	assert len(verdict.faults) == 2


def test_what_lacks_its_ticket_or_its_mail_is_unfinished(
	sent: Sent, submission: Stored, ticket: Stored
) -> None:
	assert count_unfinished([sent], Records([submission], [], {EMAIL: 1})) == 1
	assert count_unfinished([sent], Records([submission], [ticket], {})) == 1
	assert count_unfinished([sent], Records([submission], [ticket], {EMAIL: 1})) == 0


def check_more(sent: Sent, submission: Stored, ticket: Stored, **records: dict) -> Verdict:
	return judge([sent], Records([submission], [ticket], {EMAIL: 1}, **records), HEALTHY_AT)


def test_a_photo_has_to_be_with_every_record_once(sent: Sent, submission: Stored, ticket: Stored) -> None:
	with_photo = replace(sent, photo="mark1.png")
	once = {("mark1.png", kind): 1 for kind in WITH_PHOTOS}
	missing = {**once, ("mark1.png", "HD Ticket"): 0}
	twice = {**once, ("mark1.png", "Service Submission"): 2}

	assert check_more(with_photo, submission, ticket, photos=once).faults == []
	assert len(check_more(with_photo, submission, ticket, photos=missing).lost) == 1
	assert len(check_more(with_photo, submission, ticket, photos=twice).doubled) == 1
	assert len(check_more(with_photo, submission, ticket).lost) == len(WITH_PHOTOS)


def test_a_reply_has_to_be_there_once(sent: Sent, submission: Stored, ticket: Stored) -> None:
	answered = replace(sent, reply="again1", replied=True)

	assert check_more(answered, submission, ticket, replies={"again1": 1}).faults == []
	assert len(check_more(answered, submission, ticket).lost) == 1
	assert len(check_more(answered, submission, ticket, replies={"again1": 2}).doubled) == 1
	unheard = replace(answered, replied=False)
	assert len(check_more(unheard, submission, ticket).never_accepted) == 1


def test_percentiles() -> None:
	assert get_percentiles([float(number) for number in range(101)]) == (50.0, 95.0)
	assert get_percentiles([]) == (0.0, 0.0)
