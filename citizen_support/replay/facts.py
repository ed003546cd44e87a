"""What the draft's rules may look at, for a batch of past requests at once."""

from collections.abc import Mapping, Sequence

from citizen_support import intake, residents, routing
from citizen_support.routing.rules import KIND


class FactsMaker:
	"""Makes the facts of past requests as routing itself makes them of a new one, with no statement for each."""

	def __init__(self, service: Mapping) -> None:
		self.service = service
		self.asks_kind = any(row["match_on"] == KIND for row in service["rules"])

	def make(self, rows: Sequence[Mapping]) -> list[routing.Facts]:
		"""The facts of each row, in the same order. The answers are read once, and not kept."""
		kinds = self._find_kinds(rows)
		return [
			routing.make_facts(
				self.service,
				intake.read_answers(row),
				row["channel"],
				row["received_at"],
				row["contact_email"],
				row_kinds,
			)
			for row, row_kinds in zip(rows, kinds, strict=True)
		]

	def _find_kinds(self, rows: Sequence[Mapping]) -> list[frozenset[str]]:
		if not self.asks_kind:
			return [frozenset()] * len(rows)
		return residents.find_kinds_of_many([(row["contact_email"], row["received_at"]) for row in rows])
