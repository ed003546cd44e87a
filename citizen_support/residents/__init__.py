"""The people we serve, once each, over every channel."""

from citizen_support.residents.rules import NOBODY, mask_email, normalise_email, normalise_phone
from citizen_support.residents.service import find_kinds, find_kinds_of_many, find_or_make_citizen

__all__ = [
	"NOBODY",
	"find_kinds",
	"find_kinds_of_many",
	"find_or_make_citizen",
	"mask_email",
	"normalise_email",
	"normalise_phone",
]
