"""Measurements on disk as they are made, so that a run that was broken off can go on where it stopped."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Ledger:
	"""Results by name.

	A name is made of words, such as `submissions/ours/4/2`: what, of whom, under which load, in which round.
	"""

	def __init__(self, file: Path, go_on: bool) -> None:
		"""`go_on` keeps what an earlier run has measured; otherwise all begins anew."""
		self.file = file
		self.results: dict[str, Any] = json.loads(file.read_text()) if go_on and file.exists() else {}

	def measure(self, name: str, function: Callable[[], Any]) -> Any:
		"""The result of this name: what an earlier run has found, or what the function returns now."""
		if name not in self.results:
			self.put(name, function())
		return self.results[name]

	def has(self, name: str) -> bool:
		"""Whether it was measured."""
		return name in self.results

	def put(self, name: str, result: Any) -> None:
		"""Write down at once."""
		self.results[name] = result
		self.file.write_text(json.dumps(self.results, indent=1))

	def find(self, prefix: str) -> list[Any]:
		"""All rounds of one measurement, in order."""
		return [result for name, result in self.results.items() if name.rpartition("/")[0] == prefix]
