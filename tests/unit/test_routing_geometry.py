"""Whether a point lies in an area."""

from array import array

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from citizen_support.routing.geometry import (
	METRES_A_DEGREE,
	Ring,
	Shape,
	contains,
	count_points,
	make_circle,
	make_ring,
	make_shape,
	measure,
)

SQUARE = make_ring([(0, 0), (4, 0), (4, 4), (0, 4)])
HOLE = make_ring([(1, 1), (3, 1), (3, 3), (1, 3)])
DEGREES = st.integers(-60_000, 60_000).map(lambda number: number / 1000)
POINTS = st.tuples(DEGREES, DEGREES)


def make_one(*rings: Ring) -> Shape:
	return make_shape([rings])


def make_box(west: float, south: float, east: float, north: float) -> Shape:
	return make_one(make_ring([(west, south), (east, south), (east, north), (west, north)]))


def test_a_ring_is_closed_and_a_closed_one_stays_as_it_is() -> None:
	assert make_ring([(0, 0), (1, 0), (1, 1)]) == array("d", [0, 0, 1, 0, 1, 1, 0, 0])
	assert make_ring([(0, 0), (1, 0), (1, 1), (0, 0)]) == array("d", [0, 0, 1, 0, 1, 1, 0, 0])


@pytest.mark.parametrize(
	("position", "is_in"),
	[((2, 0.5), True), ((2, 2), False), ((2, 5), False), ((-1, 2), False), ((3.5, 3.5), True)],
)
def test_a_hole_is_not_part_of_the_area(position: tuple[float, float], is_in: bool) -> None:
	assert contains(make_one(SQUARE, HOLE), position) is is_in


def test_an_area_may_be_of_several_parts() -> None:
	far = make_ring([(10, 10), (12, 10), (12, 12), (10, 12)])
	shape = make_shape([[SQUARE], [far]])

	assert contains(shape, (11, 11))
	assert contains(shape, (2, 2))
	assert not contains(shape, (7, 7))
	assert shape.bounds == (0, 0, 12, 12)
	assert count_points(shape) == 10


def test_a_bend_inwards_is_outside() -> None:
	shape = make_one(make_ring([(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)]))

	assert not contains(shape, (3, 2))
	assert contains(shape, (0.5, 2))


@given(corner=POINTS, size=st.tuples(st.integers(1, 9000), st.integers(1, 9000)), point=POINTS)
def test_a_box_holds_what_lies_between_its_sides(corner: tuple, size: tuple, point: tuple) -> None:
	west, south = corner
	east, north = west + size[0] / 1000, south + size[1] / 1000
	x, y = point
	assume(x not in (west, east) and y not in (south, north))

	assert contains(make_box(west, south, east, north), (y, x)) is (west < x < east and south < y < north)


@given(corners=st.lists(POINTS, min_size=3, max_size=12, unique=True), point=POINTS)
def test_the_direction_and_the_beginning_of_a_ring_do_not_matter(corners: list, point: tuple) -> None:
	position = (point[1], point[0])
	expected = contains(make_one(make_ring(corners)), position)

	assert contains(make_one(make_ring(reversed(corners))), position) is expected
	assert contains(make_one(make_ring([*corners[1:], corners[0]])), position) is expected


@given(
	corners=st.lists(POINTS, min_size=1, max_size=6),
	point=POINTS,
	on_border=st.floats(0, 1),
	number=st.integers(0, 6),
)
def test_of_two_areas_with_one_border_exactly_one_has_each_point(
	corners: list, point: tuple, on_border: float, number: int
) -> None:
	"""A jagged line cuts a large box in two; also points on the line itself belong to one side, but where it ends."""
	line = [(0.0, -61.0), *corners, (0.0, 61.0)]
	western = make_one(make_ring([(-61, -61), *line, (-61, 61)]))
	# Drawn the other way round, as two people would.
	eastern = make_one(make_ring(reversed([(61, -61), *line, (61, 61)])))
	(x1, y1), (x2, y2) = line[number % (len(line) - 1)], line[number % (len(line) - 1) + 1]
	between = (x1 + (x2 - x1) * on_border, y1 + (y2 - y1) * on_border)

	for x, y in (point, between):
		if -61 < y < 61:  # the box's own border has nobody on its other side
			assert contains(western, (y, x)) is not contains(eastern, (y, x))


def test_a_circle_reaches_as_far_as_it_says() -> None:
	shape = make_one(make_circle(10.0, 60.0, 1000))
	north, east = (
		1000 / METRES_A_DEGREE,
		2000 / METRES_A_DEGREE,
	)  # a degree to the east is half as long at 60°

	for share, is_in in ((0.99, True), (1.01, False)):
		assert contains(shape, (60.0 + north * share, 10.0)) is is_in
		assert contains(shape, (60.0, 10.0 + east * share)) is is_in


def test_surfaces_are_measured() -> None:
	assert measure(SQUARE) == 16
	assert measure(make_ring([(0, 0), (1, 1), (2, 2)])) == 0
