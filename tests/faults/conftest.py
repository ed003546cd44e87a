"""The city that is mistreated, made once for all tests in here."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from devtools.bench import Bench
from tests.faults.city import FaultCity


@dataclass(frozen=True)
class Size:
	"""How much of it.

	:ivar count: submissions.
	:ivar clients: at once.
	:ivar span: seconds over which submissions are begun, at the least.
	:ivar rounds: how often every kind of fault comes.
	:ivar longest: seconds a fault lasts at most.
	:ivar settle: seconds within which all has to be filed and told once the last fault is over.
	"""

	count: int
	clients: int
	span: float
	rounds: int
	longest: float
	settle: float


SHORT = Size(count=60, clients=8, span=15, rounds=1, longest=2, settle=150)
LONG = Size(count=1000, clients=16, span=150, rounds=4, longest=5, settle=600)


@pytest.fixture(scope="session")
def size() -> Size:
	"""`bin/test faults --long` sets CS_FAULTS_LONG; CS_FAULTS_SPAN spreads the requests over so many seconds."""
	size = LONG if os.environ.get("CS_FAULTS_LONG") else SHORT
	return replace(size, span=float(os.environ.get("CS_FAULTS_SPAN") or size.span))


@pytest.fixture(scope="session")
def seed() -> int:
	"""The same seed brings the same faults in the same order."""
	return int(os.environ.get("CS_FAULTS_SEED") or 1)


@pytest.fixture(scope="session")
def fault_city() -> Iterator[FaultCity]:
	"""Everything started for a copy of the site in CS_SITE."""
	city = FaultCity(Bench(Path(os.environ["CS_BENCH"])), os.environ["CS_SITE"])
	try:
		city.start()
		yield city
	finally:
		city.stop()
