"""Unit tests need neither a site nor Frappe."""

from tests.support.pure import open_rooms

open_rooms()
