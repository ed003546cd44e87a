"""What the two commands tell the person at the terminal, and how they give up."""

import time

STARTED = time.monotonic()


class Problem(Exception):
	"""Something we cannot go on without. The text is for a person: what is missing, and how to get it."""


def step(text: str) -> None:
	"""Say what is being done now, with the seconds since the start so that slow steps show."""
	print(f"[{time.monotonic() - STARTED:4.0f} s] {text}", flush=True)


def note(text: str) -> None:
	"""A line that belongs to the step before it."""
	print(f"         {text}", flush=True)


def loud(text: str) -> None:
	"""A line nobody should overlook."""
	print(f"\n!! {text}\n", flush=True)
