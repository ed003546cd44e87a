"""Reading docs/access-matrix.md: who may do what, as people read it and as the tests ask it."""

from functools import lru_cache
from pathlib import Path

MATRIX = Path(__file__).parents[2] / "docs" / "access-matrix.md"
ROLES = (
	"Guest",
	"Citizen",
	"Agent of another team",
	"Agent",
	"Department Coordinator",
	"Citizen Support Manager",
)


@lru_cache(maxsize=1)
def read_matrix() -> dict[str, list[dict[str, str]]]:
	"""The rows of each table, by the heading above it; each row by the heading of its columns."""
	tables: dict[str, list[dict[str, str]]] = {}
	heading, columns = "", None
	for line in MATRIX.read_text(encoding="utf-8").splitlines():
		if line.startswith("## "):
			heading, columns = line[3:].strip(), None
		elif not line.startswith("|"):
			columns = None
		elif columns is None:
			columns = _split(line)
			tables[heading] = []
		elif not set(line) <= set("|-: "):
			tables[heading].append(dict(zip(columns, _split(line), strict=True)))
	return tables


def _split(line: str) -> list[str]:
	return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
