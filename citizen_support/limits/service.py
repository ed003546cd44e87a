"""Who may send how often. What is sent in fails open: better one too many than a resident turned away; guesses at keys
fail closed."""

import math
from collections.abc import Mapping

import frappe

from citizen_support.limits import counters
from citizen_support.limits.rules import (
	DAY,
	HOUR,
	MINUTE,
	PROOF_ALWAYS,
	PROOF_OFF,
	UNKNOWN,
	Counter,
	Limits,
	Refusal,
	Window,
	count_megabytes,
	find_client,
	is_unnamed,
	read_limits,
)

SETTINGS = "Citizen Support Settings"
BUSY_CLIENT_SENT = 3
PROOF_SECONDS = 2 * HOUR
# How often more than a single request or contact a whole client may do a thing: several people sit behind one address.
PEOPLE_BEHIND_ONE_ADDRESS = 3
GUESS_WINDOW = 15 * MINUTE
# Without Redis each process counts for itself, so each allows less.
GUESSES_SHARED_BY = 4
REFUSALS_KEPT = 2 * DAY

# Counted beside the refusals: a request whose client no proxy named.
UNNAMED = "unnamed"

_today: dict[str, int] = {}


def get_limits() -> Limits:
	"""The limits in force."""
	# Not `as_dict`: it makes 0, which is "no limit", of a number that is not set.
	return read_limits(frappe.get_cached_doc(SETTINGS))


def get_client() -> str:
	"""The client's address of the request under way, as far as our own proxies vouch for it."""
	request = getattr(frappe.local, "request", None)
	if not request:
		return UNKNOWN
	forwarded, trusted = request.headers.get("X-Forwarded-For"), get_limits().trusted_proxies
	if is_unnamed(forwarded, trusted) and not getattr(request, "counted_unnamed", False):
		request.counted_unnamed = True
		_count_today(UNNAMED)
	return find_client(forwarded, request.environ.get("REMOTE_ADDR"), trusted)


def check_submission(proof: str | None = None) -> Refusal | None:
	"""Count one more request by this client and by the whole site; None if there is room, or nobody can count.

	:param proof: what proves that no machine sends this; good for one request.
	"""
	limits = get_limits()
	wanted = [_count_submissions(limits), _count_site(limits)]
	if proof:
		wanted.append(Counter("proof", proof, (Window(PROOF_SECONDS, 1),)))
	verdict = counters.take(*wanted)
	if verdict.fits:
		frappe.local.request.counted_submission = (verdict, wanted)
		return None
	reason = {"submissions of a client": "client", "submissions": "site"}.get(verdict.counter.name, "proof")
	return _refuse(reason, verdict.wait)


def take_back_submission() -> None:
	"""The request that was just counted came back with something to mend, so it counts when it is sent again."""
	taken = getattr(frappe.local.request, "counted_submission", None)
	if taken:
		counters.take_back(taken[0], *taken[1])
		frappe.local.request.counted_submission = None


def is_busy() -> bool:
	"""Whether so many requests came in within the last minute that tickets are better made in the background."""
	limits = get_limits()
	if not limits.busy_submissions_per_minute:
		return False
	(sent,), of_all = counters.count(MINUTE, _count_site(limits))
	return of_all and sent >= limits.busy_submissions_per_minute


def is_proof_wanted() -> bool:
	"""Whether this client has to prove that no machine is sending."""
	limits = get_limits()
	if limits.proof_of_work in (PROOF_OFF, PROOF_ALWAYS):
		return limits.proof_of_work == PROOF_ALWAYS
	(sent,), _of_all = counters.count(10 * MINUTE, _count_submissions(limits))
	return sent >= BUSY_CLIENT_SENT or is_busy()


def check_uploads(byte_count: int, count: int = 1, held_bytes: int = 0) -> Refusal | None:
	"""Count uploads that are about to be held; None if there is room.

	:param byte_count: of all of them together.
	:param held_bytes: what is held on disk for the whole site now; 0 if nobody knows.
	"""
	limits = get_limits()
	together = limits.uploads_mb_together * 1024 * 1024
	if together and held_bytes + byte_count > together:
		return _refuse("disk", HOUR)
	# Many small files are as much work as a large one.
	amount = max(count_megabytes(byte_count), count)
	if limits.uploads_mb_per_hour and amount > limits.uploads_mb_per_hour:
		return _refuse("files", HOUR)
	verdict = counters.take(
		_count_client("megabytes of a client", Window(HOUR, limits.uploads_mb_per_hour), amount=amount)
	)
	return None if verdict.fits else _refuse("files", verdict.wait)


def check_link_request() -> bool:
	"""Whether a fresh link may be asked for: not too often for this client.

	Refused in silence: the page says the same as ever, and never whether the request exists. How often one person is
	written to is counted when the link is sent (`may_notify`), and only then: otherwise whoever knows an address could
	use up its links without knowing any request.
	"""
	verdict = counters.take(_count_client("links of a client", Window(HOUR, get_limits().links_per_hour)))
	return verdict.fits or not _refuse("link", verdict.wait)


def check_reply(reference: str) -> Refusal | None:
	"""Count one more reply to this request, and by this client."""
	most = get_limits().replies_per_hour
	verdict = counters.take(
		Counter("replies", reference, (Window(HOUR, most),)),
		_count_client("replies of a client", Window(HOUR, most * PEOPLE_BEHIND_ONE_ADDRESS)),
	)
	return None if verdict.fits else _refuse("reply", verdict.wait)


def may_open(reference: str) -> bool:
	"""Whether a key from this client is looked at; False for whoever guesses.

	A reference is locked after `wrong_keys` wrong tries from anywhere in a quarter of an hour, a client after three times
	as many at any references. The lock shuts out whoever took part in it: then the right key opens nothing either, so
	nobody learns that they have found it. It does not shut out a client that never tried a wrong key on this reference:
	otherwise a stranger who knows a reference (they are said on the phone) could keep its resident out for good. That is
	safe because a key is 160 bits of an HMAC: with one try for each of a billion addresses the chance is still below
	one in 10^39.

	Fails closed: without Redis each process counts for itself and locks earlier; if nothing can be counted at all, no key
	opens anything.
	"""
	try:
		everybodys, clients, own = _count_guesses(reference)
		if not counters.count(GUESS_WINDOW, own)[0][0]:
			return True
		(here, there), of_all = counters.count(GUESS_WINDOW, everybodys, clients)
		most = get_limits().wrong_keys
	except Exception:
		return False
	if not of_all:
		most = max(most // GUESSES_SHARED_BY, 1)
	if here < most and there < most * PEOPLE_BEHIND_ONE_ADDRESS:
		return True
	count_refusal("guess")
	return False


def note_wrong_key(reference: str, key: str = "") -> None:
	"""Count a wrong try. The same wrong key, an old link opened again and again, counts once.

	:param reference: as it was asked for, whether or not there is such a request.
	"""
	moment = counters.now()
	name = f"{key}:{reference}" if key else str(moment)
	counters.note({name: moment}, *_count_guesses(reference))


def count_refusal(reason: str) -> None:
	"""Keep for today's figures that something was not taken."""
	_count_today(reason)


def get_refusals_today() -> Mapping[str, int]:
	"""How often something was not taken today, by reason; without Redis what this process has seen since it began.

	Reasons: "client", "site", "files", "disk", "link", "reply", "guess", "mail", "SMS", "too fast", "trap", "proof".
	"""
	return {reason: number for reason, number in _read_today().items() if reason != UNNAMED}


def count_unnamed_today() -> int:
	"""How many requests of today were counted by a client's address that no proxy of ours had vouched for."""
	return _read_today().get(UNNAMED, 0)


def _count_today(word: str) -> None:
	key = counters.make_key(f"refused:{frappe.utils.nowdate()}")

	def add(client: object) -> list:
		pipeline = client.pipeline(transaction=False)
		pipeline.hincrby(key, word, 1)
		pipeline.expire(key, REFUSALS_KEPT)
		return pipeline.execute()

	if counters.ask(add) is None:
		_today[word] = _today.get(word, 0) + 1


def _read_today() -> dict[str, int]:
	key = counters.make_key(f"refused:{frappe.utils.nowdate()}")
	found = counters.ask(lambda client: client.execute_command("HGETALL", key))
	if found is None:
		return dict(_today)
	rows = found.items() if isinstance(found, dict) else zip(found[::2], found[1::2], strict=True)
	return {name.decode(): int(number) for name, number in rows}


def _refuse(reason: str, wait: float) -> Refusal:
	count_refusal(reason)
	return Refusal(reason, max(math.ceil(wait), 1))


def _count_client(name: str, *windows: Window, amount: int = 1) -> Counter:
	return Counter(name, get_client(), windows, amount)


def _count_submissions(limits: Limits) -> Counter:
	windows = Window(10 * MINUTE, limits.submissions_per_ten_minutes), Window(DAY, limits.submissions_per_day)
	return Counter("submissions of a client", get_client(), windows, keep=BUSY_CLIENT_SENT)


def _count_site(limits: Limits) -> Counter:
	window = Window(MINUTE, limits.site_submissions_per_minute)
	return Counter("submissions", "", (window,), keep=limits.busy_submissions_per_minute)


def _count_guesses(reference: str) -> tuple[Counter, Counter, Counter]:
	"""Wrong tries at this reference, of this client at any, and of this client at this reference."""
	client, most = get_client(), get_limits().wrong_keys
	only_counted = (Window(GUESS_WINDOW, 0),)
	return (
		Counter("guesses", reference, only_counted, keep=most),
		Counter("guesses of a client", client, only_counted, keep=most * PEOPLE_BEHIND_ONE_ADDRESS),
		Counter("guesses of a client at one", f"{client} {reference}", only_counted),
	)
