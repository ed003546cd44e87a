"""The request's own page: reference, key, timeline, replies."""

from citizen_support.tracking.links import get_key, make_link, opens
from citizen_support.tracking.rules import read_reference
from citizen_support.tracking.service import find_request, is_contact_of

__all__ = ["find_request", "get_key", "is_contact_of", "make_link", "opens", "read_reference"]
