"""The one place that asks other servers, for a list to import: it never turns to an address inside."""

from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import requests

from citizen_support.transfer import fetching
from tests.hostile.connections import list_connections, watch_network
from tests.hostile.listeners import Listeners, write_addresses


@pytest.fixture
def events(site: str) -> Iterator[list[tuple[str, object]]]:
	"""What this process asks of the network."""
	with watch_network() as seen:
		yield seen


def write_for_the_fetcher(port: int) -> list[str]:
	"""Every address as it stands, and the same host as the fetcher would take it: https, on the usual port."""
	written = write_addresses(port)
	hosts = [urlsplit(address).netloc.removesuffix(f":{port}") for address in written]
	return [*written, *(f"https://{host}/usual" for host in dict.fromkeys(hosts) if host)]


def test_what_it_holds_public_it_does_connect_to(
	events: list[tuple[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(fetching, "is_public", lambda _address: True)

	with pytest.raises(fetching.Unreachable):
		fetching.fetch_text("https://127.0.0.1/control")

	assert list_connections(events) == [("127.0.0.1", 443)]


def test_it_connects_to_nothing_inside(listeners: Listeners, events: list[tuple[str, object]]) -> None:
	addresses = write_for_the_fetcher(listeners.port)
	listeners.heard.clear()

	for address in addresses:
		with pytest.raises(fetching.Unreachable):
			fetching.fetch_text(address)

	assert len(addresses) >= 80
	assert list_connections(events) == []
	assert listeners.heard == []


def test_nor_does_it_follow_a_public_server_there(
	listeners: Listeners, events: list[tuple[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
	inside = write_for_the_fetcher(listeners.port)
	ask, followed = fetching._ask, []

	def lead_inside(session: requests.Session, address: str, end: float) -> object:
		if address.startswith("https://public.example/"):
			return SimpleNamespace(
				is_redirect=True, headers={"Location": inside[int(urlsplit(address).query)]}
			)
		followed.append(address)
		return ask(session, address, end)

	monkeypatch.setattr(fetching, "_ask", lead_inside)
	listeners.heard.clear()
	for number in range(len(inside)):
		with pytest.raises(fetching.Unreachable):
			fetching.fetch_text(f"https://public.example/list?{number}")

	assert len(followed) == len(inside)
	assert list_connections(events) == []
	assert listeners.heard == []
