"""What request number n looks like: the same in SQL, which writes it, and in Python, which asks for it."""

from citizen_support.tracking.rules import _WEIGHTS, ALPHABET, check_character

TABLE = "_cs_benchmark_templates"
# Seeded tickets are numbered from the first; those made meanwhile through the app come after the last.
FIRST_TICKET, LAST_TICKET = 10_000_000, 60_000_000
# Odd, so that no two numbers below 2^35 become the same; large, so that neighbours lie far apart.
FACTOR, OFFSET, BITS = 2_654_435_761, 12_345, 35
# Five years, at seconds that have nothing to do with the order of the numbers.
AGE_SECONDS = "((s.seq * 1000003) % 157680000)"
# From 0 to below 1; the first services of the list are asked for more often than the last.
SERVICE_SKEW = "pow(((s.seq * 7919) % 10007) / 10007, 1.7)"


def make_reference(number: int) -> str:
	"""The reference of request n."""
	mixed = (number * FACTOR + OFFSET) % (1 << BITS)
	body = "".join(ALPHABET[(mixed >> shift) & 31] for shift in _shifts())
	text = body + check_character(body)
	return f"{text[:4]}-{text[4:]}"


def sql_reference(number: str) -> str:
	"""The same as an expression of SQL."""
	mixed = f"(({number} * {FACTOR} + {OFFSET}) % {1 << BITS})"
	digits = [f"(({mixed} >> {shift}) & 31)" for shift in _shifts()]
	weighted = " + ".join(f"{weight} * {digit}" for weight, digit in zip(_WEIGHTS, digits, strict=True))
	characters = [f"substring('{ALPHABET}', {digit} + 1, 1)" for digit in (*digits, f"(({weighted}) % 32)")]
	return f"concat({', '.join(characters[:4])}, '-', {', '.join(characters[4:])})"


def _shifts() -> range:
	"""Of the seven random characters, five bits each, the highest first."""
	return range(BITS - 5, -1, -5)
