"""The request's own page: reference, key, timeline, replies."""

from citizen_support.tracking.links import get_key, make_link, opens
from citizen_support.tracking.rules import read_reference

__all__ = ["get_key", "make_link", "opens", "read_reference"]
