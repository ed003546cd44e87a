"""Residents who send a form again and again until they have a reference, whatever happens meanwhile."""

import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import requests

from tests.support.form_filler import FilledForm, fill_form

SERVICES = ("pothole", "street-light", "graffiti", "sidewalk-damage")
SECONDS_FOR_AN_ANSWER = 15
SECONDS_BETWEEN_TRIES = 0.7
GIVE_UP_AFTER = 300
# What no waiting helps against; a few of them may come of a fault, more would be the harness's own mistake.
HOPELESS = frozenset((400, 403, 404, 413, 422))
MOST_HOPELESS = 5
EVERY_HOW_MANY_DOUBLE, EVERY_HOW_MANY_PHOTO, EVERY_HOW_MANY_REPLY = 5, 4, 6
# Those who wait for their page to take a reply keep nobody from sending.
WRITERS = 8
REPLIED = "replied=1"
_REFERENCE = re.compile(r"/requests/([0-9A-Z]{4}-[0-9A-Z]{4})")


class Site(Protocol):
	"""What a client has to know of the city."""

	over: threading.Event

	@property
	def address(self) -> str:
		"""Where it answers."""

	def note(self, event: str) -> None:
		"""Write down what happens."""


@dataclass
class Sent:
	"""One submission as its client saw it.

	:ivar marker: a word in one of its answers that nothing else contains.
	:ivar email: an address nobody else gave, or none.
	:ivar references: every reference the client was given; a single one if all is well.
	:ivar accepted_at: when it was first told a reference (seconds since the epoch), None if never.
	:ivar photo: name of the photo that goes along, as it is shown once it is drawn anew; nothing else has it. Or none.
	:ivar reply: a word in the reply that is written once the request is taken, which nothing else contains; or none.
	:ivar replied: whether the client was told that its reply has arrived.
	:ivar errors: what it met on the way, by kind.
	"""

	marker: str
	email: str | None
	service: str
	address: str
	twice: bool
	photo: str | None = None
	reply: str | None = None
	replied: bool = False
	references: set[str] = field(default_factory=set)
	accepted_at: float | None = None
	tries: int = 0
	errors: Counter[str] = field(default_factory=Counter)


def make_submissions(count: int) -> list[Sent]:
	"""So many different submissions, each from a client address of its own.

	Half of them leave an e-mail address, every fourth has a photo, and to every sixth a reply is written.
	"""
	submissions = []
	for number in range(count):
		marker = f"mark{secrets.token_hex(6)}"
		submissions.append(
			Sent(
				marker=marker,
				email=f"{marker}@residents.example" if number % 2 else None,
				service=SERVICES[number % len(SERVICES)],
				address=f"198.18.{number // 250}.{number % 250 + 1}",
				twice=number % EVERY_HOW_MANY_DOUBLE == 0,
				photo=f"{marker}.jpg" if number % EVERY_HOW_MANY_PHOTO == 0 else None,
				reply=f"again{secrets.token_hex(6)}" if number % EVERY_HOW_MANY_REPLY == 1 else None,
			)
		)
	return submissions


def send_all(city: Site, submissions: Sequence[Sent], clients: int, span: float) -> None:
	"""Send everything with so many clients at once, begun evenly over `span` seconds; back when all have ended."""
	started = time.monotonic()

	def send_in_turn(number: int) -> Future | None:
		city.over.wait(max(0.0, number * span / len(submissions) - (time.monotonic() - started)))
		client = Client(city, submissions[number])
		client.send()
		return writers.submit(client.write_reply) if submissions[number].reply else None

	with ThreadPoolExecutor(WRITERS) as writers, ThreadPoolExecutor(clients) as pool:
		try:
			sending = [pool.submit(send_in_turn, number) for number in range(len(submissions))]
			for reply in [done.result() for done in sending]:
				if reply:
					reply.result()
		except BaseException:
			city.over.set()
			raise


def send_one(city: Site) -> Sent:
	"""Send a single request; its outcome says whether the site takes any."""
	sent = make_submissions(1)[0]
	Client(city, sent, give_up_after=20).send()
	return sent


class Client:
	"""A browser, and the person before it who does not give up."""

	def __init__(self, city: Site, sent: Sent, give_up_after: float = GIVE_UP_AFTER) -> None:
		self.city, self.sent = city, sent
		self.ends_at = time.monotonic() + give_up_after
		self.hopeless = 0
		# What opens the request's page, as a browser keeps it.
		self.cookie: str | None = None
		self._lock = threading.Lock()

	def send(self) -> None:
		"""Open the form, fill it in, and send it; some click twice."""
		html = self._get_form()
		if html is None:
			return
		form = self._fill(html)
		senders = [
			threading.Thread(target=self._post, args=(form,)) for _click in range(2 if self.sent.twice else 1)
		]
		for sender in senders:
			sender.start()
		for sender in senders:
			sender.join()

	def write_reply(self) -> None:
		"""Write one reply on the request's page, once there is one to write on; the same form until it has arrived."""
		form = None
		while self.cookie and self._goes_on():
			path = f"/requests/{min(self.sent.references)}"
			answer = self._ask("POST", path, form) if form else self._ask("GET", path)
			if form and answer is not None and REPLIED in answer.headers.get("Location", ""):
				self.sent.replied = True
				self.city.note(f"{self.sent.marker} has written {self.sent.reply}")
				return
			if (
				not form
				and answer is not None
				and answer.status_code == 200
				and 'name="message"' in answer.text
			):
				form = fill_form(answer.text)
				form.set("message", f"One thing more: {self.sent.reply}")
				form.files = []
				continue
			self._wait(answer)

	def _get_form(self) -> str | None:
		while self._goes_on():
			answer = self._ask("GET", f"/services/{self.sent.service}")
			if answer is not None and answer.status_code == 200:
				return answer.text
			self._wait(answer)
		return None

	def _fill(self, html: str) -> FilledForm:
		"""The marker goes into the first answer that takes words."""
		form = fill_form(html)
		texts = [
			name for name, value in form.fields if name.startswith("q.") and value == "12 Oak Street, 92903"
		]
		form.set(texts[0], f"12 Oak Street {self.sent.marker}")
		form.set("contact.email", self.sent.email or "")
		form.set("contact.phone", "")
		field, (_name, content, kind) = form.files[0]
		form.files = [(field, (self.sent.photo, content, kind))] if self.sent.photo else []
		return form

	def _post(self, form: FilledForm) -> None:
		"""The same form, the same key, until a reference comes back."""
		while self._goes_on():
			answer = self._ask("POST", form.action, form)
			location = answer.headers.get("Location", "") if answer is not None else ""
			if found := _REFERENCE.search(location):
				self._accept(found.group(1))
				self.cookie = answer.cookies.get("cs_key") or self.cookie
				return
			self._wait(answer)

	def _goes_on(self) -> bool:
		return (
			not self.city.over.is_set() and time.monotonic() < self.ends_at and self.hopeless < MOST_HOPELESS
		)

	def _accept(self, reference: str) -> None:
		with self._lock:
			self.sent.references.add(reference)
			self.city.note(f"{self.sent.marker} is {reference}")
			self.sent.accepted_at = self.sent.accepted_at or time.time()

	def _ask(self, method: str, path: str, form: FilledForm | None = None) -> requests.Response | None:
		"""One request as a proxy passes it on; None if there was no whole answer to it."""
		headers = {"X-Forwarded-For": self.sent.address, "X-Forwarded-Proto": "http"}
		self.sent.tries += 1
		try:
			answer = requests.request(
				method,
				self.city.address + path,
				data=form.fields if form else None,
				files=(form.files or None) if form else None,
				cookies={"cs_key": self.cookie} if self.cookie else None,
				headers=headers,
				allow_redirects=False,
				timeout=SECONDS_FOR_AN_ANSWER,
			)
		except requests.Timeout:
			kind = "no answer in time"
		except requests.RequestException:
			kind = "connection refused or broken"
		else:
			if answer.status_code in (200, 303) and (method == "GET" or answer.status_code == 303):
				return answer
			self._count(str(answer.status_code))
			self.hopeless += answer.status_code in HOPELESS
			return answer
		self._count(kind)
		return None

	def _count(self, kind: str) -> None:
		with self._lock:
			self.sent.errors[kind] += 1
		self.city.note(f"{self.sent.marker} met: {kind}")

	def _wait(self, answer: requests.Response | None) -> None:
		"""As long as the answer says, if it says so."""
		stated = answer.headers.get("Retry-After", "") if answer is not None else ""
		time.sleep(min(float(stated), 5) if stated.isdigit() else SECONDS_BETWEEN_TRIES)
