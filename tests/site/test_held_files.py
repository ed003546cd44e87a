"""Files of a form that did not go through are kept for the next try, each once."""

import pytest

from citizen_support.intake import held
from citizen_support.intake.files import CleanFile
from tests.site.factories import make_name

PHOTO = CleanFile("hole.jpg", b"pixels", "image/jpeg")


@pytest.fixture
def form_key() -> str:
	key = make_name("form-key-of-held-files")
	yield key
	held.release(key)


def list_files(form_key: str) -> list[tuple[str, CleanFile]]:
	return held.read_held(form_key, {"photos", "plan"})


def test_the_same_file_sent_again_is_kept_once(form_key: str) -> None:
	held.hold(form_key, "photos", PHOTO)
	held.hold(form_key, "photos", PHOTO)

	assert list_files(form_key) == [("photos", PHOTO)]


def test_other_files_are_kept_beside_it(form_key: str) -> None:
	other = CleanFile("hole.jpg", b"other pixels", "image/jpeg")
	held.hold(form_key, "photos", PHOTO)
	held.hold(form_key, "photos", other)
	held.hold(form_key, "plan", PHOTO)

	assert list_files(form_key) == [("photos", PHOTO), ("photos", other), ("plan", PHOTO)]
