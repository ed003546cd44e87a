"""The same form with the same words has one key; anything else has another."""

import pytest

from citizen_support.intake.keys import hash_key, make_key, make_reply_key
from citizen_support.intake.rules import Answer

FORM = "form-key-0123456789abcdef"
ANSWERS = (
	Answer("where", "Where?", "Place", ("12 Oak Street",)),
	Answer("what", "What?", "Long text", ("Bé",)),
)
CONTACT = {"name": "Ann", "email": "ann@example.org"}
SAME = {"form_key": FORM, "service": "pothole", "answers": ANSWERS, "contact": CONTACT}


def test_the_same_words_have_the_same_key() -> None:
	again = {
		**SAME,
		"answers": list(ANSWERS),
		"contact": {"email": "ann@example.org", "name": "Ann", "phone": ""},
	}

	assert make_key(**SAME) == make_key(**again)


@pytest.mark.parametrize(
	"other",
	[
		{"form_key": "another-form-key-0123456"},
		{"service": "graffiti"},
		{"answers": ANSWERS[:1]},
		{"answers": (ANSWERS[0], Answer("what", "What?", "Long text", ("Be",)))},
		{"contact": {"name": "Ann"}},
		{"contact": {"name": "ann@example.org", "email": "Ann"}},
		{"files": [b"photo"]},
		{"files": [b"photo", b"letter"]},
	],
	ids=str,
)
def test_other_words_have_another_key(other: dict) -> None:
	assert make_key(**SAME) != make_key(**(SAME | other))


def test_replies_follow_the_same_rule() -> None:
	keys = {
		make_reply_key(FORM, "Thanks"),
		make_reply_key(FORM, "Thanks!"),
		make_reply_key(FORM, "Thanks", [b"photo"]),
		make_reply_key("another-form-key-0123456", "Thanks"),
	}

	assert len(keys) == 4
	assert make_reply_key(FORM, "Thanks") in keys


def test_what_is_stored_does_not_lead_back_to_the_form() -> None:
	key = make_key(**SAME)

	assert FORM not in key
	assert hash_key(key) != key
	assert len(hash_key(key)) == 64
