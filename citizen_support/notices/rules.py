"""When a resident is told something, and what. Pure: plain data in, plain data out."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

CONFIRMATION, UPDATE, DONE, FRESH_LINK = "Confirmation", "Update", "Done", "Fresh link"
NOTICES = (CONFIRMATION, UPDATE, DONE, FRESH_LINK)

HANDED_OVER = "Handed over"
DATE_MOVED = "Date moved"
WAITING = "Waiting for the resident"
GOES_ON = "Work goes on"
WAS_DONE = "Done"
OPEN_AGAIN = "Open again"

OPEN, PAUSED, RESOLVED = "Open", "Paused", "Resolved"
# A promised day that moves within itself is not worth a message.
WORTH_TELLING = timedelta(hours=1)
PLACEHOLDERS = ("reference", "service", "department", "city", "state", "answer_date", "done_date", "outcome")
# GSM 03.38, what one SMS can hold 160 of; the second row counts twice. Anything else makes it 70.
_GSM = frozenset(
	"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
	"abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("^{}\\[~]|€")
_PLAIN = str.maketrans(
	{
		"“": '"',
		"”": '"',
		"„": '"',
		"‘": "'",
		"’": "'",
		"–": "-",
		"—": "-",
		"…": "...",
		"\u00a0": " ",
		"\u202f": " ",
	}
)
_PLACEHOLDER = re.compile(r"\{\s*(\w+)\s*\}")


@dataclass(frozen=True)
class State:
	"""What a resident knows, or should: status category, department, promised dates (ISO, site's zone)."""

	category: str
	department: str
	response_by: str | None = None
	resolution_by: str | None = None

	def as_dict(self) -> dict:
		return asdict(self)


@dataclass(frozen=True)
class Circumstances:
	"""What else is known of the moment: whether a message between both sides is the cause."""

	city_just_wrote: bool = False
	resident_just_wrote: bool = False
	has_answered: bool = False
	counts_hours: bool = False


def find_events(told: State, now: State, circumstances: Circumstances) -> list[str]:
	"""What happened since the resident was last told, most important first; empty if nothing did."""
	events = []
	if now.category != told.category:
		events.append(_find_status_event(told.category, now.category))
	if now.department != told.department:
		events.append(HANDED_OVER)
	if now.category == OPEN and has_date_moved(told, now, circumstances):
		events.append(DATE_MOVED)
	return events


def is_worth_a_notice(events: list[str], circumstances: Circumstances, wants_updates: bool = True) -> bool:
	"""Whether the events call for a message of their own.

	An agent's reply that sets the request to waiting, and a resident's reply that sets it going again, are
	messages already.

	:param wants_updates: whether the city tells what happens on the way; the end is told in any case.
	"""
	if WAS_DONE in events:
		return True
	if not wants_updates:
		return False
	by_message = {WAITING: circumstances.city_just_wrote, GOES_ON: circumstances.resident_just_wrote}
	by_message[OPEN_AGAIN] = circumstances.resident_just_wrote
	return any(not by_message.get(event, False) for event in events)


def choose_notice(events: list[str]) -> str:
	"""Which template tells about the events."""
	return DONE if WAS_DONE in events else UPDATE


def has_date_moved(told: State, now: State, circumstances: Circumstances) -> bool:
	"""Whether a promised date is another day, or another hour where hours were promised."""
	pairs = [(told.resolution_by, now.resolution_by)]
	if not circumstances.has_answered:
		pairs.append((told.response_by, now.response_by))
	return any(_differs(old, new, circumstances.counts_hours) for old, new in pairs)


def fill(text: str, values: Mapping[str, str]) -> str:
	"""Put values in place of {placeholders}; a value is only ever text, never looked at again."""
	return _PLACEHOLDER.sub(lambda found: values.get(found.group(1), found.group()), text)


def find_unknown_placeholders(text: str) -> list[str]:
	"""Placeholders nobody fills."""
	return [name for name in _PLACEHOLDER.findall(text or "") if name not in PLACEHOLDERS]


def split_paragraphs(text: str) -> list[str]:
	"""Paragraphs of a text written with empty lines between them."""
	return [part.strip() for part in re.split(r"\n\s*\n", text or "") if part.strip()]


def make_sendable(text: str) -> str:
	"""An SMS without typographic marks that would more than halve what fits into it; letters stay what they are."""
	return " ".join(text.translate(_PLAIN).split())


def count_parts(text: str) -> int:
	"""How many SMS a text is sent as: 160 characters of GSM 03.38 or 70 others in one, 153 or 67 in each of several."""
	if frozenset(text) <= _GSM | _GSM_DOUBLE:
		length, one, each = len(text) + sum(letter in _GSM_DOUBLE for letter in text), 160, 153
	else:
		length, one, each = len(text.encode("utf-16-be")) // 2, 70, 67
	return 1 if length <= one else -(-length // each)


def _find_status_event(before: str, now: str) -> str:
	if now == RESOLVED:
		return WAS_DONE
	if now == PAUSED:
		return WAITING
	return OPEN_AGAIN if before == RESOLVED else GOES_ON


def _differs(old: str | None, new: str | None, counts_hours: bool) -> bool:
	if not old or not new:
		return bool(new) and not old
	first, second = datetime.fromisoformat(old), datetime.fromisoformat(new)
	if first.date() != second.date():
		return True
	return counts_hours and abs(first - second) >= WORTH_TELLING
