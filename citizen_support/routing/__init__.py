"""Which department and team get a request, and why."""

from citizen_support.routing.rules import Facts
from citizen_support.routing.service import Route, get_front_desk, route

__all__ = ["Facts", "Route", "get_front_desk", "route"]
