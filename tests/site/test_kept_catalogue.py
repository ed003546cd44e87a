"""What a process keeps of the catalogue: made once, and anew as soon as anything in the catalogue changes."""

from collections.abc import Iterator

import pytest

import frappe

from citizen_support import catalogue
from citizen_support.catalogue import kept
from citizen_support.portal.shelves import get_shelves
from tests.site import factories as make


@pytest.fixture(autouse=True)
def empty_process(leave_no_trace: None) -> Iterator[None]:
	kept._kept.clear()
	yield
	kept._kept.clear()


def begin_request() -> None:
	"""As a new request of the same process finds things."""
	frappe.local.cache = {}


def count_making() -> tuple[list[int], object]:
	made: list[int] = []

	def make_it() -> int:
		made.append(len(made))
		return made[-1]

	return made, make_it


def test_it_is_made_once_for_many_requests() -> None:
	made, make_it = count_making()

	for _request in range(3):
		begin_request()
		assert catalogue.keep("test", make_it) == 0

	assert made == [0]


def test_it_is_made_anew_when_the_catalogue_changes() -> None:
	made, make_it = count_making()
	catalogue.keep("test", make_it)

	catalogue.clear_catalogue()
	begin_request()

	assert catalogue.keep("test", make_it) == 1
	assert made == [0, 1]


def test_another_process_hears_of_the_change_as_well() -> None:
	_made, make_it = count_making()
	catalogue.keep("test", make_it)
	here = dict(kept._kept)

	catalogue.clear_catalogue()
	begin_request()
	catalogue.keep("test", make_it)
	kept._kept.clear()
	kept._kept.update(here)
	begin_request()

	assert catalogue.keep("test", make_it) == 2, (
		"the other process still has what was made under the old stamp"
	)


def test_it_is_made_anew_after_its_time() -> None:
	made, make_it = count_making()

	catalogue.keep("test", make_it, seconds=0)
	catalogue.keep("test", make_it, seconds=0)

	assert made == [0, 1]


def test_no_more_than_so_many_are_kept() -> None:
	for number in range(kept.MOST_KEPT + 10):
		catalogue.keep(f"test {number}", lambda: "made")

	assert len(kept._kept) == kept.MOST_KEPT


def test_a_service_that_is_published_is_on_the_shelves_at_once() -> None:
	before = get_shelves()
	assert get_shelves() is before

	service = make.make_service(title="Zebra crossing is worn")
	begin_request()

	after = get_shelves()
	assert service.name not in before.cards
	assert service.name in after.cards
	assert next(iter(after.find_cards("zebra crosing")))["code"] == service.name


def test_each_language_has_shelves_of_its_own() -> None:
	english = get_shelves()

	frappe.local.lang = "de"

	assert get_shelves() is not english
