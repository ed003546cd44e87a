"""Shapes on the map and whether a point lies in one. Pure.

Degrees are taken for a plane, which is exact enough for the areas of a city: a straight border of ten kilometres is off
by less than a metre.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, radians, sin

CIRCLE_CORNERS = 64
METRES_A_DEGREE = 111_320.0
# About ten square metres, in square degrees: what is smaller was not meant to be an area.
SMALLEST_AREA = 1e-9

Position = tuple[float, float]  # latitude, longitude
Ring = array  # longitude, latitude, longitude, … and the first point again at the end


@dataclass(frozen=True)
class Shape:
	"""Polygons, each with its outer ring first and its holes after it.

	:ivar bounds: west, south, east, north.
	"""

	polygons: tuple[tuple[Ring, ...], ...]
	bounds: tuple[float, float, float, float]


def make_ring(points: Iterable[Sequence[float]]) -> Ring:
	"""A ring of points (longitude, latitude), closed if it was not."""
	ring = array("d")
	for point in points:
		ring.extend((float(point[0]), float(point[1])))
	if ring and (ring[0], ring[1]) != (ring[-2], ring[-1]):
		ring.extend((ring[0], ring[1]))
	return ring


def make_shape(polygons: Iterable[Sequence[Ring]]) -> Shape:
	"""A shape of at least one polygon."""
	kept = tuple(tuple(rings) for rings in polygons)
	outer = [rings[0] for rings in kept]
	west, south = min(min(ring[::2]) for ring in outer), min(min(ring[1::2]) for ring in outer)
	east, north = max(max(ring[::2]) for ring in outer), max(max(ring[1::2]) for ring in outer)
	return Shape(kept, (west, south, east, north))


def make_circle(longitude: float, latitude: float, metres: float) -> Ring:
	"""A circle as a ring with many corners; the map's drawing tool knows circles, GeoJSON does not."""
	high = metres / METRES_A_DEGREE
	wide = high / max(cos(radians(latitude)), 0.01)
	turns = (2 * pi * number / CIRCLE_CORNERS for number in range(CIRCLE_CORNERS))
	return make_ring((longitude + wide * cos(turn), latitude + high * sin(turn)) for turn in turns)


def measure(ring: Ring) -> float:
	"""The size of what a ring encloses, in square degrees."""
	points = list(zip(ring[::2], ring[1::2], strict=True))
	twice = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(points))
	return abs(twice) / 2


def count_points(shape: Shape) -> int:
	"""How many corners a shape has."""
	return sum(len(ring) // 2 for rings in shape.polygons for ring in rings)


def contains(shape: Shape, position: Position) -> bool:
	"""Whether the position lies in the shape.

	Of areas that share a border and are drawn along the same points, exactly one has a position on it.
	"""
	latitude, longitude = position
	west, south, east, north = shape.bounds
	if not (west <= longitude <= east and south <= latitude <= north):
		return False
	return any(
		sum(_count_crossings(ring, longitude, latitude) for ring in rings) % 2 for rings in shape.polygons
	)


def _count_crossings(ring: Ring, x: float, y: float) -> int:
	"""How often a ray to the east crosses the ring: an odd number from inside."""
	count, x1, y1 = 0, ring[0], ring[1]
	for index in range(2, len(ring), 2):
		x2, y2 = ring[index], ring[index + 1]
		if (y1 > y) != (y2 > y):
			# Always from the lower end, so that a border two areas share is computed alike for both.
			low_x, low_y, high_x, high_y = (x1, y1, x2, y2) if y1 < y2 else (x2, y2, x1, y1)
			count += x < low_x + (y - low_y) * (high_x - low_x) / (high_y - low_y)
		x1, y1 = x2, y2
	return count
