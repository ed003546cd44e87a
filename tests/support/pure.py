"""The app's pure modules without Frappe.

Rules are pure, but the `__init__` of the room they stand in also exports what needs Frappe, and Python runs it
first. Where there is no Frappe, the rooms are therefore imported as bare folders, whose `__init__` does not run.
Where there is one (in a bench) nothing is changed.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

PACKAGE = "citizen_support"
APP = Path(__file__).parents[2] / PACKAGE


class BareRooms(MetaPathFinder):
	"""Finds `citizen_support.<room>` as a folder without code."""

	def find_spec(
		self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
	) -> ModuleSpec | None:
		package, _dot, room = fullname.rpartition(".")
		if package != PACKAGE or not (APP / room).is_dir():
			return None
		spec = ModuleSpec(fullname, loader=None, is_package=True)
		spec.submodule_search_locations = [str(APP / room)]
		return spec


def open_rooms() -> None:
	"""Make the pure modules importable where there is no Frappe."""
	if find_spec("frappe") is None:
		sys.meta_path.insert(0, BareRooms())
