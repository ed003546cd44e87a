"""Which fault comes when: drawn by lot, the same for the same seed, every kind at least once."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devtools.ports import wait_until
from tests.faults.city import FaultCity
from tests.faults.faults import FAULTS, Fault

# Seconds without enough accepted requests after which the next fault comes all the same.
PATIENCE = 15


@dataclass(frozen=True)
class Planned:
	"""One fault to come: after how many accepted requests, and for how many seconds."""

	after: int
	seconds: float
	fault: Fault


def plan(seed: int, count: int, rounds: int, longest: float) -> list[Planned]:
	"""Every kind of fault `rounds` times, in random order, spread over `count` requests.

	Not over time: while the web server starts again nobody sends anything, and faults would hit nothing.

	:param longest: seconds a fault lasts at most.
	"""
	chance = random.Random(seed)
	faults: list[Fault] = []
	for _round in range(rounds):
		faults += chance.sample(FAULTS, len(FAULTS))
	gap = count / len(faults)
	return [
		Planned(int((number + chance.random()) * gap), chance.uniform(0.3, longest), fault)
		for number, fault in enumerate(faults)
	]


class Faults:
	"""A plan being carried out, beside the clients."""

	def __init__(
		self, city: FaultCity, planned: Sequence[Planned], seed: int, count_accepted: Callable[[], int]
	) -> None:
		self.city, self.planned, self.seed = city, planned, seed
		self.count_accepted = count_accepted
		self.done: Counter[str] = Counter()
		self.failures: list[str] = []

	def run(self) -> None:
		"""Carry the plan out; comes back when everything has been put right."""
		threads = []
		for number, planned in enumerate(self.planned):
			self._wait_for(planned.after)
			if self.city.over.is_set():
				break
			thread = threading.Thread(target=self._inject, args=(number, planned))
			thread.start()
			threads.append(thread)
		for thread in threads:
			thread.join()

	def _wait_for(self, accepted: int) -> None:
		"""Wait until so many requests are accepted; not for ever, because faults may keep them all from it."""
		wait_until(lambda: self.city.over.is_set() or self.count_accepted() >= accepted, PATIENCE)

	def _inject(self, number: int, planned: Planned) -> None:
		"""A fault that cannot be put right is told in the end: nothing measured after it would mean anything."""
		fault = planned.fault
		with self.city.locks[fault.target]:
			self.city.note(f"{fault.name} for {planned.seconds:.1f} s")
			try:
				fault.inject(self.city, planned.seconds, random.Random(self.seed + number))
			except Exception as error:
				self.failures.append(f"{fault.name}: {type(error).__name__}: {error}")
			self.city.note(f"{fault.name}: over")
		self.done[fault.name] += 1
