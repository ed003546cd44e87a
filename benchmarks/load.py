"""Sending requests and taking the time: clients that wait for each answer, and arrivals that do not wait."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.figures import percentile

SECONDS_TO_ANSWER = 120


@dataclass(frozen=True)
class Message:
	"""One request as it goes out.

	:ivar body: may come in parts, so that a large photo is kept once.
	:ivar then: makes the request that follows, from the answer to this one; both together are one submission.
	"""

	method: str
	path: str
	headers: dict[str, str]
	body: tuple[bytes, ...] = ()
	then: Callable[["Reply"], "Message"] | None = None


@dataclass(frozen=True)
class Reply:
	"""What came back."""

	status: int
	headers: http.client.HTTPMessage
	body: bytes


# Says what the answer stands for (a reference, a ticket, a page), or None if it is not what was asked for.
Judge = Callable[[Reply], str | None]


@dataclass
class Outcome:
	"""What came of many requests: seconds each of the good ones took, and what the others said."""

	seconds: float = 0.0
	times: list[float] = field(default_factory=list)
	accepted: list[tuple[str, float]] = field(default_factory=list)
	errors: Counter[str] = field(default_factory=Counter)

	@property
	def rate(self) -> float:
		"""Good answers a second."""
		return len(self.times) / self.seconds if self.seconds else 0.0

	def at(self, share: float) -> float | None:
		"""A percentile of the good answers, in milliseconds."""
		return percentile(self.times, share) * 1000 if self.times else None

	def as_dict(self) -> dict:
		"""Figures for the ledger."""
		return {
			"rate": self.rate,
			"count": len(self.times),
			"p50": self.at(0.50),
			"p95": self.at(0.95),
			"p99": self.at(0.99),
			"errors": dict(self.errors),
			"seconds": self.seconds,
		}


class Client:
	"""One client with one connection, opened again where the server has ended it (sync workers always do)."""

	def __init__(self, port: int, host: str) -> None:
		self.host = host
		self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER)

	def send(self, message: Message) -> Reply:
		"""Send and read everything; a broken connection is tried once more, as browsers do for a GET."""
		headers = {**message.headers, "Host": self.host}
		if message.body:
			headers["Content-Length"] = str(sum(map(len, message.body)))
		try:
			self.connection.request(message.method, message.path, iter(message.body) or None, headers)
			answer = self.connection.getresponse()
			return Reply(answer.status, answer.headers, answer.read())
		except BaseException:
			self.connection.close()
			raise

	def close(self) -> None:
		self.connection.close()


def is_page(reply: Reply) -> str | None:
	"""A page that was shown."""
	return "page" if reply.status == 200 and reply.body else None


def run_clients(
	port: int, host: str, messages: Iterable[Message], judge: Judge, clients: int, seconds: float
) -> Outcome:
	"""Closed loop: so many clients, each sending the next message as soon as it has its answer.

	Ends after the time given or when the messages are used up; what is under way then still counts.
	"""
	outcome, lock, source = Outcome(), threading.Lock(), iter(messages)
	begun = time.perf_counter()

	def work() -> None:
		client = Client(port, host)
		while time.perf_counter() - begun < seconds:
			with lock:
				message = next(source, None)
			if message is None:
				break
			_send_one(client, message, judge, outcome, lock)
		client.close()

	_run_threads([work] * clients)
	outcome.seconds = time.perf_counter() - begun
	return outcome


def run_arrivals(
	port: int, host: str, messages: Sequence[Message], judge: Judge, rate: float, clients: int = 32
) -> Outcome:
	"""Open loop: messages fall due at a constant rate, whether or not the ones before were answered.

	A message that finds all clients busy waits, and its wait counts: the time runs from when it fell due.
	"""
	outcome, lock = Outcome(), threading.Lock()
	begun = time.perf_counter()
	due: Iterator[tuple[float, Message]] = (
		(begun + number / rate, message) for number, message in enumerate(messages)
	)

	def work() -> None:
		client = Client(port, host)
		while True:
			with lock:
				at, message = next(due, (0.0, None))
			if message is None:
				break
			time.sleep(max(0.0, at - time.perf_counter()))
			_send_one(client, message, judge, outcome, lock, since=at)
		client.close()

	_run_threads([work] * clients)
	outcome.seconds = time.perf_counter() - begun
	return outcome


def _send_one(
	client: Client,
	message: Message,
	judge: Judge,
	outcome: Outcome,
	lock: threading.Lock,
	since: float | None = None,
) -> None:
	started = time.perf_counter() if since is None else since
	try:
		reply = client.send(message)
		while message.then and reply.status == 200:
			message = message.then(reply)
			reply = client.send(message)
		good, error = judge(reply), f"HTTP {reply.status}"
	except (OSError, http.client.HTTPException) as problem:
		good, error = None, type(problem).__name__
	took = time.perf_counter() - started
	with lock:
		if good is None:
			outcome.errors[error] += 1
		else:
			outcome.times.append(took)
			outcome.accepted.append((good, time.time()))


def _run_threads(work: Sequence[Callable[[], None]]) -> None:
	threads = [threading.Thread(target=function, daemon=True) for function in work]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
